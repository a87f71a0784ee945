"""Real rules of real agreements, worked by hand: what the paper says beside what the engine says.

Every line names the rule as it stands in the data and the sum by which a person would decide. Thresholds are hit exactly and
missed by a hair.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.rules.origin.cases import any_code, material, plain_case
from tests.rules.origin.samples import SEEN
from tests.rules.origin.test_vectors import confirmed
from udgam.rules.agreements import load_agreement, load_complete
from udgam.rules.origin import (
    Finding,
    ProductRule,
    ProductRules,
    answer_of,
    decide,
    prepare,
    read_case,
    read_rule,
)
from udgam.rules.origin.tables import load_table

DAY = "2026-11-22"


def brought(code: str, chapter: str, line: str) -> ProductRules:
    rule = ProductRule(
        first=chapter.ljust(10, "0"),
        last=chapter.ljust(10, "9"),
        heading=chapter,
        goods="",
        partial=False,
        effective=None,
        expires=None,
        text=line,
        rule=read_rule(line, source=SEEN, text=line),
    )
    return ProductRules(agreement=code, version="1", hs_edition="2022", source=SEEN, licence="", rules=(rule,))


def found(code: str, hs: str, *materials: dict[str, Any], sure: bool = False, line: str = "", **more: Any) -> Finding:
    on = more.setdefault("on", DAY)
    agreement = (load_complete if sure else load_agreement)(code, date.fromisoformat(on))
    assert agreement.origin is not None
    rules = confirmed(agreement.origin) if sure else agreement.origin
    name = rules.product_rules.table
    table = brought(code, hs, line) if line else load_table(name) if name else None
    more.setdefault("destination", next(one for one in rules.partners if one != "*"))
    more.setdefault("fob", "1000")
    plain = plain_case(*materials, hs=hs, agreement=code, **more)
    return decide(read_case(plain, known=any_code), prepare(rules, table))


def m(value: str, hs: str | None, origin: str = "CN", **more: Any) -> dict[str, Any]:
    return material(value, hs, origin, **more)


UK = "UK-CETA"
CUMULATE: dict[str, Any] = {"cumulate_with": ["MY"], "destination": "VN"}

WORKED: list[tuple[str, Any, bool | None, str | None]] = [
    # AIFTA: CTSH and RVC of 35. (12600 - 2554.02) / 12600 = 79.7300 %, as on a printed certificate.
    ("printed", lambda: found("AIFTA", "292529", m("2554.02", "290519"), fob="12600"), True, "RVC [79.73]%+CTSH"),
    ("35 exactly", lambda: found("AIFTA", "847130", m("650", "390110")), True, "RVC [35.00]%+CTSH"),
    ("a hair below 35", lambda: found("AIFTA", "847130", m("650.01", "390110")), False, None),
    ("same subheading", lambda: found("AIFTA", "847130", m("1", "847130")), False, None),
    (
        "another subheading of the heading",
        lambda: found("AIFTA", "847130", m("1", "847141")),
        True,
        "RVC [99.90]%+CTSH",
    ),
    # 400 of Malaysia and 600 of China: nothing is left of 1000 alone; 1000 - 600 = 400 counts with Malaysia.
    ("regional, unused", lambda: found("AIFTA", "847130", m("400", "847330", "MY"), m("600", "390110")), False, None),
    (
        "regional, used",
        lambda: found("AIFTA", "847130", m("400", "847330", "MY"), m("600", "390110"), **CUMULATE),
        True,
        "RVC [40.00]%+CTSH",
    ),
    # A product rule of one's own that is met with partners' materials is certified as that rule, not as the general one.
    (
        "regional under a product rule",
        lambda: found("AIFTA", "847130", m("900", "847130", "MY"), line="CTH", **CUMULATE),
        True,
        "PSR",
    ),
    # SAFTA: CTH and at most 60 foreign; the letter B prints the foreign share.
    ("letter B", lambda: found("SAFTA", "847130", m("600", "390110")), True, '"B" 60 per cent'),
    ("letter B missed", lambda: found("SAFTA", "847130", m("600.01", "390110")), False, None),
    ("letter B within the heading", lambda: found("SAFTA", "847130", m("1", "847141")), False, None),
    # APTA: at most 55 foreign, or 60 together. 200 of Bangladesh and 400 of Japan: 60 % foreign alone, 60 % together.
    (
        "letter C",
        lambda: found(
            "APTA", "847130", m("200", "390110", "BD"), m("400", "390110", "JP"), cumulate_with=["BD"], destination="BD"
        ),
        True,
        '"C" 60 per cent',
    ),
    (
        "letter C missed",
        lambda: found(
            "APTA",
            "847130",
            m("200", "390110", "BD"),
            m("400.01", "390110", "JP"),
            cumulate_with=["BD"],
            destination="BD",
        ),
        False,
        None,
    ),
    # ISFTA: CTH, together 35 and India itself 25. 1000 - 350 - 400 = 250 is 25 %. Its letters were read nowhere: no box text.
    (
        "own share",
        lambda: found("ISFTA", "847130", m("400", "390110", "LK"), m("350", "390110", "JP"), cumulate_with=["LK"]),
        True,
        None,
    ),
    (
        "own share missed",
        lambda: found("ISFTA", "847130", m("400", "390110", "LK"), m("350.01", "390110", "JP"), cumulate_with=["LK"]),
        False,
        None,
    ),
    # IKCEPA: CTSH and 35, ten per cent of FOB forgiven outside chapters 1-14 and 50-63.
    ("tolerated", lambda: found("IKCEPA", "847130", m("100", "847130")), True, "CTSH + RVC 35%"),
    ("not tolerated", lambda: found("IKCEPA", "847130", m("100.01", "847130")), False, None),
    ("a chapter without tolerance", lambda: found("IKCEPA", "090421", m("1", "090421")), False, None),
    # IMCECA, chapter 61: eight per cent of the textile materials' weight.
    (
        "textiles by weight",
        lambda: found(
            "IMCECA", "610910", m("80", "610910", weight_kg="8"), m("200", "520512", "IN", weight_kg="92"), sure=True
        ),
        True,
        "QVC 92.00% + CTSH",
    ),
    (
        "textiles too heavy",
        lambda: found(
            "IMCECA", "610910", m("1", "610910", weight_kg="8.01"), m("1", "520512", "IN", weight_kg="91.99")
        ),
        False,
        None,
    ),
    ("textiles without weights", lambda: found("IMCECA", "610910", m("1", "610910")), None, None),
    # ECTA: CTSH and (materials of one's own 35, or build-down 45). 600 foreign leaves 40 %; 350 of one's own is 35 %.
    (
        "build up",
        lambda: found("ECTA", "847130", m("600", "390110"), m("350", "390110", "IN")),
        True,
        "CTSH + QVC 35 build up",
    ),
    ("build down", lambda: found("ECTA", "847130", m("550", "390110")), True, "CTSH + QVC 45 build down"),
    ("neither", lambda: found("ECTA", "847130", m("550.01", "390110"), m("349.99", "390110", "IN")), False, None),
    (
        "a tenth of the weight of the good",
        lambda: found("ECTA", "610910", m("100", "610910", weight_kg="4"), weight_kg="40"),
        True,
        "CTSH + QVC 90 build down",
    ),
    # ISCECA: CTH and at most 60 until 13 September 2018, CTSH and at most 65 since. 62 % foreign is 38 % of one country.
    ("before the change", lambda: found("ISCECA", "847130", m("620", "390110"), on="2018-09-13"), False, None),
    (
        "after the change",
        lambda: found("ISCECA", "847130", m("620", "390110"), on="2018-09-14"),
        True,
        "SINGLE COUNTRY CONTENT 38",
    ),
    # MERCOSUR: at most 40 foreign.
    ("forty", lambda: found("MERCOSUR-PTA", "847130", m("400", "847130")), True, "B 40"),
    ("more than forty", lambda: found("MERCOSUR-PTA", "847130", m("400.01", "390110")), False, None),
    # Mauritius, CTH and 40 brought: 1000 - 550 - 50 of unknown origin = 400.
    (
        "unknown origin counts",
        lambda: found(
            "CECPA", "200799", m("550", "170199"), m("50", "080390", "unknown"), line="CTH and VA build-down FOB 40"
        ),
        True,
        "PSR",
    ),
    # Emirates, CTH brought: chapter 61 by seven per cent of weight or ten of value.
    (
        "by value though too heavy",
        lambda: found(
            "UAE-CEPA", "610910", m("100", "610910", weight_kg="9"), m("1", "520512", "IN", weight_kg="91"), line="CTH"
        ),
        True,
        "PSR",
    ),
    # United Kingdom. 2203: CC except 1901, 12.5 % forgiven. 125 of 1000 is 12.5 %.
    ("beer of malt", lambda: found(UK, "220300", m("300", "110710")), True, "PSR"),
    ("malt extract forgiven", lambda: found(UK, "220300", m("125", "190190")), True, "PSR"),
    ("malt extract not forgiven", lambda: found(UK, "220300", m("125.01", "190190")), False, None),
    # 1902: CC, and of chapters 10 and 11 at most 30 % by value or by weight.
    ("flour by value", lambda: found(UK, "190219", m("300", "110100")), True, "PSR"),
    ("flour by neither", lambda: found(UK, "190219", m("301", "110100", weight_kg="31"), weight_kg="100"), False, None),
    ("flour by weight", lambda: found(UK, "190219", m("301", "110100", weight_kg="30"), weight_kg="100"), True, "PSR"),
    ("flour or something else", lambda: found(UK, "190219", m("300", "110100"), m("1", None)), None, None),
    # Chapter 61: CTH and the standard content: 45 of FOB or 40 of ex-works. (920 - 551) / 920 = 40.1 %.
    ("shirts by FOB", lambda: found(UK, "610910", m("550", "600622")), True, "PSR"),
    ("shirts a hair below", lambda: found(UK, "610910", m("551", "600622")), False, None),
    ("shirts by ex-works", lambda: found(UK, "610910", m("551", "600622"), ex_works="920"), True, "PSR"),
    # 8706: CTH, or 55 of FOB by build-down or 45 by build-up.
    ("chassis", lambda: found(UK, "870600", m("450", "870600")), True, "PSR"),
    ("chassis a hair below", lambda: found(UK, "870600", m("450.01", "870600")), False, None),
    (
        "chassis by its own materials",
        lambda: found(UK, "870600", m("500", "870600"), m("450", "870829", "IN")),
        True,
        "PSR",
    ),
    # Chapter 3: wholly obtained, 7.5 % by value or weight forgiven.
    ("fish", lambda: found(UK, "030617", m("75", "030617"), m("900", "030617", "IN")), True, "PSR"),
    ("fish a hair above", lambda: found(UK, "030617", m("75.01", "030617"), m("900", "030617", "IN")), False, None),
    ("fish of India alone", lambda: found(UK, "030617", m("900", "030617", "IN")), True, "PE"),
    ("caught in India", lambda: found(UK, "030617", wholly_obtained=True), True, "WO"),
    # 7208: the steel was melted and poured in India, or nobody can say.
    ("steel, not stated", lambda: found(UK, "720839", m("500", "720712")), None, None),
    ("steel, stated", lambda: found(UK, "720839", m("500", "720712"), processes=["melt-and-pour"]), True, "PSR"),
]


@pytest.mark.parametrize(("work", "qualifies", "box"), [row[1:] for row in WORKED], ids=[row[0] for row in WORKED])
def test_the_engine_agrees_with_the_hand(work: Any, qualifies: bool | None, box: str | None) -> None:
    finding = work()
    assert finding.qualifies is qualifies, answer_of(finding)["explanation"]
    assert finding.box_text == box
    assert finding.qualifies is not None or finding.needs_person


def test_operations_that_never_confer_origin_bar_only_what_was_read() -> None:
    """Packing alone: the list was read by nobody, so it bars nothing by itself, and it lets through nothing either."""
    passing = found("AIFTA", "847130", m("1", "847141"), processes=["packing", "washing"])
    assert passing.qualifies is None
    assert found("AIFTA", "847130", m("1", "847141"), processes=["packing"], sure=True).qualifies is False
    assert found("AIFTA", "847130", m("1", "847141"), processes=["packing", "weaving"]).qualifies is True
    # What the rule turns away stays turned away.
    assert found("AIFTA", "847130", m("900", "847141"), processes=["packing"]).qualifies is False


def test_an_unread_treatment_of_packing_neither_helps_nor_harms() -> None:
    """ECTA: 600 foreign leaves 40 %, so only materials of one's own serve: 350, of which 10 are packing for transport."""
    packing = m("10", "481910", "IN", role="transport-packing")
    helped = found("ECTA", "847130", m("600", "390110"), m("340", "390110", "IN"), packing)
    assert helped.qualifies is None
    assert any("side materials" in sentence.english for sentence in helped.needs_person)
    foreign = m("100", "847130", role="transport-packing")
    assert found("AIFTA", "847130", m("600", "390110"), foreign).qualifies is None
    assert found("AIFTA", "847130", m("600", "390110"), m("10", "481910", role="transport-packing")).qualifies is True


