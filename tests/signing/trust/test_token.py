"""Authentication tokens: what other implementations make is accepted, every bent token has its own refusal."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.x509 import ReasonFlags

from tests.signing.pki import (
    CLASS_2,
    CLASS_3,
    DAY,
    DOCUMENT_SIGNER,
    EMAIL_PROTECTION,
    NOW,
    Credential,
    Pki,
    make_pki,
    make_root,
)
from tests.signing.trust.evidence import (
    NONCE,
    ORIGIN,
    Evidence,
    as_bytes,
    make_token,
    refused,
    sign_token,
    verify,
)
from udgam.signing.trust import NoRevocation, PathRefused, TrustStore
from udgam.signing.trust.reasons import all_reasons
from udgam.signing.trust.token import (
    AlgorithmRefused,
    ChainRefused,
    DocumentSignerRefused,
    FormatUnsupported,
    NonceRefused,
    OriginRefused,
    PurposeRefused,
    SignatureRefused,
    TokenRefused,
    TokenUnreadable,
    check_origin,
    new_nonce,
)

Token = dict[str, Any]


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [
        ("P-256", "ES256"),
        ("P-384", "ES384"),
        ("P-521", "ES512"),
        *[("RSA-2048", scheme + bits) for scheme in ("RS", "PS") for bits in ("256", "384", "512")],
    ],
)
def test_each_algorithm_of_the_format_is_accepted(kind: str, algorithm: str) -> None:
    pki = make_pki(leaf_kind=kind)
    verified = verify(pki, as_bytes(make_token(pki.leaf, algorithm)), policy=CLASS_3)
    assert verified.certificate == pki.leaf.certificate
    assert verified.algorithm == algorithm
    assert verified.path.anchor == pki.root.certificate


def test_the_evidence_is_plain_json_and_holds_what_must_be_kept(pki: Pki) -> None:
    token = as_bytes(make_token(pki.leaf))
    kept = json.loads(json.dumps(dict(verify(pki, token).evidence)))
    assert kept["token"] == token.decode()
    assert (kept["origin"], kept["nonce"]) == (ORIGIN, NONCE)
    assert len(kept["revocation"]) == 3
    assert {"kind", "sha256", "this_update", "next_update"} <= kept["revocation"][0].keys()


def test_bytes_text_and_mapping_are_read_alike(pki: Pki) -> None:
    token = make_token(pki.leaf)
    for form in (as_bytes(token), json.dumps(token), token, as_bytes(token) + b"\n"):
        assert verify(pki, form).format == "web-eid:1.0"


@pytest.mark.parametrize("version", ["web-eid:1", "web-eid:1.0", "web-eid:1.7"])
def test_minor_versions_only_add(pki: Pki, version: str) -> None:
    assert verify(pki, make_token(pki.leaf, format=version, somethingNew=[1, 2])).format == version


@pytest.mark.parametrize(
    "version", ["web-eid:0.9", "web-eid:2", "web-eid:10", "web-eid:1.0x", "webauthn:1", "WEB-EID:1.0"]
)
def test_other_versions_are_refused(pki: Pki, version: str) -> None:
    refused("token.format_unsupported", lambda: verify(pki, make_token(pki.leaf, format=version)), FormatUnsupported)


def test_app_version_is_optional(pki: Pki) -> None:
    assert verify(pki, make_token(pki.leaf, appVersion=None)).app_version is None


# Form.


def mutated(change: Callable[[str], str]) -> Callable[[Token], bytes]:
    return lambda token: change(json.dumps(token)).encode()


@pytest.mark.parametrize(
    ("code", "bend"),
    [
        ("token.size", lambda token: b""),
        ("token.size", lambda token: b'{"format":"web-eid:1.0"}'),
        ("token.size", lambda token: as_bytes(token | {"filler": "x" * 10_000})),
        ("token.size", lambda token: b"[" * 50_000),
        ("token.not_json", lambda token: b"[" * 9_000),
        ("token.not_json", lambda token: as_bytes(token)[:-1]),
        ("token.not_json", lambda token: b"\xff" * 200),
        ("token.not_json", lambda token: b"\xef\xbb\xbf" + as_bytes(token)),
        ("token.not_json", lambda token: json.dumps([token]).encode()),
        ("token.not_json", mutated(lambda text: text[:-1] + ', "more": NaN}')),
        ("token.not_json", mutated(lambda text: text.replace('"', "'"))),
        ("token.not_json", lambda token: token | {"more": {1, 2}}),
        ("token.duplicate_key", mutated(lambda text: text[:-1] + ', "algorithm": "RS256"}')),
        ("token.duplicate_key", mutated(lambda text: text[:-1] + ', "more": {"a": 1, "a": 2}}')),
        ("token.field_missing", lambda token: {k: v for k, v in token.items() if k != "unverifiedCertificate"}),
        ("token.field_missing", lambda token: token | {"signature": ""}),
        ("token.field_missing", lambda token: token | {"algorithm": None}),
        ("token.field_missing", lambda token: {k: v for k, v in token.items() if k != "format"}),
        ("token.field_invalid", lambda token: token | {"algorithm": ["ES256"]}),
        ("token.field_invalid", lambda token: token | {"format": 1.0}),
        ("token.field_invalid", lambda token: token | {"appVersion": {"major": 1}}),
        ("token.field_invalid", lambda token: token | {"signature": "not base64!"}),
        ("token.field_invalid", lambda token: token | {"signature": token["signature"].rstrip("=")}),
        (
            "token.field_invalid",
            lambda token: token | {"signature": token["signature"][:40] + "\n" + token["signature"][40:]},
        ),
        ("token.field_invalid", lambda token: token | {"signature": "é" * 88}),
        (
            "token.certificate_unreadable",
            lambda token: token | {"unverifiedCertificate": base64.b64encode(b"0" * 300).decode()},
        ),
        (
            "token.certificate_unreadable",
            lambda token: token | {"unverifiedCertificate": token["unverifiedCertificate"][:-400]},
        ),
    ],
)
def test_what_is_no_token_is_unreadable(pki: Pki, code: str, bend: Callable[[Token], bytes | Token]) -> None:
    token = make_token(pki.leaf)
    refused(code, lambda: verify(pki, bend(token)), TokenUnreadable)


def test_base64_has_one_spelling(pki: Pki) -> None:
    text = base64.b64encode(b"\x00" * 64).decode()
    assert text.endswith("AA==")
    loose = text[:-3] + "B=="
    assert base64.b64decode(loose) == b"\x00" * 64
    refused("token.field_invalid", lambda: verify(pki, make_token(pki.leaf, signature=loose)), TokenUnreadable)


def test_a_pem_text_in_place_of_der_is_unreadable(pki: Pki) -> None:
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(pki.leaf.der) + b"\n-----END CERTIFICATE-----"
    token = make_token(pki.leaf, unverifiedCertificate=base64.b64encode(pem).decode())
    refused("token.certificate_unreadable", lambda: verify(pki, token), TokenUnreadable)


# Origin and nonce.


@pytest.mark.parametrize(
    "origin",
    [
        "https://origin.example",
        "https://origin.example:8443",
        "https://xn--pike-loa.example",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        "http://localhost",
        "http://[::1]:8000",
    ],
)
def test_origins_as_browsers_write_them_are_accepted(pki: Pki, origin: str) -> None:
    assert verify(pki, make_token(pki.leaf, origin=origin), origin=origin)


@pytest.mark.parametrize(
    ("code", "origin"),
    [
        ("origin.trailing_slash", "https://origin.example/"),
        ("origin.not_https", "http://origin.example"),
        ("origin.not_https", "http://127.0.0.1.example"),
        ("origin.not_https", "http://localhost.example"),
        ("origin.not_https", "http://10.0.0.1:8000"),
        ("origin.not_https", "http://[:::::]"),
        ("origin.malformed", "https://origin.example/path"),
        ("origin.malformed", "https://origin.example?x"),
        ("origin.malformed", "https://user@origin.example"),
        ("origin.malformed", "https://Origin.example"),
        ("origin.malformed", "https://päike.example"),
        ("origin.malformed", "https://origin.example:443"),
        ("origin.malformed", "https://origin.example:99999"),
        ("origin.malformed", "https://origin.example:08443"),
        ("origin.malformed", "origin.example"),
        ("origin.malformed", "null"),
        ("origin.malformed", ""),
        ("origin.malformed", "ftp://origin.example"),
        ("origin.malformed", "https://origin.example\n"),
    ],
)
def test_other_origins_are_refused_even_when_the_token_was_made_for_them(pki: Pki, code: str, origin: str) -> None:
    refused(code, lambda: verify(pki, make_token(pki.leaf, origin=origin), origin=origin), OriginRefused)


def test_a_token_for_another_origin_or_nonce_is_refused(pki: Pki) -> None:
    relayed = make_token(pki.leaf, origin="https://evil.example")
    refused("token.signature", lambda: verify(pki, relayed), SignatureRefused)
    slash = make_token(pki.leaf, origin=ORIGIN + "/")
    refused("token.signature", lambda: verify(pki, slash), SignatureRefused)
    replayed = make_token(pki.leaf, nonce=new_nonce())
    refused("token.signature", lambda: verify(pki, replayed), SignatureRefused)


def test_the_nonce_is_its_text_not_its_bytes(pki: Pki) -> None:
    raw = base64.b64decode(NONCE).decode("latin-1")
    refused("token.signature", lambda: verify(pki, make_token(pki.leaf, nonce=raw)), SignatureRefused)


def test_without_a_nonce_nothing_is_accepted(pki: Pki) -> None:
    refused("nonce.missing", lambda: verify(pki, make_token(pki.leaf, nonce=""), nonce=""), NonceRefused)
    for nonce in ("x" * 129, "é" * 44, "a\nb"):
        refused("nonce.malformed", lambda nonce=nonce: verify(pki, make_token(pki.leaf), nonce=nonce), NonceRefused)


def test_a_nonce_is_44_characters_and_never_the_same() -> None:
    nonces = {new_nonce() for _ in range(100)}
    assert len(nonces) == 100
    assert {len(base64.b64decode(nonce)) for nonce in nonces} == {32}
    assert {len(nonce) for nonce in nonces} == {44}


# Algorithm and signature.


@pytest.mark.parametrize("algorithm", ["none", "RS1", "HS256", "ES256K", "EdDSA", "rs256", "SHA1withRSA", "ES224"])
def test_algorithms_outside_the_list_are_refused(pki: Pki, algorithm: str) -> None:
    token = make_token(pki.leaf) | {"algorithm": algorithm}
    refused("token.algorithm_not_allowed", lambda: verify(pki, token), AlgorithmRefused)


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES384", "ES512"])
def test_an_algorithm_must_belong_to_the_key(pki: Pki, algorithm: str) -> None:
    token = make_token(pki.leaf) | {"algorithm": algorithm}
    refused("token.algorithm_differs_from_key", lambda: verify(pki, token), AlgorithmRefused)


def test_a_weak_key_is_refused(pki: Pki) -> None:
    weak = pki.sub.leaf(kind="RSA-1024", key_name="weak")
    refused("token.weak_key", lambda: verify(pki, make_token(weak, "RS256")), AlgorithmRefused)


def test_one_scheme_is_not_taken_for_another() -> None:
    pki = make_pki(leaf_kind="RSA-2048")
    for made, stated in (("RS256", "PS256"), ("PS256", "RS256"), ("RS256", "RS512")):
        token = make_token(pki.leaf, made) | {"algorithm": stated}
        refused("token.signature", lambda token=token: verify(pki, token), SignatureRefused)


def test_bent_signatures_are_refused(pki: Pki) -> None:
    good = sign_token(pki.leaf.key, "ES256")
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    r, s = int.from_bytes(good[:32], "big"), int.from_bytes(good[32:], "big")
    bent = {
        "flipped": good[:-1] + bytes((good[-1] ^ 1,)),
        "short": good[:-1],
        "long": good + b"\x00",
        "DER": encode_dss_signature(r, s),
        "zero": b"\x00" * 64,
        "swapped": good[32:] + good[:32],
    }
    for signature in bent.values():
        token = make_token(pki.leaf, signature=base64.b64encode(signature).decode())
        refused("token.signature", lambda token=token: verify(pki, token), SignatureRefused)


def test_another_persons_certificate_in_the_token_is_refused(pki: Pki) -> None:
    other = pki.sub.leaf("Ravi Deshpande", key_name="other")
    token = make_token(pki.leaf) | {"unverifiedCertificate": make_token(other)["unverifiedCertificate"]}
    refused("token.signature", lambda: verify(pki, token), SignatureRefused)


# The certificate.


def test_indian_and_european_purposes(pki: Pki) -> None:
    indian = pki.sub.leaf(purposes=(EMAIL_PROTECTION, "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12"))
    assert verify(pki, make_token(indian))
    refused(
        "token.no_client_authentication",
        lambda: verify(pki, make_token(indian), require_client_auth=True),
        PurposeRefused,
    )
    assert verify(pki, make_token(pki.leaf), require_client_auth=True)
    assert verify(pki, make_token(pki.sub.leaf(purposes=None)), require_client_auth=True), (
        "an absent extension allows all"
    )
    server = pki.sub.leaf(purposes=("1.3.6.1.5.5.7.3.1",))
    refused("token.not_for_people", lambda: verify(pki, make_token(server)), PurposeRefused)


def test_authentication_only_certificates_of_european_cards_are_accepted(pki: Pki) -> None:
    card = pki.sub.leaf(kind="P-384", key_name="card", usages=("digitalSignature", "keyAgreement"))
    assert verify(pki, make_token(card, "ES384"))


@pytest.mark.parametrize(
    "usages", [("keyEncipherment",), ("nonRepudiation",), ("keyEncipherment", "dataEncipherment"), None]
)
def test_a_key_that_may_not_make_digital_signatures_is_refused(pki: Pki, usages) -> None:
    refused("token.key_usage", lambda: verify(pki, make_token(pki.sub.leaf(usages=usages))), PurposeRefused)


def test_a_document_signer_is_no_person(pki: Pki) -> None:
    machine = pki.sub.leaf(policies=(CLASS_3, CLASS_2, DOCUMENT_SIGNER))
    refused("token.document_signer", lambda: verify(pki, make_token(machine)), DocumentSignerRefused)


def test_the_path_decides_and_keeps_its_reasons(pki: Pki) -> None:
    def chain_refused(code: str, leaf: Credential, **changes: Any) -> None:
        refusal = refused(code, lambda: verify(pki, make_token(leaf), **changes), ChainRefused)
        assert isinstance(refusal.__cause__, PathRefused)

    chain_refused("certificate.expired", pki.sub.leaf(not_after=NOW - DAY))
    chain_refused("certificate.not_yet_valid", pki.sub.leaf(not_before=NOW + DAY))
    chain_refused("path.issuer_unknown", make_root("Unknown Root").leaf())
    chain_refused("path.policy_missing", pki.sub.leaf(policies=(CLASS_2,)), policy=CLASS_3)
    chain_refused("revocation.missing", pki.leaf, revocation=Evidence())
    hold = pki.sub.crl({pki.leaf.certificate.serial_number: ReasonFlags.certificate_hold})
    chain_refused("revocation.on_hold", pki.leaf, revocation=Evidence([pki.root.crl(), pki.ca.crl(), hold]))


def test_policy_is_required_only_when_named(pki: Pki) -> None:
    assert verify(pki, make_token(pki.sub.leaf(policies=None)))


def test_an_issuing_authority_as_anchor_with_its_own_crl(pki: Pki) -> None:
    store = TrustStore([pki.sub.certificate])
    assert verify(pki, make_token(pki.leaf), store=store, revocation=Evidence([pki.sub.crl()]))
    assert verify(pki, make_token(pki.leaf), store=store, revocation=NoRevocation()).path.revocation == ()


def test_the_clock_is_the_callers(pki: Pki) -> None:
    old = pki.sub.leaf(not_after=NOW - DAY)
    assert verify(pki, make_token(old), at=NOW - 2 * DAY, revocation=NoRevocation())


def test_every_refusal_of_the_room_has_a_whole_sentence_and_advice() -> None:
    reasons = all_reasons()
    assert {"revocation.stale", "detached.signature", "token.signature", "certificate.not_class_3"} <= reasons.keys()
    assert len(TokenRefused.__subclasses__()) >= 10
    for code, reason in reasons.items():
        assert reason.message.endswith((".", "}")), code
        assert reason.advice.endswith("."), code


def test_the_origin_check_can_be_used_for_settings() -> None:
    check_origin("https://udgam.example")
    with pytest.raises(OriginRefused):
        check_origin("http://udgam.example")
