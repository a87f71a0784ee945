"""Cases are read strictly: wrong types, absurd amounts, unknown codes, cycles and great lists are refused, each with its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules.origin.cases import any_code, find, material, plain_case
from tests.rules.origin.samples import AI
from udgam.rules.origin import CaseRefused, answer_of, decide, prepare, read_case, read_case_json


def refused(plain: Any) -> str:
    with pytest.raises(CaseRefused) as caught:
        read_case(plain, known=lambda code: code[:2] != "99")
    return caught.value.code


def changed(**fields: Any) -> dict[str, Any]:
    return {**plain_case(material("10")), **fields}


def product(**fields: Any) -> dict[str, Any]:
    plain = plain_case(material("10"))
    return {**plain, "product": {**plain["product"], **fields}}


def with_material(**fields: Any) -> dict[str, Any]:
    return plain_case({**material("10"), **fields})


@pytest.mark.parametrize(
    ("plain", "code"),
    [
        (None, "case.form"),
        ([], "case.form"),
        ({}, "case.missing"),
        (changed(surprise=1), "case.unknown_field"),
        (changed(agreement=7), "case.form"),
        (changed(destination="Vietnam"), "case.country"),
        (changed(on="22-11-2026"), "case.form"),
        (changed(on=20261122), "case.form"),
        (changed(wholly_obtained="no"), "case.form"),
        (changed(materials={}), "case.form"),
        (changed(materials=[7]), "case.form"),
        (changed(costs=[]), "case.form"),
        (changed(costs={"bribes": "1"}), "case.unknown_field"),
        (changed(costs={"labour": 1}), "case.form"),
        (changed(cumulate_with="MY"), "case.form"),
        (changed(cumulate_with=["Malaysia"]), "case.country"),
        (changed(processes=[1]), "case.form"),
        (changed(processes=["x"] * 101), "case.form"),
        (product(hs="8471"), "case.hs"),
        (product(hs="999999"), "case.hs"),
        (product(hs="84713"), "case.hs"),
        (product(hs="८४७१३०"), "case.hs"),
        (product(fob="0"), "case.price"),
        (product(fob="0.00"), "case.price"),
        (product(fob=None), "case.price"),
        (product(fob=100), "case.form"),
        (product(fob="-100"), "case.amount"),
        (product(fob="1e5"), "case.amount"),
        (product(fob="NaN"), "case.amount"),
        (product(fob="Infinity"), "case.amount"),
        (product(fob="1,000"), "case.amount"),
        (product(fob="9" * 19), "case.amount"),
        (product(fob="0.123456789"), "case.amount"),
        (product(ex_works="100.01"), "case.price_order"),
        (product(currency="dollars"), "case.form"),
        (product(weight_kg="-1"), "case.amount"),
        (with_material(value=None), "case.form"),
        (with_material(value="-0.01"), "case.amount"),
        (with_material(hs="999999"), "case.hs"),
        (with_material(origin="China"), "case.country"),
        (with_material(role="bribe"), "case.form"),
        (with_material(bill="nowhere"), "case.bill"),
        (with_material(description="\ud800"), "case.form"),
    ],
)
def test_a_bad_case_is_refused_with_its_reason(plain: Any, code: str) -> None:
    assert refused(plain) == code


def test_floats_repeated_names_and_depth_are_refused() -> None:
    text = json.dumps(plain_case(material("10")))
    for data in (
        text.replace('"100"', "100.0").encode(),
        text.replace('"on"', '"on": "2026-11-22", "on"').encode(),
        b"\xff\xfe",
        b"[" * 200_000,
        b"",
    ):
        with pytest.raises(CaseRefused):
            read_case_json(data, known=any_code)


def test_a_bill_of_materials_that_contains_itself_is_refused() -> None:
    bills = {"A": [{**material("1"), "bill": "B"}], "B": [{**material("1"), "bill": "A"}]}
    assert refused(changed(bills=bills, materials=[{**material("1"), "bill": "A"}])) == "case.cycle"
    assert (
        refused(changed(bills={"A": [{**material("1"), "bill": "A"}]}, materials=[{**material("1"), "bill": "A"}]))
        == "case.cycle"
    )


def test_a_bill_may_be_used_twice() -> None:
    bills = {"PCB": [material("3", "854231"), material("1", "740811", "IN")]}
    part = {"description": "board", "hs": "850440", "value": "20", "origin": "IN", "bill": "PCB"}
    case = read_case(plain_case(part, part, bills=bills), known=any_code)
    assert [len(one.materials) for one in case.materials] == [2, 2]
    assert decide(case, prepare(AI)).qualifies is True


def test_bills_are_neither_endless_nor_explosive() -> None:
    deep = material("1")
    for _ in range(30):
        deep = {**material("1"), "materials": [deep]}
    assert refused(plain_case(deep)) in {"case.too_deep", "case.form"}
    bills = {str(n): [{**material("1"), "bill": str(n + 1)}] * 10 for n in range(8)}
    bills["8"] = [material("1")]
    assert refused(changed(bills=bills, materials=[{**material("1"), "bill": "0"}])) == "case.too_many"


def test_ten_thousand_materials_are_answered() -> None:
    listed = [material("0.005", "390110", "CN" if n % 2 else "IN") for n in range(10_000)]
    found = find(AI, *listed)
    assert found.qualifies is True
    failing = find(AI, *[material("0.0099", "390110") for _ in range(10_000)])
    assert failing.qualifies is False
    assert failing.change is not None
    assert answer_of(failing)["change"]["kind"] == "part"


def test_great_amounts_stay_exact() -> None:
    great = "9" * 18 + ".99999999"
    found = find(AI, *[material(great) for _ in range(300)], fob=great)
    assert found.qualifies is False
    near = find(AI, material("1"), fob=great)
    assert near.qualifies is True
    assert answer_of(near)["tests"][1]["value"] == "99.99"
