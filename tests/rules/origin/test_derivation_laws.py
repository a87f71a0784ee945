"""What a derivation says is what was found: tried on random cases under the real data of every kind of agreement.

Each law is tried with the data as they are, with marks that let nothing decide, and as if an operator had confirmed them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.origin.cases import any_code
from tests.rules.origin.samples import SEEN
from tests.rules.origin.test_vectors import confirmed
from udgam.rules.agreements import load_agreement, load_complete
from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin import (
    Case,
    Finding,
    ProductRule,
    ProductRules,
    RuleData,
    answer_bytes,
    answer_of,
    case_plain,
    decide,
    explanation_of,
    prepare,
    products_plain,
    read_case,
    read_case_json,
    read_origin_rules,
    read_product_rules,
    read_rule,
)
from udgam.rules.origin.tables import load_table
from udgam.rules.plain import to_plain

DAY = date(2026, 11, 22)
CODES = ("AIFTA", "SAFTA", "APTA", "ISFTA", "IKCEPA", "ISCECA", "ECTA", "MERCOSUR-PTA", "UAE-CEPA", "UK-CETA")
# Rules as an operator may bring them, of every leaf and both ways of joining.
BROUGHT = (
    ("09", "CTSH and VA build-down FOB 40"),
    ("20", "(CTH except 2009 untolerated 2009 and LIMIT 1701 value-or-weight FOB-or-EXW 30) or VA build-down EXW 50"),
    ("29", "CTSH or PROCESS chemical-reaction"),
    ("61", "CTH or (CC and VA build-up-cost FOB 35)"),
    ("71", "VA build-down FOB 3.5"),
    ("84", "WO or (CTH and VA build-up-profit FOB 40)"),
)


def brought(code: str) -> ProductRules:
    rows = tuple(
        ProductRule(
            first=chapter.ljust(10, "0"),
            last=chapter.ljust(10, "9"),
            heading=f"Chapter {chapter}",
            goods="",
            partial=False,
            effective=None,
            expires=None,
            text=line,
            rule=read_rule(line, source=SEEN, text=line),
        )
        for chapter, line in BROUGHT
    )
    return ProductRules(agreement=code, version="brought", hs_edition="2022", source=SEEN, licence="", rules=rows)


def data_of(code: str, *, sure: bool, own: bool) -> RuleData:
    agreement = load_complete(code, DAY) if sure else load_agreement(code, DAY)
    assert agreement.origin is not None
    rules = confirmed(agreement.origin) if sure else agreement.origin
    name = rules.product_rules.table
    held = load_table(name) if name else None
    return prepare(rules, brought(code) if own else held)


DATA = [data_of(code, sure=sure, own=own) for code in CODES for sure in (False, True) for own in (False, True)]
datas = st.sampled_from(DATA)
amounts = st.one_of(st.integers(0, 60).map(str), st.decimals(min_value=0, max_value=90, places=2).map(str))
hs_codes = st.sampled_from(
    [
        *[
            "090421",
            "091030",
            "200799",
            "200911",
            "170199",
            "292529",
            "290519",
            "610910",
            "520512",
            "711319",
            "710812",
            "847130",
            "847330",
            "8471",
            "20",
            "52",
            "17",
        ],
        None,
    ]
)
origins = st.sampled_from(["IN", "IN", "CN", "CN", "unknown", "MY", "LK", "AE", "GB"])
roles = st.sampled_from(["material"] * 5 + ["accessory", "retail-packing", "transport-packing", "indirect"])
processes = st.lists(st.sampled_from(["chemical-reaction", "packing", "washing"]), max_size=2, unique=True)


def rows(parts: Any) -> Any:
    return st.fixed_dictionaries(
        {
            "description": st.just("input"),
            "hs": hs_codes,
            "value": amounts,
            "origin": origins,
            "weight_kg": st.none() | amounts,
            "role": roles,
            "materials": parts,
            "processes": processes,
        }
    )


materials = st.lists(rows(st.just([]) | st.lists(rows(st.just([])), min_size=1, max_size=3)), min_size=1, max_size=5)
products = st.sampled_from(["090421", "200799", "292529", "610910", "711319", "84713010", "852990"])
costs = st.none() | st.fixed_dictionaries(dict.fromkeys(("labour", "overhead", "profit", "other"), amounts))
goods = st.fixed_dictionaries(
    {
        "hs": products,
        "description": st.just("good"),
        "fob": st.sampled_from(["100", "60.5", "250"]),
        "ex_works": st.none() | st.just("58"),
        "currency": st.just("USD"),
        "weight_kg": st.none() | st.just("40"),
    }
)


@st.composite
def cases(draw: Any) -> tuple[Case, RuleData]:
    data = draw(datas)
    partner = draw(st.sampled_from([code for code in data.rules.partners if code != "*"][:4]))
    plain = {
        "agreement": data.rules.agreement,
        "destination": partner,
        "on": DAY.isoformat(),
        "product": draw(goods),
        "wholly_obtained": draw(st.sampled_from([False] * 9 + [True])),
        "materials": draw(materials),
        "costs": draw(costs),
        "cumulate_with": draw(st.just([]) | st.just([partner])) if data.rules.cumulation else [],
        "processes": draw(processes),
    }
    return read_case(plain, known=any_code), data


def rank(finding: Finding) -> int:
    return {False: 0, None: 1, True: 2}[finding.qualifies]


def spent(case: Case) -> Decimal:
    costs = case.costs
    total = sum((part.value for part in case.materials), Decimal(0))
    return total + costs.labour + costs.overhead + costs.profit + costs.other


def possible(case: Case) -> bool:
    """Whether the costs fit into the price; where they do not, a build-up is a matter for a person."""
    price = case.product.ex_works or case.product.fob or Decimal(0)
    inner = all(
        sum((one.value for one in part.materials), Decimal(0)) <= part.value
        for part in case.materials
        if part.materials
    )
    return spent(case) <= price and inner


@given(cases())
def test_the_explanation_agrees_with_the_finding(drawn: tuple[Case, RuleData]) -> None:
    finding = decide(*drawn)
    answer, said = answer_of(finding), explanation_of(finding)
    codes = [sentence.code for sentence in said]
    result = {True: "result.yes", False: "result.no", None: "result.open"}[finding.qualifies]
    assert [code for code in codes if code.startswith("result.")] == [result]
    assert answer["qualifies"] is finding.qualifies
    assert answer["explanation"] == [sentence.english for sentence in said]
    if finding.qualifies is None:
        assert answer["needs_person"]
    if finding.qualifies is not True:
        assert finding.criterion is finding.box_text is None
    elif finding.box_text is None:
        assert answer["needs_person"]
    assert ("change" in [code.split(".")[0] for code in codes]) is (finding.qualifies is False)
    for test in finding.tests:
        assert test.detail in said
        if test.share is not None and test.threshold is not None and test.outcome in ("pass", "fail"):
            share = Fraction(test.share.part, test.share.whole) * 100
            assert (test.outcome == "pass") is (share <= test.threshold if test.at_most else share >= test.threshold)


_SUMS = {
    "test.build_down": lambda p: (p["price"] - p["vnm"]) / p["price"],
    "test.ceiling": lambda p: p["vnm"] / p["price"],
    "test.build_up_materials": lambda p: p["vom"] / p["price"],
    "test.build_up_cost": lambda p: (p["vom"] + p["labour"] + p["overhead"]) / p["price"],
    "test.build_up_profit": lambda p: (p["vom"] + p["labour"] + p["overhead"] + p["profit"]) / p["price"],
    "test.build_up_profit_and_other": lambda p: (
        sum(p[name] for name in ("vom", "labour", "overhead", "profit", "other")) / p["price"]
    ),
}


@given(cases())
def test_the_figures_of_a_sentence_give_its_share_and_its_outcome(drawn: tuple[Case, RuleData]) -> None:
    finding = decide(*drawn)
    for test in finding.tests:
        if test.detail.code not in _SUMS:
            continue
        figures = {name: Fraction(value) for name, value in test.detail.params.items() if name != "base"}
        share = _SUMS[test.detail.code](figures) * 100
        assert abs(share - figures["share"]) < Fraction(1, 100)
        met = share <= figures["threshold"] if test.detail.code == "test.ceiling" else share >= figures["threshold"]
        assert test.outcome == "open" or (test.outcome == "pass") is met


@given(cases())
def test_the_written_facts_and_rules_give_the_same_bytes(drawn: tuple[Case, RuleData]) -> None:
    case, data = drawn
    once = answer_bytes(decide(case, data))
    facts = read_case_json(json.dumps(case_plain(case)).encode(), known=any_code)
    table = data.products
    if table is not None:
        table = read_product_rules(canonical_json(products_plain(table)))
    again = prepare(read_origin_rules(canonical_json(to_plain(data.rules))), table)
    assert again.sha256 == data.sha256
    assert answer_bytes(decide(facts, again)) == once
    answer = json.loads(once)
    assert canonical_json(answer) == once
    assert answer["rule_data"]["sha256"] == data.sha256


@given(cases(), st.data())
def test_more_originating_value_never_makes_goods_worse(drawn: tuple[Case, RuleData], more: Any) -> None:
    case, data = drawn
    place = more.draw(st.integers(0, len(case.materials) - 1))
    material = case.materials[place]
    indian = replace(material, origin="IN", materials=())
    better = replace(case, materials=(*case.materials[:place], indian, *case.materials[place + 1 :]))
    if possible(case):
        assert rank(decide(better, data)) >= rank(decide(case, data))


@given(cases(), st.data())
def test_less_foreign_value_never_makes_goods_worse(drawn: tuple[Case, RuleData], less: Any) -> None:
    case, data = drawn
    place = less.draw(st.integers(0, len(case.materials) - 1))
    material = case.materials[place]
    if material.origin == "IN" or material.materials or not possible(case):
        return
    smaller = replace(material, value=less.draw(st.sampled_from([Decimal(0), material.value / 2])))
    better = replace(case, materials=(*case.materials[:place], smaller, *case.materials[place + 1 :]))
    if material.role == "material" and material.origin not in case.cumulate_with:
        assert rank(decide(better, data)) >= rank(decide(case, data))


@given(cases())
def test_cumulation_and_statements_never_make_goods_worse(drawn: tuple[Case, RuleData]) -> None:
    case, data = drawn
    if not possible(case):
        return
    plain = replace(
        case, cumulate_with=(), processes=tuple(code for code in case.processes if code != "chemical-reaction")
    )
    found = rank(decide(plain, data))
    if data.rules.cumulation:
        assert rank(decide(replace(plain, cumulate_with=(case.destination,)), data)) >= found
    stated = replace(plain, processes=tuple(sorted({*plain.processes, "chemical-reaction"})))
    assert rank(decide(stated, data)) >= found


@given(cases())
def test_the_change_that_is_named_is_enough(drawn: tuple[Case, RuleData]) -> None:
    case, data = drawn
    change = decide(case, data).change
    if change is None:
        return
    params = change.sentence.params
    if change.kind == "cumulate":
        countries = tuple(sorted({*case.cumulate_with, params["country"]}))
        assert decide(replace(case, cumulate_with=countries), data).qualifies
    elif change.kind == "ex-works":
        priced = replace(case.product, ex_works=Decimal(params["amount"]))
        if case.product.fob is not None and Decimal(params["amount"]) <= case.product.fob:
            assert decide(replace(case, product=priced), data).qualifies
    elif change.kind == "replace":
        tried = [
            replace(
                case, materials=(*case.materials[:n], replace(one, origin="IN", materials=()), *case.materials[n + 1 :])
            )
            for n, one in enumerate(case.materials)
            if one.value == change.amount
        ]
        assert any(decide(other, data).qualifies for other in tried)
