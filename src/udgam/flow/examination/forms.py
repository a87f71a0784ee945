"""What an officer types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.models import Discrepancy
from udgam.rules.lifecycle import APPLICATION


class DeskFilter(forms.Form):
    """The filters above the queue."""

    search = forms.CharField(label=_("Number, firm, IEC, consignee or invoice"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    mine = forms.BooleanField(label=_("Only cases I have taken up"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        if isinstance(field, forms.ChoiceField):
            states = [state for state in APPLICATION.states if state not in {"draft", "withdrawn"}]
            field.choices = [("", _("All that are open")), *[(state, _(APPLICATION.label(state))) for state in states]]


class SeenForm(forms.Form):
    """Which signed version the officer has read."""

    seen_version = forms.IntegerField(
        min_value=1,
        max_value=100_000,
        widget=forms.HiddenInput(),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("The page does not say which version you read. Load it again."),
        ),
    )


class DiscrepancyForm(SeenForm):
    """A question to the exporter."""

    subject = forms.ChoiceField(label=_("What is it about?"), choices=Discrepancy.Subject, widget=forms.RadioSelect)
    question = forms.CharField(
        label=_("Your question"),
        help_text=_(
            "Say what is wrong or missing, and what you need. The exporter reads this by mail and on the platform."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RefusalForm(SeenForm):
    """The reason for a refusal."""

    reason = forms.CharField(
        label=_("Reason for refusing"),
        help_text=_("The exporter reads this. Name the rule or the paper that stands against it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
