"""What a firm wrote before: the consignees and products of its book and of its earlier applications."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from udgam.flow.applications.models import Application, ApplicationItem, BookConsignee, BookProduct
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.queries import exporters_visible_to
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person

MOST_EARLIER = 30


def earlier_consignees(application: Application) -> list[Application]:
    """The firm's other applications, one for each consignee, by name: to take name and address over instead of typing them."""
    rows = Application.objects.filter(exporter=application.exporter_id).exclude(id=application.id)
    keys = ("consignee_name", "consignee_address", "consignee_country")
    return list(rows.exclude(consignee_name="").order_by(*keys, "-changed_at").distinct(*keys)[:MOST_EARLIER])


def earlier_products(application: Application, words: str = "") -> list[ApplicationItem]:
    """Lines of the firm's applications, one for each product, by description; those with all the words in it."""
    rows = ApplicationItem.objects.select_related("cost_sheet").filter(application__exporter=application.exporter_id)
    for word in words.split()[:5]:
        rows = rows.filter(description__icontains=word)
    return list(rows.order_by("description", "hs_code", "-id").distinct("description", "hs_code")[:MOST_EARLIER])


def earlier_product(application: Application, item_id: str) -> ApplicationItem | None:
    """A line of one of the firm's applications; None for anybody else's."""
    if not (item_id.isascii() and item_id.isdigit() and len(item_id) < 16):
        return None
    rows = ApplicationItem.objects.select_related("cost_sheet").filter(application__exporter=application.exporter_id)
    return rows.filter(id=int(item_id)).first()


def consignees_visible_to(actor: Actor) -> QuerySet[BookConsignee]:
    """The consignees in the books of the firms for which somebody acts, by name. Officers see no book."""
    rows = BookConsignee.objects.select_related("exporter", "changed_by").order_by("consignee_name", "id")
    return rows.filter(exporter__in=exporters_visible_to(actor)) if _keeps_books(actor) else rows.none()


def products_visible_to(actor: Actor) -> QuerySet[BookProduct]:
    """The products in the books of the firms for which somebody acts, by HS code."""
    rows = BookProduct.objects.select_related("exporter", "changed_by", "model__cost_sheet").order_by("hs_code", "id")
    return rows.filter(exporter__in=exporters_visible_to(actor)) if _keeps_books(actor) else rows.none()


def _keeps_books(actor: Actor) -> bool:
    return actor.kind == "person" and actor.role == Person.Kind.EXPORTER


BOOK_FIELDS = {"consignees": ("consignee_name", "consignee_address"), "products": ("description", "hs_code")}


def book_of(actor: Actor, kind: str, *, exporter: Exporter, search: str = "", retired: bool = False) -> QuerySet[Any]:
    """One firm's "consignees" or "products" with all the words in them; those that are offered, or the retired ones."""
    visible: QuerySet[Any] = consignees_visible_to(actor) if kind == "consignees" else products_visible_to(actor)
    rows = visible.filter(exporter=exporter, retired_at__isnull=not retired)
    first, second = BOOK_FIELDS[kind]
    for word in search.split()[:5]:
        rows = rows.filter(Q(**{f"{first}__icontains": word}) | Q(**{f"{second}__icontains": word}))
    return rows


def book_entry(actor: Actor, kind: str, *, exporter: Exporter, public_id: UUID) -> Any:
    """One line of one firm's book, offered or retired; None for a stranger."""
    visible: QuerySet[Any] = consignees_visible_to(actor) if kind == "consignees" else products_visible_to(actor)
    return visible.filter(exporter=exporter, public_id=public_id).first()


def chosen_from_book(actor: Actor, kind: str, application: Application, reference: str) -> Any:
    """The line that was chosen for an application, by its identifier as typed in an address; None when there is none such."""
    try:
        public_id = UUID(reference)
    except ValueError:
        return None
    entry = book_entry(actor, kind, exporter=application.exporter, public_id=public_id)
    return entry if entry is not None and entry.retired_at is None else None
