"""Where an IEC is looked for in a certificate, and where it is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udgam.rules.binding import CertificateField, default_profiles_json, find_iecs, read_profiles
from udgam.rules.binding.locators import ProfilesRefused

IEC = "0305900017"


def found(place: str, text: str) -> list[tuple[str, str]]:
    return [(finding.value, finding.evidence) for finding in find_iecs([CertificateField(place, text)], issuer="CN=CA")]


@pytest.mark.parametrize(
    ("place", "text", "value"),
    [
        ("subject.OU", "IEC0305900017", IEC),
        ("subject.OU", "IEC: 0305900017", IEC),
        ("subject.OU", "iec_0305900017", IEC),
        ("subject.OU", "IEC CODE - 0305900017, BRANCH 001", IEC),
        ("subject.OU", "IEC No. 0305900017", IEC),
        ("subject.OU", "IEC-ZZZPD0101A", "ZZZPD0101A"),
        ("subject.OU", "IECzzzpd0101a", "ZZZPD0101A"),
        ("subject.title", "Director IEC 0305900017", IEC),
        ("subject.2.5.4.97", "IEC=0305900017", IEC),
        ("san.rfc822Name", "iec0305900017@example.in", IEC),
        ("san.otherName.1.2.3", "IEC 0305900017", IEC),
        ("extension.2.16.356.1", "IEC 0305900017", IEC),
    ],
)
def test_a_marked_iec_is_found(place: str, text: str, value: str) -> None:
    assert found(place, text) == [(value, "marker")]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("subject.telephoneNumber", "9876543210"),
        ("subject.postalCode", "6820020000"),
        ("subject.OU", "Phone 9876543210"),
        ("subject.OU", "IEC 03059000171"),
        ("subject.OU", "BRIEC0305900017"),
        ("subject.OU", "IEC 305900017"),
        ("subject.OU", "IEC ०३०५९०००१७"),
        ("subject.OU", "IEC ZZZXD0101A"),
        ("subject.serialNumber", "a" * 64),
        ("issuer.OU", "IEC 0305900017"),
        ("subject.OU", "IEC 0305900017" + " " * 2000),
    ],
)
def test_ten_digits_alone_are_no_iec(place: str, text: str) -> None:
    assert found(place, text) == []


def test_a_bare_value_in_ou_is_only_a_claim() -> None:
    assert found("subject.OU", " 0305900017 ") == [(IEC, "claimed")]
    assert found("subject.OU", "ZZZPD0101A") == [("ZZZPD0101A", "claimed")]
    assert found("subject.CN", "0305900017") == []


def test_organisational_units_come_first() -> None:
    fields = [CertificateField("subject.CN", "IEC 0405900031"), CertificateField("subject.OU", "IEC 0305900017")]
    assert [finding.value for finding in find_iecs(fields, issuer="CN=CA")] == [IEC, "0405900031"]


def test_one_text_may_hold_two_values_and_both_are_seen() -> None:
    assert [value for value, _ in found("subject.OU", "IEC 0305900017 IEC 0405900031")] == [IEC, "0405900031"]


def test_a_profile_of_one_issuer_is_silent_for_others() -> None:
    profiles = read_profiles(
        json.dumps(
            {
                "format": "udgam.iec-profiles/1",
                "profiles": [
                    {
                        "name": "extension of one authority",
                        "issuer": "Example Licensed CA",
                        "places": ["extension.1.2.3"],
                        "pattern": "(?P<iec>[0-9]{10})",
                        "evidence": "marker",
                    }
                ],
            }
        ).encode()
    )
    fields = [CertificateField("extension.1.2.3", IEC)]
    (finding,) = find_iecs(fields, issuer="CN=Class 3,O=EXAMPLE Licensed CA,C=IN", profiles=profiles)
    assert (finding.profile, finding.where) == ("extension of one authority", "extension.1.2.3")
    assert find_iecs(fields, issuer="CN=Other", profiles=profiles) == ()


GOOD_PROFILE = {"name": "x", "issuer": None, "places": ["subject.OU"], "pattern": "(?P<iec>.)", "evidence": "marker"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"issuer": 7},
        {"places": []},
        {"places": ["OU"]},
        {"places": "subject.OU"},
        {"pattern": "("},
        {"pattern": "[0-9]{10}"},
        {"pattern": None},
        {"evidence": "hope"},
        {"source": 1},
    ],
)
def test_a_profile_that_cannot_be_used_is_refused(change: dict[str, object]) -> None:
    whole = {"format": "udgam.iec-profiles/1", "profiles": [GOOD_PROFILE | change]}
    with pytest.raises(ProfilesRefused, match="profile 1"):
        read_profiles(json.dumps(whole).encode())


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[]", b'{"format":"other"}', b"[" * 100_000, b'{"format":"udgam.iec-profiles/1"}']
)
def test_a_file_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(ProfilesRefused):
        read_profiles(data)


def test_the_shipped_profiles_can_be_read_back_and_name_their_source() -> None:
    assert all(profile.source for profile in read_profiles(default_profiles_json()))


@given(st.text(max_size=200))
def test_no_text_breaks_the_locators(text: str) -> None:
    for finding in find_iecs([CertificateField("subject.OU", text)], issuer=text):
        assert len(finding.value) == 10
