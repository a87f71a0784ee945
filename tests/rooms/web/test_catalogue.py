"""The Hindi catalogue is whole, and Django's own Hindi never reaches a page."""

from __future__ import annotations

import gettext as plain_gettext
import re
import sys
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Message
from django.conf import settings
from django.utils import formats, translation
from django.utils.dates import MONTHS, WEEKDAYS

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
# Framework Hindi, second spellings and false friends that `docs/hindi-terms.md` rules out.
AVOIDED = ["शब्दकूट", "डाक पता", "लाग्ड", "सितमबर", "नवमबर", "दिसमबर", "प्रमाण पत्र", "हिन्दी", "मूल प्रमाणपत्र", "अवैध", "चालान", "साइन इन",
           "कीजिए", "कीजिये", "फार्म", "दस्तावेज ", "फ़र्म", "जायें", "आई.ई.", "सीमाशुल्क"]  # fmt: skip


def catalogue() -> list[Message]:
    return [message for message in messages.stored() if message.id]


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_that_can_reach_a_page_is_translated() -> None:
    assert messages.problems(messages.collect(), messages.stored()) == []


def test_a_text_that_is_new_is_noticed() -> None:
    fresh = messages.stored()
    fresh.add("A text that nobody has translated")
    assert messages.problems(fresh, messages.stored()) == ["missing: 'A text that nobody has translated'"]


def test_translations_keep_every_placeholder() -> None:
    broken = []
    for message in catalogue():
        source = message.id if isinstance(message.id, str) else message.id[1]
        wanted = sorted(PLACEHOLDER.findall(source))
        broken += [source for string in strings(message) if not set(PLACEHOLDER.findall(string)) <= set(wanted)]
        if sorted(PLACEHOLDER.findall(strings(message)[-1])) != wanted:
            broken.append(source)
    assert broken == []


def test_digits_are_the_international_ones_and_no_avoided_word_is_used() -> None:
    found = [
        (string, word)
        for message in catalogue()
        for string in strings(message)
        for word in [*AVOIDED, *"०१२३४५६७८९"]
        if word in string
    ]
    assert found == []


def test_sentences_end_with_a_danda() -> None:
    assert [
        string for message in catalogue() for string in strings(message) if re.search(r"[\u0900-\u0963]\s*\.$", string)
    ] == []


def test_django_hindi_does_not_come_through() -> None:
    """Our catalogue stands before Django's: no message of the listed modules keeps Django's own Hindi by accident."""
    folder = Path(django.__file__).parent / "conf" / "locale"
    own = plain_gettext.translation("django", str(folder), ["hi"])
    ours = {message.id: message for message in catalogue() if isinstance(message.id, str) and not message.context}
    with translation.override("hi"):
        for _place, text, context in messages.texts_of_packages():
            if isinstance(text, str) and context is None:
                assert translation.gettext(text) == ours[text].string
        assert translation.gettext("This field is required.") != own.gettext("This field is required.")
        assert "अपेक्षित" not in translation.gettext("This field is required.")
        assert translation.gettext("Password") == "पासवर्ड"


@pytest.mark.parametrize(
    ("number", "name"),
    list(
        enumerate(["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"], 1),
    ),
)
def test_months_are_spelt_as_official_hindi_spells_them(number: int, name: str) -> None:
    with translation.override("hi"):
        assert str(MONTHS[number]) == name


def test_dates_and_amounts_in_hindi() -> None:
    from datetime import date

    with translation.override("hi"):
        assert formats.date_format(date(2026, 11, 22)) == "22 नवंबर 2026"
        assert formats.localize(1234567) == "12,34,567"
        assert str(WEEKDAYS[6]) == "रविवार"


def test_the_site_knows_no_third_language_by_accident() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["en", "hi"]
