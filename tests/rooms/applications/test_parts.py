"""Materials made of listed parts, what is no material of the goods, and weights: in the form, in a table, in what is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import ACTOR, Firm, text_of
from tests.rooms.applications.test_bulk import GOOD, _add, _send, _xlsx
from tests.rooms.applications.test_origin import COSTS, MATERIAL, claim, preferential
from udgam.flow.applications.cost_sheets import sheet_totals
from udgam.flow.applications.forms.bulk import GOODS, MATERIALS
from udgam.flow.applications.models import Application, CostMaterial
from udgam.ground.agreements.queries import rule_data_on
from udgam.ground.agreements.services import import_product_rules
from udgam.rules.content import CostSheet, Item, MaterialRow, read_application
from udgam.rules.findings import case_of_item, finding_for_item
from udgam.rules.numbers import indian_date
from udgam.rules.origin import CaseRefused

pytestmark = pytest.mark.django_db

INTERMEDIATE = {"description": "Guanidine salt", "origin": "unknown", "quantity": "4000"}
PART = {**MATERIAL, "description": "Cyanamide", "hs_code": "2853.90", "quantity": "1000"}


def post(firm: Firm, application: Application, name: str, *args: int, **data: Any) -> Any:
    return firm.post(name, application.public_id, *args, data={"edit": firm.edit(application.public_id), **data})


def sheet_page(firm: Firm, application: Application) -> str:
    return text_of(firm.get("cost-sheet", application.public_id, 1))


def test_a_material_made_in_india_of_listed_parts_counts_with_its_whole_value(firm: Firm) -> None:
    application = preferential(firm, **INTERMEDIATE)
    page = sheet_page(firm, application)
    assert "By the computation the goods do not originate." in page
    assert "?part_of=1" in page
    form = text_of(firm.client.get(f"/applications/{application.public_id}/items/1/materials/add/?part_of=1"))
    assert '<option value="1" selected>1. Guanidine salt</option>' in form
    assert post(firm, application, "material-add", 1, **PART, part_of="1").status_code == 302
    page = sheet_page(firm, application)
    assert "By the computation the goods originate in India." in page
    assert "Part of no. 1, contained in its value" in page
    # The part is in the value of the whole, so nothing is counted twice.
    totals = sheet_totals(application.items.get())
    assert (totals.originating, totals.non_originating) == (Decimal(0), Decimal("10216.08"))


def test_parts_are_signed_copied_and_removed_with_what_they_went_into(firm: Firm) -> None:
    application = preferential(firm, **INTERMEDIATE)
    assert post(firm, application, "material-add", 1, **PART, part_of="1", role="material").status_code == 302
    packing = {**MATERIAL, "quantity": "10", "role": "transport-packing"}
    assert post(firm, application, "material-add", 1, **packing).status_code == 302
    assert claim(firm, application, text="RVC [80.00]%+CTSH", reason="The works were seen.").status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    content = read_application(bytes(application.submissions.get().content))
    [signed] = content.cost_sheets
    assert [(row.role, row.part_of) for row in signed.materials] == [
        ("material", None),
        ("material", 1),
        ("transport-packing", None),
    ]
    assert firm.post("copy", application.public_id, data={}).status_code == 302
    copy = Application.objects.latest("id")
    rows = CostMaterial.objects.filter(sheet__item__application=copy)
    assert [(row.role, row.part_of and row.part_of.position) for row in rows] == [
        ("material", None),
        ("material", 1),
        ("transport-packing", None),
    ]
    assert "and its parts?" in text_of(firm.get("material-remove", copy.public_id, 1, 1))
    assert post(firm, copy, "material-remove", 1, 1).status_code == 302
    assert [(row.position, row.role) for row in rows.all()] == [(1, "transport-packing")]


STEEL = b"""# format: udgam.product-rules/1
# agreement: AIFTA
# version: with a process
# hs_edition: 2022
# citation: Appendix B
# evidence: seen
# licence: none
first,last,heading,goods,partial,effective,expires,text,rule
2905000000,2905999999,2905,Alcohols,no,,,A chemical reaction,PROCESS chemical-reaction
2925000000,2925999999,2925,Imines,no,,,Change of subheading and 35 per cent,CTSH and RVC build-down FOB 35
"""


def test_a_part_made_here_states_the_processes_by_which_it_was_made(firm: Firm) -> None:
    now = timezone.now()
    common: dict[str, Any] = {"effective_from": indian_date(now), "actor": ACTOR, "now": now}
    import_product_rules(code="AIFTA", data=STEEL, file_name="b.csv", **common)
    made = {**MATERIAL, **INTERMEDIATE, "origin": "IN"}
    application = preferential(firm, **made)
    assert post(firm, application, "material-add", 1, **PART, part_of="1").status_code == 302
    page = sheet_page(firm, application)
    assert "A person must decide whether the goods originate." in page
    form = text_of(firm.get("material", application.public_id, 1, 1))
    assert "Processes by which it was made in India" in form
    assert 'value="chemical-reaction"' in form
    refused = post(firm, application, "material", 1, 1, **made, processes=["alchemy"])
    assert refused.status_code == 200
    stated = {**made, "processes": ["chemical-reaction", "purification"]}
    assert post(firm, application, "material", 1, 1, **stated).status_code == 302
    page = sheet_page(firm, application)
    assert "By the computation the goods originate in India." in page
    assert "Made in India by: chemical reaction, purification" in page
    assert "checked" in text_of(firm.get("material", application.public_id, 1, 1))
    assert claim(firm, application, criterion="PSR").status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    content = read_application(bytes(application.submissions.get().content))
    assert [row.processes for row in content.cost_sheets[0].materials] == [("chemical-reaction", "purification"), ()]
    assert content.claims[0].qualifies is True
    assert firm.post("copy", application.public_id, data={}).status_code == 302
    rows = CostMaterial.objects.filter(sheet__item__application=Application.objects.latest("id"))
    assert [row.processes for row in rows] == [["chemical-reaction", "purification"], []]


def test_nothing_is_a_part_of_itself_or_of_what_is_not_there(firm: Firm) -> None:
    application = preferential(firm, **INTERMEDIATE)
    assert post(firm, application, "material-add", 1, **{**PART, "origin": "IN"}, part_of="1").status_code == 302
    for number, part_of in ((1, "1"), (1, "2"), (2, "7"), (2, "x")):
        answer = post(firm, application, "material", 1, number, **{**PART, "origin": "IN"}, part_of=part_of)
        assert answer.status_code == 200, (number, part_of)
    rows = CostMaterial.objects.filter(sheet__item__application=application)
    assert [row.part_of_id for row in rows] == [None, rows[0].id]


def test_fuel_is_a_persons_matter_while_the_agreements_words_on_it_were_not_read(firm: Firm) -> None:
    application = preferential(firm, quantity="4000")
    assert "By the computation the goods do not originate." in sheet_page(firm, application)
    changed = {**MATERIAL, "quantity": "4000", "description": "Furnace oil", "hs_code": "2710.19", "role": "indirect"}
    assert post(firm, application, "material", 1, 1, **changed).status_code == 302
    page = sheet_page(firm, application)
    assert "A person must decide whether the goods originate." in page
    assert "Used in making the goods without going into them" in page


@pytest.mark.parametrize("quantity", ["99999999999999", "10000000000"])
def test_a_value_that_no_amount_can_hold_is_refused_with_the_reason(firm: Firm, quantity: str) -> None:
    application = preferential(firm)
    large = {**MATERIAL, "quantity": quantity, "unit_value": "99999999999999"}
    answer = post(firm, application, "material-add", 1, **large)
    assert answer.status_code == 200
    assert "more than sixteen digits" in text_of(answer)
    assert CostMaterial.objects.filter(sheet__item__application=application).count() == 1
    firm.client.cookies["udgam_language"] = "hi"
    assert "सोलह अंकों से अधिक" in text_of(post(firm, application, "material-add", 1, **large))


def row(name: str, *more: str, line: str = "1", **changed: str) -> list[str]:
    cells = dict(zip(MATERIALS, [line, name, "2905.19", "10", "KGM", "3.10", "price-paid", "IN", "2.5", "7", "2026-10-01", "Growers", "Kalpetta", *more], strict=False))  # fmt: skip
    return [cells.get(column, "") if column not in changed else changed[column] for column in MATERIALS]


def test_a_table_brings_parts_roles_and_net_weight(firm: Firm) -> None:
    application = firm.start()
    materials = [
        row("Part", number="", part_of="a"),
        row("Intermediate", number="a", processes="Purification, chemical-reaction"),
        row("Cartons", role="retail-packing"),
    ]
    goods = [*GOOD, "9950.5"]
    assert len(goods) == len(GOODS)
    told = _send(firm, application, _xlsx({"Goods": [list(GOODS), goods], "Materials": [list(MATERIALS), *materials]}))
    assert "The table is right" in told, told
    assert _add(firm, application) == 302
    sheet = application.items.get().cost_sheet
    assert sheet.net_weight_kg == Decimal("9950.500")
    assert [one.processes for one in sheet.materials.all()] == [[], ["chemical-reaction", "purification"], []]
    assert [(one.description, one.role, one.part_of and one.part_of.description) for one in sheet.materials.all()] == [
        ("Part", "material", "Intermediate"),
        ("Intermediate", "material", None),
        ("Cartons", "retail-packing", None),
    ]


@pytest.mark.parametrize(
    ("materials", "told"),
    [
        ([row("A", number="a", part_of="a")], "is no other material"),
        ([row("A", number="a", part_of="b"), row("B", number="b", part_of="a")], "is no other material"),
        ([row("A", part_of="z")], "“z” is no other material"),
        ([row("A", number="a"), row("B", number="a")], "stands at another material"),
        ([row("A", role="ballast")], "role “ballast”"),
        ([row("A", processes="weaving alchemy")], "There is no process “alchemy”"),
        ([row("A", quantity="99999999999999", unit_value="99999999999999")], "more than sixteen digits"),
    ],
)
def test_a_table_whose_parts_do_not_fit_is_refused_whole(firm: Firm, materials: list[list[str]], told: str) -> None:
    application = firm.start()
    sheets = {"Goods": [list(GOODS), GOOD], "Materials": [list(MATERIALS), *materials]}
    assert told in _send(firm, application, _xlsx(sheets))
    assert _add(firm, application) == 409
    assert not CostMaterial.objects.filter(sheet__item__application=application).exists()


# ── What the engine is told ────────────────────────────────────────────────────────────────────────────────────────────

SHIRTS = Item(
    number=1, marks="", packages=1, package_kind="bale", description="T-shirts", hs_code="610910", criterion="", quantity=Decimal(100),
    unit="NMB", gross_weight=None, fob=Decimal("1000.00"), currency="USD", invoice="7",
)  # fmt: skip
YARN = MaterialRow(
    description="Knitted parts", hs_code="610910", quantity=Decimal(1), unit="KGM", unit_value=Decimal(50), value=Decimal("50.00"),
    basis="CIF", origin="CN", weight_kg=Decimal("6.9"), document_number="", document_date=None, supplier_name="", supplier_address="",
)  # fmt: skip
SHEET = CostSheet(
    item=1, wholly_obtained=False, currency="USD", ex_works=None, labour=Decimal(0), overhead=Decimal(0), profit=Decimal(0),
    other=Decimal(0), cumulate_with=(), processes=(), materials=(YARN,), net_weight_kg=Decimal(100),
)  # fmt: skip


@pytest.mark.parametrize(
    ("net", "weight", "qualifies"),
    [(Decimal(100), Decimal(10), True), (Decimal(100), Decimal("10.001"), False), (None, Decimal(10), False)],
)
def test_a_tolerance_by_weight_is_measured_by_the_net_weight_that_is_stated(
    net: Decimal | None, weight: Decimal, qualifies: bool
) -> None:
    sheet = replace(SHEET, net_weight_kg=net, materials=(replace(YARN, weight_kg=weight),))
    on = date(2026, 11, 22)
    found = finding_for_item(SHIRTS, sheet, data=rule_data_on("ECTA", on), destination="AU", on=on)
    assert (found.qualifies is True) is qualifies


@pytest.mark.parametrize("part_of", [1, 2, 0, -1])
def test_signed_rows_that_are_no_bill_of_materials_are_judged_by_nobody(part_of: int) -> None:
    sheet = replace(SHEET, materials=(replace(YARN, part_of=part_of),))
    with pytest.raises(CaseRefused):
        case_of_item(SHIRTS, sheet, agreement="ISCECA", destination="SG", on=date(2026, 11, 22))


def test_bills_that_are_nested_too_deep_are_judged_by_nobody() -> None:
    rows = (YARN, *(replace(YARN, part_of=number) for number in range(1, 40)))
    with pytest.raises(CaseRefused):
        case_of_item(
            SHIRTS, replace(SHEET, materials=rows), agreement="ISCECA", destination="SG", on=date(2026, 11, 22)
        )


def test_costs_stay_as_they_are_when_a_sheet_has_a_net_weight(firm: Firm) -> None:
    application = preferential(firm)
    assert post(firm, application, "cost-sheet", 1, **COSTS, net_weight_kg="1,050.5").status_code == 302
    assert application.items.get().cost_sheet.net_weight_kg == Decimal("1050.500")
    assert 'value="1050.5"' in sheet_page(firm, application)
