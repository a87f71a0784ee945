"""The content of an application as rows for a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from udgam.flow.applications.arrangements import MARKS
from udgam.flow.applications.forms.sections import MODES, SHIPMENTS, TRANSPORT_DOCUMENTS
from udgam.flow.applications.models import Application
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.registration.reasons import text_of, text_of_refusal
from udgam.ground.agreements.queries import agreement_for
from udgam.ground.reference.countries import country
from udgam.parties.agencies.queries import shown_names
from udgam.rules.consistency import Doubt
from udgam.rules.content import ApplicationContent
from udgam.rules.content.parts import Country, Item, Party
from udgam.rules.identifiers import STATES
from udgam.rules.lints import Finding

# Which section of the form holds what a finding points at.
_PLACES = (
    ("exporter", "exporter"),
    ("producer", "producer"),
    ("third_party", "third-party"),
    ("shipping_bills", "shipping-bills"),
    ("marks", "certificate"),
    ("retrospective", "certificate"),
    ("in_lieu_of", "certificate"),
    ("consignee", "consignee"),
    ("destination", "consignee"),
    ("transport", "transport"),
    ("invoices", "invoice"),
    ("items", "items"),
    ("declaration", "declaration"),
    ("issuer", "office"),
)
LINES_ON_A_PAGE = 50
_ITEM = re.compile(r"items\[(\d+)\]")


@dataclass(frozen=True)
class Row:
    """A question and its answer, which may have several lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """The answers of one section."""

    section: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ShownFinding:
    """What a rule found, in the reader's language, with the page on which it can be corrected."""

    message: str
    advice: str
    address: str


def _country(place: Country) -> str:
    found = country(place.code, get_language() or "en")
    return found.name if found else place.name


def _rows(*pairs: tuple[str, Iterable[str | None]]) -> tuple[Row, ...]:
    rows = (Row(label, tuple(line for line in lines if line)) for label, lines in pairs)
    return tuple(row for row in rows if row.lines)


