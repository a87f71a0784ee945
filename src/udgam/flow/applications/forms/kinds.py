"""The kind of certificate: agreement, before or after the shipment, what shall be ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.arrangements import NON_PREFERENTIAL, mark_choices
from udgam.flow.applications.forms.sections import SHIPMENTS
from udgam.flow.applications.forms.shaping import EditForm, PlainText, text_input
from udgam.ground.pages.missing import missing
from udgam.rules.agreements import Agreement
from udgam.rules.numbers import NumberRefused, parse_certificate_number


def agreement_choices(agreements: Sequence[Agreement]) -> list[tuple[Any, Any]]:
    """The arrangements, the non-preferential one apart from those that give a lower duty."""
    plain = [(row.code, _(row.name)) for row in agreements if row.code == NON_PREFERENTIAL]
    preferential = [(row.code, _(row.name)) for row in agreements if row.code != NON_PREFERENTIAL]
    groups = [(_("Non-preferential: says that the goods are Indian"), plain)]
    if preferential:
        groups.append((_("Preferential: gives a lower duty in the partner country"), preferential))
    return groups


class StartForm(forms.Form):
    """What a new application is for."""

    agreement = forms.ChoiceField(label=gettext_lazy("Which certificate do you need?"))
    shipment = forms.ChoiceField(label=gettext_lazy("When do you apply?"), choices=SHIPMENTS, widget=forms.RadioSelect)

    def __init__(self, *args: Any, agreements: Sequence[Agreement], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agreement"].choices = agreement_choices(agreements)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["required"] = missing(field.label)


class KindForm(EditForm):
    """The kind of certificate of an application that was begun."""

    agreement = forms.ChoiceField(label=gettext_lazy("Certificate"))
    shipment = forms.ChoiceField(label=gettext_lazy("When do you apply?"), choices=SHIPMENTS, widget=forms.RadioSelect)
    retrospective = PlainText(
        label=gettext_lazy("Why was no certificate applied for before the shipment?"),
        help_text=gettext_lazy(
            "Needed when the goods have left and the certificate is preferential. The office keeps the reason with the "
            "certificate, and the certificate is marked as issued retrospectively."
        ),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    marks = forms.MultipleChoiceField(
        label=gettext_lazy("Does one of these apply?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    in_lieu_of = forms.CharField(
        label=gettext_lazy("Number of the certificate that this one shall replace"),
        help_text=gettext_lazy("Only when an issued certificate has to be corrected. The same agency issues it."),
        max_length=60,
        required=False,
        widget=text_input(**{"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, agreements: Sequence[Agreement], present: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agreement"].choices = agreement_choices(agreements)  # type: ignore[attr-defined]
        marks = mark_choices(present)
        if marks:
            self.fields["marks"].choices = marks  # type: ignore[attr-defined]
        else:
            del self.fields["marks"]

    def clean_in_lieu_of(self) -> str:
        typed: str = self.cleaned_data["in_lieu_of"].strip()
        if not typed:
            return ""
        try:
            return str(parse_certificate_number(typed))
        except NumberRefused as refused:
            raise ValidationError(
                _("Enter the whole number of the certificate, with its slashes."), code="number"
            ) from refused

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_preferential = cleaned.get("agreement", NON_PREFERENTIAL) != NON_PREFERENTIAL
        if is_preferential and cleaned.get("shipment") == "after" and cleaned.get("retrospective") == "":
            self.add_error("retrospective", _("Give the reason; the agreement wants it on record."))
        return cleaned
