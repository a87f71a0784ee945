"""Numbers of postal articles: UPU S10 with its check digit, and those of other carriers."""

from __future__ import annotations

import pytest

from udgam.rules.identifiers import IdentifierRefused, parse_article_number


# RA473124829GB is the example of the standard's own section on check digits; the others were computed by hand from its weights.
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("RA473124829GB", "RA473124829GB"),
        ("ra 47312482 9 gb", "RA473124829GB"),
        ("EE000000005IN", "EE000000005IN"),
        ("EE100000003IN", "EE100000003IN"),
        ("EE010000019IN", "EE010000019IN"),
        ("BLR/1234567", "BLR/1234567"),
        ("7788990011", "7788990011"),
    ],
)
def test_good_numbers_are_read(typed: str, read: str) -> None:
    assert parse_article_number(typed) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "article.empty"),
        ("  ", "article.empty"),
        ("RA473124820GB", "article.check_digit"),
        ("EE000000001IN", "article.check_digit"),
        ("ABCDEF", "article.form"),
        ("12345", "article.form"),
        ("1" * 31, "article.form"),
        ("<b>12345678", "article.form"),
        ("=1+12345678", "article.form"),
    ],
)
def test_others_are_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(IdentifierRefused) as refused:
        parse_article_number(typed)
    assert refused.value.code == code


@pytest.mark.parametrize("place", range(8))
def test_a_changed_digit_is_noticed(place: int) -> None:
    digits = list("47312482")
    digits[place] = str((int(digits[place]) + 1) % 10)
    with pytest.raises(IdentifierRefused):
        parse_article_number(f"RA{''.join(digits)}9GB")
