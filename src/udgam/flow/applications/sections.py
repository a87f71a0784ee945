"""The sections of the form, and whether each is complete: the task list of the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.arrangements import (
    admits_third_party,
    arrangement_of,
    asks_for_producer,
    is_preferential,
)
from udgam.flow.applications.models import Application, ApplicationInvoice


def _always(application: Application) -> bool:
    return True


@dataclass(frozen=True)
class Section:
    """A page of the form. An optional one never stands in the way; ``applies`` says whether the arrangement asks for it."""

    name: str
    title: str | Promise
    is_complete: Callable[[Application], bool]
    group: str | Promise
    applies: Callable[[Application], bool] = _always
    is_empty: Callable[[Application], bool] | None = None

    def is_optional_and_empty(self, application: Application) -> bool:
        """Whether nothing was entered where nothing has to be."""
        return self.is_empty is not None and self.is_empty(application) and self.is_complete(application)


def _certificate_complete(application: Application) -> bool:
    if not application.shipment:
        return False
    return application.shipment == "before" or not is_preferential(application) or bool(application.retrospective)


def _documents_complete(application: Application) -> bool:
    present = {row.kind for row in application.documents.all()}
    return {document.kind for document in arrangement_of(application).papers} <= present


def _producer_complete(application: Application) -> bool:
    named = bool(application.producer_name and application.producer_address and application.producer_country)
    return application.producer_kind == "exporter" or (application.producer_kind == "other" and named)


def _third_party_complete(application: Application) -> bool:
    if application.third_party_name:
        return True
    return not application.invoices.filter(issuer=ApplicationInvoice.Issuer.THIRD_PARTY).exists()


def _items_complete(application: Application) -> bool:
    if not application.items.exists():
        return False
    if not is_preferential(application):
        return True
    return (
        not application.items.filter(cost_sheet__isnull=True).exists()
        and not application.items.filter(criterion="").exists()
    )


SECTIONS: tuple[Section, ...] = (
    Section("certificate", _("Kind of certificate"), _certificate_complete, _("What you apply for")),
    Section("office", _("Issuing agency and office"), lambda row: row.office_id is not None, _("What you apply for")),
    Section("exporter", _("Exporter"), lambda row: row.branch_id is not None, _("Parties")),
    Section("producer", _("Producer"), _producer_complete, _("Parties"), applies=asks_for_producer),
    Section(
        "consignee",
        _("Consignee"),
        lambda row: bool(row.consignee_name and row.consignee_country and row.destination),
        _("Parties"),
    ),
    Section(
        "third-party",
        _("Invoice by a third party"),
        _third_party_complete,
        _("Parties"),
        applies=admits_third_party,
        is_empty=lambda row: not row.third_party_name,
    ),
    Section("transport", _("Transport"), lambda row: bool(row.transport_mode), _("Consignment")),
    Section("invoice", _("Invoices"), lambda row: row.invoices.exists(), _("Consignment")),
    Section(
        "shipping-bills",
        _("Shipping bills"),
        _always,
        _("Consignment"),
        is_empty=lambda row: not row.shipping_bills.exists(),
    ),
    Section("items", _("Goods"), _items_complete, _("Consignment")),
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


def sections_of(application: Application) -> tuple[Section, ...]:
    """The sections that this application has, in order."""
    return tuple(section for section in SECTIONS if section.applies(application))


def missing_sections(application: Application) -> tuple[Section, ...]:
    """The sections that still have something to do, in order."""
    return tuple(section for section in sections_of(application) if not section.is_complete(application))


def section_after(name: str, application: Application) -> Section | None:
    """The section that follows."""
    following = sections_of(application)
    names = [section.name for section in following]
    if name not in names:
        return None
    position = names.index(name) + 1
    return following[position] if position < len(following) else None
