"""The filters above the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.shaping import day_input
from udgam.rules.lifecycle import APPLICATION


class ListFilter(forms.Form):
    """Which applications the list shows."""

    search = forms.CharField(label=gettext_lazy("Number, consignee or invoice"), max_length=100, required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    since = forms.DateField(label=gettext_lazy("Begun from"), required=False, widget=day_input())
    until = forms.DateField(label=gettext_lazy("Begun until"), required=False, widget=day_input())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        states = [(state, _(APPLICATION.label(state))) for state in APPLICATION.states]
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]
