"""The firm's book of consignees and products. Whoever fills in applications for the firm also keeps its book."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from udgam.flow.applications.models import Application, BookConsignee, BookProduct
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.subjects import firm_subject
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person

Entry = BookConsignee | BookProduct
Kind = type[BookConsignee] | type[BookProduct]
# What is offered at one time; a firm with more sells from a catalogue, for which there is the table of goods.
MOST_ENTRIES = 2000
# What makes two lines the same, letters' case aside.
_SAME: dict[Kind, tuple[str, ...]] = {
    BookConsignee: ("consignee_name", "consignee_address", "consignee_country"),
    BookProduct: ("description", "hs_code"),
}
_NAMES: dict[Kind, str] = {BookConsignee: "consignee", BookProduct: "product"}
# Of a line of goods, what belongs to the product.
_OF_PRODUCT = ("description", "hs_code", "package_kind", "unit", "currency")


@transaction.atomic
def add_to_book(
    *, kind: Kind, exporter: Exporter, values: dict[str, Any], person: Person, actor: Actor, now: datetime
) -> Entry:
    """Add a line. Raises `ApplicationRefused` when the same one is offered already, or the book is full."""
    Exporter.objects.select_for_update().get(pk=exporter.pk)
    if _same(kind, exporter, values):
        raise ApplicationRefused("book.known_already")
    if kind._default_manager.filter(exporter=exporter, retired_at__isnull=True).count() >= MOST_ENTRIES:
        raise ApplicationRefused("book.full", limit=str(MOST_ENTRIES))
    row = kind._default_manager.create(exporter=exporter, changed_at=now, changed_by=person, **values)
    record(act="book.added", subject=firm_subject(row.exporter), actor=actor, now=now, details=_named(row))
    return row


@transaction.atomic
def change_in_book(
    *, entry: Entry, edit: int, values: dict[str, Any], person: Person, actor: Actor, now: datetime
) -> None:
    """Change a line, unless somebody changed it since ``edit``. What was filed with it stays as it is."""
    rows = type(entry)._default_manager.filter(pk=entry.pk, edit=edit)
    if rows.update(edit=F("edit") + 1, changed_at=now, changed_by=person, **values) != 1:
        raise ApplicationRefused("book.changed_elsewhere")
    record(act="book.changed", subject=firm_subject(entry.exporter), actor=actor, now=now, details=_named(entry))


@transaction.atomic
def retire_from_book(*, entry: Entry, person: Person, actor: Actor, now: datetime) -> None:
    """Offer the line no more. It can be brought back."""
    rows = type(entry)._default_manager.filter(pk=entry.pk, retired_at__isnull=True)
    if rows.update(edit=F("edit") + 1, retired_at=now, changed_at=now, changed_by=person) == 1:
        record(act="book.retired", subject=firm_subject(entry.exporter), actor=actor, now=now, details=_named(entry))


@transaction.atomic
def bring_back_into_book(*, entry: Entry, person: Person, actor: Actor, now: datetime) -> None:
    """Offer a retired line again. Raises `ApplicationRefused` when the same one was added meanwhile, or the book is full."""
    kind = type(entry)
    Exporter.objects.select_for_update().get(pk=entry.exporter_id)
    if _same(kind, entry.exporter, {name: getattr(entry, name) for name in _SAME[kind]}):
        raise ApplicationRefused("book.known_already")
    if kind._default_manager.filter(exporter=entry.exporter_id, retired_at__isnull=True).count() >= MOST_ENTRIES:
        raise ApplicationRefused("book.full", limit=str(MOST_ENTRIES))
    rows = kind._default_manager.filter(pk=entry.pk, retired_at__isnull=False)
    if rows.update(edit=F("edit") + 1, retired_at=None, changed_at=now, changed_by=person) == 1:
        record(
            act="book.brought_back", subject=firm_subject(entry.exporter), actor=actor, now=now, details=_named(entry)
        )


def keep_consignee(*, application: Application, person: Person, actor: Actor, now: datetime) -> Entry:
    """Put the consignee of an application into the firm's book. Raises as `add_to_book` does."""
    names = ("consignee_name", "consignee_address", "consignee_country", "destination")
    values = {name: getattr(application, name) for name in names}
    return add_to_book(
        kind=BookConsignee, exporter=application.exporter, values=values, person=person, actor=actor, now=now
    )


def keep_product(*, application: Application, position: int, person: Person, actor: Actor, now: datetime) -> Entry:
    """Put the goods of a line into the firm's book, with the line's cost sheet as the model. Raises as `add_to_book` does."""
    item = application.items.filter(position=position).first()
    if item is None:
        raise ApplicationRefused("application.edited_elsewhere")
    values = {**{name: getattr(item, name) for name in _OF_PRODUCT}, "model": item}
    return add_to_book(
        kind=BookProduct, exporter=application.exporter, values=values, person=person, actor=actor, now=now
    )


def _same(kind: Kind, exporter: Exporter, values: dict[str, Any]) -> bool:
    same = {f"{name}__iexact": values[name] for name in _SAME[kind]}
    return kind._default_manager.filter(exporter=exporter, retired_at__isnull=True, **same).exists()


def _named(entry: Entry) -> dict[str, str]:
    return {"kind": _NAMES[type(entry)], "entry": str(entry.public_id)}