def test_a_limit_counts_what_a_short_code_may_hide() -> None:
    line = "CTH and LIMIT 1701 value FOB 30"
    assert found(UK, "200799", m("310", "170199"), line=line).qualifies is False
    hidden = found(UK, "200799", m("310", "17"), line=line)
    assert hidden.qualifies is None
    assert "17 input" in hidden.needs_person[0].english
    assert found(UK, "200799", m("300", "17"), line=line).qualifies is True


def test_a_tolerance_is_not_given_to_what_may_be_barred_from_it() -> None:
    line = "CTH except 2009 untolerated 200911"
    assert found(UK, "200799", m("50", "200912"), line=line).qualifies is True
    assert found(UK, "200799", m("50", "200911"), line=line).qualifies is False
    assert found(UK, "200799", m("50", "2009"), line=line).qualifies is None


def test_a_tolerance_by_weight_that_was_not_tried_is_told() -> None:
    missed = found(UK, "220300", m("200", "190190"))
    assert missed.qualifies is False
    assert [warning.code for warning in missed.warnings].count("warning.no_weight") == 1
    weighed = found(UK, "220300", m("200", "190190", weight_kg="125"), weight_kg="1000")
    assert weighed.qualifies is True


def test_a_part_made_here_meets_its_rule_by_the_process_that_was_stated() -> None:
    """Steel of chapter 72 originates by melting and pouring. Chapter 73 wants 55: with it 450 of 1000 is foreign, without it 850."""

    def goods(**more: Any) -> Finding:
        return found(UK, "732690", m("400", "720839", "IN", materials=[m("390", "720712")], **more), m("450", "390110"))

    unstated = goods()
    assert unstated.qualifies is None
    assert any(sentence.code == "person.inner" for sentence in unstated.needs_person)
    assert goods(processes=["melt-and-pour"]).qualifies is True


