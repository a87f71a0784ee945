"""The engine on small cases: each kind of test, each combination, and what makes a person decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.rules.origin.cases import case, find, material
from tests.rules.origin.samples import AI, LETTERS, SEEN, UNVERIFIED, both, either, general, shift, value
from udgam.rules.origin import (
    CaseRefused,
    Cumulation,
    MaterialLimit,
    MinimalOperation,
    OriginRules,
    PercentPrint,
    Process,
    ProducedEntirely,
    ProductRuleReference,
    Rule,
    ToleranceBand,
    Unread,
    WhollyObtained,
    answer_bytes,
    answer_of,
    compare,
    decide,
    prepare,
)


def under(rule: Rule, **changes: Any) -> OriginRules:
    return replace(AI, general=(general(rule),), **changes)


def band(percent: str, measure: str = "value", chapters: tuple[str, ...] = ("01-97",), **more: Any) -> ToleranceBand:
    return ToleranceBand(
        chapters=chapters,
        percent=Decimal(percent),
        measure=measure,  # type: ignore[arg-type]
        base="FOB",
        weight_of=more.get("weight_of", "good"),
        forgives=more.get("forgives", ("tariff-shift",)),
        source=more.get("source", SEEN),
    )


def test_the_printed_certificate_of_the_agreement_with_asean() -> None:
    found = find(AI, material("2554.02", "290519"), fob="12600.00", hs="292529", destination="VN")
    assert found.qualifies is True
    assert found.criterion == "RVC 79.73% + CTSH"
    assert found.box_text == "RVC [79.73]%+CTSH"


@pytest.mark.parametrize(("vnm", "expected"), [("65", True), ("65.00000001", False), ("64.99999999", True)])
def test_a_threshold_is_compared_without_rounding(vnm: str, expected: bool) -> None:
    assert find(AI, material(vnm)).qualifies is expected


def test_both_legs_are_needed() -> None:
    assert find(AI, material("40", "847130")).qualifies is False
    assert find(AI, material("70", "390110")).qualifies is False


@pytest.mark.parametrize(
    ("level", "code", "expected"),
    [
        ("CC", "847141", False),
        ("CC", "852872", True),
        ("CTH", "847141", False),
        ("CTH", "847050", True),
        ("CTSH", "847141", True),
        ("CTSH", "847130", False),
        ("CTSH", "8471", None),
        ("CTSH", None, None),
        ("CTH", "84", None),
        ("CTH", "39", True),
    ],
)
def test_a_shift_is_seen_at_its_level(level: Any, code: str | None, expected: bool | None) -> None:
    assert find(under(shift(level)), material("10", code)).qualifies is expected


def test_what_is_excepted_fails_even_from_another_heading() -> None:
    rule = under(shift("CC", excluding=("2009", "17")))
    assert find(rule, material("10", "200911"), hs="220210").qualifies is False
    assert find(rule, material("10", "170199"), hs="220210").qualifies is False
    assert find(rule, material("10", "080510"), hs="220210").qualifies is True
    assert find(rule, material("10", "20"), hs="220210").qualifies is None


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("build-down", "36.66"),
        ("build-up-profit-and-other", "36.66"),
        ("build-up-profit", "36.66"),
        ("build-up-cost", "20.00"),
        ("build-up-materials", "6.66"),
    ],
)
def test_the_biscuit_of_the_handbook_by_every_method(method: Any, expected: str) -> None:
    found = find(
        under(value("36", method)),
        material("4", "110100", "MY"),
        material("2.5", "170199", "AU"),
        material("1", "330210", "IN"),
        material("3", "040721", "MY"),
        fob="15",
        hs="190531",
        costs={"labour": "1.5", "overhead": "0.5", "profit": "2.5", "other": "0"},
    )
    test = answer_of(found)["tests"][0]
    assert test["value"] == expected
    assert test["passed"] is (expected == "36.66")


def test_a_ceiling_is_read_in_the_other_direction() -> None:
    rule = under(value("60", "ceiling"))
    assert find(rule, material("60")).qualifies is True
    assert find(rule, material("60.01")).qualifies is False


def test_net_cost_leaves_profit_out() -> None:
    rule = under(value("40", "net-cost", "NC"))
    costs = {"labour": "20", "overhead": "20", "profit": "500"}
    assert find(rule, material("60"), fob="600", costs=costs).qualifies is True
    assert find(rule, material("60.01"), fob="600", costs=costs).qualifies is False


def test_the_ex_works_alternative_serves_only_when_the_price_is_stated() -> None:
    rule = under(either(value("40", base="EXW"), value("45")))
    assert find(rule, material("600"), fob=None, ex_works="1000").qualifies is True
    assert find(rule, material("560"), fob="1000").qualifies is False
    assert find(rule, material("560"), fob="1000", ex_works="950").qualifies is True
    assert find(under(value("40", base="EXW")), material("1"), fob="1000").qualifies is None


def test_impossible_costs_are_a_matter_for_a_person() -> None:
    found = find(under(value("35", "build-up-profit")), material("10"), costs={"labour": "101"})
    assert found.qualifies is None
    assert found.needs_person
    assert found.warnings


def test_any_of_is_met_by_one_and_all_of_needs_each() -> None:
    assert find(under(either(shift("CC"), value("35"))), material("10", "847330")).qualifies is True
    assert find(under(either(shift("CC"), value("95"))), material("10", "847330")).qualifies is False
    assert find(under(both(shift("CTH"), either(value("95"), value("35")))), material("10")).qualifies is True


def test_wholly_obtained_goods_and_the_contradiction_in_saying_so() -> None:
    found = find(AI, wholly_obtained=True)
    assert (found.qualifies, found.criterion, found.box_text) == (True, "WO", "WO")
    assert find(AI, material("10"), wholly_obtained=True).qualifies is None
    assert find(AI, material("10", origin="IN"), wholly_obtained=True).qualifies is True
    assert find(replace(AI, wholly_obtained=UNVERIFIED), wholly_obtained=True).qualifies is None


def test_a_case_without_materials_proves_nothing() -> None:
    assert find(AI).qualifies is None


def test_undetermined_origin_counts_as_foreign() -> None:
    assert find(AI, material("66", origin="unknown")).qualifies is False
    assert find(AI, material("66", origin="IN")).qualifies is True


def test_unverified_data_decide_nothing() -> None:
    unread = value("35", source=UNVERIFIED)
    assert find(under(both(shift("CTH"), unread)), material("10")).qualifies is None
    assert find(under(both(shift("CTH"), unread)), material("10", "847141")).qualifies is False
    assert find(under(either(shift("CTH"), unread)), material("10")).qualifies is True
    assert find(under(either(shift("CTH"), unread)), material("10", "847141")).qualifies is None
    doubtful = replace(AI, general=(replace(general(shift("CTH")), source=UNVERIFIED),))
    assert find(doubtful, material("10")).qualifies is None
    assert find(doubtful, material("10", "847141")).qualifies is None


def test_an_unverified_wording_of_the_box_is_not_printed() -> None:
    criteria = tuple(replace(text, source=UNVERIFIED) for text in AI.criteria)
    found = find(replace(AI, criteria=criteria), material("10"))
    assert (found.qualifies, found.box_text) == (True, None)
    assert found.needs_person
    places = replace(AI, percent=PercentPrint(decimals=2, rounding="down", source=UNVERIFIED))
    assert find(places, material("10")).box_text is None


@pytest.mark.parametrize(("value_", "expected"), [("10", True), ("10.01", False)])
def test_a_tolerance_by_value_forgives_the_shift_but_not_the_value(value_: str, expected: bool) -> None:
    rules = under(both(shift("CTSH"), value("35")), tolerance=(band("10"),))
    found = find(rules, material(value_, "847130"))
    assert found.qualifies is expected
    assert answer_of(found)["tolerance_used"] is expected
    assert find(rules, material(value_, "847130"), material("60")).qualifies is False


def test_a_tolerance_has_its_chapters() -> None:
    rules = under(shift("CTSH"), tolerance=(band("10", chapters=("15-49", "64-97")),))
    assert find(rules, material("5", "010121"), hs="010121").qualifies is False
    assert find(rules, material("5", "640110"), hs="640110").qualifies is True


def test_a_tolerance_by_weight_of_textile_materials_needs_weights() -> None:
    rules = under(shift("CTSH"), tolerance=(band("8", "weight", ("50-63",), weight_of="textile-materials"),))
    eight = material("50", "610910", weight_kg="8")
    rest = material("1", "520811", "IN", weight_kg="92")
    buttons = material("1", "960621", weight_kg="900")
    assert find(rules, eight, rest, buttons, hs="610910").qualifies is True
    assert find(rules, {**eight, "weight_kg": "8.7"}, rest, hs="610910").qualifies is False
    assert find(rules, {**eight, "weight_kg": None}, rest, hs="610910").qualifies is None


def test_a_barred_material_and_an_unread_band_are_not_forgiven() -> None:
    rules = under(shift("CTSH", barred=("10",)), tolerance=(band("10"),))
    assert find(rules, material("5", "100610"), hs="100610").qualifies is False
    unread = under(shift("CTSH"), tolerance=(band("10", source=UNVERIFIED),))
    assert find(unread, material("5", "847130")).qualifies is None
    assert find(unread, material("15", "847130")).qualifies is False


def test_a_tolerance_may_forgive_what_is_not_wholly_obtained() -> None:
    rule = WhollyObtained(source=SEEN)
    rules = under(rule, tolerance=(band("7.5", "value-or-weight", ("01-03",), forgives=("wholly-obtained",)),))
    assert find(rules, material("7.5", "010221"), hs="020110").qualifies is True
    assert find(rules, material("7.51", "010221"), hs="020110").qualifies is False
    light = material("9", "010221", weight_kg="1")
    assert find(rules, light, hs="020110", weight_kg="100").qualifies is True


def test_a_limit_on_some_materials() -> None:
    limit = MaterialLimit(codes=("10", "11"), measure="value", base="FOB", threshold=Decimal(30), source=SEEN)
    rules = under(both(shift("CC"), limit))
    assert find(rules, material("30", "110100"), hs="190531").qualifies is True
    assert find(rules, material("20", "110100"), material("10.01", "100199"), hs="190531").qualifies is False
    assert find(rules, material("60", "170199"), hs="190531").qualifies is True


def test_a_process_counts_when_it_is_stated() -> None:
    rules = under(Process(code="chemical-reaction", text="chemical reaction", source=SEEN))
    assert find(rules, material("90"), hs="390210", processes=["Chemical Reaction"]).qualifies is True
    assert find(rules, material("90"), hs="390210").qualifies is None


def test_a_rule_in_words_is_for_a_person() -> None:
    rules = under(either(Unread(text="spun from fibre", source=SEEN), shift("CC")))
    assert find(rules, material("10", "847330")).qualifies is None
    assert find(rules, material("10", "390110")).qualifies is True


def test_produced_entirely_from_originating_materials() -> None:
    rules = under(ProducedEntirely(source=SEEN))
    assert find(rules, material("10", origin="IN")).qualifies is True
    assert find(rules, material("10", origin="IN"), material("0.01")).qualifies is False
    word = replace(AI.criteria[0], code="PE", when="produced-entirely", text="PE", box="PE")
    found = find(replace(AI, criteria=(*AI.criteria, word)), material("10", "847130", "IN"))
    assert (found.qualifies, found.box_text) == (True, "PE")


def test_operations_that_never_confer_origin() -> None:
    rules = replace(
        AI,
        minimal_operations=(
            MinimalOperation(code="packing", source=SEEN),
            MinimalOperation(code="marking", source=SEEN),
        ),
    )
    assert find(rules, material("10"), processes=["packing", "marking"]).qualifies is False
    assert find(rules, material("10"), processes=["packing", "chemical-reaction"]).qualifies is True
    assert find(rules, material("10")).qualifies is True
    unread = replace(AI, minimal_operations=(MinimalOperation(code="packing", source=UNVERIFIED),))
    assert find(unread, material("10"), processes=["packing"]).qualifies is None


def test_cumulation_counts_partners_when_the_case_uses_it() -> None:
    assert find(AI, material("70", origin="MY")).qualifies is False
    found = find(AI, material("70", origin="MY"), cumulate_with=["MY"])
    assert found.qualifies is True
    assert answer_of(found)["cumulation_used"] is True
    assert find(AI, material("70", origin="CN"), cumulate_with=["MY"]).qualifies is False
    unread = replace(AI, cumulation=(replace(AI.cumulation[0], source=UNVERIFIED),))
    assert find(unread, material("70", origin="MY"), cumulate_with=["MY"]).qualifies is None


def test_bilateral_cumulation_is_with_the_destination_only() -> None:
    bilateral = replace(
        AI, cumulation=(Cumulation(kind="bilateral", countries=("partners",), rule=None, own_least=None, source=SEEN),)
    )
    assert find(bilateral, material("70", origin="MY"), destination="MY", cumulate_with=["MY"]).qualifies is True
    assert find(bilateral, material("70", origin="MY"), destination="VN", cumulate_with=["MY"]).qualifies is False


def test_the_letters_print_opposite_shares() -> None:
    found = find(LETTERS, material("50"), destination="LK")
    assert found.box_text == '"B" 50 per cent'
    assert find(LETTERS, material("60"), destination="LK").qualifies is True
    assert find(LETTERS, material("61"), destination="LK").qualifies is False
    cumulated = find(LETTERS, material("40"), material("40", origin="NP"), destination="LK", cumulate_with=["NP"])
    assert cumulated.box_text == '"C" 60 per cent'
    # A non-originating share is never printed lower than it is.
    assert find(LETTERS, material("49.2"), destination="LK").box_text == '"B" 50 per cent'


def test_what_the_last_country_must_add_itself() -> None:
    enough = find(LETTERS, material("50"), material("30", origin="NP"), cumulate_with=["NP"], destination="LK")
    assert enough.qualifies is True
    short = find(LETTERS, material("50"), material("30.1", origin="NP"), cumulate_with=["NP"], destination="LK")
    assert short.qualifies is False


def test_side_materials_are_treated_as_the_agreement_says() -> None:
    box = material("30", "847130", role="retail-packing")
    crate = material("200", "847130", role="transport-packing")
    assert find(AI, material("10"), box, crate).qualifies is True
    assert find(AI, material("40"), box, crate).qualifies is False
    unread = replace(AI, side_materials=replace(AI.side_materials, source=UNVERIFIED))
    assert find(unread, material("10"), box).qualifies is None
    assert find(unread, material("10")).qualifies is True


def test_a_part_made_here_takes_its_origin_from_its_own_materials() -> None:
    good = material("70", "850440", "IN", materials=[material("30", "854231"), material("10", "740811", "IN")])
    assert find(AI, good).qualifies is True
    bad = material("70", "850440", "IN", materials=[material("60", "854231")])
    assert find(AI, bad).qualifies is False
    unclear = material("70", None, "IN", materials=[material("60", "854231")])
    found = find(AI, unclear)
    assert found.qualifies is None
    assert any("made in India" in sentence.english for sentence in found.needs_person)
    foreign = material("70", "850440", "CN", materials=[material("1", "854231")])
    assert find(AI, foreign).qualifies is False


def test_a_rule_has_its_time() -> None:
    early = general(shift("CTH"), effective=date(2005, 8, 1), expires=date(2018, 9, 13))
    late = general(shift("CTSH"), effective=date(2018, 9, 14))
    rules = replace(AI, effective=date(2005, 8, 1), general=(early, late))
    assert find(rules, material("10", "847141"), on="2018-09-13").qualifies is False
    assert find(rules, material("10", "847141"), on="2018-09-14").qualifies is True
    assert find(replace(rules, general=(early,)), material("10", "390110"), on="2019-01-01").qualifies is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"agreement": "OTHER"}, "case.agreement"),
        ({"destination": "US"}, "case.partner"),
        ({"destination": "IN"}, "case.partner"),
        ({"on": "2009-12-31"}, "case.not_in_force"),
        ({"cumulate_with": ["US"]}, "case.partner"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(CaseRefused) as caught:
        find(AI, material("10"), **change)
    assert caught.value.code == code


def test_product_rules_that_are_not_held_are_warned_of_or_left_to_a_person() -> None:
    reference = ProductRuleReference(listed="yes", precedence="instead", table=None, where="Annex B", source=SEEN)
    found = find(replace(AI, product_rules=reference), material("10"))
    assert found.qualifies is True
    assert any("Annex B" in warning.english for warning in found.warnings)
    assert find(replace(AI, general=(), product_rules=reference), material("10")).qualifies is None


def test_the_cheapest_change_is_found_by_trying() -> None:
    found = find(AI, material("66"))
    assert found.change is not None
    assert (found.change.kind, found.change.amount) == ("part", Decimal(1))
    shifted = find(AI, material("5", "847130"), material("20"))
    assert shifted.change is not None
    assert (shifted.change.kind, shifted.change.amount) == ("replace", Decimal(5))
    used = find(AI, material("70", origin="MY"))
    assert used.change is not None
    assert used.change.kind == "cumulate"
    hopeless = find(AI, material("1", "847130"), material("1", "847130"), material("80"))
    assert hopeless.change is None
    price = find(under(either(value("40", base="EXW"), value("45"))), material("560"), fob="1000")
    assert price.change is not None
    assert price.change.kind == "part"


def test_the_same_facts_have_the_same_bytes() -> None:
    first = find(AI, material("20.50"), material("3", "847130", "MY"), cumulate_with=["MY"])
    again = find(AI, material("20.5"), material("3.00", "847130", "MY"), cumulate_with=["MY", "MY"])
    assert answer_bytes(first) == answer_bytes(again)
    assert b"." in answer_bytes(first)


def test_agreements_are_compared_best_first() -> None:
    facts = case(material("50"), destination="LK")
    narrow = replace(LETTERS, agreement="NARROW", general=(general(value("49")),), criteria=AI.criteria)
    failing = replace(LETTERS, agreement="FAILING", general=(general(value("95")),))
    silent = replace(failing, agreement="SILENT", general=(general(Unread(text="x", source=SEEN)),))
    elsewhere = replace(AI, agreement="ELSEWHERE")
    found = compare(facts, [prepare(rules) for rules in (failing, elsewhere, narrow, silent, LETTERS)])
    assert [finding.data.rules.agreement for finding in found] == ["TEST-SA", "NARROW", "SILENT", "FAILING"]


def test_the_rule_data_are_named_by_their_digest() -> None:
    answer = answer_of(decide(case(material("10")), prepare(AI)))
    assert answer["rule_data"]["version"] == "1"
    assert len(answer["rule_data"]["sha256"]) == 64
    changed = answer_of(decide(case(material("10")), prepare(replace(AI, version="2"))))
    assert changed["rule_data"]["sha256"] != answer["rule_data"]["sha256"]
    assert changed["inputs_sha256"] == answer["inputs_sha256"]
