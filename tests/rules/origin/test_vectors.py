"""Every published figure and every derived threshold, hit exactly and missed by a hair, under the agreements' own data.

``vectors.json`` holds the cases. Some thresholds are known from memory only: in daily use they decide nothing. Here they are
tried as if an operator had confirmed them, and once more as they are: then the answer is the same, or a person's.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from udgam.rules.agreements import load_agreement, load_complete
from udgam.rules.origin import (
    Finding,
    OriginRules,
    ProductRule,
    ProductRules,
    Source,
    answer_of,
    decide,
    prepare,
    read_case,
    read_rule,
)

DAY = date(2026, 11, 22)
SEEN = Source(citation="the vector", evidence="seen")
VECTORS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))


def confirmed(value: Any) -> Any:
    """The same data with every mark "unverified" lifted, as when an operator has compared it with the text."""
    if isinstance(value, Source):
        return replace(value, evidence="seen") if value.evidence == "unverified" else value
    if isinstance(value, tuple):
        return tuple(confirmed(part) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: confirmed(getattr(value, part.name)) for part in dataclasses.fields(value)})
    return value


@cache
def rules_of(code: str, *, sure: bool) -> OriginRules:
    agreement = load_complete(code, DAY) if sure else load_agreement(code, DAY)
    assert agreement.origin is not None
    rules: OriginRules = confirmed(agreement.origin) if sure else agreement.origin
    return rules if rules.partners else replace(rules, partners=("*",))


def find(vector: dict[str, Any], *, sure: bool) -> Finding:
    rules = rules_of(vector["agreement"], sure=sure)
    table = None
    if "product_rule" in vector:
        rule = read_rule(vector["product_rule"], source=SEEN, text=vector["product_rule"])
        row = ProductRule(
            first="0100000000",
            last="9799999999",
            heading="all",
            goods="",
            partial=False,
            effective=None,
            expires=None,
            text=vector["product_rule"],
            rule=rule,
        )
        table = ProductRules(
            agreement=rules.agreement, version="vector", hs_edition="2022", source=SEEN, licence="", rules=(row,)
        )
    elif rules.general:
        # The vectors are about the general rule: as for goods of which no product rule speaks.
        table = ProductRules(
            agreement=rules.agreement, version="none", hs_edition="2022", source=SEEN, licence="", rules=()
        )
    destination = vector.get("destination") or next(code for code in (*rules.partners, "BD") if code != "*")
    case = read_case(
        {
            "agreement": rules.agreement,
            "destination": destination,
            "on": DAY.isoformat(),
            "product": {
                "hs": vector["hs"],
                "description": vector["id"],
                "fob": vector["fob"],
                "ex_works": vector["ex_works"],
                "currency": "USD",
                "weight_kg": vector.get("weight_kg"),
            },
            "wholly_obtained": False,
            "materials": [{"description": "material", **material} for material in vector["materials"]],
            "costs": vector.get("costs"),
            "cumulate_with": vector.get("cumulate_with", []),
            "processes": vector.get("processes", []),
        },
        known=lambda code: True,
    )
    return decide(case, prepare(rules, table))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_a_vector(vector: dict[str, Any]) -> None:
    finding = find(vector, sure=True)
    answer, expected = answer_of(finding), vector["expect"]
    assert finding.qualifies is expected["qualifies"], answer["explanation"]
    for name, value in expected.get("values", {}).items():
        assert value in [test.get("value") for test in answer["tests"] if test["name"] == name]
    for name, whole in expected.get("printed_down", {}).items():
        [share] = {test.share.text(0) for test in finding.tests if test.name == name and test.share is not None}
        assert share == whole
    if "percent" in expected:
        assert any(test.share is not None and test.share.text(0) == expected["percent"] for test in finding.tests)
    if "tolerance_used" in expected:
        assert answer["tolerance_used"] is expected["tolerance_used"]
    if "box" in expected:
        assert answer["box_text"] == expected["box"]
    for part in expected.get("box_has", []):
        assert part in (answer["box_text"] or "")


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_what_nobody_has_read_never_turns_a_vector_round(vector: dict[str, Any]) -> None:
    finding = find(vector, sure=False)
    assert finding.qualifies in (vector["expect"]["qualifies"], None)
    if finding.qualifies is None:
        assert finding.needs_person
