"""What administrators decide about agreements, and what anybody types into finder and calculator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from udgam.ground.agreements.services.importing import LARGEST_MB
from udgam.ground.reference.countries import countries
from udgam.ground.reference.harmonised_system import hs_code


class SwitchForm(forms.Form):
    """Why an agreement is switched on or off."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is recorded and shown to everybody."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConfirmForm(forms.Form):
    """Which fields were compared with which original."""

    fields_read = forms.MultipleChoiceField(
        label=_("Which fields did you compare with the original?"), widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(
        label=_("Where you read them"),
        help_text=_("Notification, annexure, page or address. It is shown to everybody."),
        max_length=500,
    )
    reason = forms.CharField(label=_("Remark"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, waiting: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fields_read"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = waiting


class FileForm(forms.Form):
    """A file that takes effect from a day on."""

    file = forms.FileField(
        label=_("File"), help_text=format_lazy(_("JSON or CSV, at most {limit} MB."), limit=LARGEST_MB)
    )
    effective_from = forms.DateField(
        label=_("First day in force"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CorrelationForm(forms.Form):
    """A correlation table."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV with a column for HS 2022 and one for an earlier edition.")
    )


def _destinations() -> list[tuple[str, str]]:
    from django.utils.translation import get_language

    return [("", "—"), *((one.code, one.name) for one in countries(get_language() or "en") if one.code != "IN")]


class FinderForm(forms.Form):
    """A product and a destination."""

    product = forms.CharField(
        label=_("Product"),
        help_text=_("A word such as turmeric, or the first digits of its HS code."),
        max_length=100,
        required=False,
    )
    destination = forms.ChoiceField(label=_("Country of destination"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["destination"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _destinations()


class _Amount(forms.DecimalField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            min_value=0, max_digits=16, decimal_places=4, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **more
        )


class CalculatorForm(forms.Form):
    """One product on its way to one country."""

    hs_code = forms.CharField(label=_("HS code of the product"), help_text=_("Six digits or more."), max_length=14)
    destination = forms.ChoiceField(label=_("Country of destination"))
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=_("Currency"), initial="USD", help_text=_("Three letters, for example USD.")
    )
    fob = _Amount(label=_("FOB value"))
    ex_works = _Amount(label=_("Ex-works price"), required=False)
    wholly_obtained = forms.BooleanField(label=_("Wholly obtained in India"), required=False)
    labour = _Amount(label=_("Direct labour"), required=False)
    overhead = _Amount(label=_("Direct overhead"), required=False)
    profit = _Amount(label=_("Profit"), required=False)
    other = _Amount(label=_("Other costs to load on board"), required=False)
    cumulate = forms.BooleanField(
        label=_("Count materials of the country of destination as originating (cumulation)"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["destination"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _destinations()

    def clean_hs_code(self) -> str:
        """The digits alone; the first six must be in HS 2022."""
        digits = str(self.cleaned_data["hs_code"]).replace(".", "").replace(" ", "")
        if not (
            digits.isascii()
            and digits.isdigit()
            and 6 <= len(digits) <= 10
            and len(digits) % 2 == 0
            and hs_code(digits[:6])
        ):
            raise forms.ValidationError(_("There is no such code in the Harmonized System of 2022."))
        return digits


class MaterialForm(forms.Form):
    """One material; a row left empty counts for nothing."""

    description = forms.CharField(label=_("Material"), max_length=200, required=False)
    hs_code = forms.CharField(label=_("HS code"), max_length=14, required=False)
    value = _Amount(label=_("Value"), required=False)
    origin = forms.ChoiceField(label=_("Origin"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["origin"]
        if isinstance(field, forms.ChoiceField):
            known = [("IN", _("India")), *_destinations()[1:]]
            field.choices = [("unknown", _("Not known")), *known]

    def clean(self) -> dict[str, Any]:
        """A row with anything in it needs its value; its code, if given, must exist."""
        cleaned = super().clean() or {}
        digits = str(cleaned.get("hs_code") or "").replace(".", "").replace(" ", "")
        if digits and not (digits.isascii() and digits.isdigit() and len(digits) % 2 == 0 and hs_code(digits[:6])):
            self.add_error("hs_code", _("There is no such code in the Harmonized System of 2022."))
        if (cleaned.get("description") or digits) and cleaned.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("Enter the value of this material."))
        cleaned["hs_code"] = digits
        return cleaned
