"""The sections of the form, and whether each is complete: the task list of the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.models import Application
from udgam.rules.agreements import load_agreement


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    name: str
    title: str | Promise
    is_complete: Callable[[Application], bool]
    group: str | Promise


def _documents_complete(application: Application) -> bool:
    present = {row.kind for row in application.documents.all()}
    return {document.kind for document in load_agreement(application.agreement).documents} <= present


SECTIONS: tuple[Section, ...] = (
    Section("office", _("Issuing agency and office"), lambda row: row.office_id is not None, _("Where to apply")),
    Section("exporter", _("Exporter"), lambda row: row.branch_id is not None, _("Parties")),
    Section(
        "consignee",
        _("Consignee"),
        lambda row: bool(row.consignee_name and row.consignee_country and row.destination),
        _("Parties"),
    ),
    Section("transport", _("Transport"), lambda row: bool(row.transport_mode and row.shipment), _("Consignment")),
    Section("invoice", _("Invoice"), lambda row: row.invoices.exists(), _("Consignment")),
    Section("items", _("Goods"), lambda row: row.items.exists(), _("Consignment")),
    Section("documents", _("Documents"), _documents_complete, _("Papers")),
    Section(
        "declaration",
        _("Declaration"),
        lambda row: bool(
            row.goods_at and row.grounds and row.place and row.declarant_name and row.declarant_designation
        ),
        _("Papers"),
    ),
)
BY_NAME = {section.name: section for section in SECTIONS}


def missing_sections(application: Application) -> tuple[Section, ...]:
    """The sections that still have something to do, in order."""
    return tuple(section for section in SECTIONS if not section.is_complete(application))


def section_after(name: str) -> Section | None:
    """The section that follows."""
    names = [section.name for section in SECTIONS]
    position = names.index(name) + 1
    return SECTIONS[position] if position < len(names) else None