def content_rows(content: ApplicationContent) -> list[Group]:
    """All answers but the goods and the documents, which are tables of their own."""
    names = shown_names([content.agency_name, content.office_name])
    exporter, transport, declared = content.exporter, content.transport, content.declaration
    language = 1 if (get_language() or "").startswith("hi") else 0
    tax_place = f"GSTIN {exporter.gstin}" if exporter.gstin else ""
    if exporter.sez_state:
        state = STATES.get(exporter.sez_state)
        tax_place = _("SEZ, %(state)s") % {"state": state[language] if state else exporter.sez_state}
    departure = formats.date_format(transport.departure, "DATE_FORMAT") if transport.departure else ""
    post = _("Yes") if content.postal_delivery else _("No")
    document = str(dict(TRANSPORT_DOCUMENTS).get(transport.document_kind or "", ""))
    groups = [
        Group(
            "certificate",
            _("Kind of certificate"),
            _rows(
                (_("Certificate"), [_(agreement_for(content).name)]),
                (_("When you apply"), [str(dict(SHIPMENTS)[transport.shipment])]),
                (_("Reason for applying after the shipment"), [content.retrospective]),
                (_("Ticked"), [str(MARKS[mark]) for mark in content.marks if mark in MARKS]),
                (_("Replaces"), [content.in_lieu_of]),
            ),
        ),
        Group(
            "office",
            _("Issuing agency and office"),
            _rows(
                (_("Agency"), [names[content.agency_name]]),
                (_("Office"), [names[content.office_name]]),
                (_("Print by post"), [post]),
            ),
        ),
        Group(
            "exporter",
            _("Exporter"),
            _rows(
                (_("Name"), [exporter.name]), (_("Address"), exporter.address), (_("IEC"), [exporter.iec, tax_place])
            ),
        ),
        Group("producer", _("Producer"), _party_rows(content.producer)),
        Group(
            "consignee",
            _("Consignee"),
            _rows(
                (_("Name"), [content.consignee.name]),
                (_("Address"), [*content.consignee.address, _country(content.consignee.country)]),
                (_("Country of destination"), [_country(content.destination)]),
            ),
        ),
        Group("third-party", _("Invoice by a third party"), _party_rows(content.third_party)),
        Group(
            "transport",
            _("Transport"),
            _rows(
                (_("Means of transport"), [str(dict(MODES)[transport.mode]), transport.vessel]),
                (_("Transport document"), [document, transport.document_number]),
                (_("Departure from India"), [departure]),
                (_("Loading"), [transport.port_of_loading]),
                (_("Discharge"), [transport.port_of_discharge]),
                (_("Route"), [transport.route]),
            ),
        ),
        Group(
            "invoice",
            _("Invoices"),
            _rows(
                *[
                    (
                        _("Number and date"),
                        [
                            invoice.number,
                            formats.date_format(invoice.date, "DATE_FORMAT"),
                            _("Issued by the third party") if invoice.issuer == "third-party" else None,
                        ],
                    )
                    for invoice in content.invoices
                ]
            ),
        ),
        Group(
            "shipping-bills",
            _("Shipping bills"),
            _rows(
                *[
                    (
                        bill.number,
                        [
                            formats.date_format(bill.date, "DATE_FORMAT"),
                            bill.port,
                            _("States the invoice %(number)s") % {"number": bill.invoice} if bill.invoice else None,
                        ],
                    )
                    for bill in content.shipping_bills
                ]
            ),
        ),
        Group(
            "items",
            _("Values in rupees that you declare"),
            _rows(
                *[
                    (
                        _("Line %(n)s") % {"n": row.item},
                        [f"₹ {formats.number_format(row.value, decimal_pos=2, force_grouping=True)}", row.reason],
                    )
                    for row in content.rupees
                ]
            ),
        ),
        Group(
            "declaration",
            _("Declaration"),
            _rows(
                (_("The goods are at"), [declared.goods_at]),
                (_("Grounds for Indian origin"), [declared.grounds]),
                (_("Signed by"), [declared.name, declared.designation, declared.place]),
                (_("Comments for the officer"), [content.comments]),
            ),
        ),
    ]
    return [group for group in groups if group.rows]


def goods_page(request: HttpRequest, content: ApplicationContent) -> Page[Item]:
    """The lines of goods that one page shows."""
    return Paginator(content.items, LINES_ON_A_PAGE).get_page(request.GET.get("page"))


def _party_rows(party: Party | None) -> tuple[Row, ...]:
    if party is None:
        return ()
    return _rows((_("Name"), [party.name]), (_("Address"), [*party.address, _country(party.country)]))


def shown_findings(findings: Iterable[Finding], application: Application) -> list[ShownFinding]:
    """Findings with a link to where each can be corrected."""
    shown = []
    for found in findings:
        told = text_of(found.code, found.params)
        shown.append(ShownFinding(told.message, told.advice, _address(found.where, application)))
    return shown


def shown_claims(faults: Iterable[ApplicationRefused], application: Application) -> list[ShownFinding]:
    """Claims that lack a reason, each with a link to the claim."""
    shown = []
    for fault in faults:
        told = text_of_refusal(fault)
        address = reverse("applications:claim", args=[application.public_id, int(fault.params["line"])])
        shown.append(ShownFinding(told.message, told.advice, address))
    return shown


def shown_doubts(doubts: Iterable[Doubt], application: Application) -> list[ShownFinding]:
    """What does not fit together, with a link to where each can be corrected."""
    shown = []
    for doubt in doubts:
        told = text_of(doubt.code, doubt.params)
        shown.append(ShownFinding(told.message, told.advice, _address(doubt.where, application)))
    return shown


def _address(where: str, application: Application) -> str:
    line = _ITEM.match(where)
    if line is not None and where.endswith(".cost_sheet"):
        return reverse("applications:cost-sheet", args=[application.public_id, int(line[1]) + 1])
    if line is not None:
        return reverse("applications:item", args=[application.public_id, int(line[1]) + 1])
    name = next((section for start, section in _PLACES if where.startswith(start)), "office")
    return reverse("applications:section", args=[application.public_id, name])
