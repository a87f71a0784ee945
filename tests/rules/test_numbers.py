"""The numbers of registrations, applications and certificates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udgam.rules.numbers import (
    ApplicationNumber,
    NumberRefused,
    application_number,
    certificate_number,
    indian_date,
    indian_year,
    parse_application_number,
    parse_certificate_number,
    parse_registration_number,
    registration_number,
)


def test_numbers_have_the_known_forms() -> None:
    assert registration_number("EIC", 2026, 1) == "EIC/2026/0001"
    assert registration_number("EIC", 2026, 9999) == "EIC/2026/9999"
    assert registration_number("EIC", 2026, 10000) == "EIC/2026/10000"
    assert application_number("MPEDA", 2019, "013", 81) == "MPEDA/2019/013/0000081A"
    assert certificate_number("EIC/2019/007/0000011A", 2) == "EIC/2019/007/0000011A/00000002"


def test_an_application_series_goes_on_with_the_next_letter() -> None:
    assert application_number("EIC", 2026, "016", 9_999_999) == "EIC/2026/016/9999999A"
    assert application_number("EIC", 2026, "016", 10_000_000) == "EIC/2026/016/0000001B"
    with pytest.raises(ValueError, match="used up"):
        application_number("EIC", 2026, "016", 26 * 9_999_999 + 1)


PREFIX = st.from_regex(r"[A-Z][A-Z0-9-]{0,15}", fullmatch=True)
YEAR = st.integers(1000, 9999)


@given(PREFIX, YEAR, st.integers(1, 10**12 - 1))
def test_a_registration_number_reads_back(prefix: str, year: int, n: int) -> None:
    read = parse_registration_number(registration_number(prefix, year, n))
    assert (read.prefix, read.year, read.n) == (prefix, year, n)


@given(
    PREFIX, YEAR, st.from_regex(r"[0-9]{3}", fullmatch=True), st.integers(1, 26 * 9_999_999), st.integers(1, 10**12 - 1)
)
def test_application_and_certificate_numbers_read_back(agency: str, year: int, scheme: str, n: int, m: int) -> None:
    text = application_number(agency, year, scheme, n)
    assert parse_application_number(text) == ApplicationNumber(agency, year, scheme, n)
    number = parse_certificate_number(certificate_number(text, m))
    assert (number.application.n, number.n) == (n, m)
    assert str(number) == certificate_number(text, m)


@given(st.integers(1, 26 * 9_999_999), st.integers(1, 26 * 9_999_999))
def test_two_running_numbers_never_look_alike(a: int, b: int) -> None:
    assert (application_number("EIC", 2026, "016", a) == application_number("EIC", 2026, "016", b)) == (a == b)


def test_a_typed_number_may_have_spaces_and_small_letters() -> None:
    assert str(parse_certificate_number(" eic/2026/016/0000081a / 00000002 ")) == "EIC/2026/016/0000081A/00000002"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EIC",
        "EIC/2026/016/0000081A",
        "EIC/2026/016/0000081A/2",
        "EIC/2026/016/0000081A/00000000",
        "EIC/2026/016/0000000A/00000001",
        "EIC/2026/016/0000081A/000000002",
        "EIC/2026/16/0000081A/00000002",
        "/EIC/2026/016/0000081A/00000002",
        "EIC/2026/016/0000081A/00000002/",
        "EIC/0000/016/0000081A/00000002",
        "EIC/२०२६/016/0000081A/00000002",
        "../../etc/passwd",
        "EIC/2026/016/0000081A/" + "0" * 500,
        "<script>/2026/016/0000081A/00000002",
    ],
)
def test_what_is_no_certificate_number_is_refused(text: str) -> None:
    with pytest.raises(NumberRefused) as caught:
        parse_certificate_number(text)
    assert caught.value.code == "number.certificate_form"


@pytest.mark.parametrize(
    "text", ["", "EIC/2026", "EIC/2026/001", "EIC/2026/0000", "EIC/2026/00001", "EIC/26/0001", "E" * 300]
)
def test_what_is_no_registration_number_is_refused(text: str) -> None:
    with pytest.raises(NumberRefused):
        parse_registration_number(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_parsers(text: str) -> None:
    for parse in (parse_registration_number, parse_application_number, parse_certificate_number):
        try:
            number = parse(text)
        except NumberRefused:
            continue
        assert parse(str(number)) == number


@pytest.mark.parametrize(
    ("prefix", "year", "n"),
    [
        ("", 2026, 1),
        ("eic", 2026, 1),
        ("E/C", 2026, 1),
        ("9EIC", 2026, 1),
        ("E" * 17, 2026, 1),
        ("EIC", 26, 1),
        ("EIC", 2026, 0),
    ],
)
def test_parts_out_of_range_cannot_be_written(prefix: str, year: int, n: int) -> None:
    with pytest.raises(ValueError):
        registration_number(prefix, year, n)


def test_a_certificate_number_needs_a_real_application_number() -> None:
    with pytest.raises(NumberRefused):
        certificate_number("EIC/2026", 1)
    with pytest.raises(ValueError):
        certificate_number("EIC/2026/016/0000081A", 0)
    with pytest.raises(ValueError):
        application_number("EIC", 2026, "16", 1)


def test_the_year_begins_at_midnight_in_india() -> None:
    before = datetime(2026, 12, 31, 18, 29, 59, tzinfo=UTC)
    after = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    assert (indian_date(before), indian_year(before)) == (date(2026, 12, 31), 2026)
    assert (indian_date(after), indian_year(after)) == (date(2027, 1, 1), 2027)
    with pytest.raises(ValueError, match="time zone"):
        indian_date(datetime(2026, 1, 1))
