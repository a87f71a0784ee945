"""Where to apply, the exporter's branch, the consignee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.applications.forms.shaping import EditForm, PlainText, text_input
from udgam.ground.reference.countries import countries

Choices = Sequence[tuple[Any, Any]]
MAX_ADDRESS_LINES = 5


def country_choices() -> Choices:
    """All countries by name in the reader's language."""
    return [("", _("Choose a country")), *[(row.code, row.name) for row in countries(get_language() or "en")]]


class OfficeForm(EditForm):
    """The agency's office that is asked for the certificate."""

    office_id = forms.TypedChoiceField(
        label=gettext_lazy("Office"),
        help_text=gettext_lazy(
            "Every office in this list may issue this kind of certificate for any exporter in India."
        ),
        coerce=int,
        empty_value=None,
    )
    postal_delivery = forms.BooleanField(
        label=gettext_lazy("Send a print to the exporter’s address by post"),
        help_text=gettext_lazy("The electronic certificate is the original; most people need no print by post."),
        required=False,
    )

    def __init__(self, *args: Any, offices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office_id"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]


class BranchForm(EditForm):
    """The branch from which the goods go."""

    branch_id = forms.TypedChoiceField(
        label=gettext_lazy("From which branch do the goods go?"),
        help_text=gettext_lazy("Its address stands in box 1 of the certificate."),
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, branches: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["branch_id"].choices = branches  # type: ignore[attr-defined]


class ConsigneeForm(EditForm):
    """To whom the goods go, and where to."""

    consignee_name = PlainText(
        label=gettext_lazy("Name of the consignee"), max_length=200, widget=text_input(autocomplete="off")
    )
    consignee_address = PlainText(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("At most five lines, without the country."),
        max_length=600,
        keep_lines=True,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    consignee_country = forms.ChoiceField(label=gettext_lazy("Country of the consignee"))
    destination = forms.ChoiceField(
        label=gettext_lazy("Country of destination"),
        help_text=gettext_lazy("Where the goods are imported; often the consignee’s country."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("consignee_country", "destination"):
            self.fields[name].choices = country_choices()  # type: ignore[attr-defined]

    def clean_consignee_address(self) -> str:
        address: str = self.cleaned_data["consignee_address"]
        if address.count("\n") >= MAX_ADDRESS_LINES:
            raise ValidationError(_("Write the address in at most five lines."), code="too_many_lines")
        return address

    def clean_destination(self) -> str:
        code: str = self.cleaned_data["destination"]
        if code == "IN":
            raise ValidationError(_("Choose the country to which the goods are exported, not India."), code="india")
        return code
