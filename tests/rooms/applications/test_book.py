"""The firm's book: kept by everybody who fills in for the firm, chosen in applications, and seen by no other firm."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.examination.cases import browser_of
from tests.rooms.registration.applicant import text_of_page
from tests.rooms.registration.colleagues import join_firm
from udgam.flow.applications import queries, services
from udgam.flow.applications.models import BookConsignee, BookProduct
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.ground.audit.queries import acts_of
from udgam.parties.accounts.actors import actor_of

pytestmark = pytest.mark.django_db
CONSIGNEE = {
    "consignee_name": "Hafen Gewürze GmbH",
    "consignee_address": "Speicherstadt 12\n20457 Hamburg",
    "consignee_country": "DE",
    "destination": "DE",
}
PRODUCT = {
    "description": "Black pepper, garbled",
    "hs_code": "0904.11",
    "package_kind": "bags",
    "unit": "KGM",
    "currency": "EUR",
}


def _url(name: str, *args: object) -> str:
    return reverse(f"applications:{name}", args=args)


def _add(firm: Firm, kind: str, values: dict[str, str]) -> Any:
    answer = firm.client.post(_url("book-add", kind), {"edit": "0", **values})
    assert answer.status_code == 302, text_of(answer)
    return (BookConsignee if kind == "consignees" else BookProduct).objects.latest("id")


def test_a_line_is_added_changed_retired_and_brought_back_and_all_is_recorded(firm: Firm) -> None:
    row = _add(firm, "consignees", CONSIGNEE)
    page = _url("book", "consignees")
    assert "Hafen Gewürze GmbH" in text_of(firm.client.get(page))
    changed = firm.client.post(
        _url("book-entry", "consignees", row.public_id), {"edit": "0", **CONSIGNEE, "consignee_name": "Hafen AG"}
    )
    assert changed.status_code == 302
    assert "Hafen AG" in text_of(firm.client.get(page))
    assert "Hafen AG" in text_of(firm.client.get(page, {"search": "speicher hafen"}))
    assert "Hafen AG" not in text_of(firm.client.get(page, {"search": "bremen"}))
    firm.client.post(_url("book-retire", "consignees", row.public_id))
    assert "Hafen AG" not in text_of(firm.client.get(page, {"search": "hafen"})).partition('role="status"')[2]
    assert "Hafen AG" in text_of(firm.client.get(page, {"retired": "on"}))
    firm.client.post(_url("book-retire", "consignees", row.public_id), {"back": "1"})
    row.refresh_from_db()
    assert row.retired_at is None
    acts = [line.act for line in acts_of(f"exporter:{firm.exporter.public_id}") if line.act.startswith("book.")]
    assert acts == ["book.added", "book.changed", "book.retired", "book.brought_back"]


def test_what_was_changed_meanwhile_is_not_overwritten_and_what_was_typed_is_kept(firm: Firm) -> None:
    row = _add(firm, "products", PRODUCT)
    address = _url("book-entry", "products", row.public_id)
    assert firm.client.post(address, {"edit": "0", **PRODUCT, "package_kind": "drums"}).status_code == 302
    late = firm.client.post(address, {"edit": "0", **PRODUCT, "package_kind": "cartons"})
    assert late.status_code == 409
    assert 'value="cartons"' in text_of(late)
    assert "changed in another window" in text_of(late)
    row.refresh_from_db()
    assert row.package_kind == "drums"
    assert firm.client.post(address, {"edit": "1", **PRODUCT, "package_kind": "cartons"}).status_code == 302


def test_the_same_line_stands_there_once_and_the_book_has_an_end(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    row = _add(firm, "consignees", CONSIGNEE)
    again = firm.client.post(
        _url("book-add", "consignees"), {"edit": "0", **CONSIGNEE, "consignee_name": "HAFEN gewürze GMBH"}
    )
    assert again.status_code == 409
    assert "has the same entry already" in text_of(again)
    actor, now = actor_of(firm.person), timezone.now()
    services.retire_from_book(entry=row, person=firm.person, actor=actor, now=now)
    _add(firm, "consignees", CONSIGNEE)
    with pytest.raises(ApplicationRefused) as refused:
        services.bring_back_into_book(entry=row, person=firm.person, actor=actor, now=now)
    assert refused.value.code == "book.known_already"
    monkeypatch.setattr("udgam.flow.applications.services.booking.MOST_ENTRIES", 1)
    full = firm.client.post(_url("book-add", "consignees"), {"edit": "0", **CONSIGNEE, "consignee_name": "Another"})
    assert full.status_code == 409
    assert "at most 1 entries" in text_of(full)


def test_a_code_is_looked_for_without_losing_what_was_typed(firm: Firm) -> None:
    typed = {"edit": "0", "description": "Pepper of the hills", "hs_words": "pepper", "find": "1"}
    page = text_of(firm.client.post(_url("book-add", "products"), typed))
    assert "Pepper of the hills" in page
    assert 'value="090411"' in page
    chosen = text_of(firm.client.post(_url("book-add", "products"), {**typed, "choose": "090411"}))
    assert 'value="090411"' in chosen
    assert not BookProduct.objects.exists()
    wrong = firm.client.post(_url("book-add", "products"), {"edit": "0", **PRODUCT, "hs_code": "999999"})
    assert "HS 2022 has no subheading" in text_of(wrong)


def test_the_application_takes_a_consignee_and_a_product_with_its_cost_sheet(firm: Firm) -> None:
    row = _add(firm, "consignees", CONSIGNEE)
    first = firm.start()
    page = text_of(firm.get("section", first.public_id, "consignee"))
    assert f"?entry={row.public_id}" in page
    taken = text_of(firm.get("section", first.public_id, "consignee", data={"entry": str(row.public_id)}))
    assert 'value="Hafen Gewürze GmbH"' in taken
    choosing = text_of(firm.client.get(_url("book", "consignees"), {"for": str(first.public_id)}))
    assert f"{_url('section', first.public_id, 'consignee')}?entry={row.public_id}" in choosing

    assert firm.add_line(first.public_id, keep="1").status_code == 302
    product = BookProduct.objects.get()
    material: dict[str, Any] = {
        "description": "Fingers", "hs_code": "091030", "quantity": Decimal(10), "unit": "KGM", "unit_value": Decimal(2),
        "basis": "price-paid", "origin": "IN",
    }  # fmt: skip
    first.refresh_from_db()
    services.save_material(
        application=first, edit=first.edit, position=1, material=None, values=material, now=timezone.now()
    )
    second = firm.start()
    shown = text_of(firm.get("item-add", second.public_id, data={"product": str(product.public_id)}))
    assert product.description in shown
    assert "Its cost sheet is copied" in shown
    assert firm.add_line(second.public_id, product=str(product.public_id)).status_code == 302
    assert second.items.get().cost_sheet.materials.get().description == "Fingers"


def test_what_is_filled_in_is_kept_in_the_book_when_ticked_and_not_twice(firm: Firm) -> None:
    first = firm.start()
    firm.fill(first.public_id, "consignee", keep="1")
    row = BookConsignee.objects.get()
    assert row.consignee_name == "Mekong Spice Trading Co."
    second = firm.start()
    assert firm.fill(second.public_id, "consignee", keep="1").status_code == 302
    assert "has the same entry already" in text_of(firm.get("detail", second.public_id))
    assert BookConsignee.objects.count() == 1
    second.refresh_from_db()
    assert second.consignee_name == "Mekong Spice Trading Co."


@pytest.mark.parametrize("role", ["drafter", "broker"])
def test_colleagues_and_brokers_keep_the_book_until_their_duty_ends(firm: Firm, role: str) -> None:
    row = _add(firm, "consignees", CONSIGNEE)
    member = join_firm(firm, role=role)
    client = browser_of(member.person)
    assert "Hafen Gewürze GmbH" in text_of_page(client.get(_url("book", "consignees")))
    assert client.post(_url("book-add", "products"), {"edit": "0", **PRODUCT}).status_code == 302
    member.until = timezone.now()
    member.save()
    assert not queries.consignees_visible_to(actor_of(member.person)).exists()
    assert client.get(_url("book-entry", "consignees", row.public_id)).status_code == 404


def test_another_firm_and_the_office_see_nothing_and_choose_nothing(firm: Firm, stranger: Firm) -> None:
    row, product = _add(firm, "consignees", CONSIGNEE), _add(firm, "products", PRODUCT)
    assert "Hafen" not in text_of(stranger.client.get(_url("book", "consignees")))
    for kind, entry in (("consignees", row), ("products", product)):
        assert stranger.client.get(_url("book-entry", kind, entry.public_id)).status_code == 404
        assert stranger.client.post(_url("book-retire", kind, entry.public_id)).status_code == 404
    draft = stranger.start()
    assert "Hafen" not in text_of(
        stranger.get("section", draft.public_id, "consignee", data={"entry": str(row.public_id)})
    )
    assert "Black pepper" not in text_of(
        stranger.get("item-add", draft.public_id, data={"product": str(product.public_id)})
    )
    assert "Hafen" not in text_of(stranger.client.get(_url("book", "consignees"), {"for": str(firm.start().public_id)}))
    assert not queries.products_visible_to(actor_of(firm.agency.officer)).exists()
    for odd in ("x", "-1", str(row.public_id)[:-1]):
        assert firm.get("item-add", firm.start().public_id, data={"product": odd}).status_code == 200
    assert firm.client.get(_url("book", "people")).status_code == 404
