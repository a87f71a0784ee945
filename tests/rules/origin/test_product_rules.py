"""Product rules: the notation, both of our formats there and back, the most specific rule, other editions, and the foreign format."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.origin.cases import find, material
from tests.rules.origin.samples import AI, SEEN, shift
from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin import (
    CaseRefused,
    Correlation,
    CorrelationRefused,
    NotationRefused,
    ProductRule,
    ProductRuleReference,
    ProductRules,
    ProductRulesRefused,
    Source,
    import_uk_tariff,
    products_plain,
    read_correlation,
    read_product_rules,
    read_rule,
    report_on,
    restated,
    tables,
    wording,
    write_csv,
    write_rule,
)
from udgam.rules.origin.tables import load_table
from udgam.rules.refusals import Refused

DAY = date(2026, 11, 22)
LISTED = replace(
    AI,
    product_rules=ProductRuleReference(listed="yes", precedence="instead", table=None, where="Annex", source=SEEN),
)


def row(first: str, last: str, line: str, **more: Any) -> ProductRule:
    text = more.pop("text", line)
    return ProductRule(
        first=first.ljust(10, "0"),
        last=last.ljust(10, "9"),
        heading=more.pop("heading", first),
        goods=more.pop("goods", ""),
        partial=more.pop("partial", False),
        effective=more.pop("effective", None),
        expires=more.pop("expires", None),
        text=text,
        rule=read_rule(line, source=SEEN, text=text),
    )


def table(*rows: ProductRule, **more: Any) -> ProductRules:
    return ProductRules(
        agreement=more.pop("agreement", "TEST-AI"),
        version=more.pop("version", "1"),
        hs_edition=more.pop("hs_edition", "2022"),
        source=more.pop("source", SEEN),
        licence="facts",
        rules=rows,
    )


LINES = [
    "WO",
    "PE",
    "UNREAD",
    "CC",
    "CTH except 2009,17",
    "CTSH untolerated 10,11 and LIMIT 10,11 value-or-weight FOB-or-EXW 30",
    "CTH or QVC build-down FOB 45",
    "CTH and (QVC build-down EXW 40 or QVC build-up-materials FOB 35)",
    "(CC or PROCESS chemical-reaction) and VA net-cost NC 3.5",
    "(CTH and RVC ceiling FOB 60) or (CTSH and RVC build-up-profit FOB 35) or WO",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read_and_written_the_same(line: str) -> None:
    rule = read_rule(line, source=SEEN, text="words")
    assert write_rule(rule) == line
    assert wording(rule)


@pytest.mark.parametrize(
    "line",
    ["", "CTX", "CTH or", "and CTH", "CTH except", "CTH except 1", "CTH except 12345", "(CTH", "CTH)", "QVC build-down FOB",
     "QVC build-down FOB 101", "QVC build-down FOB -1", "QVC build-down EUR 40", "PROCESS magic", "LIMIT 10 value FOB",
     "qvc build-down FOB 40", "CTH CTSH", "(" * 40 + "CTH" + ")" * 40, "CTH or " * 700 + "CTH", "QVC build-down FOB 1e1"],
)  # fmt: skip
def test_a_line_that_is_no_rule_is_refused(line: str) -> None:
    with pytest.raises(NotationRefused):
        read_rule(line, source=SEEN, text="")


@given(st.text(alphabet="CTHSWO PE()andor0123456789,FBQVX-", max_size=60))
def test_any_text_is_read_or_refused(line: str) -> None:
    try:
        rule = read_rule(line, source=SEEN, text="")
    except NotationRefused:
        return
    assert read_rule(write_rule(rule), source=SEEN, text="") == rule


FULL = table(
    *(
        row(f"{n:02d}", f"{n:02d}", line, goods='Goods, "quoted"\nand more' if n == 3 else "goods")
        for n, line in enumerate(LINES, 1)
    ),
    row("8471", "8471", "CTH", effective=date(2026, 1, 1), expires=date(2026, 12, 31), partial=True),
)


def test_both_formats_hold_everything() -> None:
    as_json = canonical_json(products_plain(FULL))
    assert read_product_rules(as_json) == FULL
    assert read_product_rules(write_csv(FULL)) == FULL
    assert write_csv(read_product_rules(as_json)) == write_csv(FULL)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: v.update(format="udgam.product-rules/2"),
        lambda v: v.pop("licence"),
        lambda v: v.update(more=1),
        lambda v: v.update(hs_edition="2021"),
        lambda v: v["source"].update(evidence="sure"),
        lambda v: v.update(rules={}),
        lambda v: v["rules"].append([]),
        lambda v: v["rules"][0].update(first="01"),
        lambda v: v["rules"][0].update(first="0200000000", last="0199999999"),
        lambda v: v["rules"][0].update(partial="yes"),
        lambda v: v["rules"][0].update(effective="2026"),
        lambda v: v["rules"][0].update(rule="CTX"),
        lambda v: v["rules"][0].update(rule=1),
        lambda v: v["rules"][0].update(text=None),
    ],
)
def test_a_spoilt_table_is_refused(spoil: Any) -> None:
    plain = json.loads(canonical_json(products_plain(FULL)))
    spoil(plain)
    with pytest.raises(Refused):
        read_product_rules(json.dumps(plain).encode())


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"# format: x\n", b"#\xff", write_csv(FULL) + b'"', write_csv(FULL).replace(b"yes", b"maybe")]
)
def test_a_spoilt_file_is_refused(data: bytes) -> None:
    with pytest.raises(ProductRulesRefused):
        read_product_rules(data)


def test_the_most_specific_rule_wins() -> None:
    rules = table(row("84", "84", "CC"), row("8471", "8471", "CTH"), row("847130", "847130", "CTSH"))
    for code, level in (("847130", "CTSH"), ("847141", "CTH"), ("841111", "CC")):
        found = find(LISTED, material("10", "390110"), hs=code, products=rules)
        assert [test.name for test in found.tests] == [level]
        assert found.box_text == "PSR"
    assert find(LISTED, material("10"), hs="010121", products=rules).judgement.route == "general"
    assert find(replace(LISTED, general=()), material("10"), hs="010121", products=rules).qualifies is None


def test_a_product_rule_stands_instead_of_the_general_one_or_beside_it() -> None:
    rules = table(row("8471", "8471", "WO"))
    assert find(LISTED, material("10"), products=rules).qualifies is False
    beside = replace(LISTED, product_rules=replace(LISTED.product_rules, precedence="alternative"))
    assert find(beside, material("10"), products=rules).qualifies is True


def test_a_rule_described_in_words_needs_the_goods_compared_unless_all_agree() -> None:
    rules = table(
        row("711319", "711319", "CTSH and QVC build-down FOB 3.5", heading="ex 711319", goods="plain", partial=True),
        row(
            "711319",
            "711319",
            "CTSH and QVC build-down FOB 7",
            heading="ex 711319",
            goods="with diamonds",
            partial=True,
        ),
    )
    assert find(LISTED, material("90", "710812"), hs="711319", products=rules).qualifies is True
    assert find(LISTED, material("98", "710812"), hs="711319", products=rules).qualifies is False
    between = find(LISTED, material("95", "710812"), hs="711319", products=rules)
    assert between.qualifies is None
    assert any("with diamonds" in sentence.english for sentence in between.needs_person)
    chosen = find(LISTED, material("95", "710812"), hs="711319", products=rules, rule_row="ex 711319: plain")
    assert chosen.qualifies is True
    assert any("plain" in warning.english for warning in chosen.warnings)
    with pytest.raises(CaseRefused):
        find(LISTED, material("95", "710812"), hs="711319", products=rules, rule_row="ex 711319: of chocolate")
    alone = table(rules.rules[0])
    assert find(LISTED, material("10", "710812"), hs="711319", products=alone).qualifies is None


def test_product_rules_have_their_time() -> None:
    rules = table(
        row("8471", "8471", "WO", expires=date(2026, 6, 30)), row("8471", "8471", "CTH", effective=date(2026, 7, 1))
    )
    assert find(LISTED, material("10"), on="2026-06-30", products=rules).qualifies is False
    assert find(LISTED, material("10"), on="2026-07-01", products=rules).qualifies is True


def test_a_code_longer_or_shorter_than_the_rule() -> None:
    rules = table(row("84713010", "84713010", "WO"), row("847130", "847130", "CTH"))
    assert find(LISTED, material("10"), hs="84713090", products=rules).qualifies is True
    assert find(LISTED, material("10"), hs="84713010", products=rules).qualifies is False
    # Six digits may hide the narrower rule: with different outcomes a person looks.
    assert find(LISTED, material("10"), hs="847130", products=rules).qualifies is None


def test_another_edition_decides_only_where_the_code_stands_in_the_rule() -> None:
    old = table(row("847130", "847130", "CTH"), row("85", "85", "CTH"), hs_edition="2007")
    assert find(LISTED, material("10"), products=old).qualifies is True
    found = find(LISTED, material("10"), hs="851713", products=old)
    assert found.qualifies is None
    assert "HS 2007" in found.needs_person[0].english


CSV = b"HS2022,HS2007\n851713,851712\n851714,8517.12\n854911,854810\n854911,854890\n390110,390110\n"


def test_a_correlation_follows_the_code_into_the_edition_of_the_rule() -> None:
    from tests.rules.origin.cases import case
    from udgam.rules.origin import decide, prepare

    correlation = read_correlation(CSV)
    assert isinstance(correlation, Correlation)
    old = table(
        row("8517", "8517", "CTH"), row("854810", "854810", "CC"), row("854890", "854890", "CTH"), hs_edition="2007"
    )
    facts = case(material("10"), hs="851713", destination="VN")
    found = decide(facts, prepare(LISTED, old, correlation))
    assert found.qualifies is True
    split = decide(case(material("10"), hs="854911", destination="VN"), prepare(LISTED, old, correlation))
    assert split.qualifies is None


def test_a_correlation_may_show_that_a_code_only_moved() -> None:
    from tests.rules.origin.cases import case
    from tests.rules.origin.samples import general
    from udgam.rules.origin import decide, prepare

    correlation = read_correlation(b"HS2022,HS2007\n854911,854810\n854810,854810\n")
    rules = replace(AI, hs_edition="2007", general=(general(shift("CTH")),))
    facts = case(material("10", "854810"), hs="854911", destination="VN")
    assert decide(facts, prepare(rules)).qualifies is True
    assert decide(facts, prepare(rules, None, correlation)).qualifies is False


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n1,2\n",
        b"HS2022,HS2021\n851713,851712\n",
        b"HS2022\n851713\n",
        b"HS2022,HS2007\n851713\n",
        b"HS2022,HS2007\nx,y\n",
        b"\xff\xfe\n",
    ],
)
def test_a_spoilt_correlation_is_refused(data: bytes) -> None:
    with pytest.raises(CorrelationRefused):
        read_correlation(data)


# The foreign format.

CTH = (
    "<abbr title='Change of tariff heading'>CTH</abbr>: All non-originating materials used in the production of the good have "
    "undergone a change in tariff classification at the 4-digit level (tariff heading)"
)


def foreign(*rules: tuple[str, list[str]], heading: str = "8471", first: str = "8471", last: str = "8471") -> bytes:
    listed = [{"rule": text, "class": classes, "footnotes": [], "operator": None} for text, classes in rules]
    row_ = {
        "heading": heading,
        "chapter": 84,
        "subdivision": "Machines &amp; parts",
        "min": first.ljust(10, "0"),
        "max": last.ljust(10, "9"),
        "rules": listed,
        "valid": True,
    }
    return json.dumps({"rule_sets": [row_]}).encode()


def imported(data: bytes) -> tuple[ProductRules, Any]:
    source = Source(citation="UK Trade Tariff", evidence="seen")
    return import_uk_tariff(data, agreement="TEST-AI", version="x", hs_edition="2022", source=source, licence="MIT")


STANDARD = (
    "QVC build-down EXW 40 or QVC build-down FOB 45 or QVC build-up-materials EXW 35 or QVC build-up-materials FOB 35"
)
LIST_B = "- b) **55%** of the free on-board value under the build-down method."
LIST_C = "- c) **45%** of either the ex-works price or free-on-board value under the build-up method."


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        ([("All goods must be wholly obtained.", ["WO"])], "WO"),
        ([(CTH + ".", ["CTH"])], "CTH"),
        ([(CTH + ".", ["CTH"]), ("Standard QVC.", [])], f"CTH or ({STANDARD})"),
        ([(CTH + " and Standard QVC.", ["CTH"])], f"CTH and ({STANDARD})"),
        (
            [(CTH + " and a QVC of not less than:\n\n\n- a) **50%** of the ex-works price under the build-down method.", ["CTH"]), (LIST_B, []), (LIST_C, [])],
            "CTH and (QVC build-down EXW 50 or QVC build-down FOB 55 or QVC build-up-materials EXW 45 or QVC build-up-materials FOB 45)",
        ),
        (
            [(CTH + ".", ["CTH"]), ("No change in tariff classification required, provided there is a QVC of not less than: \n\n- a) **50%** of the ex-works price under the build-down method.", []), (LIST_B, []), (LIST_C, [])],
            "CTH or (QVC build-down EXW 50 or QVC build-down FOB 55 or QVC build-up-materials EXW 45 or QVC build-up-materials FOB 45)",
        ),
        ([(CTH + " excluding non-originating materials from [heading&nbsp;3701](/h/3701), [heading&nbsp;3702](/h/3702) and [chapter&nbsp;4](/c/04).", ["CTH"])], "CTH except 3701,3702,04"),
        ([(CTH + ", excluding non-originating materials from cows.", ["CTH"])], "UNREAD"),
        ([(CTH + ".", ["CTSH"])], "UNREAD"),
        ([("Standard QVC.", ["CTH"])], "UNREAD"),
        ([("Spun by the full moon.", [])], "UNREAD"),
        ([(CTH + ".", ["CTH"]), ("Chemical reaction.", [])], "CTH or PROCESS chemical-reaction"),
        ([(LIST_B, [])], "UNREAD"),
        ([(CTH + ".", ["CTH"]), (LIST_B, [])], "UNREAD"),
    ],
)  # fmt: skip
def test_foreign_wording_is_read_or_kept(rules: Any, line: str) -> None:
    read, report = imported(foreign(*rules))
    assert write_rule(read.rules[0].rule) == line
    assert (report.sets_decided == 1) is ("UNREAD" not in line and "PROCESS" not in line)
    assert read.rules[0].goods == "Machines & parts"
    if "UNREAD" in line:
        assert report.left["wording not recognised"]


def test_ex_is_a_matter_of_words_only_when_no_narrower_row_explains_it() -> None:
    both_rows = json.loads(foreign((CTH + ".", ["CTH"]), heading="ex 8471"))
    assert imported(json.dumps(both_rows).encode())[0].rules[0].partial is True
    narrower = json.loads(foreign((CTH + ".", ["CTH"]), heading="847130", first="847130", last="847130"))
    both_rows["rule_sets"] += narrower["rule_sets"]
    assert [rule.partial for rule in imported(json.dumps(both_rows).encode())[0].rules] == [False, False]
    part = foreign((CTH + ".", ["CTH"]), heading="ex Chapter 84", first="8402", last="8406")
    assert imported(part)[0].rules[0].partial is False


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'{"rule_sets": 1}',
        b'{"rule_sets": [1]}',
        foreign().replace(b'"rules": []', b'"rules": 3'),
        foreign((CTH, ["CTH"])).replace(b"8471000000", b"84710000"),
    ],
)
def test_a_file_that_is_not_in_the_foreign_format_is_refused(data: bytes) -> None:
    with pytest.raises(ProductRulesRefused):
        imported(data)


def test_the_same_rules_in_our_own_words_decide_the_same() -> None:
    read, _ = imported(foreign((CTH + ".", ["CTH"]), ("Standard QVC.", [])))
    ours = restated(read)
    assert ours.rules[0].rule == read.rules[0].rule
    assert "abbr" not in ours.rules[0].text
    assert ours.rules[0].text.startswith("every non-originating material comes from another heading (CTH), or (")


# The tables that come with the platform.


def test_of_the_rules_with_the_united_kingdom_nine_in_ten_decide_by_themselves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    uk = load_table("uk-ceta")
    report = report_on(uk)
    with capsys.disabled():
        print("\n" + "\n".join(report.lines()))
    assert report.sets == 313
    assert report.sets_decided * 10 >= report.sets * 9
    assert report.rules_decided * 10 >= report.rules * 9
    assert set(report.left) == {"process, unless the case states it"}


@pytest.mark.parametrize("name", sorted(file.stem for file in Path(tables.__file__).parent.glob("*.csv")))
def test_a_table_is_complete_and_round(name: str) -> None:
    known = load_table(name)
    assert known.source.citation
    assert known.licence
    assert read_product_rules(write_csv(known)) == known
    assert read_product_rules(canonical_json(products_plain(known))) == known


def test_a_table_that_does_not_exist_is_refused() -> None:
    for name in ("nothing", "../uk-ceta", ""):
        with pytest.raises(ProductRulesRefused):
            load_table(name)
