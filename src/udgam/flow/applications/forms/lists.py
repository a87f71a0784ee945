"""The filters above the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.shaping import day_input
from udgam.ground.agreements.queries import agreements_on
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import indian_date


class ListFilter(forms.Form):
    """Which applications the list shows."""

    search = forms.CharField(label=gettext_lazy("Number, consignee or invoice"), max_length=100, required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    agreement = forms.ChoiceField(label=gettext_lazy("Certificate"), required=False)
    agency = forms.ChoiceField(label=gettext_lazy("Agency"), required=False)
    since = forms.DateField(label=gettext_lazy("Begun from"), required=False, widget=day_input())
    until = forms.DateField(label=gettext_lazy("Begun until"), required=False, widget=day_input())

    def __init__(self, *args: Any, agencies: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        known = agreements_on(indian_date(timezone.now()))
        codes = [(code, _(agreement.short_name)) for code, agreement in known.items()]
        self.fields["agreement"].choices = [("", _("All")), *codes]  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _("All")), *agencies]  # type: ignore[attr-defined]
        states = [(state, _(APPLICATION.label(state))) for state in APPLICATION.states]
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]
