"""The signed QR code: what it says, that it is COSE as others read it, and that no character of it can be changed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import cbor2
import cwt
import pytest
from base45 import b45decode
from hypothesis import given
from hypothesis import strategies as st

from tests.signing.register import ISSUER, Register
from tests.signing.sealing import samples
from tests.signing.sealing.office import NOW, Office
from udgam.signing.proof import base45, cbor
from udgam.signing.proof.code import MOST_LINES, PREFIX, CodeClaims, CodeItem, CodeRefused, items_digest, read_code
from udgam.signing.sealing.code import sign_code


@pytest.fixture(scope="module")
def register(office: Office) -> Register:
    return Register(office)


def test_a_code_says_what_the_content_says(office: Office, register: Register) -> None:
    certified = office.certified(office.content(items=3))
    code = read_code(register.code(certified))
    assert code.key_id == register.office_key.public.id
    assert code.signed_by(register.office_key.public)
    claims = code.claims()
    assert claims == CodeClaims.of(
        certified.content.certificate, digest=certified.content.digest, issuer=ISSUER, signed_at=NOW
    )
    assert claims.status_index == samples.STATUS_INDEX
    assert [one.hs_code for one in claims.items] == ["09103030", "630221", "73239390"]
    assert not code.signed_by(register.list_key.public)


@pytest.mark.parametrize("items", [1, MOST_LINES, MOST_LINES + 1, 200])
def test_long_lists_of_goods_stand_as_their_digest(office: Office, register: Register, items: int) -> None:
    content = office.content(items=items)
    text = register.code(office.certified(content))
    claims = read_code(text).claims()
    assert claims.item_count == items
    assert len(claims.items) == (items if items <= MOST_LINES else 0)
    lines = tuple(CodeItem(hs_code=one.hs_code, quantity=one.quantity, unit=one.unit) for one in content.items)
    assert claims.items_sha256 == items_digest(lines)
    assert len(text) < 700


def test_claims_are_compressed_only_where_that_makes_the_code_shorter(office: Office, register: Register) -> None:
    short = register.code(office.certified(office.content(items=1)))
    assert not read_code(short).compressed
    claims = read_code(short).claims()
    long = sign_code(replace(claims, exporter="Malaygiri " * 60), key=register.office_key)
    assert read_code(long).compressed
    assert read_code(long).signed_by(register.office_key.public)
    assert read_code(long).claims().exporter == "Malaygiri " * 60


def test_other_libraries_read_and_verify_it(office: Office, register: Register) -> None:
    text = register.code(office.certified(office.content()))
    message = b45decode(text.removeprefix(PREFIX))
    public = register.office_key.public
    key = cwt.COSEKey.from_jwk(json.dumps({**public.jwk(), "alg": "ES256", "kid": "x"}))
    jwk = cwt.COSEKey.new({**key.to_dict(), 2: bytes.fromhex(public.id)})
    payload = cwt.COSE.new().decode(message, keys=[jwk])
    claims = cbor2.loads(payload)
    assert (claims[1], claims[2], claims[6]) == (ISSUER, samples.NUMBER, int(NOW.timestamp()))
    assert cbor2.dumps(cbor2.loads(message), canonical=True) == message


def test_every_changed_character_is_refused(office: Office, register: Register) -> None:
    text = register.code(office.certified(office.content(items=2)))
    for place, own in enumerate(text):
        for other in base45.ALPHABET:
            if other == own:
                continue
            try:
                code = read_code(text[:place] + other + text[place + 1 :])
            except CodeRefused:
                continue
            assert not code.signed_by(register.office_key.public), (place, other)


@pytest.mark.parametrize(
    "text",
    ["", "UD1:", "HC1:6BF", "UD1:abc", "UD1:::::", "UD1:6BF" * 1200, "UD1:" + base45.encode(b"\xd2\x84"), "\u0000"],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(CodeRefused):
        read_code(text)


def _message(protected: bytes, unprotected: dict[int, object], payload: bytes, signature: bytes, tag: int = 18) -> str:
    return PREFIX + base45.encode(cbor.encode(cbor.Tagged(tag, [protected, unprotected, payload, signature])))


@pytest.mark.parametrize(
    ("header", "unprotected", "signature", "tag"),
    [
        ({1: -8, 4: bytes(8)}, {}, bytes(64), 18),
        ({1: 5, 4: bytes(8)}, {}, bytes(64), 18),
        ({4: bytes(8)}, {}, bytes(64), 18),
        ({1: -7, 4: bytes(8)}, {4: b"x"}, bytes(64), 18),
        ({1: -7, 4: bytes(8), 2: [1]}, {}, bytes(64), 18),
        ({1: -7, 4: bytes(7)}, {}, bytes(64), 18),
        ({1: -7, 4: bytes(8)}, {}, bytes(63), 18),
        ({1: -7, 4: bytes(8)}, {}, bytes(64), 17),
        ({1: -7, 4: bytes(8), 3: "application/other"}, {}, bytes(64), 18),
    ],
)
def test_other_algorithms_and_forms_are_refused(
    header: dict[int, object], unprotected: dict[int, object], signature: bytes, tag: int
) -> None:
    with pytest.raises(CodeRefused):
        read_code(_message(cbor.encode(header), unprotected, b"x", signature, tag))


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, bytes(32) + b"\1" * 32])
def test_degenerate_signatures_do_not_hold(register: Register, signature: bytes) -> None:
    header = cbor.encode({1: -7, 4: bytes.fromhex(register.office_key.public.id)})
    assert not read_code(_message(header, {}, b"x", signature)).signed_by(register.office_key.public)


@given(st.binary(max_size=80))
def test_base45_reads_what_it_writes_as_others_do(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data == b45decode(base45.encode(data))


VALUES = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.integers(-9, 9) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_cbor_is_what_others_write_and_read(value: object) -> None:
    data = cbor.encode(value)
    assert cbor.decode(data) == value
    assert cbor2.loads(data) == value


@given(st.binary(max_size=60))
def test_whatever_cbor_reads_it_writes_alike(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except ValueError:
        return
    assert cbor.encode(value) == data


def test_quantities_keep_their_scale(office: Office, register: Register) -> None:
    goods = (samples.item(1, quantity=Decimal("0.10")), samples.item(2, quantity=Decimal("100")))
    claims = read_code(register.code(office.certified(office.content(goods=goods)))).claims()
    assert [str(one.quantity) for one in claims.items] == ["0.10", "100"]
    assert claims.signed_at == datetime(*NOW.timetuple()[:6], tzinfo=UTC)
