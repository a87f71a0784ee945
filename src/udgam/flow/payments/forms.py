"""What people type about money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from udgam.rules.identifiers.states import STATES, STATES_TO_CHOOSE


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """From which day to which (Indian dates, both included)."""

    since = forms.DateField(label=_("From"), required=False, widget=_day())
    until = forms.DateField(label=_("Until"), required=False, widget=_day())

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        for day in (since, until):
            if day and not 2000 <= day.year <= 2999:
                self.add_error(None, _("Enter days of this century."))
        return found


class PapersForm(PeriodForm):
    """Which receipts the list shows."""

    search = forms.CharField(label=_("Number or application"), max_length=60, required=False)
    field_order = ("search", "since", "until")


class DepositForm(forms.Form):
    """How much goes into the wallet."""

    amount = forms.DecimalField(
        label=_("Amount in rupees"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10"}),
    )


class FeeAccountForm(forms.Form):
    """Where an agency's fees go."""

    state_code = forms.ChoiceField(label=_("State from which the agency supplies its services"))
    pan = forms.CharField(
        label=_("PAN of the agency"),
        help_text=_("Once it is confirmed, a GSTIN must belong to it."),
        max_length=20,
        required=False,
    )
    gstin = forms.CharField(
        label=_("GSTIN of the agency"),
        help_text=_("Leave it empty only if the agency is not registered for GST; then no tax is charged."),
        max_length=20,
        required=False,
    )
    billing_address = forms.CharField(
        label=_("Address on receipts"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    gateway = forms.ChoiceField(
        label=_("Payment account"),
        help_text=_("The operator of the platform enters accounts with their secrets in the settings."),
    )

    def __init__(self, *args: Any, accounts: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = 1 if get_language() == "hi" else 0
        states = [(code, f"{STATES[code][place]} ({code})") for code in STATES_TO_CHOOSE]
        self.fields["state_code"].choices = [("", _("Choose")), *states]  # type: ignore[attr-defined]
        self.fields["gateway"].choices = [("", _("Choose")), *((name, name) for name in accounts)]  # type: ignore[attr-defined]


class PayoutForm(forms.Form):
    """How much of the wallet is paid out."""

    amount = forms.DecimalField(
        label=_("Amount in rupees"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10", "autocomplete": "off"}),
    )
