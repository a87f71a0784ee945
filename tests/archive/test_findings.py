"""Findings of earlier releases: the same facts with the same rule data give the same bytes, in every later release."""

from __future__ import annotations

from pathlib import Path

import pytest

from udgam.rules.origin import answer_bytes, decide, prepare, read_case_json, read_origin_rules, read_product_rules

CASES = sorted(Path(__file__).with_name("origin").glob("*/*.case.json"))


@pytest.mark.parametrize("path", CASES, ids=[f"{path.parent.name}/{path.name}" for path in CASES])
def test_an_archived_finding_is_made_again_byte_for_byte(path: Path) -> None:
    def beside(kind: str) -> Path:
        return path.with_name(path.name.replace(".case.json", kind))

    rules = read_origin_rules(beside(".rules.json").read_bytes())
    products = beside(".products.csv")
    table = read_product_rules(products.read_bytes()) if products.exists() else None
    finding = decide(read_case_json(path.read_bytes(), known=lambda code: True), prepare(rules, table))
    assert answer_bytes(finding) + b"\n" == beside(".answer.json").read_bytes()


def test_there_is_an_archive() -> None:
    assert len(CASES) >= 4
