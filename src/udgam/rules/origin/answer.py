"""A finding as data: the answer of ``udgam origin`` and the derivation that is kept with a signed application."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin.case_reading import case_plain
from udgam.rules.origin.finding import Finding
from udgam.rules.origin.leaf_tests import PRINTED
from udgam.rules.origin.sentences import Sentence, say
from udgam.rules.origin.trial import TestResult
from udgam.rules.plain import decimal_text

ANSWER_FORMAT = 1


def answer_of(finding: Finding) -> dict[str, Any]:
    """The answer: what was decided, by which rule, with every test, its figures, its source, and both digests.

    ``said`` repeats explanation, warnings and what a person must decide as codes with values, for translation.
    """
    judgement = finding.judgement
    explanation = explanation_of(finding)
    return {
        "format": ANSWER_FORMAT,
        "agreement": finding.data.rules.agreement,
        "destination": finding.case.destination,
        "on": finding.case.on.isoformat(),
        "qualifies": finding.qualifies,
        "criterion": finding.criterion,
        "criterion_code": finding.criterion_code,
        "box_text": finding.box_text,
        "rule": {
            "text": judgement.text,
            "source": judgement.source.citation,
            "evidence": judgement.source.evidence,
            "kind": judgement.route,
        },
        "tests": [_test(test, finding.data.rules.percent.decimals) for test in judgement.trial.tests],
        "tolerance_used": judgement.trial.tolerance_used,
        "cumulation_used": judgement.cumulation is not None and judgement.outcome == "pass",
        "needs_person": [sentence.english for sentence in finding.needs_person],
        "warnings": [sentence.english for sentence in finding.warnings],
        "explanation": [sentence.english for sentence in explanation],
        "change": None if finding.change is None else _change(finding),
        "said": {
            "explanation": [sentence.plain() for sentence in explanation],
            "warnings": [sentence.plain() for sentence in finding.warnings],
            "needs_person": [sentence.plain() for sentence in finding.needs_person],
        },
        "rule_data": {"version": finding.data.version, "sha256": finding.data.sha256},
        "inputs_sha256": inputs_digest(finding),
    }


def answer_bytes(finding: Finding) -> bytes:
    """The answer in canonical JSON: the same for the same facts and rule data, whenever it is made."""
    return canonical_json(answer_of(finding))


def answer_digest(finding: Finding) -> str:
    """SHA-256 of ``answer_bytes``, hexadecimal: what a signed application names."""
    return hashlib.sha256(answer_bytes(finding)).hexdigest()


def digest_of(answer: Mapping[str, Any]) -> str:
    """The same digest of an answer that was made already."""
    return hashlib.sha256(canonical_json(answer)).hexdigest()


def inputs_digest(finding: Finding) -> str:
    """SHA-256 over the canonical JSON of the facts, amounts without idle zeros."""
    return hashlib.sha256(canonical_json(case_plain(finding.case))).hexdigest()


def explanation_of(finding: Finding) -> tuple[Sentence, ...]:
    """The derivation in sentences, in the order in which a reader would ask."""
    case, judgement = finding.case, finding.judgement
    figures = judgement.figures
    sentences = [
        say(
            "about.case",
            agreement=finding.data.rules.agreement,
            country=case.destination,
            on=case.on.isoformat(),
        )
    ]
    if judgement.text:
        sentences.append(say("about.rule", source=judgement.source.citation, text=judgement.text))
    sentences.append(
        say(
            "about.figures",
            fob=figures.text(figures.fob),
            ex_works=figures.text(figures.ex_works),
            vnm=figures.text(figures.vnm),
            vom=figures.text(figures.vom),
            partner=figures.text(figures.partner),
            currency=case.product.currency,
        )
    )
    sentences += finding.told
    sentences += [test.detail for test in judgement.trial.tests]
    sentences += [say("about.condition", text=condition.text) for condition in finding.data.rules.conditions]
    if finding.qualifies:
        sentences.append(say("result.yes", criterion=finding.criterion or ""))
    else:
        sentences.append(say("result.no" if finding.qualifies is False else "result.open"))
        if finding.change is not None:
            sentences.append(finding.change.sentence)
        elif finding.qualifies is False:
            sentences.append(say("change.none"))
    return tuple(sentences)


def _test(test: TestResult, decimals: int) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": test.name,
        "passed": {"pass": True, "fail": False}.get(test.outcome),
        "detail": test.detail.english,
        "source": test.source.citation,
        "evidence": test.source.evidence,
        "said": test.detail.plain(),
    }
    if test.threshold is not None:
        written["threshold"] = _without_idle_zeros(decimal_text(test.threshold))
    if test.share is not None:
        places = max(decimals, PRINTED)
        written["value"] = test.share.text(places, rounding="up" if test.at_most else "down")
    return written


def _change(finding: Finding) -> dict[str, Any]:
    change = finding.change
    assert change is not None  # noqa: S101 - the only caller has looked
    return {
        "kind": change.kind,
        "amount": None if change.amount is None else _without_idle_zeros(decimal_text(change.amount)),
        "text": change.sentence.english,
        "said": change.sentence.plain(),
    }


def _without_idle_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
