"""What an officer types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from udgam.rules.agreements import agreement_codes
from udgam.rules.decisions import REFUSAL_REASONS, VISIT_OUTCOMES
from udgam.rules.lifecycle import APPLICATION

MOST_POINTS = 20
NOT_ON_A_DESK = frozenset({"draft", "awaiting_payment", "correcting", "expired", "withdrawn"})
ORDERS = [
    ("due", _("What is due first")),
    ("submitted", _("What came first")),
    ("exporter", _("By exporter")),
    ("destination", _("By destination")),
    ("number", _("By number")),
]


def _words(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DeskFilter(forms.Form):
    """The filters above the queue."""

    search = forms.CharField(label=_("Number, firm, IEC, consignee or invoice"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    agreement = forms.ChoiceField(label=_("Agreement"), required=False)
    order = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)
    rows = forms.ChoiceField(
        label=_("Rows on a page"), choices=[("", "25"), ("50", "50"), ("100", "100")], required=False
    )
    mine = forms.BooleanField(label=_("Only cases I have taken up"), required=False)
    free = forms.BooleanField(label=_("Only cases nobody has taken up"), required=False)
    late = forms.BooleanField(label=_("Only what is overdue"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [state for state in APPLICATION.states if state not in NOT_ON_A_DESK]
        self._choose("state", [("", _("All that are open")), *[(one, _(APPLICATION.label(one))) for one in states]])
        self._choose("agreement", [("", _("All")), *[(code, code) for code in agreement_codes()]])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


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


class ApprovalForm(SeenForm):
    """Approving the version that was read; against the finding of origin with the officer's reason."""

    origin_reason = forms.CharField(
        label=_("Why do you approve against the computation of origin?"),
        max_length=1000,
        required=False,
        widget=_words(3),
        validators=[ProhibitNullCharactersValidator()],
    )


class PointForm(forms.Form):
    """One question about one place of the application."""

    place = forms.ChoiceField(label=_("What is it about?"))
    question = forms.CharField(
        label=_("Your question"),
        help_text=_("Say what is wrong or missing, and what you need."),
        max_length=1000,
        widget=_words(3),
        validators=[ProhibitNullCharactersValidator()],
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, Sequence[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose")), *places]


POINT_ERRORS = {
    "missing_management_form": _("The page was not sent whole. Load it again."),
    "too_few_forms": _("Ask at least one question."),
    "too_many_forms": _("Ask at most 20 questions at once."),
}
PointSet = formset_factory(
    PointForm,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=MOST_POINTS,
    validate_max=True,
    absolute_max=MOST_POINTS,
)


class RefusalForm(SeenForm):
    """The reason for a refusal."""

    code = forms.ChoiceField(
        label=_("Why is it refused?"),
        choices=[(code, _(text)) for code, text in REFUSAL_REASONS.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason for refusing"),
        help_text=_("The exporter reads this. Name the rule or the paper that stands against it."),
        max_length=2000,
        widget=_words(5),
        validators=[ProhibitNullCharactersValidator()],
    )


class VisitForm(SeenForm):
    """When and where the goods or the works are to be seen."""

    on = forms.DateField(
        label=_("Day of the visit"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"}),
    )
    place = forms.CharField(label=_("Place of the visit"), max_length=400, widget=_words(2))
    purpose = forms.CharField(
        label=_("What will be looked at"), help_text=_("The exporter reads this."), max_length=1000, widget=_words(4)
    )


class VisitReportForm(forms.Form):
    """What the visit showed."""

    outcome = forms.ChoiceField(
        label=_("What did the visit show?"),
        choices=[(code, _(text)) for code, text in VISIT_OUTCOMES.items()],
        widget=forms.RadioSelect,
    )
    report = forms.CharField(label=_("Report"), help_text=_("For the office alone."), max_length=4000, widget=_words(8))
    file = forms.FileField(
        label=_("Paper or picture"),
        help_text=_("PDF, JPEG, PNG or XLSX, at most 10 MB."),
        required=False,
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.xlsx"}),
    )


class ReassignForm(forms.Form):
    """The colleague who gets the case."""

    to = forms.ChoiceField(label=_("Who shall examine it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = colleagues


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("New note"),
        help_text=_("Your office reads it; the exporter does not."),
        max_length=2000,
        widget=_words(3),
        validators=[ProhibitNullCharactersValidator()],
    )
