"""The list of all reasons is complete and can be translated."""

from __future__ import annotations

import pickle
import re
import string
from pathlib import Path
from typing import get_args

import pytest

import udgam.rules
from udgam.rules.binding import decide_exporter
from udgam.rules.content.parts import Mode
from udgam.rules.firm import Constitution, Role, Status
from udgam.rules.identifiers import IdentifierRefused
from udgam.rules.reasons import WORDS, all_reasons, all_texts, word
from udgam.rules.refusals import YES, no

FOLDER = Path(next(iter(udgam.rules.__path__)))
# Names that only look like codes: the file of locator profiles, and fields of an agreement's data that an operator may confirm.
NO_CODES = {"profiles.json"} | {
    f"origin.{field}"
    for field in ("percent", "side_materials", "product_rules", "wholly_obtained", "minimal_operations")
}
CODE = re.compile(r"\"((?:[a-z]+)\.(?:[a-z0-9_]+))\"")


def test_every_reason_has_a_stable_code_a_sentence_and_an_advice() -> None:
    reasons = all_reasons()
    assert len(reasons) > 100
    for code, reason in reasons.items():
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", code)
        assert reason.message.endswith((".", "”."))
        assert reason.advice.endswith(".")
        for text in reason:
            for _, name, spec, conversion in string.Formatter().parse(text):
                if name is not None:
                    assert re.fullmatch(r"[a-z_]+", name), code
                    assert not spec
                    assert conversion is None


def test_an_advice_uses_only_values_that_its_message_also_has_or_that_are_always_given() -> None:
    always_given = {"officer.organisation_missing": {"agency"}, "officer.organisation_differs": {"agency"}}
    for code, reason in all_reasons().items():
        in_message = {name for _, name, _, _ in string.Formatter().parse(reason.message) if name}
        in_advice = {name for _, name, _, _ in string.Formatter().parse(reason.advice) if name}
        assert in_advice <= in_message | always_given.get(code, set()), code


def test_every_code_written_in_the_rules_is_listed() -> None:
    areas = {code.split(".")[0] for code in all_reasons()}
    written = {
        code
        for path in FOLDER.rglob("*.py")
        for code in CODE.findall(path.read_text("utf-8"))
        if code.split(".")[0] in areas
    }
    assert written - set(all_reasons()) == NO_CODES


def test_every_value_of_a_record_has_a_word() -> None:
    for values in (Role, Constitution, Status, Mode):
        assert set(get_args(values)) <= set(WORDS)
    assert word("llp") == "Limited liability partnership"
    assert word("unheard of") == "unheard of"


def test_all_texts_are_listed_once() -> None:
    texts = all_texts()
    assert len(texts) == len(set(texts))
    assert all(texts)
    for reason in all_reasons().values():
        assert set(reason) <= set(texts)
    assert "Commercial invoice" in texts


def test_a_refusal_fills_in_its_sentences_and_survives_a_process_boundary() -> None:
    refusal = IdentifierRefused("iec.length", length="7")
    assert refusal.message == "An IEC has ten characters; this has 7."
    again = pickle.loads(pickle.dumps(refusal))
    assert (again.code, again.params, again.message) == (refusal.code, refusal.params, refusal.message)


def test_a_code_outside_the_table_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        IdentifierRefused("iec.boring")


def test_an_answer_reads_as_a_boolean() -> None:
    assert YES
    answer = no(all_reasons(), "duty.agency_suspended", agency="SEC")
    assert not answer
    assert "SEC" in answer.message
    assert decide_exporter.__doc__


def test_the_room_is_pure() -> None:
    forbidden = re.compile(
        r"^\s*(?:from|import)\s+(?:django|time|random|secrets|logging|socket|urllib|http|requests|httpx|os|subprocess)\b"
        r"|datetime\.now|date\.today|utcnow",
        re.MULTILINE,
    )
    assert [str(path) for path in FOLDER.rglob("*.py") if forbidden.search(path.read_text("utf-8"))] == []