def test_what_a_part_cost_beside_its_materials_is_not_stated_and_may_decide() -> None:
    """Build-up of 45: the part's own 100 of 500 is 20 %, and its labour is at most what its value has more."""

    whole = brought(UK, "84", "QVC build-up-profit FOB 45")
    agreement = load_agreement(UK, date.fromisoformat(DAY))
    assert agreement.origin is not None
    for foreign, expected in (("250", None), ("300", False)):
        inner = [m("100", "847330", "IN"), m(foreign, "390110")]
        plain = plain_case(
            m("500", "847330", "IN", materials=inner), hs="847130", agreement=UK, destination="GB", fob="1000"
        )
        finding = decide(read_case(plain, known=any_code), prepare(agreement.origin, whole))
        assert finding.qualifies is expected


def test_codes_of_a_short_material_are_followed_into_the_edition_of_the_rule() -> None:
    from tests.rules.origin.samples import AI, general, shift
    from udgam.rules.origin import read_correlation

    correlation = read_correlation(b"HS2022,HS2007\n852411,852990\n852910,852910\n390110,390110\n")
    rules = replace(AI, hs_edition="2007", general=(general(shift("CTH")),))
    case = plain_case(m("10", "8524"), hs="852910", agreement="TEST-AI", destination="VN")
    facts = read_case(case, known=any_code)
    # In HS 2022 another heading; in HS 2007 the same.
    assert decide(facts, prepare(rules)).qualifies is True
    assert decide(facts, prepare(rules, None, correlation)).qualifies is False


def test_idle_zeros_change_no_byte() -> None:
    short, long = found("AIFTA", "847130", m("660.5", "390110")), found("AIFTA", "847130", m("660.50", "390110"))
    assert answer_of(short) == answer_of(long)
    assert short.change is not None
    assert short.change.amount == Decimal("10.5")
    assert "10.50 USD" in short.change.sentence.english
