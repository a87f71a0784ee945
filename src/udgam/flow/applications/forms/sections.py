"""Transport, invoice, declaration."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.applications.forms.shaping import EditForm, PlainText, day_input, text_input
from udgam.ground.reference.locations import location
from udgam.ground.reference.ports import ports

# An invoice older than this is a slip of the finger far more often than an old invoice.
OLDEST_YEAR = 2000
LATEST_YEAR = 2100
Day = date
_LOCODE = re.compile(r"\(([A-Z]{2}[A-Z2-9]{3})\)$", re.ASCII)
MODES = [
    ("sea", gettext_lazy("By sea")),
    ("air", gettext_lazy("By air")),
    ("road", gettext_lazy("By road")),
    ("rail", gettext_lazy("By rail")),
    ("post", gettext_lazy("By post")),
    ("multimodal", gettext_lazy("By several means of transport")),
]
TRANSPORT_DOCUMENTS = [
    ("bill-of-lading", gettext_lazy("Bill of lading")),
    ("air-waybill", gettext_lazy("Air waybill")),
    ("consignment-note", gettext_lazy("Road consignment note")),
    ("rail-receipt", gettext_lazy("Railway receipt")),
    ("postal-receipt", gettext_lazy("Postal receipt")),
    ("multimodal-document", gettext_lazy("Multimodal transport document")),
]
SHIPMENTS = [
    ("before", gettext_lazy("Before shipment: the goods have not left India")),
    ("after", gettext_lazy("After shipment: the goods have left India")),
]


def locode_in(text: str) -> str:
    """The UN/LOCODE that stands in brackets at the end of a port's name, if we know it; else nothing."""
    found = _LOCODE.search(text)
    return found[1] if found and location(found[1]) is not None else ""


def _plausible(day: date | None) -> None:
    if day is not None and not OLDEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValidationError(_("Check the year of this date."), code="year")


