"""Identifiers: what is accepted, what is refused, and with which reason."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.in_ import gstin as stdnum_gstin

from udgam.rules.identifiers import (
    STATES,
    STATES_TO_CHOOSE,
    IdentifierRefused,
    check_gstin,
    mask_email,
    mask_mobile,
    mask_name,
    pan_of_register,
    parse_aeo,
    parse_email,
    parse_iec,
    parse_mobile,
    parse_pan,
    same_email,
    same_mobile,
    state_code_of,
)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PAN = "ZZZCM0102B"


def gstin(state: str, pan: str = PAN, entity: str = "1", kind: str = "Z") -> str:
    body = f"{state}{pan}{entity}{kind}"
    return body + luhn.calc_check_digit(body, ALPHABET)


def refused(code: str) -> pytest.RaisesExc[IdentifierRefused]:
    return pytest.RaisesExc(IdentifierRefused, check=lambda error: error.code == code)


@pytest.mark.parametrize(
    ("typed", "value", "is_pan"),
    [
        ("0305900017", "0305900017", False),
        (" 0305 9000 17 ", "0305900017", False),
        ("０３０５９０００１７", "0305900017", False),
        ("zzzpd0101a", "ZZZPD0101A", True),
        ("ZZZPD-0101-A", "ZZZPD0101A", True),
        ("\ufeff0305900017", "0305900017", False),
    ],
)
def test_an_iec_keeps_its_zeros_and_loses_what_copying_added(typed: str, value: str, is_pan: bool) -> None:
    iec = parse_iec(typed)
    assert (iec.value, iec.is_pan, str(iec)) == (value, is_pan, value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "iec.empty"),
        ("   ", "iec.empty"),
        ("305900017", "iec.leading_zero_lost"),
        ("12345678", "iec.length"),
        ("03059000171", "iec.length"),
        ("030590001A", "iec.form"),
        ("०३०५९०००१७", "iec.form"),
        ("ZZZXD0101A", "pan.holder_type"),
        ("ZZZPD0000A", "pan.serial"),
        ("'; DROP --", "iec.length"),
    ],
)
def test_an_iec_of_another_form_is_refused(typed: str, code: str) -> None:
    with refused(code):
        parse_iec(typed)


@given(st.text(max_size=40))
def test_no_text_at_all_breaks_the_parsers(text: str) -> None:
    for parse in (parse_iec, parse_pan, parse_aeo, parse_mobile, parse_email, pan_of_register):
        with suppress(IdentifierRefused):
            parse(text)
    with suppress(IdentifierRefused):
        check_gstin(text, pan=text, state_code=text)
    assert state_code_of(text) in {None, *STATES}


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_every_ten_digits_are_a_possible_iec(digits: str) -> None:
    assert parse_iec(digits).value == digits


def test_a_pan_masks_and_hashes_as_certificates_do() -> None:
    pan = parse_pan("zzzcm0102b")
    assert pan.masked == "ZZZCMXXXXB"
    assert pan.holder_type == "C"
    assert pan.sha256 == hashlib.sha256(b"ZZZCM0102B").hexdigest()


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "pan.empty"), ("ZZZ", "pan.length"), ("1ZZCM0102B", "pan.form"), ("ZZZCM0102BFT001", "pan.length")],
)
def test_a_pan_of_another_form_is_refused(typed: str, code: str) -> None:
    with refused(code):
        parse_pan(typed)


def test_the_registers_suffix_is_taken_off_a_pan() -> None:
    assert pan_of_register("ZZZCM0102BFT001").value == PAN
    assert pan_of_register("ZZZCM0102B").value == PAN
    with refused("pan.length"):
        pan_of_register("ZZZCM0102BFT01")


@pytest.mark.parametrize("code", sorted(STATES))
def test_every_state_code_is_accepted_also_those_the_library_refuses(code: str) -> None:
    number = check_gstin(gstin(code), pan=PAN)
    assert number.state_code == code
    assert number.pan == PAN
    assert number.entity == "1"
    if int(code) <= 37:
        assert stdnum_gstin.is_valid(number.value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "gstin.empty"),
        ("32ZZZCM0102B1Z", "gstin.length"),
        ("AAZZZCM0102B1ZA", "gstin.form"),
        (gstin("32")[:-1] + ("0" if gstin("32")[-1] != "0" else "1"), "gstin.check_character"),
        ("32ZZZCM0102B0Z0", "gstin.form"),
        ("0717USA12345NF4", "gstin.uin"),
        ("0717UNO00157UN7", "gstin.uin"),
        ("0717USA12345NR4", "gstin.non_resident"),
        ("9917USA12345OS9", "gstin.non_resident"),
        (gstin("32", kind="D"), "gstin.tds"),
        (gstin("32", kind="C"), "gstin.tcs"),
        (gstin("32", kind="Y"), "gstin.kind"),
        (gstin("39"), "gstin.state_unknown"),
        (gstin("00"), "gstin.state_unknown"),
        (gstin("32", pan="ZZZXM0102B"), "pan.holder_type"),
        (gstin("32", pan="ZZZPD0101A"), "gstin.pan_differs"),
    ],
)
def test_a_gstin_that_cannot_be_this_firms_is_refused(typed: str, code: str) -> None:
    with refused(code):
        check_gstin(typed, pan=PAN)


@pytest.mark.parametrize(
    ("in_gstin", "of_branch"),
    [("32", "32"), ("38", "38"), ("38", "01"), ("97", "27"), ("96", "27"), ("99", "27"), ("26", "25"), ("28", "37")],
)
def test_a_gstin_of_the_branchs_state_or_of_no_state_is_accepted(in_gstin: str, of_branch: str) -> None:
    assert check_gstin(gstin(in_gstin), pan=PAN, state_code=of_branch).state_code == in_gstin


@pytest.mark.parametrize(("in_gstin", "of_branch"), [("32", "27"), ("01", "38"), ("36", "37"), ("27", "97")])
def test_a_gstin_of_another_state_is_refused(in_gstin: str, of_branch: str) -> None:
    with refused("gstin.state_differs") as caught:
        check_gstin(gstin(in_gstin), pan=PAN, state_code=of_branch)
    assert STATES[in_gstin][0] in caught.value.message
    assert STATES[of_branch][0] in caught.value.message


@given(st.sampled_from(sorted(STATES)), st.integers(0, 14), st.sampled_from(ALPHABET))
def test_one_changed_character_never_passes_for_the_same_firm(state: str, place: int, sign: str) -> None:
    number = gstin(state)
    changed = number[:place] + sign + number[place + 1 :]
    if changed == number:
        return
    with pytest.raises(IdentifierRefused):
        check_gstin(changed, pan=PAN, state_code=state)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kerala", "32"),
        ("KERALA ", "32"),
        ("केरल", "32"),
        ("Orissa", "21"),
        ("Jammu & Kashmir", "01"),
        ("जम्मू और कश्मीर", "01"),
        ("NCT of Delhi", "07"),
        ("Andhra Pradesh", "37"),
        ("Pondicherry", "34"),
        ("ANDAMAN AND NICOBAR ISLANDS", "35"),
        ("Dadra & Nagar Haveli", "26"),
        ("Ladakh", "38"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_states_are_found_by_their_names(name: str, code: str | None) -> None:
    assert state_code_of(name) == code


def test_the_list_to_choose_from_has_todays_states_only() -> None:
    assert len(STATES_TO_CHOOSE) == 36
    assert {"25", "28", "96", "97", "99"}.isdisjoint(STATES_TO_CHOOSE)
    assert [STATES[code][0] for code in STATES_TO_CHOOSE] == sorted(STATES[code][0] for code in STATES_TO_CHOOSE)


def test_every_state_has_a_name_in_devanagari() -> None:
    assert all(any("\u0900" <= sign <= "\u097f" for sign in hindi) for _, hindi in STATES.values())


def test_an_aeo_number_of_another_firm_is_accepted_with_a_warning() -> None:
    assert parse_aeo("INZZZCM0102B1F182", pan=PAN).warning is None
    assert parse_aeo("in zzzcm0102b 1f182").value == "INZZZCM0102B1F182"
    assert parse_aeo("INZZZPD0101A1F182", pan=PAN).warning == "aeo.pan_differs"
    for wrong in ("", "IN123", "IN" + "A" * 20, "IN/ZZZCM0102B"):
        with refused("aeo.form"):
            parse_aeo(wrong)


@pytest.mark.parametrize("typed", ["9000000102", "+91 90000 00102", "09000000102", "+91-9000000102"])
def test_a_mobile_is_read_in_all_its_writings(typed: str) -> None:
    assert parse_mobile(typed) == "9000000102"
    assert same_mobile(typed, "+919000000102")


@pytest.mark.parametrize("typed", ["", "5000000102", "900000010", "+1 9000000102", "९०००००१०२"])
def test_a_number_that_is_no_indian_mobile_is_refused(typed: str) -> None:
    with refused("mobile.form"):
        parse_mobile(typed)
    assert not same_mobile(typed, typed)


def test_an_email_is_compared_without_case() -> None:
    assert parse_email(" Exports@Malabar-Monsoon.EXAMPLE ") == "Exports@malabar-monsoon.example"
    assert same_email("EXPORTS@malabar-monsoon.example", "exports@malabar-monsoon.example")
    assert not same_email("export@malabar-monsoon.example", "exports@malabar-monsoon.example")


@pytest.mark.parametrize(
    "typed",
    ["", "@x.in", "a@", "a@b", "a b@c.in", "a@@c.in", "a@c..in", ".a@c.in", "a.@c.in", "a@c.in\r\nBcc: x@y.in", "a@1.2.3.4",
     "a@-c.in", "x" * 65 + "@c.in", "नाम@example.in"],
)  # fmt: skip
def test_what_is_no_email_is_refused(typed: str) -> None:
    with refused("email.form"):
        parse_email(typed)


def test_masks_show_enough_to_recognise_and_no_more() -> None:
    assert mask_mobile("9000000102") == "•••••••102"
    assert mask_mobile("12") == "••"
    assert mask_email("anita@konkan-mango.example") == "a•••@k•••.example"
    assert mask_email("nonsense") == "•••"
    assert mask_name("Anita Deshmukh") == "A••• D•••"
