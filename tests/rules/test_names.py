"""When two writings of a name agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udgam.rules.binding import names_agree


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ravi Menon", "RAVI MENON"),
        ("Ravi Menon", "Menon, Ravi"),
        ("  Ravi   Menon ", "Ravi\tMenon"),
        ("Mr. Ravi Menon", "Ravi Menon"),
        ("SMT LAKSHMI PILLAI", "Lakshmi Pillai"),
        ("Dr. (Mrs.) Lakshmi Pillai", "Pillai Lakshmi"),
        ("Lakshmi Pillai (Mrs)", "Lakshmi Pillai"),
        ("Shri Ravi Menon", "Ravi Menon"),
        ("R. K. Menon", "R K Menon"),
        ("D'Souza Anita", "DSouza Anita"),
        ("Ravi-Menon", "Ravi Menon"),
        ("Ｒａｖｉ Ｍｅｎｏｎ", "Ravi Menon"),
        ("Ravi\u200bMenon", "RaviMenon"),
        ("लक्ष्मी पिल्लै", "पिल्लै  लक्ष्मी"),
        ("श्रीमती लक्ष्मी पिल्लै", "लक्ष्मी पिल्लै"),
        ("Kumari Devi", "Devi Kumari"),
        ("Straße Ravi", "STRASSE RAVI"),
    ],
)
def test_these_writings_are_the_same_person(a: str, b: str) -> None:
    assert names_agree(a, b) == names_agree(b, a) == "equal"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ravi K Menon", "Ravi Menon"),
        ("R Menon", "Ravi Menon"),
        ("Lakshmi Pilai", "Lakshmi Pillai"),
        ("RaviMenon", "Ravi Menon"),
        ("R.K. Menon", "RK Menon"),
        ("Ravi Kumar Menon", "R K Menon"),
    ],
)
def test_these_writings_are_close_but_not_the_same(a: str, b: str) -> None:
    assert names_agree(a, b) == names_agree(b, a) == "near"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ravi Menon", "Anita Deshmukh"),
        ("Ravi Menon", "Menon"),
        ("Ravi Menon", "Lakshmi Menon"),
        ("", ""),
        ("...", "..."),
        ("Ravi Menon", ""),
        ("Ravi Menon", "Rаvi Menon"),  # the second letter is Cyrillic
        ("लक्ष्मी", "लक्ष्मण"),
        ("x" * 301, "x" * 301),
        ("Ravi Ravi Menon", "Menon Menon Ravi"),
    ],
)
def test_these_writings_are_different(a: str, b: str) -> None:
    assert names_agree(a, b) == names_agree(b, a) == "different"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Deccan Loom LLP", "DECCAN LOOM L.L.P.", "near"),
        ("M/s. Deccan Loom LLP", "Deccan Loom LLP", "equal"),
        ("Messrs Deccan Loom LLP", "deccan loom llp", "equal"),
        ("Deccan Loom, LLP", "LLP Deccan Loom", "equal"),
        ("Shri Ram Looms", "Ram Looms", "near"),
        ("Dr Looms", "Looms", "different"),
        ("Narmada Ceramics Pvt Ltd", "Narmada Ceramics Private Limited", "near"),
        ("Narmada & Sons", "Narmada and Sons", "near"),
        ("Narmada & Sons", "Narmada Sons", "equal"),
        ("Narmada Ceramics", "Narmada Chemicals", "different"),
    ],
)
def test_organisations_keep_the_words_that_are_titles_of_people(a: str, b: str, expected: str) -> None:
    assert names_agree(a, b, "organisation") == names_agree(b, a, "organisation") == expected


@given(st.text(max_size=40), st.text(max_size=40))
def test_agreement_goes_both_ways(a: str, b: str) -> None:
    assert names_agree(a, b) == names_agree(b, a)
    assert names_agree(a, b, "organisation") == names_agree(b, a, "organisation")


@given(
    st.lists(st.sampled_from(["Ravi", "Menon", "K", "Anita", "Kumari", "Shri"]), min_size=1, max_size=5), st.randoms()
)
def test_the_order_of_words_is_free(words: list[str], random: object) -> None:
    shuffled = list(words)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert names_agree(" ".join(words), ", ".join(shuffled)) == "equal"
