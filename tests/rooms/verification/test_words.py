"""What the check of a file says, in the language of the page."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from django.utils import translation

from udgam.flow.verification.shown import notes_of, shown_checks
from udgam.signing.proof import Check, Report, texts
from udgam.signing.proof.texts import all_texts
from udgam.signing.proof.told import Told
from udgam.signing.proof.verify import STEPS
from udgam.signing.proof.verify_code import STEPS as CODE_STEPS
from udgam.signing.proof.verify_credential import STEPS as CREDENTIAL_STEPS


def _report(detail: Told) -> Report:
    return Report(
        valid=True,
        kind="pdf",
        certificate_number="SEC/2026/016/0000001A/00000001",
        status="issued",
        integrity=True,
        checks=(Check(16, "status", STEPS[15].name, "pass", detail),),
        warnings=(detail,),
    )


def test_a_step_is_told_in_hindi_with_its_values_and_the_status_in_a_word_of_its_own() -> None:
    said = Told("At {moment} the issuer said: {status}.", moment="2026-11-22 18:57:13 (UTC+05:30)", status="issued")
    with translation.override("hi"):
        (step,), (note,) = shown_checks(_report(said)), notes_of(_report(said))
    assert step.detail == note
    assert "2026-11-22 18:57:13 (UTC+05:30)" in step.detail
    assert not re.search("[A-Za-z]", step.detail.replace("UTC", ""))
    assert not re.search("[A-Za-z]", step.name)


def test_the_english_page_says_what_the_command_says() -> None:
    said = Told("{name} could certify for {agency}.", name="Meera Kulkarni", agency="Sahyadri Export Council")
    with translation.override("en"):
        (step,) = shown_checks(_report(said))
    assert step.detail == "Meera Kulkarni could certify for Sahyadri Export Council."


def test_every_sentence_of_a_check_keeps_its_placeholders_in_hindi() -> None:
    places = re.compile(r"\{\w+\}")
    with translation.override("hi"):
        different = [
            text
            for text in all_texts()
            if sorted(places.findall(text)) != sorted(places.findall(translation.gettext(text)))
        ]
    assert different == []


def test_every_refusal_of_the_check_has_a_wording_of_its_own_in_both_languages() -> None:
    """Whoever is refused must be able to tell why: no two reasons share a sentence, in English or in Hindi."""
    said = {code: reason.message for kind in texts._REFUSALS for code, reason in kind.reasons.items()}
    assert len(said) > 40
    assert [one for one, count in Counter(said.values()).items() if count > 1] == []
    steps = [step.name for steps in (STEPS, CODE_STEPS, CREDENTIAL_STEPS) for step in steps]
    refused = {*said.values(), *_fails()}
    assert len(refused) > 120
    with translation.override("hi"):
        hindi = {text: translation.gettext(text) for text in refused | set(steps)}
    assert [text for text, translated in hindi.items() if translated == text] == []
    assert [one for one, count in Counter(hindi[text] for text in refused).items() if count > 1] == []


def _fails() -> set[str]:
    """Every sentence with which a step of the check fails, read from its source."""
    found = set()
    for file in Path(texts.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fails" and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant):
                    found.add(said.value)
    return found
