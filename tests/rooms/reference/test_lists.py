from __future__ import annotations

import re

import pytest

from udgam.ground.reference import countries, currencies, harmonised_system, ports, transport_modes, units
from udgam.rules.identifiers import STATES

# Only signs in brackets of a Hindi name may be digits; Latin letters never.
LATIN = re.compile(r"[A-Za-z]")


@pytest.mark.parametrize(
    ("everything", "least"),
    [
        (countries.countries, 249),
        (currencies.currencies, 150),
        (units.units, 40),
        (units.packages, 30),
        (ports.ports, 45),
        (transport_modes.transport_modes, 9),
    ],
)
def test_a_list_is_complete_without_doubles_and_has_hindi_names(everything: object, least: int) -> None:
    english, hindi = everything("en"), everything("hi")  # type: ignore[operator]
    codes = [entry.code for entry in english]
    assert len(codes) == len(set(codes)) >= least
    assert {entry.code for entry in hindi} == set(codes)
    assert [entry.name for entry in hindi if LATIN.search(entry.name)] == []
    assert [entry.name for entry in english if not LATIN.search(entry.name)] == []
    assert len({entry.name for entry in english}) == len(codes)


def test_codes_are_found_in_either_case_and_nothing_else() -> None:
    assert countries.country("in") == countries.Country("IN", "IND", "India")
    assert countries.country("IN", "hi-IN").name == "भारत"  # type: ignore[union-attr]
    assert currencies.currency("jpy").digits == 0  # type: ignore[union-attr]
    assert currencies.currency("KWD").digits == 3  # type: ignore[union-attr]
    assert units.unit("kgm") == units.Unit("KGM", "kilogram", "kg")
    assert units.package("ct", "hi").name == "गत्ते का डिब्बा"  # type: ignore[union-attr]
    assert ports.port("innsa1").locode == "INNSA"  # type: ignore[union-attr]
    assert transport_modes.transport_mode("4").name == "air"  # type: ignore[union-attr]
    for nothing in ("", "XX", "XAU", "999", "in\x00", "ＩＮ"):
        assert countries.country(nothing) is None
        assert currencies.currency(nothing) is None
        assert units.unit(nothing) is None
        assert ports.port(nothing) is None


def test_every_port_lies_in_a_state_and_fits_its_kind() -> None:
    for port in ports.ports():
        assert re.fullmatch(r"IN[A-Z]{3}[14B]", port.code)
        assert port.state in STATES
    assert {port.mode for port in ports.ports()} == {"sea", "air", "land"}


@pytest.mark.parametrize(
    ("typed", "code"), [("0306.17", "030617"), (" 09 10 11 ", "091011"), ("0910", "0910"), ("09", "09")]
)
def test_an_hs_code_is_found_however_it_is_spelt(typed: str, code: str) -> None:
    entry = harmonised_system.hs_code(typed)
    assert entry is not None
    assert entry.code == code
    assert entry.level == len(code)
    assert entry.chapter == code[:2]


@pytest.mark.parametrize(
    "typed", ["", "030698", "77", "7701", "03061", "03061700", "TOTAL", "०३०६१७", "030617x", "0" * 500]
)
def test_what_is_not_in_hs_2022_is_not_found(typed: str) -> None:
    assert harmonised_system.hs_code(typed) is None


def test_hs_2022_is_the_edition() -> None:
    # New in 2022: electronic cigarettes (2404) and smartphones (8517.13). Gone since then: 8517.12.
    assert harmonised_system.hs_code("240412") is not None
    assert harmonised_system.hs_code("851713") is not None
    assert harmonised_system.hs_code("851712") is None


def test_searching_by_words_finds_whole_beginnings_of_words() -> None:
    found = harmonised_system.search_hs("frozen shrimps", limit=5)
    assert "030617" in {entry.code for entry in found}
    assert all(entry.level == 6 for entry in found)
    assert all("price" not in entry.description.lower() for entry in harmonised_system.search_hs("rice"))
    assert harmonised_system.search_hs("rice")[0].heading == "1006"


def test_searching_by_digits_lists_the_subheadings() -> None:
    codes = [entry.code for entry in harmonised_system.search_hs("0910.1")]
    assert codes == ["091011", "091012"]


@pytest.mark.parametrize("typed", ["", "   ", "%%%", "frozen 💥 qqqq", "\x00", "a" * 10_000, "1" * 10_000])
def test_a_search_for_nonsense_finds_nothing(typed: str) -> None:
    assert harmonised_system.search_hs(typed) == ()
