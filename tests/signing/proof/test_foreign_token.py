"""Signed tokens of others: the key by the issuer's name, from a document in the trust folder, or from a certificate in the token."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.signing import pki
from tests.signing.proof.made import check, failed
from tests.signing.sealing.office import LATER, Office
from udgam.signing.proof import Report, TrustFolder, TrustFolderUnusable
from udgam.signing.proof.keys import to_base64url
from udgam.signing.trust import TrustStore

TRUST = TrustFolder(TrustStore(()), (), None, (), None)
WEB = "did:web:chamber.example:issuers:7"
Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def sign(key: Private, algorithm: str, data: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    chosen = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    if isinstance(key, rsa.RSAPrivateKey):
        scheme: Any = (
            padding.PSS(padding.MGF1(chosen), chosen.digest_size) if algorithm[0] == "P" else padding.PKCS1v15()
        )
        return key.sign(data, scheme, chosen)
    size = (key.curve.key_size + 7) // 8
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(chosen)))
    return r.to_bytes(size) + s.to_bytes(size)


def token(key: Private, algorithm: str, claims: dict[str, Any], **header: Any) -> str:
    head = to_base64url(compact({"alg": algorithm, "typ": "JWT", **header}))
    body = to_base64url(compact({"vc": {"type": ["VerifiableCredential"]}, **claims}))
    return f"{head}.{body}.{to_base64url(sign(key, algorithm, f'{head}.{body}'.encode()))}"


def jwk(key: Private) -> dict[str, str]:
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(public.public_bytes(Encoding.Raw, PublicFormat.Raw))}
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        return {"kty": "RSA", "e": to_base64url(numbers.e.to_bytes(3)), "n": to_base64url(numbers.n.to_bytes(256))}
    size = (public.curve.key_size + 7) // 8
    point = public.public_numbers()
    curve = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}[public.curve.name]
    return {
        "kty": "EC",
        "crv": curve,
        "x": to_base64url(point.x.to_bytes(size)),
        "y": to_base64url(point.y.to_bytes(size)),
    }


def base58(data: bytes) -> str:
    signs, number, text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        text = signs[rest] + text
    return "z" + text


def did_key(key: Private) -> str:
    public = key.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "did:key:" + base58(b"\xed\x01" + public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    prefix = {"secp256r1": b"\x80\x24", "secp384r1": b"\x81\x24", "secp521r1": b"\x82\x24"}[public.curve.name]
    return "did:key:" + base58(prefix + public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def did_jwk(key: Private) -> str:
    return "did:jwk:" + to_base64url(compact(jwk(key)))


KEYS: dict[str, Private] = {
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "RS256": rsa.generate_private_key(65537, 2048),
}
KEYS |= {"PS256": KEYS["RS256"]}


def told(report: Report, step: str) -> str:
    return next(str(one.detail) for one in report.checks if one.id == step)


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_name_that_is_its_own_key_lets_anybody_check(algorithm: str) -> None:
    key = KEYS[algorithm]
    for issuer in [did_jwk(key)] + ([did_key(key)] if algorithm[:2] in {"ES", "Ed"} else []):
        good = token(key, algorithm, {"iss": issuer}, kid=f"{issuer}#0")
        report = check(good, TRUST)
        assert (report.valid, report.kind, report.integrity) == (False, "foreign-credential", True)
        assert "Who holds that key is not known" in told(report, "foreign.issuer")
        head, _body, signature = good.split(".")
        other = to_base64url(compact({"iss": issuer, "vc": {"type": ["Other"]}}))
        assert not check(f"{head}.{other}.{signature}", TRUST).integrity


def test_the_sample_keys_of_the_method_are_read() -> None:
    # A P-256 and an Ed25519 name from the examples of the did:key method.
    from udgam.signing.proof.foreign_keys import keys_of

    for name, kind in {
        "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp": ed25519.Ed25519PublicKey,
        "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169": ec.EllipticCurvePublicKey,
    }.items():
        [key] = keys_of(name, key_id="", documents={}) or ()
        assert isinstance(key, kind)


def trust_with_document(folder: Path, key: Private, **changes: Any) -> TrustFolder:
    document = {
        "id": WEB,
        "verificationMethod": [
            {"id": f"{WEB}#one", "type": "JsonWebKey", "controller": WEB, "publicKeyJwk": jwk(key)},
            {
                "id": f"{WEB}#two",
                "type": "Multikey",
                "controller": WEB,
                "publicKeyMultibase": did_key(KEYS["ES384"])[8:],
            },
        ],
        "assertionMethod": [f"{WEB}#one"],
        **changes,
    }
    place = folder / "did/chamber.example/issuers/7/did.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(compact(document))
    from udgam.signing.proof.trust_folder import others_in

    return replace(TRUST, did_documents=others_in(folder))


def test_a_domain_is_believed_by_its_document_in_the_trust_folder_and_nobody_is_asked(tmp_path: Path) -> None:
    key = KEYS["ES256"]
    trust = trust_with_document(tmp_path, key)
    good = token(key, "ES256", {"iss": WEB}, kid=f"{WEB}#one")
    report = check(good, trust)
    assert report.integrity
    assert failed(report) == ["credential.ours"]
    assert report.outcome("foreign.issuer") == "pass"
    assert check(token(key, "ES256", {"issuer": {"id": WEB}}), trust).integrity
    # Without the document nobody knows.
    assert check(good, TRUST).outcome("foreign.whole") == "skipped"
    # A key that is listed, but not for assertions; a key of another; another domain's name.
    unlisted = token(KEYS["ES384"], "ES384", {"iss": WEB}, kid=f"{WEB}#two")
    assert check(unlisted, trust).outcome("foreign.whole") == "fail"
    assert check(token(KEYS["EdDSA"], "EdDSA", {"iss": WEB}), trust).outcome("foreign.whole") == "fail"
    elsewhere = token(key, "ES256", {"iss": "did:web:chamber.example"})
    assert check(elsewhere, trust).outcome("foreign.whole") == "skipped"
    assert check(
        token(KEYS["ES384"], "ES384", {"iss": WEB}), trust_with_document(tmp_path, key, assertionMethod=["#two"])
    ).integrity


@pytest.mark.parametrize("spoil", ["other name", "no json", "large"])
def test_half_a_folder_of_documents_is_not_believed(tmp_path: Path, spoil: str) -> None:
    trust_with_document(tmp_path, KEYS["ES256"])
    place = next(tmp_path.rglob("did.json"))
    place.write_bytes(
        {"other name": b'{"id": "did:web:another.example"}', "no json": b"{", "large": b" " * 300_000}[spoil]
    )
    from udgam.signing.proof.trust_folder import others_in

    with pytest.raises(TrustFolderUnusable) as refused:
        others_in(tmp_path)
    assert refused.value.code == "trust.did"


def test_a_certificate_in_the_token_counts_when_it_leads_to_an_anchor(office: Office, trust_path: Path) -> None:
    trust = TrustFolder.load(trust_path)
    chain = [
        b64encode(office.officer.der).decode(),
        b64encode(office.below.certificate.public_bytes(Encoding.DER)).decode(),
    ]
    good = token(office.officer.key, "RS256", {"iss": "https://chamber.example"}, x5c=chain)
    report = check(good, trust)
    assert report.integrity
    assert "The certificate of Meera Kulkarni leads to" in told(report, "foreign.issuer")
    nobody = pki.make_root("Root of nobody").leaf(key_name="stranger")
    claimed = token(nobody.key, "ES256", {"iss": "https://chamber.example"}, x5c=[b64encode(nobody.der).decode()])
    report = check(claimed, trust)
    assert report.integrity
    assert report.outcome("foreign.issuer") == "fail"
    # The certificate of one, the signature of another.
    assert not check(token(nobody.key, "ES256", {"iss": "x"}, x5c=chain), trust).integrity


@pytest.mark.parametrize(
    "header",
    [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES384"}, {"alg": "RS256"}, {"alg": "ES256K"}, {"crit": ["b64"], "b64": False},
     {"kid": "did:jwk:another#0"}, {"alg": ["ES256"]}],
)  # fmt: skip
def test_a_token_does_not_choose_how_it_is_checked(header: dict[str, Any]) -> None:
    key = KEYS["ES256"]
    head = to_base64url(compact({"alg": "ES256"} | header))
    body = to_base64url(compact({"iss": did_jwk(key), "vc": {}}))
    made = f"{head}.{body}.{to_base64url(sign(key, 'ES256', f'{head}.{body}'.encode()))}"
    report = check(made, TRUST)
    assert not report.integrity
    assert report.outcome("foreign.whole") in {"fail", "skipped"}


def test_a_key_in_the_header_and_the_same_name_twice_count_for_nothing() -> None:
    mine, theirs = KEYS["ES256"], KEYS["EdDSA"]
    assert not check(token(mine, "ES256", {"iss": did_jwk(theirs)}, jwk=jwk(mine)), TRUST).integrity
    head = to_base64url(compact({"alg": "ES256"}))
    body = to_base64url(b'{"vc":{},"iss":"did:web:trusted.example","iss":"' + did_jwk(mine).encode() + b'"}')
    twice = f"{head}.{body}.{to_base64url(sign(mine, 'ES256', f'{head}.{body}'.encode()))}"
    assert not check(twice, TRUST).integrity


def test_the_period_that_it_states_is_looked_at() -> None:
    key, now = KEYS["ES256"], int(LATER.timestamp())
    for claims, outcome in (
        ({"exp": now - 1}, "fail"),
        ({"nbf": now + 3600}, "fail"),
        ({"vc": {"expirationDate": "2026-01-01T00:00:00Z"}}, "fail"),
        ({"validUntil": "2026-01-01"}, "fail"),
        ({"exp": now + 3600, "nbf": now - 3600}, "pass"),
        ({"exp": "soon"}, "fail"),
        ({"exp": 10**30}, "fail"),
        ({}, "skipped"),
    ):
        report = check(token(key, "ES256", {"iss": did_jwk(key), **claims}), TRUST)
        assert report.outcome("foreign.period") == outcome, claims


def test_a_disclosed_part_must_belong_to_what_was_signed() -> None:
    key = KEYS["ES256"]
    part = to_base64url(compact(["salt", "exporter", {"name": "Kaveri", "_sd": []}]))
    named = to_base64url(hashlib.sha256(part.encode()).digest())
    signed = token(key, "ES256", {"iss": did_jwk(key), "_sd": [named]})
    assert check(f"{signed}~{part}~", TRUST).integrity
    assert check(f"{signed}~", TRUST).integrity
    other = to_base64url(compact(["salt", "exporter", {"name": "Another"}]))
    assert check(f"{signed}~{other}~", TRUST).outcome("foreign.whole") == "fail"
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    nested = to_base64url(compact(["salt", "x", deep]))
    assert not check(f"{signed}~{nested}~", TRUST).integrity
    assert not check(f"{signed}~" + "~".join(["W10"] * 3000) + "~", TRUST).integrity


@pytest.mark.parametrize("moment", [1e17, -1e17, 1e300, float("inf"), float("nan"), "soon", None, [], 10**400])
@pytest.mark.parametrize("name", ["exp", "nbf"])
def test_a_moment_beyond_all_calendars_is_answered(name: str, moment: Any) -> None:
    key = KEYS["ES256"]
    report = check(token(key, "ES256", {"iss": did_jwk(key), name: moment}), TRUST)
    assert report.kind == "foreign-credential"
    assert not report.valid
