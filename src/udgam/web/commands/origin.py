"""``udgam origin``: decides the origin of one product, and shows the working."""

from __future__ import annotations

import argparse
import gettext
from pathlib import Path
from typing import Any

from udgam.ground.reference.countries import country
from udgam.ground.reference.harmonised_system import hs_code
from udgam.rules.agreements import agreement_codes, load_agreement, read_agreement
from udgam.rules.origin import (
    RULES_FORMAT,
    Case,
    Correlation,
    Finding,
    OriginRules,
    ProductRules,
    RuleData,
    Sentence,
    answer_digest,
    answer_of,
    compare,
    decide,
    explanation_of,
    prepare,
    read_case_json,
    read_correlation,
    read_origin_rules,
    read_product_rules,
)
from udgam.rules.origin.reading import plain_from_json
from udgam.rules.origin.tables import load_table
from udgam.rules.refusals import Refused
from udgam.web.commands.trust_arguments import (
    NO,
    UNUSABLE,
    YES,
    InputUnusable,
    add_json_argument,
    print_answer,
    print_failure,
    read_file,
)

NAME = "origin"
SUMMARY = "decide the origin of a product"
_LARGEST = 32 << 20
_CATALOGUE = Path(__file__).resolve().parents[1] / "locale"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The case, the rule data, and how to print."""
    parser.add_argument("case", type=Path, metavar="CASE.json", help="the product: prices, materials, destination")
    parser.add_argument(
        "--agreement-file", type=Path, metavar="FILE", help="an agreement, or rules of origin, that is not built in"
    )
    parser.add_argument("--product-rules", type=Path, metavar="FILE", help="a table of product rules, JSON or CSV")
    parser.add_argument(
        "--correlation", type=Path, metavar="FILE", help="correlation of HS 2022 with another edition, CSV"
    )
    parser.add_argument(
        "--compare", action="store_true", help="judge under every agreement with the destination, best first"
    )
    parser.add_argument("--language", choices=("en", "hi"), default="en", help="language of the text; default: en")
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 the goods originate, 1 they do not or a person must decide, 2 the input could not be used."""
    try:
        case = read_case_json(read_file(args.case, largest=_LARGEST), known=_known, is_country=_is_country)
        correlation = _optional(args.correlation, read_correlation)
        products = _optional(args.product_rules, read_product_rules)
        if args.compare:
            return _run_comparison(args, case, correlation)
        data = _rule_data(_rules(args, case), products, correlation)
        finding = decide(case, data)
    except (Refused, InputUnusable) as fault:
        print_failure(fault, as_json=args.json, answer={"qualifies": None})
        return UNUSABLE
    print_answer(answer_of(finding), as_json=args.json, lines=_lines(finding, args.language))
    return YES if finding.qualifies else NO


def _run_comparison(args: argparse.Namespace, case: Case, correlation: Correlation | None) -> int:
    known = [load_agreement(code, case.on).origin for code in agreement_codes() if load_agreement(code, case.on).issued]
    findings = compare(case, [_rule_data(rules, None, correlation) for rules in known if rules is not None])
    answer = {"format": 1, "destination": case.destination, "findings": [answer_of(finding) for finding in findings]}
    lines = [line for finding in findings for line in (*_lines(finding, args.language), "")]
    print_answer(answer, as_json=args.json, lines=lines or ["No agreement has rules for that destination."])
    return YES if any(finding.qualifies for finding in findings) else NO


def _rules(args: argparse.Namespace, case: Case) -> OriginRules:
    if args.agreement_file is not None:
        data = read_file(args.agreement_file, largest=_LARGEST)
        plain = plain_from_json(data)
        if isinstance(plain, dict) and plain.get("format") == RULES_FORMAT:
            return read_origin_rules(data)
        rules = read_agreement(data, on=case.on).origin
    else:
        rules = load_agreement(case.agreement, case.on).origin
    if rules is None:
        raise InputUnusable("origin.no_rules", f"No rules of origin are known for {case.agreement}.")
    return rules


def _rule_data(rules: OriginRules, products: ProductRules | None, correlation: Correlation | None) -> RuleData:
    if products is None and rules.product_rules.table is not None:
        products = load_table(rules.product_rules.table)
    if products is not None and products.agreement != rules.agreement:
        message = f"The product rules are those of {products.agreement}, not of {rules.agreement}."
        raise InputUnusable("origin.other_products", message)
    return prepare(rules, products, correlation)


def _optional(path: Path | None, read: Any) -> Any:
    return None if path is None else read(read_file(path, largest=_LARGEST))


def _known(code: str) -> bool:
    return hs_code(code) is not None


def _is_country(code: str) -> bool:
    return country(code) is not None


def _lines(finding: Finding, language: str) -> list[str]:
    translation = gettext.translation("django", _CATALOGUE, languages=[language], fallback=True)

    def words(sentence: Sentence) -> str:
        return sentence.in_words(translation.gettext)

    verdict = {True: "YES", False: "NO", None: "A PERSON MUST DECIDE"}[finding.qualifies]
    lines = [f"{finding.data.rules.agreement}: {verdict}"]
    if finding.box_text is not None:
        lines.append(f"Criterion box: {finding.box_text}")
    lines += [f"  {words(sentence)}" for sentence in explanation_of(finding)]
    lines += [f"  ? {words(sentence)}" for sentence in finding.needs_person]
    lines += [f"  ! {words(sentence)}" for sentence in finding.warnings]
    answer = answer_of(finding)
    lines.append(f"Rule data {answer['rule_data']['version']} sha256 {answer['rule_data']['sha256']}")
    lines.append(f"Inputs sha256 {answer['inputs_sha256']}")
    lines.append(f"Derivation sha256 {answer_digest(finding)}")
    return lines
