"""The credential, whole and in part: what it says, that other libraries agree, and that no byte of it can be changed."""

from __future__ import annotations

import json

import pytest
from joserfc import jwk, jws
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWS
from sd_jwt.verifier import SDJWTVerifier

from tests.signing.register import BASE, ISSUER, Register
from tests.signing.sealing import samples
from tests.signing.sealing.office import NOW, Office
from udgam.signing.proof.credential import CredentialRefused, present, read_credential
from udgam.signing.proof.jws import TokenRefused
from udgam.signing.proof.keys import from_base64url, to_base64url
from udgam.signing.sealing.stages import Certified


@pytest.fixture(scope="module")
def register(office: Office) -> Register:
    return Register(office)


@pytest.fixture(scope="module")
def certified(office: Office) -> Certified:
    return office.certified(office.content(items=2))


@pytest.fixture(scope="module")
def whole(register: Register, certified: Certified) -> str:
    return register.credential(certified)


@pytest.fixture(scope="module")
def part(register: Register, certified: Certified) -> str:
    return register.partial_credential(certified)


def test_a_credential_carries_the_content(register: Register, certified: Certified, whole: str) -> None:
    found = read_credential(whole)
    assert found.content_bytes == certified.content.canonical
    assert (found.content_sha256, found.status_index) == (certified.content.digest, samples.STATUS_INDEX)
    assert (found.key_id, found.issuer) == (register.office_key.public.id, ISSUER)
    assert found.token.signed_by(register.office_key.public)
    assert found.signed_at == NOW


def test_other_libraries_verify_it(register: Register, whole: str) -> None:
    public = register.office_key.public.jwk()
    token = JWS()
    token.deserialize(whole, JWK(**public))
    payload = json.loads(token.payload)
    assert payload["type"] == ["VerifiableCredential", "CertificateOfOrigin"]
    assert payload["credentialStatus"]["statusListCredential"] == f"{BASE}/status/0.jwt"
    other = jws.deserialize_compact(whole, jwk.ECKey.import_key(public), algorithms=["ES256"])
    assert other.payload == token.payload
    assert other.headers()["typ"] == "vc+jwt"


def test_a_part_can_be_shown_without_its_prices(register: Register, part: str) -> None:
    everything = read_credential(part)
    assert everything.shown["items"][0]["fob"] == "12600.00"
    shown = present(part)
    bank = read_credential(shown)
    assert bank.token.signed_by(register.office_key.public)
    assert "fob" not in json.dumps(bank.shown)
    assert "12600.00" not in shown
    assert "12600.00" not in "".join(str(from_base64url(one)) for one in shown.split("~")[1:-1])
    assert bank.shown["consignee"]["name"] == "Saigon Spice Trading Co., Ltd."
    assert read_credential(present(part, without=frozenset({"consignee", "fob"}))).shown.get("consignee") is None


def test_another_library_reads_the_part_alike(register: Register, part: str) -> None:
    key = JWK(**register.office_key.public.jwk())
    for text in (part, present(part)):
        verified = SDJWTVerifier(text, lambda _issuer, _header: key).get_verified_payload()
        verified.pop("_sd_alg", None)
        assert verified == read_credential(text).shown


def test_the_same_call_gives_the_same_bytes(register: Register, certified: Certified, whole: str, part: str) -> None:
    assert register.credential(certified) == whole
    assert register.partial_credential(certified) == part


@pytest.mark.parametrize("kind", ["whole", "part"])
def test_every_changed_byte_is_refused(register: Register, kind: str, request: pytest.FixtureRequest) -> None:
    text: str = request.getfixturevalue(kind)
    for place in range(len(text)):
        changed = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        try:
            found = read_credential(changed)
        except (TokenRefused, CredentialRefused):
            continue
        assert not found.token.signed_by(register.office_key.public), place


def forged(whole: str, **header: object) -> str:
    first, payload, signature = whole.split(".")
    plain = {**json.loads(from_base64url(first)), **header}
    from udgam.rules.content import canonical_json

    return ".".join((to_base64url(canonical_json(plain)), payload, signature))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "token.algorithm"),
        ({"alg": "HS256"}, "token.algorithm"),
        ({"alg": "RS256"}, "token.algorithm"),
        ({"alg": "ES384"}, "token.algorithm"),
        ({"typ": "JWT"}, "token.kind"),
        ({"jwk": {}}, "token.unreadable"),
        ({"crit": ["exp"]}, "token.unreadable"),
    ],
)
def test_a_token_does_not_choose_how_it_is_checked(whole: str, header: dict[str, object], code: str) -> None:
    with pytest.raises(TokenRefused) as refusal:
        read_credential(forged(whole, **header))
    assert refusal.value.code == code


def test_a_foreign_disclosure_is_refused(part: str, register: Register, office: Office) -> None:
    other = register.partial_credential(office.certified(office.content(items=1)))
    mixed = part + other.split("~")[1] + "~"
    with pytest.raises(CredentialRefused):
        read_credential(mixed)
    with pytest.raises(CredentialRefused):
        read_credential(part + part.split("~")[1] + "~")


@pytest.mark.parametrize("text", ["", "a.b.c", "...", "~", "a~", "eyJ.eyJ.eyJ", "a.b.c~d~", "\u00e9.b.c"])
def test_what_is_no_credential_is_refused(text: str) -> None:
    with pytest.raises((TokenRefused, CredentialRefused)):
        read_credential(text)


@pytest.mark.parametrize(
    "data", [b'["a","b","\\ud800"]', b"[" * 200 + b"]" * 200, b'["a","b",9007199254740993]', b"[1.5]"]
)
def test_a_disclosure_without_a_canonical_form_is_refused(part: str, data: bytes) -> None:
    with pytest.raises(CredentialRefused):
        read_credential(f"{part}{to_base64url(data)}~")
