"""The rule data of one agreement made ready: rules, product rules, correlation, and the digest that names all three."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin.editions import Correlation
from udgam.rules.origin.notation import write_rule
from udgam.rules.origin.product_rules import ProductRule, ProductRules
from udgam.rules.origin.reading import rules_digest
from udgam.rules.origin.rules import OriginRules
from udgam.rules.plain import to_plain


@dataclass(frozen=True)
class RuleData:
    """What decides under one agreement. ``sha256`` is the rules' own digest, or one over the digests of all parts."""

    rules: OriginRules
    products: ProductRules | None
    correlation: Correlation | None
    version: str
    sha256: str


def prepare(
    rules: OriginRules, products: ProductRules | None = None, correlation: Correlation | None = None
) -> RuleData:
    """Bring the parts together. A correlation for an edition in which nothing is written is left out."""
    editions = {rules.hs_edition, products.hs_edition if products is not None else None}
    if correlation is not None and correlation.edition not in editions:
        correlation = None
    version, digest = rules.version, rules_digest(rules)
    if products is not None or correlation is not None:
        parts = {
            "rules": digest,
            "products": None if products is None else products_digest(products),
            "correlation": None if correlation is None else correlation.sha256,
        }
        digest = hashlib.sha256(canonical_json(parts)).hexdigest()
        if products is not None:
            version = f"{version}+{products.version}"
    return RuleData(rules, products, correlation, version, digest)


def products_plain(table: ProductRules) -> dict[str, Any]:
    """A table of product rules in its written form, format udgam.product-rules/1."""
    return {
        "format": "udgam.product-rules/1",
        "agreement": table.agreement,
        "version": table.version,
        "hs_edition": table.hs_edition,
        "source": to_plain(table.source),
        "licence": table.licence,
        "rules": [_rule_plain(rule) for rule in table.rules],
    }


def products_digest(table: ProductRules) -> str:
    """SHA-256 over the canonical JSON of the table, hexadecimal."""
    return hashlib.sha256(canonical_json(products_plain(table))).hexdigest()


def _rule_plain(rule: ProductRule) -> dict[str, Any]:
    return {
        "first": rule.first,
        "last": rule.last,
        "heading": rule.heading,
        "goods": rule.goods,
        "partial": rule.partial,
        "effective": None if rule.effective is None else rule.effective.isoformat(),
        "expires": None if rule.expires is None else rule.expires.isoformat(),
        "text": rule.text,
        "rule": write_rule(rule.rule),
    }
