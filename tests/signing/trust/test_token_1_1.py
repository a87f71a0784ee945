"""Tokens of format web-eid:1.1: the signing certificates that come along belong to the same, believed person."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.signing.pki import DAY, NOW, Credential, Pki, make_pki
from tests.signing.trust.evidence import make_token, refused, verify
from udgam.signing.trust import TrustStore
from udgam.signing.trust.token import SigningCertificateRefused, TokenUnreadable

Token = dict[str, Any]


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


def signing_entry(credential: Credential, **changes: Any) -> dict[str, Any]:
    return {
        "certificate": base64.b64encode(credential.der).decode(),
        "supportedSignatureAlgorithms": [
            {"cryptoAlgorithm": "ECC", "hashFunction": "SHA-384", "paddingScheme": "NONE"}
        ],
    } | changes


def token_1_1(pki: Pki, *entries: Any, **more: Any) -> Token:
    return make_token(pki.leaf, format="web-eid:1.1", unverifiedSigningCertificates=list(entries) or None, **more)


def test_a_version_1_1_token_with_its_signing_certificate_is_accepted(pki: Pki) -> None:
    signing = pki.sub.leaf(usages=("nonRepudiation",), key_name="signing")
    verified = verify(pki, token_1_1(pki, signing_entry(signing)))
    assert verified.signing_certificates == (signing.certificate,)


def test_a_version_1_1_token_may_bring_its_intermediates(pki: Pki) -> None:
    above = [base64.b64encode(authority.der).decode() for authority in (pki.sub, pki.ca)]
    token = token_1_1(pki, unverifiedIntermediateCertificates=above)
    assert verify(pki, token, store=TrustStore([pki.root.certificate])).signing_certificates == ()


@pytest.mark.parametrize(
    ("code", "entry"),
    [
        ("token.signing_subject", lambda pki: signing_entry(pki.sub.leaf("Ravi Deshpande"))),
        ("token.signing_issuer", lambda pki: signing_entry(pki.ca.leaf())),
        ("token.signing_path", lambda pki: signing_entry(pki.sub.leaf(usages=("digitalSignature",)))),
        ("token.signing_path", lambda pki: signing_entry(pki.sub.leaf(not_after=NOW - DAY))),
        (
            "token.signing_algorithm",
            lambda pki: signing_entry(
                pki.leaf,
                supportedSignatureAlgorithms=[
                    {"cryptoAlgorithm": "ECC", "hashFunction": "SHA-1", "paddingScheme": "NONE"}
                ],
            ),
        ),
    ],
)
def test_foreign_signing_certificates_are_refused(pki: Pki, code: str, entry: Callable[[Pki], Any]) -> None:
    refused(code, lambda: verify(pki, token_1_1(pki, entry(pki))), SigningCertificateRefused)


def test_a_version_1_1_token_without_signing_certificate_is_refused(pki: Pki) -> None:
    refused("token.signing_certificates_missing", lambda: verify(pki, token_1_1(pki)), SigningCertificateRefused)
    not_allowed = make_token(pki.leaf, unverifiedSigningCertificates=[signing_entry(pki.leaf)])
    refused("token.signing_certificates_not_allowed", lambda: verify(pki, not_allowed), SigningCertificateRefused)


@pytest.mark.parametrize("entries", [["text"], [None], [{}], [{"certificate": "x"}], "text", {"a": 1}, [{}] * 9])
def test_misshapen_signing_certificates_are_unreadable(pki: Pki, entries: Any) -> None:
    token = make_token(pki.leaf, format="web-eid:1.1", unverifiedSigningCertificates=entries)
    with pytest.raises(TokenUnreadable):
        verify(pki, token)
