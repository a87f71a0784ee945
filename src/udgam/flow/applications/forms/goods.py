"""A line of goods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.applications.forms.shaping import Amount, EditForm, PlainText, text_input, with_plain_digits
from udgam.ground.reference.currencies import currencies
from udgam.ground.reference.harmonised_system import hs_code
from udgam.ground.reference.units import units

_SEPARATORS = re.compile(r"[.\s]")
_HS_SHAPE = re.compile(r"\d{6}(\d{2})?", re.ASCII)
_FREQUENT = ("USD", "EUR", "GBP", "AED", "JPY", "INR")
MOST_PACKAGES = 10_000_000


def unit_choices() -> list[tuple[str, str]]:
    """Units of UN/ECE Recommendation 20, in the reader's language."""
    return [("", _("Choose")), *[(row.code, row.name) for row in units(get_language() or "en")]]


def currency_choices() -> list[tuple[str, str]]:
    """Currencies, those of most invoices first."""
    rows = {row.code: f"{row.code} – {row.name}" for row in currencies(get_language() or "en")}
    ordered = [*_FREQUENT, *(code for code in rows if code not in _FREQUENT)]
    return [("", _("Choose")), *[(code, rows[code]) for code in ordered if code in rows]]


class DescribedGoods(EditForm):
    """What goods are called and how they are classified, in a line of goods as in a product of the book."""

    description = PlainText(
        label=gettext_lazy("Description of the goods"),
        help_text=gettext_lazy("As on the invoice, so that customs can tell what it is."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hs_code = forms.CharField(
        label=gettext_lazy("HS code"),
        help_text=gettext_lazy("Six or eight digits of HS 2022, for example 0910.30 or 09103030."),
        max_length=20,
        widget=text_input(
            **{"class": "govuk-input--width-10", "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    def clean_hs_code(self) -> str:
        return cleaned_hs_code(self.cleaned_data["hs_code"])


class ItemForm(DescribedGoods):
    """One line of goods, as it stands on the invoice and will stand on the certificate."""

    marks = PlainText(
        label=gettext_lazy("Marks and numbers"),
        help_text=gettext_lazy("What is written on the packages. Write “No marks” when there are none."),
        max_length=200,
        widget=text_input(autocomplete="off"),
    )
    packages = forms.IntegerField(
        label=gettext_lazy("Number of packages"),
        min_value=1,
        max_value=MOST_PACKAGES,
        widget=text_input(**{"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}),
    )
    package_kind = PlainText(
        label=gettext_lazy("Kind of packages"),
        help_text=gettext_lazy("As it shall be printed, for example cartons, bags or drums."),
        max_length=60,
        widget=text_input(**{"class": "govuk-input--width-20", "list": "kinds-of-packages", "autocomplete": "off"}),
    )
    quantity = Amount(label=gettext_lazy("Quantity"), max_digits=18, decimal_places=3)
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the quantity"))
    gross_weight = Amount(
        label=gettext_lazy("Gross weight in kilograms"), max_digits=18, decimal_places=3, required=False
    )
    fob = Amount(label=gettext_lazy("FOB value"), max_digits=18, decimal_places=2)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), help_text=gettext_lazy("The same for all lines of one invoice.")
    )
    inr_value = Amount(
        label=gettext_lazy("Value in rupees, if another than by the rate table"),
        help_text=gettext_lazy("Left empty, it is computed by the customs rate of the invoice date."),
        max_digits=20,
        decimal_places=2,
        required=False,
    )
    inr_reason = PlainText(
        label=gettext_lazy("Why another value?"),
        help_text=gettext_lazy("For example a forward contract with the bank."),
        max_length=300,
        required=False,
        widget=text_input(autocomplete="off"),
    )
    invoice_id = forms.TypedChoiceField(
        label=gettext_lazy("Invoice that lists this line"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, invoices: Sequence[tuple[int, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if len(invoices) > 1:
            self.fields["invoice_id"].choices = invoices  # type: ignore[attr-defined]
        else:
            del self.fields["invoice_id"]
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]
        self.fields["currency"].choices = currency_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("inr_value") and not cleaned.get("inr_reason"):
            self.add_error("inr_reason", _("Give the reason for another value in rupees."))
        return cleaned


def cleaned_hs_code(typed: str) -> str:
    """The digits of a code that HS 2022 has. Raises ``ValidationError``."""
    digits = with_plain_digits(_SEPARATORS.sub("", typed))
    if not _HS_SHAPE.fullmatch(digits):
        raise ValidationError(_("Enter six or eight digits."), code="digits")
    if hs_code(digits[:6]) is None:
        raise ValidationError(
            _("HS 2022 has no subheading %(code)s. Look for the right one with the search below.")
            % {"code": f"{digits[:4]}.{digits[4:6]}"},
            code="unknown",
        )
    return digits
