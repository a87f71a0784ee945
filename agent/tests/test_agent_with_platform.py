"""What the agent makes, the platform accepts; what the platform prepares, the agent accepts. No clock, no process."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from tests.signing import pki
from tests.signing.sealing.office import make_office

from udgam.signing.sealing import officer
from udgam.signing.trust import TrustStore, detached, token
from udgam.signing.trust.revocation import NoRevocation
from udgam_agent import cms, pdf, web_eid
from udgam_agent.tokens.desk import to_der

ORIGIN = "https://coo.example.org"


def raw(key: pki.Key, message: bytes, name: str) -> bytes:
    """What the agent's desk returns: PKCS#1 v1.5, or r and s side by side."""
    algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name]
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), algorithm)
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(algorithm)))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


@pytest.mark.parametrize("kind", ["RSA-2048", "P-256", "P-384", "P-521"])
def test_the_platform_accepts_the_agents_token(kind: str) -> None:
    made = pki.make_pki(leaf_kind=kind)
    nonce = token.new_nonce()
    algorithm, name = web_eid.algorithm_of(made.leaf.certificate)
    message = web_eid.message_to_sign(origin=ORIGIN, nonce=nonce, hash_name=name)
    signature = raw(made.leaf.key, message, name)
    given = web_eid.token(certificate_der=made.leaf.der, algorithm=algorithm, signature=signature, kind="token")
    verified = token.verify_token(
        given,
        origin=ORIGIN,
        nonce=nonce,
        store=TrustStore([made.root.certificate], [made.ca.certificate, made.sub.certificate]),
        revocation=NoRevocation(),
        at=pki.NOW,
        policy=pki.CLASS_3,
    )
    assert verified.certificate == made.leaf.certificate


@pytest.mark.parametrize("kind", ["RSA-2048", "P-256", "P-384"])
def test_the_platform_accepts_the_agents_detached_signature(kind: str) -> None:
    made = pki.make_pki(leaf_kind=kind)
    content = '{"exporter":"कोंकण काजू"}'.encode()
    attributes = cms.data_attributes(content, certificate_der=made.leaf.der, now=pki.NOW)
    signature = raw(made.leaf.key, attributes, "sha256")
    if kind != "RSA-2048":
        signature = to_der(signature)
    signed = cms.detached_cms(attributes=attributes, signature=signature, certificate_der=made.leaf.der)
    verified = detached.verify_detached(
        signed,
        content,
        store=TrustStore([made.root.certificate], [made.ca.certificate, made.sub.certificate]),
        revocation=NoRevocation(),
        at=pki.NOW,
        policy=pki.CLASS_3,
    )
    assert verified.signing_time == pki.NOW
    assert verified.certificate == made.leaf.certificate


def test_the_agent_accepts_the_certificate_of_origin_that_the_platform_prepares() -> None:
    office = make_office()
    certified = office.certified(office.content(items=3))
    pending = officer.begin(
        office.drawn(certified), certificate=office.officer.certificate, chain=[office.below.certificate], now=pki.NOW
    )
    found = pdf.inspect(pending.prepared_pdf)
    assert found.pages >= 1
    assert found.content == certified.prepared.content.canonical
    assert hashlib.sha256(found.content).hexdigest() == certified.prepared.content.digest
    der = office.officer.der
    cms.check_pdf_attributes(pending.signed_attributes, digest=found.digest, certificate_der=der)
    signature = raw(office.officer.key, pending.signed_attributes, "sha256")
    assert officer.finish(pending, signature).startswith(b"%PDF")
