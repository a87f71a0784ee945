"""Sentences of a derivation on pages: names beside codes, days and amounts as everywhere else; what is signed keeps the bare values."""

from __future__ import annotations

import pytest
from django.utils import translation

from udgam.ground.agreements.shown import sentence
from udgam.rules.origin import Sentence
from udgam.rules.origin.sentences import SENTENCES

CASE = Sentence("about.case", {"agreement": "ECTA", "country": "AU", "on": "2026-11-30"})
SHARE = Sentence(
    "test.build_down",
    {"base": "EXW", "price": "12345678.90", "vnm": "2500000", "share": "79.75", "threshold": "35"},
)


def told(one: Sentence, language: str) -> str:
    with translation.override(language):
        return str(sentence(one))


def test_agreement_country_and_day_are_named() -> None:
    assert told(CASE, "en") == (
        "Judged under India–Australia Economic Cooperation and Trade Agreement (ECTA) for Australia (AU) by the rules in "
        "force on 30 November 2026."
    )
    in_hindi = told(CASE, "hi")
    for words in ("(ECTA)", "ऑस्ट्रेलिया (AU)", "30 नवंबर 2026"):
        assert words in in_hindi, in_hindi
    assert "Australia" not in in_hindi


@pytest.mark.parametrize("language", ["en", "hi"])
def test_amounts_are_grouped_as_rupees_are(language: str) -> None:
    said = told(SHARE, language)
    assert "1,23,45,678.90" in said
    assert "25,00,000" in said
    assert "79.75 %" in said
    assert "(EXW)" in said
    figures = dict.fromkeys(("fob", "ex_works", "vnm", "vom", "partner"), "1234567.00")
    said = told(Sentence("about.figures", {**figures, "ex_works": "-", "currency": "INR"}), language)
    assert said.count("12,34,567.00") == 4
    assert "INR" in said


def test_the_level_of_a_shift_is_named() -> None:
    shift = Sentence("test.shift", {"code": "292529", "level": "CTSH"})
    assert told(shift, "en") == (
        "Every non-originating material is classified elsewhere than 292529 at the level of the subheading (CTSH)."
    )
    assert "उपशीर्ष (CTSH)" in told(shift, "hi")


def test_what_is_no_code_and_no_amount_stays() -> None:
    odd = Sentence("about.case", {"agreement": "NOBODY", "country": "??", "on": "2026-11-30"})
    assert "NOBODY for ?? by" in told(odd, "en")
    assert "<b>" not in told(Sentence("person.price", {"base": "<b>"}), "en")


def test_what_is_signed_keeps_the_bare_values() -> None:
    assert CASE.english == "Judged under ECTA for AU by the rules in force on 2026-11-30."
    assert "EXW 12345678.90" in SHARE.english
    told(SHARE, "hi")
    assert SHARE.plain()["params"] == {
        "base": "EXW", "price": "12345678.90", "vnm": "2500000", "share": "79.75", "threshold": "35",
    }  # fmt: skip
    assert set(SENTENCES) >= {CASE.code, SHARE.code}
