"""The places of an application in words: where a question is asked, where something changed, on which page it is corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.models import Discrepancy
from udgam.rules.content.differences import flattened

OTHER = "other"
_PLACE = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<index>[0-9a-f]+)\])?(?:\.(?P<rest>.+))?")


@dataclass(frozen=True)
class Part:
    """A part of the application: its name for people, the section of the form, and the fields that can be asked about."""

    title: str | Promise
    section: str
    line: str | Promise = ""
    fields: Mapping[str, str | Promise] | None = None


_PARTY = {"name": gettext_lazy("Name"), "address": gettext_lazy("Address"), "country": gettext_lazy("Country")}
PARTS: Mapping[str, Part] = {
    "office": Part(gettext_lazy("Issuing agency and office"), "office"),
    "agency": Part(gettext_lazy("Issuing agency and office"), "office"),
    "postal_delivery": Part(gettext_lazy("Print by post"), "office"),
    "agreement": Part(gettext_lazy("Agreement"), "certificate"),
    "kind": Part(gettext_lazy("Type of certificate"), "certificate"),
    "exporter": Part(
        gettext_lazy("Exporter"), "exporter", fields={**_PARTY, "gstin": "GSTIN", "branch": gettext_lazy("Branch")}
    ),
    "producer": Part(gettext_lazy("Producer"), "producer", fields=_PARTY),
    "consignee": Part(gettext_lazy("Consignee"), "consignee", fields=_PARTY),
    "third_party": Part(gettext_lazy("Third party that invoices"), "third-party", fields=_PARTY),
    "destination": Part(gettext_lazy("Country of destination"), "consignee"),
    "transport": Part(
        gettext_lazy("Transport"),
        "transport",
        fields={
            "mode": gettext_lazy("Means of transport"),
            "shipment": gettext_lazy("Before or after shipment"),
            "vessel": gettext_lazy("Vessel, flight or vehicle"),
            "departure": gettext_lazy("Departure from India"),
            "port_of_loading": gettext_lazy("Loading"),
            "port_of_discharge": gettext_lazy("Discharge"),
            "route": gettext_lazy("Route"),
        },
    ),
    "shipping_bills": Part(gettext_lazy("Shipping bill"), "shipping-bills"),
    "retrospective": Part(gettext_lazy("Reason for applying after shipment"), "certificate"),
    "invoices": Part(
        gettext_lazy("Invoice"),
        "invoice",
        gettext_lazy("Invoice %(n)s"),
        {"number": gettext_lazy("Number"), "date": gettext_lazy("Date")},
    ),
    "items": Part(
        gettext_lazy("Goods"),
        "items",
        gettext_lazy("Goods, line %(n)s"),
        {
            "description": gettext_lazy("Description of goods"),
            "hs_code": gettext_lazy("HS code"),
            "marks": gettext_lazy("Marks and numbers"),
            "packages": gettext_lazy("Number of packages"),
            "package_kind": gettext_lazy("Kind of packages"),
            "criterion": gettext_lazy("Origin criterion"),
            "criterion_text": gettext_lazy("Origin criterion as printed"),
            "quantity": gettext_lazy("Quantity"),
            "unit": gettext_lazy("Unit"),
            "gross_weight": gettext_lazy("Gross weight"),
            "fob": gettext_lazy("FOB value"),
            "currency": gettext_lazy("Currency"),
            "invoice": gettext_lazy("Invoice"),
        },
    ),
    "cost_sheets": Part(gettext_lazy("Cost sheet"), "items", gettext_lazy("Cost sheet, line %(n)s")),
    "claims": Part(gettext_lazy("Origin claimed"), "items", gettext_lazy("Origin claimed, line %(n)s")),
    "rupees": Part(gettext_lazy("Values in rupees"), "items", gettext_lazy("Value in rupees, line %(n)s")),
    "documents": Part(gettext_lazy("Documents"), "documents"),
    "marks": Part(gettext_lazy("Ticks on the certificate"), "certificate"),
    "in_lieu_of": Part(gettext_lazy("Certificate to be replaced"), "certificate"),
    "comments": Part(gettext_lazy("Comments for the officer"), "declaration"),
    "declaration": Part(
        gettext_lazy("Declaration"),
        "declaration",
        fields={
            "goods_at": gettext_lazy("The goods are at"),
            "grounds": gettext_lazy("Grounds for Indian origin"),
            "place": gettext_lazy("Place"),
            "name": gettext_lazy("Name"),
            "designation": gettext_lazy("Designation"),
        },
    ),
}
_SUBJECTS = {
    "exporter": Discrepancy.Subject.PARTIES,
    "producer": Discrepancy.Subject.PARTIES,
    "consignee": Discrepancy.Subject.PARTIES,
    "third-party": Discrepancy.Subject.PARTIES,
    "transport": Discrepancy.Subject.TRANSPORT,
    "items": Discrepancy.Subject.GOODS,
    "documents": Discrepancy.Subject.DOCUMENTS,
    "invoice": Discrepancy.Subject.DOCUMENTS,
}


def section_of(place: str) -> str:
    """The section of the form in which a place is corrected; "" for what belongs to none."""
    found = _PLACE.fullmatch(place)
    part = PARTS.get(found["name"]) if found else None
    return part.section if part else ""


def subject_of_place(place: str) -> str:
    """The broad subject of a question about a place."""
    return _SUBJECTS.get(section_of(place), Discrepancy.Subject.OTHER)


def label_of(place: str, titles: Mapping[str, str] | None = None) -> str:
    """A place in the reader's language. ``titles`` are the papers by place, for a paper cannot be named without its title."""
    if place == OTHER:
        return _("Something else")
    if titles and place in titles:
        return _("Document: %(title)s") % {"title": titles[place]}
    found = _PLACE.fullmatch(place)
    part = PARTS.get(found["name"]) if found else None
    if found is None or part is None:
        return _("Something else")
    index, rest = found["index"], (found["rest"] or "")
    whole = str(part.title)
    if index is not None and part.line and index.isdecimal():
        whole = str(part.line) % {"n": int(index) + 1}
    field = (part.fields or {}).get(rest.partition(".")[0].partition("[")[0])
    if field and not rest.partition(".")[2]:
        return f"{whole}: {field}"
    return whole


def paper_titles(content: object) -> dict[str, str]:
    """The papers of a signed version by their place."""
    return {place: text for place, text in flattened(content).items() if place.startswith("documents[")}


def askable_places(content: object) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything of a signed version about which the office can ask, in groups, with the words for each place."""
    titles = paper_titles(content)
    groups: dict[str, dict[str, str]] = {}
    for place in flattened(content):
        name = place.partition(".")[0].partition("[")[0]
        part = PARTS.get(name)
        if part is None or part.section in {"", "office"}:
            continue
        rows = groups.setdefault(str(part.title), {})
        line = place.partition(".")[0]
        if name not in {"documents"}:
            rows.setdefault(line, _("%(part)s as a whole") % {"part": label_of(line)})
        if name in {"cost_sheets", "claims"}:
            continue
        rows[place] = label_of(place, titles)
    groups[_("Something else")] = {"documents": _("A paper that is missing"), OTHER: _("Something else")}
    return [(title, list(rows.items())) for title, rows in groups.items()]
