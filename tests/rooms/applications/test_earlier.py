"""Nothing is typed twice: consignees and products of earlier applications are taken over, and only the firm's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications import services

pytestmark = pytest.mark.django_db


def test_an_earlier_consignee_and_product_are_offered_and_taken_over(firm: Firm) -> None:
    first = firm.start()
    firm.fill(first.public_id, "consignee")
    firm.add_line(first.public_id)
    first.refresh_from_db()
    material: dict[str, Any] = {
        "description": "Fingers", "hs_code": "091030", "quantity": Decimal(10), "unit": "KGM", "unit_value": Decimal(2),
        "basis": "price-paid", "origin": "IN",
    }  # fmt: skip
    services.save_material(
        application=first, edit=first.edit, position=1, material=None, values=material, now=timezone.now()
    )
    second = firm.start()
    page = text_of(firm.get("section", second.public_id, "consignee"))
    assert f"?like={first.public_id}" in page
    taken = text_of(firm.get("section", second.public_id, "consignee", data={"like": str(first.public_id)}))
    assert 'value="Mekong Spice Trading Co."' in taken
    old = first.items.get()
    assert f"?like={old.id}" in text_of(firm.get("item-add", second.public_id))
    assert "Organic turmeric powder" in text_of(firm.get("item-add", second.public_id, data={"like": str(old.id)}))
    assert firm.add_line(second.public_id, like=str(old.id)).status_code == 302
    assert second.items.get().cost_sheet.materials.get().description == "Fingers"


def test_nothing_of_another_firm_is_offered_or_copied(firm: Firm, stranger: Firm) -> None:
    theirs = stranger.start()
    stranger.fill(theirs.public_id, "consignee")
    stranger.add_line(theirs.public_id, description="Secret blend")
    mine = firm.start()
    for page in (
        firm.get("section", mine.public_id, "consignee", data={"like": str(theirs.public_id)}),
        firm.get("item-add", mine.public_id, data={"like": str(theirs.items.get().id)}),
    ):
        assert "Secret blend" not in text_of(page)
        assert "Mekong" not in text_of(page)
    for odd in ("x", "-1", "9" * 40, "٣"):
        assert firm.get("item-add", mine.public_id, data={"like": odd}).status_code == 200
