"""Rules of origin are read strictly: what does not hold together is refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.rules.origin.samples import AI, LETTERS
from udgam.rules.origin import OriginRulesRefused, read_origin_rules, rules_digest
from udgam.rules.plain import ShapeRefused, to_plain
from udgam.rules.refusals import Refused


def plain() -> dict[str, Any]:
    value: dict[str, Any] = to_plain(AI)
    return value


def as_bytes(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("rules", [AI, LETTERS])
def test_what_is_written_is_read_back_the_same(rules: Any) -> None:
    again = read_origin_rules(as_bytes(to_plain(rules)))
    assert again == rules
    assert rules_digest(again) == rules_digest(rules)


def _tree(value: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = value["general"][0]["rule"]
    return tree


def _leaf(value: dict[str, Any], **fields: Any) -> None:
    _tree(value)["rules"][0].update(fields)


def _share(value: dict[str, Any], **fields: Any) -> None:
    _tree(value)["rules"][1].update(fields)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: v.pop("version"),
        lambda v: v.update(surprise=1),
        lambda v: v.update(format="udgam.origin-rules/2"),
        lambda v: v.update(hs_edition="2021"),
        lambda v: v.update(partners=[]),
        lambda v: v.update(partners=["vn"]),
        lambda v: v.update(expires="2009-12-31"),
        lambda v: v.update(general=[]),
        lambda v: _tree(v).update(kind="some-of"),
        lambda v: _tree(v).update(rules=[]),
        lambda v: _leaf(v, level="CTX"),
        lambda v: _leaf(v, excluding=["1.01"]),
        lambda v: _leaf(v, source={"citation": "x", "evidence": "sure"}),
        lambda v: _share(v, threshold=35),
        lambda v: _share(v, threshold="135"),
        lambda v: _share(v, method="net-cost"),
        lambda v: v["criteria"][1].update(box="{percent} {0}"),
        lambda v: v["criteria"][1].update(box="{percent"),
        lambda v: v["criteria"][1].update(percent_of="none"),
        lambda v: v["percent"].update(decimals=99),
        lambda v: v["product_rules"].update(table="x"),
        lambda v: v["minimal_operations"].append({"code": "magic", "source": {"citation": "x", "evidence": "seen"}}),
    ],
)
def test_data_that_do_not_hold_together_are_refused(spoil: Callable[[dict[str, Any]], Any]) -> None:
    value = plain()
    spoil(value)
    with pytest.raises(Refused):
        read_origin_rules(as_bytes(value))


def test_neither_fractions_nor_repeated_names_nor_depth_are_read() -> None:
    for data in (b"", b"[", b'{"a":1,"a":2}', b'{"a":1.5}', b'{"a":NaN}', b"\xff", b"[" * 100_000):
        with pytest.raises(OriginRulesRefused):
            read_origin_rules(data)
    with pytest.raises(OriginRulesRefused):
        read_origin_rules(b"[" * 60 + b"]" * 60)
    with pytest.raises(ShapeRefused):
        read_origin_rules(b"[]")


def test_a_rule_that_nests_without_end_is_refused() -> None:
    value = plain()
    tree = _tree(value)
    for _ in range(8):
        tree = {"kind": "all-of", "rules": [tree]}
    value["general"][0]["rule"] = tree
    with pytest.raises(OriginRulesRefused):
        read_origin_rules(as_bytes(value))
