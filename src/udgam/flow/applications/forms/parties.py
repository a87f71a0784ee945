"""Where to apply, the exporter's branch, the consignee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.applications.forms.shaping import EditForm, PlainText, text_input
from udgam.ground.pages.missing import missing
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


class _AddressForm(EditForm):
    """A party of which each field is called after the party."""

    party = ""

    def clean_lines(self) -> str:
        address: str = self.cleaned_data[f"{self.party}_address"]
        if address.count("\n") >= MAX_ADDRESS_LINES:
            raise ValidationError(_("Write the address in at most five lines."), code="too_many_lines")
        return address

    def miss(self, name: str) -> None:
        """Say that a field is missing that only some answers ask for."""
        if name in self.cleaned_data and not self.cleaned_data[name]:
            self.add_error(name, missing(self.fields[name].label))


class ProducerForm(_AddressForm):
    """Who made the goods."""

    party = "producer"
    producer_kind = forms.ChoiceField(
        label=gettext_lazy("Who produced the goods?"),
        choices=[
            ("exporter", gettext_lazy("The exporter")),
            ("other", gettext_lazy("Somebody else")),
        ],
        widget=forms.RadioSelect,
    )
    producer_name = PlainText(
        label=gettext_lazy("Name of the producer"),
        max_length=200,
        required=False,
        widget=text_input(autocomplete="off"),
    )
    producer_address = PlainText(
        label=gettext_lazy("Address of the producer"),
        help_text=gettext_lazy("At most five lines, without the country."),
        max_length=600,
        required=False,
        keep_lines=True,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    producer_country = forms.ChoiceField(label=gettext_lazy("Country of the producer"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["producer_country"].choices = country_choices()  # type: ignore[attr-defined]

    def clean_producer_address(self) -> str:
        return self.clean_lines()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("producer_kind") == "other":
            for name in ("producer_name", "producer_address", "producer_country"):
                self.miss(name)
        return cleaned


class ThirdPartyForm(_AddressForm):
    """A third party that invoices the buyer; leaving all fields empty says that there is none."""

    party = "third_party"
    third_party_name = PlainText(
        label=gettext_lazy("Name of the third party"),
        help_text=gettext_lazy("Left empty, the exporter itself invoices the buyer."),
        max_length=200,
        required=False,
        widget=text_input(autocomplete="off"),
    )
    third_party_address = PlainText(
        label=gettext_lazy("Address of the third party"),
        help_text=gettext_lazy("At most five lines, without the country."),
        max_length=600,
        required=False,
        keep_lines=True,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    third_party_country = forms.ChoiceField(label=gettext_lazy("Country of the third party"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["third_party_country"].choices = country_choices()  # type: ignore[attr-defined]

    def clean_third_party_address(self) -> str:
        return self.clean_lines()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = ("third_party_name", "third_party_address", "third_party_country")
        if any(cleaned.get(name) for name in names):
            for name in names:
                self.miss(name)
        return cleaned
