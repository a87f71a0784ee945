"""The filter above the dashboards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from udgam.rules.agreements import agreement_codes


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"})


class PeriodForm(forms.Form):
    """Days (both included, Indian dates) and the agreement."""

    since = forms.DateField(label=_("From"), required=False, widget=_day())
    until = forms.DateField(label=_("Until"), required=False, widget=_day())
    agreement = forms.ChoiceField(label=_("Agreement"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All")), *[(code, code) for code in agreement_codes()]]
