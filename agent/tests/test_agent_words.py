"""Texts: both languages say the same things, and every code that can be raised has words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pkcs11 import TokenFlag

import udgam_agent
from udgam_agent.texts import ADVICE, SCREEN
from udgam_agent.tokens.modules import known_places
from udgam_agent.tokens.pkcs11_tokens import pin_state

SOURCE = Path(udgam_agent.__file__).parent
ROOT = Path(__file__).resolve().parents[2]


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    assert set(ADVICE["en"]) == set(ADVICE["hi"])
    assert set(SCREEN["en"]) == set(SCREEN["hi"])
    for code, (what, todo) in ADVICE["en"].items():
        assert placeholders(what + todo) == placeholders("".join(ADVICE["hi"][code])), code
        assert what.strip(), code
        assert todo.strip(), code
    for name, text in SCREEN["en"].items():
        assert placeholders(text) == placeholders(SCREEN["hi"][name]), name


def test_every_code_in_the_program_has_words() -> None:
    used = set()
    for path in SOURCE.rglob("*.py"):
        if not path.name.startswith(("texts_", "drawing")):
            used |= set(re.findall(r'"(agent\.[a-z-]+)"', path.read_text()))
    used |= set(re.findall(r'code: "(agent\.[a-z-]+)"', (SOURCE / "pages/window.js").read_text()))
    assert used - set(ADVICE["en"]) == set()


def test_every_code_is_in_the_protocols_document() -> None:
    document = (ROOT / "docs/mechanisms/agent-protocol.md").read_text()
    missing = [code for code in ADVICE["en"] if f"`{code}`" not in document]
    assert missing == []


def test_hindi_is_written_in_hindi() -> None:
    for what, todo in ADVICE["hi"].values():
        assert re.search("[ऀ-ॿ]", what)
        assert re.search("[ऀ-ॿ]", todo)


@pytest.mark.parametrize(
    ("flags", "field"),
    [
        (TokenFlag.USER_PIN_COUNT_LOW, "low"),
        (TokenFlag.USER_PIN_FINAL_TRY, "last_try"),
        (TokenFlag.USER_PIN_LOCKED, "locked"),
        (TokenFlag.PROTECTED_AUTHENTICATION_PATH, "keypad"),
        (TokenFlag.USER_PIN_TO_BE_CHANGED, "must_change"),
    ],
)
def test_the_tokens_flags_are_read(flags: TokenFlag, field: str) -> None:
    assert getattr(pin_state(int(flags)), field) is True
    assert getattr(pin_state(int(TokenFlag.USER_PIN_INITIALIZED)), field) is False


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_token_modules_are_searched_on_each_system(platform: str) -> None:
    places = known_places(platform)
    assert len(places) == len(set(places))
    assert any("opensc" in place for place in places)
    assert any("castle" in place or "eps2003csp11" in place for place in places)
