"""The cost sheet of a line of goods: costs, materials, and the claim of origin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.goods import cleaned_hs_code, unit_choices
from udgam.flow.applications.forms.parties import country_choices
from udgam.flow.applications.forms.shaping import Amount, EditForm, PlainText, day_input, text_input
from udgam.flow.applications.models import CostMaterial

UNKNOWN = "unknown"
# Sixteen digits before the point are kept of an amount.
LARGEST_VALUE = Decimal(10) ** 16
TOO_LARGE = gettext_lazy("Quantity times unit value is more than sixteen digits before the point.")


class Cost(Amount):
    """An amount that may be nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=2, required=False, may_be_zero=True, **options)

    def clean(self, value: Any) -> Decimal:
        return super().clean(value) or Decimal(0)


class CostSheetForm(EditForm):
    """What a line of goods cost to make, in its currency."""

    wholly_obtained = forms.BooleanField(
        label=gettext_lazy("The goods are wholly obtained in India"),
        help_text=gettext_lazy("Grown, mined, fished or made in India of nothing but such materials."),
        required=False,
    )
    labour = Cost(label=gettext_lazy("Direct labour"))
    overhead = Cost(label=gettext_lazy("Direct overhead"))
    other = Cost(label=gettext_lazy("Other costs"), help_text=gettext_lazy("For example inland transport to the port."))
    profit = Cost(label=gettext_lazy("Profit"))
    ex_works = Amount(
        label=gettext_lazy("Ex-works price"),
        help_text=gettext_lazy("Only where the agreement measures by it."),
        max_digits=18,
        decimal_places=2,
        required=False,
    )
    net_weight_kg = Amount(
        label=gettext_lazy("Net weight in kilograms"),
        help_text=gettext_lazy(
            "Of the whole line without packing. Only where the agreement has a tolerance by weight."
        ),
        max_digits=18,
        decimal_places=3,
        required=False,
    )
    cumulate_with = forms.MultipleChoiceField(
        label=gettext_lazy("Partner countries whose materials count as originating"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    processes = forms.MultipleChoiceField(
        label=gettext_lazy("Processes carried out in India"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        partners: Sequence[tuple[str, str]],
        processes: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (("cumulate_with", partners), ("processes", processes)):
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]


class MaterialForm(EditForm):
    """A material that went into the goods."""

    description = PlainText(label=gettext_lazy("Description of the material"), max_length=300)
    hs_code = forms.CharField(
        label=gettext_lazy("HS code"),
        help_text=gettext_lazy("Six or eight digits of HS 2022, for example 0910.30 or 09103030."),
        max_length=20,
        widget=text_input(
            **{"class": "govuk-input--width-10", "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    quantity = Amount(
        label=gettext_lazy("Quantity"),
        help_text=gettext_lazy("Used for the whole line of goods."),
        max_digits=20,
        decimal_places=6,
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the quantity"))
    unit_value = Amount(
        label=gettext_lazy("Value of one unit"),
        help_text=gettext_lazy(
            "In the currency of the line of goods. Quantity times this is the value of the material."
        ),
        max_digits=20,
        decimal_places=6,
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("What is this value?"), choices=CostMaterial.Basis.choices, widget=forms.RadioSelect
    )
    origin = forms.ChoiceField(label=gettext_lazy("Country of origin"))
    weight_kg = Amount(
        label=gettext_lazy("Weight in kilograms"),
        help_text=gettext_lazy("Only where the agreement has a tolerance by weight."),
        max_digits=18,
        decimal_places=3,
        required=False,
    )
    role = forms.TypedChoiceField(
        label=gettext_lazy("What is it to the goods?"),
        help_text=gettext_lazy(
            "Accessories, packing and what is only used up are counted or left out as the agreement says."
        ),
        choices=CostMaterial.Role.choices,
        required=False,
        empty_value=CostMaterial.Role.MATERIAL.value,
    )
    part_of = forms.TypedChoiceField(
        label=gettext_lazy("What did it go into?"),
        help_text=gettext_lazy(
            "Choose a material when this is a part of it: for a material made in India, its origin is worked out from its parts."
        ),
        coerce=int,
        empty_value=None,
        required=False,
    )
    document_number = PlainText(
        label=gettext_lazy("Bill of entry or invoice number"), max_length=60, widget=text_input(autocomplete="off")
    )
    document_date = forms.DateField(label=gettext_lazy("Its date"), widget=day_input())
    supplier_name = PlainText(
        label=gettext_lazy("Name of the supplier"), max_length=200, widget=text_input(autocomplete="off")
    )
    supplier_address = PlainText(
        label=gettext_lazy("Address of the supplier"), max_length=300, widget=text_input(autocomplete="off")
    )
    processes = forms.MultipleChoiceField(
        label=gettext_lazy("Processes by which it was made in India"),
        help_text=gettext_lazy(
            "Only for a material made in India of parts that are listed too, where the rule of the agreement asks for a process."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        wholes: Sequence[tuple[int, str]],
        processes: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if processes:
            self.fields["processes"].choices = processes  # type: ignore[attr-defined]
        else:
            del self.fields["processes"]
        self.today = today
        self.fields["part_of"].choices = [("", _("The goods themselves")), *wholes]  # type: ignore[attr-defined]
        if not wholes:
            self.fields["part_of"].widget = forms.HiddenInput()
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]
        self.fields["origin"].choices = origin_choices()  # type: ignore[attr-defined]

    def clean_hs_code(self) -> str:
        return cleaned_hs_code(self.cleaned_data["hs_code"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        quantity, unit_value = typed.get("quantity"), typed.get("unit_value")
        if quantity is not None and unit_value is not None and quantity * unit_value >= LARGEST_VALUE:
            self.add_error("unit_value", str(TOO_LARGE))
        return typed

    def clean_document_date(self) -> date:
        day: date = self.cleaned_data["document_date"]
        if not 1990 <= day.year <= self.today.year:
            raise ValidationError(_("Check the year of this date."), code="year")
        if day > self.today:
            raise ValidationError(_("This day is still to come."), code="future")
        return day


class ClaimForm(EditForm):
    """The criterion under which the goods are claimed to originate."""

    criterion = forms.ChoiceField(label=gettext_lazy("Origin criterion"), widget=forms.RadioSelect)
    text = PlainText(
        label=gettext_lazy("What shall stand in the criterion box"),
        help_text=gettext_lazy("As the agreement writes it. Left empty, the code itself is printed."),
        max_length=120,
        required=False,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )
    reason = PlainText(
        label=gettext_lazy("Why do you claim otherwise than was computed?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, criteria: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["criterion"].choices = criteria  # type: ignore[attr-defined]


def origin_choices() -> list[tuple[Any, Any]]:
    """India and the unknown first, then every country."""
    first = [("IN", _("India")), (UNKNOWN, _("Not known (counts as foreign)"))]
    return [("", _("Choose")), *first, *[row for row in country_choices() if row[0] not in {"", "IN"}]]
