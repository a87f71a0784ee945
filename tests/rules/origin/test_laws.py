"""Laws that hold for every case, tried on thousands of random ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.origin.cases import any_code, find, plain_case
from tests.rules.origin.samples import AI, LETTERS, SEEN, both, either, general, shift, value
from udgam.rules.origin import OriginRules, ToleranceBand, answer_of, read_case

_BAND = ToleranceBand(
    chapters=("01-97",),
    percent=Decimal(10),
    measure="value-or-weight",
    base="FOB-or-EXW",
    weight_of="good",
    forgives=("tariff-shift",),
    source=SEEN,
)
ARRANGEMENTS = (
    AI,
    LETTERS,
    replace(AI, tolerance=(_BAND,)),
    replace(AI, general=(general(either(both(shift("CTH"), value("20")), value("60"), value("35", "build-up-cost"))),)),
    replace(AI, general=(general(both(shift("CC", excluding=("39",)), value("40", base="EXW"))),)),
)
rules_of = st.sampled_from(ARRANGEMENTS)
amounts = st.decimals(min_value=0, max_value=10_000, places=4).map(str)
codes = st.sampled_from(["390110", "847130", "847141", "847330", "854231", "100199", "8471", None])
materials = st.lists(
    st.fixed_dictionaries(
        {
            "description": st.just("input"),
            "hs": codes,
            "value": amounts,
            "origin": st.sampled_from(["IN", "CN", "MY", "NP", "LK", "unknown"]),
            "weight_kg": st.none() | amounts,
            "role": st.sampled_from(["material", "material", "accessory", "transport-packing"]),
        }
    ),
    min_size=1,
    max_size=7,
)
prices = st.decimals(min_value=1, max_value=20_000, places=2)


def partner(rules: OriginRules) -> str:
    return "MY" if "MY" in rules.partners else "LK"


def finding(rules: OriginRules, listed: list[dict[str, Any]], fob: Decimal, **more: Any) -> Any:
    return find(
        rules,
        *listed,
        fob=str(fob),
        ex_works=str(fob * Decimal("0.9")),
        destination=partner(rules),
        weight_kg="100",
        **more,
    )


def rank(qualifies: bool | None) -> int:
    return {False: 0, None: 1, True: 2}[qualifies]


@given(rules_of, materials, prices)
def test_the_order_of_materials_does_not_matter(rules: OriginRules, listed: list[Any], fob: Decimal) -> None:
    first, turned = finding(rules, listed, fob), finding(rules, listed[::-1], fob)
    assert first.qualifies is turned.qualifies
    assert first.box_text == turned.box_text


@given(rules_of, materials, prices, st.sampled_from(["0.001", "0.5", "3", "1000"]))
def test_scaling_all_amounts_changes_nothing(rules: OriginRules, listed: list[Any], fob: Decimal, factor: str) -> None:
    scaled = [{**row, "value": format(Decimal(row["value"]) * Decimal(factor), "f")} for row in listed]
    first, second = finding(rules, listed, fob), finding(rules, scaled, fob * Decimal(factor))
    assert first.qualifies is second.qualifies
    assert first.box_text == second.box_text
    values = [[test.get("value") for test in answer_of(found)["tests"]] for found in (first, second)]
    assert values[0] == values[1]


@given(rules_of, materials, prices, amounts)
def test_adding_originating_value_never_lowers_content(
    rules: OriginRules, listed: list[Any], fob: Decimal, added: str
) -> None:
    more = [*listed, {"description": "own", "hs": "390110", "value": added, "origin": "IN"}]
    before, after = finding(rules, listed, fob), finding(rules, more, fob)
    for old, new in zip(before.judgement.trial.tests, after.judgement.trial.tests, strict=False):
        if old.share is not None and new.share is not None and not old.at_most and old.name == new.name:
            assert new.share.part * old.share.whole >= old.share.part * new.share.whole


@given(rules_of, materials, prices)
def test_making_a_foreign_material_indian_never_disqualifies(
    rules: OriginRules, listed: list[Any], fob: Decimal
) -> None:
    before = finding(rules, listed, fob)
    # With impossible costs a build-up is left open, so only possible ones are compared.
    total = sum(Decimal(row["value"]) for row in listed)
    if total > fob:
        return
    for place, row in enumerate(listed):
        changed = [*listed[:place], {**row, "origin": "IN"}, *listed[place + 1 :]]
        assert rank(finding(rules, changed, fob).qualifies) >= rank(before.qualifies)


@given(rules_of, materials, prices)
def test_cumulation_never_disqualifies(rules: OriginRules, listed: list[Any], fob: Decimal) -> None:
    alone = finding(rules, listed, fob)
    together = finding(rules, listed, fob, cumulate_with=[partner(rules)])
    assert rank(together.qualifies) >= rank(alone.qualifies)


@given(rules_of, materials, prices)
def test_a_higher_price_never_lowers_build_down(rules: OriginRules, listed: list[Any], fob: Decimal) -> None:
    low, high = finding(rules, listed, fob), finding(rules, listed, fob * 2)
    for old, new in zip(low.judgement.trial.tests, high.judgement.trial.tests, strict=False):
        if old.name.endswith("build-down") and old.share is not None and new.share is not None and old.name == new.name:
            assert new.share.part * old.share.whole >= old.share.part * new.share.whole


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
        lambda x: st.lists(x) | st.dictionaries(st.text(max_size=9), x),
    )
)
def test_any_json_is_read_or_refused(plain: Any) -> None:
    from udgam.rules.origin import CaseRefused

    fields = plain_case()
    for name in list(fields):
        try:
            read_case({**fields, name: plain}, known=any_code)
        except CaseRefused:
            continue
