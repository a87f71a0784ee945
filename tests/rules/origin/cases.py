"""Cases for the engine, written as an exporter's figures, and the shortest way to a finding."""

from __future__ import annotations

from typing import Any

from udgam.rules.origin import Case, Finding, OriginRules, ProductRules, decide, prepare, read_case


def any_code(code: str) -> bool:
    return len(code) in (2, 4, 6)


def material(value: str, hs: str | None = "390110", origin: str = "CN", **more: Any) -> dict[str, Any]:
    return {"description": more.pop("description", "input"), "hs": hs, "value": value, "origin": origin, **more}


def plain_case(*materials: dict[str, Any], fob: str | None = "100", hs: str = "847130", **more: Any) -> dict[str, Any]:
    product = {
        "hs": hs,
        "description": "good",
        "fob": fob,
        "ex_works": more.pop("ex_works", None),
        "currency": "USD",
        "weight_kg": more.pop("weight_kg", None),
        "rule_row": more.pop("rule_row", None),
    }
    return {
        "agreement": more.pop("agreement", "TEST-AI"),
        "destination": more.pop("destination", "VN"),
        "on": more.pop("on", "2026-11-22"),
        "product": product,
        "wholly_obtained": more.pop("wholly_obtained", False),
        "materials": list(materials),
        **more,
    }


def case(*materials: dict[str, Any], **more: Any) -> Case:
    return read_case(plain_case(*materials, **more), known=any_code)


def find(rules: OriginRules, *materials: dict[str, Any], products: ProductRules | None = None, **more: Any) -> Finding:
    """The finding under ``rules``, going to its first partner unless said otherwise."""
    more.setdefault("agreement", rules.agreement)
    partner = rules.partners[0] if rules.partners[0] != "*" else "AE"
    more.setdefault("destination", partner)
    return decide(case(*materials, **more), prepare(rules, products))
