"""The cast must be usable: its identifiers are right by python-stdnum, which knows nothing of ours."""

from __future__ import annotations

import re

import pytest
from stdnum.in_ import gstin, pan

from udgam.sandbox import cast

EXPECTED = {
    "spices",
    "mango",
    "loom",
    "ceramics",
    "inactive",
    "mismatch",
    "slow",
    "down",
    "garbled",
    "no-contact",
    "no-branches",
    "pan-hash",
    "sez",
    "ladakh",
    "hindi",
}


def test_every_kind_of_firm_is_there() -> None:
    assert {firm.key for firm in cast.FIRMS.values()} == EXPECTED
    assert cast.UNKNOWN_IEC not in cast.FIRMS


def test_iecs_are_ten_digits_or_the_firms_own_pan() -> None:
    for iec, firm in cast.FIRMS.items():
        assert iec == firm.iec
        assert re.fullmatch(r"[0-9]{10}", iec) or iec == firm.pan
    assert cast.firm_by_key("spices").iec.startswith("03")


def test_pans_are_valid_fictional_and_different() -> None:
    seen: dict[str, str] = {}
    for firm in cast.FIRMS.values():
        for holder, number in [(firm.name, firm.pan), *((person.name, person.pan) for person in firm.people)]:
            assert pan.validate(number) == number
            assert number.startswith("ZZZ")
            if firm.constitution != "proprietorship":
                assert seen.setdefault(number, holder) == holder


def test_the_fourth_letter_of_a_pan_tells_the_constitution() -> None:
    letters = {"proprietorship": "P", "partnership": "F", "llp": "F", "company": "C"}
    for firm in cast.FIRMS.values():
        assert firm.pan[3] == letters[firm.constitution]


def test_gstins_are_valid_and_carry_state_and_pan() -> None:
    for firm in cast.FIRMS.values():
        for branch in firm.branches:
            number = firm.branch_gstins().get(branch.code)
            assert (number is None) == branch.sez
            if number is None:
                continue
            assert number[:2] == branch.address.state_code
            assert number[2:12] == firm.pan
            # python-stdnum does not know Ladakh; the check character of that one is compared in the next test.
            if branch.address.state_code != "38":
                assert gstin.validate(number) == number


def test_the_check_character_agrees_with_a_published_sample() -> None:
    # The sample of python-stdnum's own documentation.
    assert cast.gstin("27", "AAPFU0939F") == "27AAPFU0939F1ZV"


@pytest.mark.parametrize("state", [f"{number:02d}" for number in range(1, 38)])
def test_the_check_character_is_right_in_every_state_that_stdnum_knows(state: str) -> None:
    assert gstin.validate(cast.gstin(state, "ZZZCM0102B"))


def test_ladakh_is_there_with_its_state_code() -> None:
    ladakh = cast.firm_by_key("ladakh")
    assert ladakh.branch_gstins() == {1: cast.gstin("38", ladakh.pan)}
    assert ladakh.branches[0].address.state_code == "38"


def test_mail_goes_to_reserved_names_and_numbers_look_invented() -> None:
    contacts = [(firm.email, firm.mobile) for firm in cast.FIRMS.values()] + [
        (one.email, one.mobile) for one in cast.PEOPLE.values()
    ]
    for email, mobile in contacts:
        assert email is None or email.endswith(".example")
        assert mobile is None or re.fullmatch(r"\+919999900\d{3}", mobile)


def test_everybody_has_a_token_that_fits() -> None:
    for person in cast.PEOPLE.values():
        spec = cast.token(person.token)
        assert spec.holder == person.name
        if person.firm:
            firm = cast.firm_by_key(person.firm)
            assert person.name in {one.name for one in firm.people}
            assert spec.organisation in {firm.name, "Personal"}
        elif person.kind in {"officer", "agency-admin"}:
            assert spec.organisation == cast.AGENCY.registered_name


def test_the_two_colleagues_are_listed_in_one_firm() -> None:
    assert cast.person("exporter").firm == cast.person("colleague").firm == "spices"


def test_the_introduction_names_every_token_with_its_pin() -> None:
    text = cast.introduction()
    for spec in cast.TOKENS.values():
        assert re.search(rf"\b{re.escape(spec.name)} +{spec.pin}\b", text), spec.name
