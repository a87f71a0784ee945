"""What does not fit together in an application is named, and what surely is a mistake stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.archive.test_content import FOLDER
from udgam.rules.consistency import REASONS, doubts_about
from udgam.rules.content import ApplicationContent, CostSheet, MaterialRow, ShippingBill, read_application

CONTENT = read_application((FOLDER / "udgam.application-1.json").read_bytes())
MATERIAL = MaterialRow(
    description="Pepper, raw", hs_code="090411", quantity=Decimal(2100), unit="KGM", unit_value=Decimal(4), value=Decimal(8400),
    basis="price-paid", origin="IN", weight_kg=None, document_number="7", document_date=date(2026, 10, 1),
    supplier_name="Growers", supplier_address="Kalpetta",
)  # fmt: skip
SHEET = CostSheet(
    item=1, wholly_obtained=False, currency="USD", ex_works=None, labour=Decimal(2000), overhead=Decimal(1000),
    profit=Decimal(1000), other=Decimal(200), cumulate_with=(), processes=(), materials=(MATERIAL,),
)  # fmt: skip


def _found(content: ApplicationContent) -> dict[str, bool]:
    return {doubt.code: doubt.stops for doubt in doubts_about(content, is_hs_code=lambda code: code != "999999")}


def _with(sheet: CostSheet) -> ApplicationContent:
    return replace(CONTENT, cost_sheets=(sheet,))


def test_what_fits_raises_no_doubt() -> None:
    assert _found(CONTENT) == {}
    assert _found(_with(SHEET)) == {}


def test_parts_are_contained_in_their_material_and_fuel_may_be_foreign() -> None:
    part = replace(MATERIAL, origin="VN", part_of=1)
    assert _found(_with(replace(SHEET, materials=(MATERIAL, part)))) == {}
    fuel = replace(MATERIAL, origin="QA", role="indirect", value=Decimal(0))
    assert _found(_with(replace(SHEET, wholly_obtained=True, materials=(MATERIAL, fuel)))) == {}


@pytest.mark.parametrize(
    ("sheet", "code", "stops"),
    [
        (replace(SHEET, labour=Decimal(0)), "consistency.sheet_does_not_add_up", False),
        (
            replace(SHEET, materials=(replace(MATERIAL, value=Decimal(12601)),)),
            "consistency.materials_exceed_value",
            True,
        ),
        (replace(SHEET, ex_works=Decimal(12601)), "consistency.ex_works_above_fob", False),
        (
            replace(SHEET, wholly_obtained=True, materials=(replace(MATERIAL, origin="VN"),)),
            "consistency.obtained_with_foreign",
            True,
        ),
        (replace(SHEET, net_weight_kg=Decimal(10**6)), "consistency.net_weight_above_gross", False),
        (
            replace(SHEET, materials=(MATERIAL, replace(MATERIAL, value=MATERIAL.value + 1, part_of=1))),
            "consistency.parts_exceed_material",
            False,
        ),
    ],
)
def test_a_cost_sheet_is_held_against_the_value(sheet: CostSheet, code: str, stops: bool) -> None:
    assert _found(_with(sheet)) == {code: stops}


def test_codes_dates_and_weights_are_looked_at() -> None:
    item = replace(CONTENT.items[0], hs_code="999999", unit="KGM", quantity=Decimal(3000))
    odd = replace(
        CONTENT,
        items=(item,),
        transport=replace(CONTENT.transport, departure=CONTENT.invoices[0].date - timedelta(days=1)),
    )
    assert _found(odd) == {
        "consistency.hs_unknown": True,
        "consistency.gross_weight_below_net": False,
        "consistency.invoice_after_departure": False,
        "consistency.departure_passed": True,
    }


BILL = ShippingBill(number="7104412", date=date(2026, 11, 20), port="INCOK1")


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ((None,), {}),
        (("{number}",), {}),
        ((" {number} ".lower(),), {}),
        (("X-1",), {"consistency.bill_of_other_invoice": True, "consistency.invoice_without_bill": False}),
        (("{number}", "X-1"), {"consistency.bill_of_other_invoice": True}),
        # One bill says nothing, so nothing is missed.
        (("{number}", None), {}),
    ],
)
def test_a_shipping_bill_states_an_invoice_of_the_application(
    stated: tuple[str | None, ...], found: dict[str, bool]
) -> None:
    number = CONTENT.invoices[0].number
    bills = tuple(replace(BILL, invoice=one.format(number=number) if one else None) for one in stated)
    assert _found(replace(CONTENT, shipping_bills=bills)) == found


def test_every_doubt_has_its_sentence() -> None:
    assert set(REASONS) == {f"consistency.{name}" for name in ("hs_unknown", "materials_exceed_value", "sheet_does_not_add_up", "ex_works_above_fob", "obtained_with_foreign", "invoice_after_departure", "gross_weight_below_net", "net_weight_above_gross", "parts_exceed_material", "departure_passed", "bill_of_other_invoice", "invoice_without_bill")}  # fmt: skip