class TransportForm(EditForm):
    """Means and route, as far as known."""

    transport_mode = forms.ChoiceField(
        label=gettext_lazy("Means of transport"), choices=[("", gettext_lazy("Choose")), *MODES]
    )
    vessel = PlainText(
        label=gettext_lazy("Vessel, flight or vehicle"),
        help_text=gettext_lazy("For example MV Neela Sagar, voyage 118."),
        max_length=100,
        required=False,
        widget=text_input(autocomplete="off"),
    )
    document_kind = forms.ChoiceField(
        label=gettext_lazy("Transport document"),
        choices=[("", gettext_lazy("None yet")), *TRANSPORT_DOCUMENTS],
        required=False,
    )
    document_number = PlainText(
        label=gettext_lazy("Number of the transport document"),
        max_length=60,
        required=False,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )
    departure = forms.DateField(
        label=gettext_lazy("Date of departure from India"),
        help_text=gettext_lazy("Needed when the goods have left; otherwise the planned date, if known."),
        required=False,
        widget=day_input(),
    )
    port_of_loading = PlainText(
        label=gettext_lazy("Port or place of loading"),
        help_text=gettext_lazy("Name and UN/LOCODE, for example Nhava Sheva (INNSA)."),
        max_length=100,
        required=False,
        widget=text_input(list="ports-of-india", autocomplete="off"),
    )
    port_of_discharge = PlainText(
        label=gettext_lazy("Port or place of discharge"),
        max_length=100,
        required=False,
        widget=text_input(autocomplete="off"),
    )
    route = PlainText(
        label=gettext_lazy("Route"),
        help_text=gettext_lazy("For example via Colombo."),
        max_length=200,
        required=False,
        widget=text_input(autocomplete="off"),
    )

    def __init__(self, *args: Any, today: date, shipment: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.shipment = today, shipment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("document_number") and not cleaned.get("document_kind"):
            self.add_error("document_kind", _("Say which kind of document this number is of."))
        if "departure" not in cleaned:
            return cleaned
        departure: date | None = cleaned["departure"]
        if self.shipment == "after" and departure is None:
            self.add_error("departure", _("Enter the date on which the goods left India."))
        elif self.shipment == "after" and departure is not None and departure > self.today:
            self.add_error(
                "departure", _("This day is still to come. Correct it, or choose “Before shipment” under the kind.")
            )
        elif self.shipment == "before" and departure is not None and departure < self.today:
            self.add_error(
                "departure", _("This day has passed. Correct it, or choose “After shipment” under the kind.")
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was typed, with the codes of the ports that were named with one."""
        typed = super().values()
        for name in ("port_of_loading", "port_of_discharge"):
            typed[f"{name}_code"] = locode_in(typed[name])
        return typed

    def clean_departure(self) -> date | None:
        day: date | None = self.cleaned_data["departure"]
        _plausible(day)
        return day


class InvoiceForm(EditForm):
    """A commercial invoice of the consignment. Who issued it is asked only where a third party may."""

    number = PlainText(
        label=gettext_lazy("Invoice number"),
        help_text=gettext_lazy("Exactly as on the invoice and the shipping bill."),
        max_length=60,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )
    date = forms.DateField(label=gettext_lazy("Date of the invoice"), widget=day_input())
    issuer = forms.ChoiceField(
        label=gettext_lazy("Who issued it?"),
        choices=[
            ("exporter", gettext_lazy("The exporter")),
            ("third-party", gettext_lazy("The third party that is named under “Invoice by a third party”")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: Day, third_party: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        if not third_party:
            del self.fields["issuer"]

    def clean_date(self) -> Day:
        day: Day = self.cleaned_data["date"]
        _plausible(day)
        if day > self.today:
            raise ValidationError(_("The date of the invoice is still to come."), code="future")
        return day


class ShippingBillForm(EditForm):
    """A shipping bill of the consignment."""

    number = forms.RegexField(
        r"[0-9A-Z][0-9A-Z/-]{3,19}",
        label=gettext_lazy("Shipping bill number"),
        help_text=gettext_lazy("As customs gave it, usually seven digits."),
        max_length=20,
        error_messages={"invalid": gettext_lazy("Enter the number in capital letters and digits, without spaces.")},
        widget=text_input(**{"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
    )
    date = forms.DateField(label=gettext_lazy("Date of the shipping bill"), widget=day_input())
    port = forms.ChoiceField(label=gettext_lazy("Customs port where it was filed"))
    invoice = PlainText(
        label=gettext_lazy("Invoice number on the shipping bill"),
        help_text=gettext_lazy("As it stands on the bill. We compare it with the invoices of this application."),
        max_length=60,
        required=False,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, today: Day, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        listed = [(port.code, f"{port.name} ({port.code})") for port in ports(get_language() or "en")]
        self.fields["port"].choices = [("", _("Choose")), *listed]  # type: ignore[attr-defined]

    def clean_date(self) -> Day:
        day: Day = self.cleaned_data["date"]
        _plausible(day)
        if day > self.today:
            raise ValidationError(_("The date of the shipping bill is still to come."), code="future")
        return day


class DeclarationForm(EditForm):
    """What the exporter declares, and who signs."""

    goods_at = PlainText(
        label=gettext_lazy("Where are the goods at present?"),
        help_text=gettext_lazy("An officer may want to see them. For example the works, a warehouse, or the port."),
        max_length=200,
        widget=text_input(autocomplete="off"),
    )
    grounds = PlainText(
        label=gettext_lazy("Why are the goods of Indian origin?"),
        help_text=gettext_lazy(
            "For example: grown, cleaned and packed in India; or made in India, with what is done there."
        ),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    comments = PlainText(
        label=gettext_lazy("Comments for the officer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    place = PlainText(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("Where you sign, for example Pune."),
        max_length=100,
        widget=text_input(**{"class": "govuk-input--width-20"}),
    )
    declarant_name = PlainText(
        label=gettext_lazy("Name of the person who signs"),
        help_text=gettext_lazy("As in the certificate on the token."),
        max_length=150,
        widget=text_input(autocomplete="name"),
    )
    declarant_designation = PlainText(
        label=gettext_lazy("Designation"),
        help_text=gettext_lazy("For example Director or Partner."),
        max_length=120,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "organization-title"}),
    )
