"""Transport, invoice, declaration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.shaping import EditForm, PlainText, day_input, text_input

# An invoice older than this is a slip of the finger far more often than an old invoice.
OLDEST_YEAR = 2000
LATEST_YEAR = 2100
Day = date
MODES = [
    ("sea", gettext_lazy("By sea")),
    ("air", gettext_lazy("By air")),
    ("road", gettext_lazy("By road")),
    ("rail", gettext_lazy("By rail")),
    ("post", gettext_lazy("By post")),
    ("multimodal", gettext_lazy("By several means of transport")),
]
SHIPMENTS = [
    ("before", gettext_lazy("Before shipment: the goods have not left India")),
    ("after", gettext_lazy("After shipment: the goods have left India")),
]


def _plausible(day: date | None) -> None:
    if day is not None and not OLDEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValidationError(_("Check the year of this date."), code="year")


class TransportForm(EditForm):
    """Means and route, as far as known."""

    shipment = forms.ChoiceField(label=gettext_lazy("When do you apply?"), choices=SHIPMENTS, widget=forms.RadioSelect)
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
    departure = forms.DateField(
        label=gettext_lazy("Date of departure from India"),
        help_text=gettext_lazy("Needed when the goods have left; otherwise the planned date, if known."),
        required=False,
        widget=day_input(),
    )
    port_of_loading = PlainText(
        label=gettext_lazy("Port or place of loading"),
        help_text=gettext_lazy("Name or UN/LOCODE, for example Nhava Sheva (INNSA)."),
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

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "departure" not in cleaned or "shipment" not in cleaned:
            return cleaned
        departure: date | None = cleaned["departure"]
        if cleaned["shipment"] == "after" and departure is None:
            self.add_error("departure", _("Enter the date on which the goods left India."))
        elif cleaned["shipment"] == "after" and departure is not None and departure > self.today:
            self.add_error("departure", _("This day is still to come. Correct it, or choose “Before shipment”."))
        elif cleaned["shipment"] == "before" and departure is not None and departure < self.today:
            self.add_error("departure", _("This day has passed. Correct it, or choose “After shipment”."))
        return cleaned

    def clean_departure(self) -> date | None:
        day: date | None = self.cleaned_data["departure"]
        _plausible(day)
        return day


class InvoiceForm(EditForm):
    """The commercial invoice of the consignment."""

    number = PlainText(
        label=gettext_lazy("Invoice number"),
        help_text=gettext_lazy("Exactly as on the invoice and the shipping bill."),
        max_length=60,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}),
    )
    date = forms.DateField(label=gettext_lazy("Date of the invoice"), widget=day_input())

    def __init__(self, *args: Any, today: Day, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_date(self) -> Day:
        day: Day = self.cleaned_data["date"]
        _plausible(day)
        if day > self.today:
            raise ValidationError(_("The date of the invoice is still to come."), code="future")
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
