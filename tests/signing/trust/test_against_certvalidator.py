"""The same hierarchies judged by ours and by pyhanko-certvalidator in hard-fail mode.

Wherever the library says no, ours must say no. Wherever it says yes, ours may only say no for a reason that is listed here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags
from cryptography.x509.ocsp import OCSPCertStatus
from pyhanko_certvalidator import CertificateValidator, PKIXValidationParams, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from tests.signing.pki import ANY_POLICY, CLASS_2, CLASS_3, DAY, NOW, Credential, Pki, key, make_pki
from tests.signing.trust.evidence import Evidence
from udgam.signing.trust import PathRefused, TrustStore, validate_path


@dataclass
class Case:
    """One hierarchy with its evidence, and whether it should be believed."""

    pki: Pki
    leaf: Credential
    crls: Sequence[bytes]
    believed: bool
    policy: str | None = None
    ocsp: Sequence[bytes] = ()
    # Ours refuses what the library lets through, on purpose.
    stricter: str | None = None
    extra: list[object] = field(default_factory=list)


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def library_believes(case: Case) -> bool:
    parameters = None
    if case.policy is not None:
        parameters = PKIXValidationParams(
            user_initial_policy_set=frozenset({case.policy}), initial_explicit_policy=True
        )
    context = ValidationContext(
        trust_roots=[asn1(case.pki.root.certificate)],
        other_certs=[asn1(case.pki.ca.certificate), asn1(case.pki.sub.certificate)],
        crls=[asn1_crl.CertificateList.load(crl) for crl in case.crls],
        ocsps=[asn1_ocsp.OCSPResponse.load(answer) for answer in case.ocsp],
        moment=NOW,
        best_signature_time=NOW,
        revocation_mode="hard-fail",
        allow_fetching=False,
        weak_hash_algos={"md2", "md5", "sha1"},
    )
    validator = CertificateValidator(asn1(case.leaf.certificate), validation_context=context, pkix_params=parameters)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        asyncio.run(validator.async_validate_usage({"digital_signature"}))
    except (ValidationError, PathBuildingError, ValueError, TypeError):
        return False
    return True


def ours(case: Case) -> str | None:
    """``None`` when believed, else the reason."""
    store = TrustStore([case.pki.root.certificate], [case.pki.ca.certificate, case.pki.sub.certificate])
    answers = {case.leaf.certificate.serial_number: case.ocsp[0]} if case.ocsp else {}
    try:
        validate_path(
            case.leaf.certificate, store=store, revocation=Evidence(case.crls, answers), at=NOW, policy=case.policy
        )
    except PathRefused as refusal:
        return refusal.code
    return None


def leaf_case(believed: bool, make: Callable[[Pki], Credential], **more) -> Callable[[], Case]:
    def build() -> Case:
        pki = make_pki(kind=more.pop("kind", "P-256"))
        return Case(pki, make(pki), pki.crls(), believed, **more)

    return build


def sub_case(believed: bool, policy: str | None = None, **changes) -> Callable[[], Case]:
    def build() -> Case:
        pki = make_pki()
        pki.sub = pki.ca.authority("Changed Sub CA", **changes)
        return Case(pki, pki.sub.leaf(), pki.crls(), believed, policy=policy)

    return build


def crl_case(believed: bool, make: Callable[[Pki], bytes], stricter: str | None = None) -> Callable[[], Case]:
    def build() -> Case:
        pki = make_pki()
        return Case(pki, pki.leaf, [pki.root.crl(), pki.ca.crl(), make(pki)], believed, stricter=stricter)

    return build


def ocsp_case(believed: bool, make: Callable[[Pki, Credential], bytes]) -> Callable[[], Case]:
    def build() -> Case:
        pki = make_pki()
        leaf = pki.sub.leaf(ocsp_url=True, crl=False)
        return Case(pki, leaf, [pki.root.crl(), pki.ca.crl()], believed, ocsp=[make(pki, leaf)])

    return build


def constraints(permitted: str) -> list[tuple[x509.ExtensionType, bool]]:
    base = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, permitted)])
    return [(x509.NameConstraints([x509.DirectoryName(base)], None), True)]


UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")

CASES: dict[str, Callable[[], Case]] = {
    "good EC": leaf_case(True, lambda pki: pki.leaf, policy=CLASS_3),
    "good RSA": leaf_case(True, lambda pki: pki.leaf, policy=CLASS_3, kind="RSA-2048"),
    "expired": leaf_case(False, lambda pki: pki.sub.leaf(not_after=NOW - DAY)),
    "not yet valid": leaf_case(False, lambda pki: pki.sub.leaf(not_before=NOW + DAY)),
    "encryption twin": leaf_case(False, lambda pki: pki.sub.leaf(usages=("keyEncipherment",))),
    "class 2 only": leaf_case(False, lambda pki: pki.sub.leaf(policies=(CLASS_2,)), policy=CLASS_3),
    "no policy": leaf_case(False, lambda pki: pki.sub.leaf(policies=None), policy=CLASS_3),
    "any policy": leaf_case(True, lambda pki: pki.sub.leaf(policies=(ANY_POLICY,)), policy=CLASS_3),
    "unknown critical": leaf_case(False, lambda pki: pki.sub.leaf(extra=[(UNKNOWN, True)])),
    "unknown uncritical": leaf_case(True, lambda pki: pki.sub.leaf(extra=[(UNKNOWN, False)])),
    "forged": leaf_case(
        False,
        lambda pki: Credential(
            pki.sub.sign_certificate(
                pki.leaf.certificate.subject, key().public_key(), signing_key=key("P-256", "forger")
            ),
            key(),
        ),
    ),
    "no place named": leaf_case(True, lambda pki: pki.sub.leaf(crl=False), stricter="revocation.no_place_named"),
    "sub-authority is none": sub_case(False, ca=False),
    "sub-authority may not certify": sub_case(False, usages=("cRLSign",)),
    "sub-authority may not sign CRLs": sub_case(False, usages=("keyCertSign",)),
    "sub-authority expired": sub_case(False, not_after=NOW - DAY),
    "sub-authority without policy": sub_case(False, policy=CLASS_3, policies=None),
    "sub-authority of any policy": sub_case(True, policy=CLASS_3, policies=(ANY_POLICY,)),
    "sub-authority demands a policy": sub_case(True, extra=[(x509.PolicyConstraints(0, None), True)]),
    "name permitted": sub_case(True, extra=constraints("IN")),
    "name not permitted": sub_case(False, extra=constraints("NP")),
    "empty CRL": crl_case(True, lambda pki: pki.sub.crl()),
    "revoked": crl_case(
        False, lambda pki: pki.sub.crl({pki.leaf.certificate.serial_number: ReasonFlags.key_compromise})
    ),
    "on hold": crl_case(
        False, lambda pki: pki.sub.crl({pki.leaf.certificate.serial_number: ReasonFlags.certificate_hold})
    ),
    "stale CRL": crl_case(False, lambda pki: pki.sub.crl(this_update=NOW - 9 * DAY, next_update=NOW - DAY)),
    "future CRL": crl_case(False, lambda pki: pki.sub.crl(this_update=NOW + DAY)),
    "forged CRL": crl_case(False, lambda pki: pki.sub.crl(signing_key=key("P-256", "forger"))),
    "CRL of the wrong authority": crl_case(False, lambda pki: pki.ca.crl()),
    "critical CRL extension": crl_case(False, lambda pki: pki.sub.crl(extra=[(UNKNOWN, True)])),
    "OCSP good": ocsp_case(True, lambda pki, leaf: pki.sub.ocsp(leaf.certificate)),
    "OCSP good, delegated": ocsp_case(
        True, lambda pki, leaf: pki.sub.ocsp(leaf.certificate, responder=pki.sub.responder())
    ),
    "OCSP revoked": ocsp_case(False, lambda pki, leaf: pki.sub.ocsp(leaf.certificate, OCSPCertStatus.REVOKED)),
    "OCSP unknown": ocsp_case(False, lambda pki, leaf: pki.sub.ocsp(leaf.certificate, OCSPCertStatus.UNKNOWN)),
    "OCSP stale": ocsp_case(
        False, lambda pki, leaf: pki.sub.ocsp(leaf.certificate, this_update=NOW - 3 * DAY, next_update=NOW - 2 * DAY)
    ),
    "OCSP responder not appointed": ocsp_case(
        False,
        lambda pki, leaf: pki.sub.ocsp(leaf.certificate, responder=pki.sub.responder(purposes=["1.3.6.1.5.5.7.3.2"])),
    ),
    "OCSP responder of another authority": ocsp_case(
        False, lambda pki, leaf: pki.sub.ocsp(leaf.certificate, responder=pki.ca.responder())
    ),
}


@pytest.mark.parametrize("label", CASES)
def test_both_agree(label: str) -> None:
    case = CASES[label]()
    reason = ours(case)
    assert library_believes(case) == case.believed
    if case.stricter is not None:
        assert reason == case.stricter
    else:
        assert (reason is None) == case.believed, reason
