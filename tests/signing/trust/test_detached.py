"""Detached CAdES-BES signatures: ours and those of other tools hold, every attack has its own reason."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import algos, cms, core, tsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.signing.pki import CLASS_2, CLASS_3, DAY, NOW, Pki, make_pki
from tests.signing.trust.evidence import Evidence, refused, store_of
from udgam.signing.trust import PathRefused, TrustStore
from udgam.signing.trust.detached import DetachedRefused, assemble, make_signed_attributes, sign, verify_detached

CONTENT = b'{"application":"EIC/2026/0001"}'


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


def verify(pki: Pki, signature: bytes, content: bytes = CONTENT, **changes):
    given = {"store": store_of(pki), "revocation": Evidence(pki.crls()), "at": NOW}
    return verify_detached(signature, content, **given | changes)


def make(pki: Pki, content: bytes = CONTENT, **changes) -> bytes:
    given = {"key": pki.leaf.key, "certificate": pki.leaf.certificate, "signing_time": NOW}
    return sign(content, **given | changes)


@pytest.mark.parametrize(("kind", "pss"), [("RSA-2048", False), ("RSA-2048", True), ("P-256", False), ("P-384", False)])
def test_each_scheme_round_trips(kind: str, pss: bool) -> None:
    pki = make_pki(leaf_kind=kind)
    verified = verify(pki, make(pki, pss=pss), policy=CLASS_3)
    assert verified.certificate == pki.leaf.certificate
    assert verified.signing_time == NOW
    assert verified.path.anchor == pki.root.certificate


def test_the_key_may_be_elsewhere(pki: Pki) -> None:
    attributes = make_signed_attributes(
        hashlib.sha256(CONTENT).digest(), certificate=pki.leaf.certificate, signing_time=NOW
    )
    assert isinstance(pki.leaf.key, ec.EllipticCurvePrivateKey)
    raw = pki.leaf.key.sign(attributes, ec.ECDSA(hashes.SHA256()))
    assert verify(pki, assemble(attributes, raw, certificate=pki.leaf.certificate, scheme="ECDSA-SHA256"))
    with pytest.raises(ValueError, match="scheme"):
        assemble(attributes, raw, certificate=pki.leaf.certificate, scheme="RSA-SHA1")


def test_a_chain_that_came_along_helps(pki: Pki) -> None:
    chain = [pki.sub.certificate, pki.ca.certificate]
    assert verify(pki, make(pki, chain=chain), store=TrustStore([pki.root.certificate]))


def test_a_nonrepudiation_only_key_may_sign_documents(pki: Pki) -> None:
    pki = make_pki()
    pki.leaf = pki.sub.leaf(usages=("nonRepudiation",))
    assert verify(pki, make(pki))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed on this machine")
@pytest.mark.parametrize("kind", ["RSA-2048", "P-256"])
def test_what_openssl_signs_is_accepted_and_openssl_accepts_ours(kind: str, tmp_path: Path) -> None:
    pki = make_pki(leaf_kind=kind)
    pem = PrivateFormat.PKCS8
    (tmp_path / "key.pem").write_bytes(pki.leaf.key.private_bytes(Encoding.PEM, pem, NoEncryption()))
    (tmp_path / "cert.pem").write_bytes(pki.leaf.certificate.public_bytes(Encoding.PEM))
    chain = [pki.root.certificate, pki.ca.certificate, pki.sub.certificate]
    (tmp_path / "chain.pem").write_bytes(b"".join(link.public_bytes(Encoding.PEM) for link in chain))
    (tmp_path / "content").write_bytes(CONTENT)
    made = ["cms", "-sign", "-cades", "-binary", "-md", "sha256", "-signer", "cert.pem", "-inkey", "key.pem"]
    run = ["openssl", *made, "-in", "content", "-outform", "DER", "-out", "theirs.p7s"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    theirs = (tmp_path / "theirs.p7s").read_bytes()
    made_at = cms.ContentInfo.load(theirs)["content"]["signer_infos"][0]["signed_attrs"]
    at = next(a["values"][0].native for a in made_at if a["type"].native == "signing_time")
    evidence = Evidence(
        [authority.crl(this_update=at - DAY, next_update=at + DAY) for authority in (pki.root, pki.ca, pki.sub)]
    )
    if pki.leaf.certificate.not_valid_before_utc <= at <= pki.leaf.certificate.not_valid_after_utc:
        assert verify(pki, theirs, at=at, revocation=evidence).signing_time == at
    else:
        # On a machine whose clock lies outside the certificate's dates the signature itself must still have been accepted.
        with pytest.raises(PathRefused):
            verify(pki, theirs, at=at, revocation=evidence)
    (tmp_path / "ours.p7s").write_bytes(make(pki))
    back = ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "ours.p7s", "-content", "content"]
    trusted = ["-CAfile", "chain.pem", "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", "out"]
    subprocess.run(["openssl", *back, *trusted], cwd=tmp_path, check=True, capture_output=True)


# Attacks, each on a signature that held before.


def test_other_content_is_refused(pki: Pki) -> None:
    refused("detached.content_differs", lambda: verify(pki, make(pki), CONTENT + b" "), DetachedRefused)


def test_a_swapped_certificate_of_the_same_key_is_refused(pki: Pki) -> None:
    """Two certificates over one key: the signature may only be used with the one it was made for."""
    renewed = pki.sub.leaf(policies=(CLASS_2,), serial=pki.leaf.certificate.serial_number)
    attributes = make_signed_attributes(
        hashlib.sha256(CONTENT).digest(), certificate=renewed.certificate, signing_time=NOW
    )
    raw = pki.leaf.key.sign(attributes, ec.ECDSA(hashes.SHA256()))  # type: ignore[union-attr,call-arg,arg-type]
    swapped = assemble(attributes, raw, certificate=pki.leaf.certificate, scheme="ECDSA-SHA256")
    refused("detached.certificate_differs", lambda: verify(pki, swapped), DetachedRefused)


def test_another_key_is_refused(pki: Pki) -> None:
    other = pki.sub.leaf("Ravi Deshpande", key_name="other")
    refused("detached.signature", lambda: verify(pki, make(pki, key=other.key)), DetachedRefused)


def test_a_flipped_bit_in_the_signature_is_refused() -> None:
    pki = make_pki(leaf_kind="RSA-2048")
    good = make(pki)
    refused("detached.signature", lambda: verify(pki, good[:-1] + bytes((good[-1] ^ 1,))), DetachedRefused)


def edited(signature: bytes, edit) -> bytes:
    outer = cms.ContentInfo.load(signature)
    edit(outer["content"])
    return outer.dump(force=True)


def set_attributes(signed, keep) -> None:
    signer = signed["signer_infos"][0]
    signer["signed_attrs"] = cms.CMSAttributes([a for a in signer["signed_attrs"] if keep(a["type"].native)])


@pytest.mark.parametrize("attribute", ["content_type", "message_digest", "signing_time", "signing_certificate_v2"])
def test_each_signed_attribute_is_needed(pki: Pki, attribute: str) -> None:
    without = edited(make(pki), lambda signed: set_attributes(signed, lambda name: name != attribute))
    refusal = refused("detached.attribute_missing", lambda: verify(pki, without), DetachedRefused)
    assert attribute in refusal.message


def test_a_signature_without_signed_attributes_is_refused(pki: Pki) -> None:
    """Without them a signature over one document could be passed off as one over the attributes of another."""

    def bare(signed) -> None:
        signer = signed["signer_infos"][0]
        del signer["signed_attrs"]
        signer["signature"] = pki.leaf.key.sign(CONTENT, ec.ECDSA(hashes.SHA256()))  # type: ignore[union-attr,call-arg,arg-type]

    refused("detached.attribute_missing", lambda: verify(pki, edited(make(pki), bare)), DetachedRefused)


def test_a_doubled_attribute_is_refused(pki: Pki) -> None:
    def double(signed) -> None:
        signer = signed["signer_infos"][0]
        digest = cms.CMSAttribute(
            {"type": "message_digest", "values": [core.OctetString(hashlib.sha256(b"other").digest())]}
        )
        signer["signed_attrs"] = cms.CMSAttributes([*signer["signed_attrs"], digest])

    refused("detached.attribute_repeated", lambda: verify(pki, edited(make(pki), double)), DetachedRefused)


def test_an_attribute_with_two_values_is_refused(pki: Pki) -> None:
    def two(signed) -> None:
        signer = signed["signer_infos"][0]
        values = [core.OctetString(hashlib.sha256(text).digest()) for text in (CONTENT, b"other")]
        kept = [a for a in signer["signed_attrs"] if a["type"].native != "message_digest"]
        signer["signed_attrs"] = cms.CMSAttributes(
            [*kept, cms.CMSAttribute({"type": "message_digest", "values": values})]
        )

    refused("detached.attribute_repeated", lambda: verify(pki, edited(make(pki), two)), DetachedRefused)


def test_added_attributes_that_were_not_signed_are_refused(pki: Pki) -> None:
    def later(signed) -> None:
        signer = signed["signer_infos"][0]
        time = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": NOW - 5 * DAY})]})
        kept = [a for a in signer["signed_attrs"] if a["type"].native != "signing_time"]
        signer["signed_attrs"] = cms.CMSAttributes([*kept, time])

    refused("detached.signature", lambda: verify(pki, edited(make(pki), later)), DetachedRefused)


def test_content_inside_is_refused(pki: Pki) -> None:
    def attach(signed) -> None:
        signed["encap_content_info"] = {"content_type": "data", "content": CONTENT}

    refused("detached.not_detached", lambda: verify(pki, edited(make(pki), attach)), DetachedRefused)


def test_none_or_two_signers_are_refused(pki: Pki) -> None:
    def two(signed) -> None:
        first = signed["signer_infos"][0]
        second = cms.SignerInfo.load(first.dump())
        second["signature"] = b"\x00" * 70
        signed["signer_infos"] = cms.SignerInfos([first, second])

    def none(signed) -> None:
        signed["signer_infos"] = cms.SignerInfos([])

    refused("detached.not_one_signer", lambda: verify(pki, edited(make(pki), two)), DetachedRefused)
    refused("detached.not_one_signer", lambda: verify(pki, edited(make(pki), none)), DetachedRefused)


def test_a_missing_certificate_is_refused(pki: Pki) -> None:
    def strip(signed) -> None:
        del signed["certificates"]

    def other(signed) -> None:
        signed["certificates"] = [cms.CertificateChoices.load(pki.sub.der)]

    refused("detached.certificate_missing", lambda: verify(pki, edited(make(pki), strip)), DetachedRefused)
    refused("detached.certificate_missing", lambda: verify(pki, edited(make(pki), other)), DetachedRefused)


def test_sha_1_is_refused(pki: Pki) -> None:
    def weaken(signed) -> None:
        signed["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "sha1"})

    refused("detached.algorithm", lambda: verify(pki, edited(make(pki), weaken)), DetachedRefused)


def test_algorithm_and_key_must_agree() -> None:
    pki = make_pki(leaf_kind="RSA-2048")

    def other_key(signed) -> None:
        signed["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})

    def other_hash(signed) -> None:
        signed["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha512_rsa"})

    def short_salt(signed) -> None:
        parameters = signed["signer_infos"][0]["signature_algorithm"]["parameters"]
        parameters["salt_length"] = 20

    assert isinstance(pki.leaf.key, rsa.RSAPrivateKey)
    for bend, pss in ((other_key, False), (other_hash, False), (short_salt, True)):
        refused(
            "detached.algorithm",
            lambda bend=bend, pss=pss: verify(pki, edited(make(pki, pss=pss), bend)),
            DetachedRefused,
        )


def test_the_older_certificate_attribute_with_sha_1_is_not_enough(pki: Pki) -> None:
    def older(signed) -> None:
        signer = signed["signer_infos"][0]
        reference = tsp.ESSCertID({"cert_hash": hashlib.sha1(pki.leaf.der).digest()})
        old = cms.CMSAttribute(
            {"type": "signing_certificate", "values": [tsp.SigningCertificate({"certs": [reference]})]}
        )
        kept = [a for a in signer["signed_attrs"] if a["type"].native != "signing_certificate_v2"]
        signer["signed_attrs"] = cms.CMSAttributes([*kept, old])

    refused("detached.attribute_missing", lambda: verify(pki, edited(make(pki), older)), DetachedRefused)


def test_a_time_in_the_future_is_refused(pki: Pki) -> None:
    assert verify(pki, make(pki, signing_time=NOW + timedelta(minutes=14)))
    late = make(pki, signing_time=NOW + timedelta(minutes=16))
    refused("detached.signing_time", lambda: verify(pki, late), DetachedRefused)


def test_an_unbelieved_certificate_is_refused_with_the_reason_of_its_path(pki: Pki) -> None:
    refused("revocation.missing", lambda: verify(pki, make(pki), revocation=Evidence()))
    refused("path.policy_missing", lambda: verify(pki, make(pki), policy="1.2.3"))
    twin_pki = make_pki()
    twin_pki.leaf = twin_pki.sub.leaf(usages=("keyEncipherment",))
    refused("certificate.key_usage", lambda: verify(twin_pki, make(twin_pki)))


@pytest.mark.parametrize("cut", [0, 1, 10, 100, 300, -1])
def test_truncated_signatures_are_unreadable(pki: Pki, cut: int) -> None:
    refused("detached.unreadable", lambda: verify(pki, make(pki)[:cut]), DetachedRefused)


def test_garbage_oversize_and_trailing_bytes_are_unreadable(pki: Pki) -> None:
    good = make(pki)
    for bad in (b"garbage", good + b"\x00", b"\x30" * 70_000, b"\x30\x80" * 2000, core.OctetString(good).dump()):
        refused("detached.unreadable", lambda bad=bad: verify(pki, bad), DetachedRefused)


def test_every_single_byte_change_is_refused_with_a_reason(pki: Pki) -> None:
    good = make(pki)
    for place in range(0, len(good), 3):
        bent = good[:place] + bytes((good[place] ^ 0x55,)) + good[place + 1 :]
        try:
            verified = verify(pki, bent)
        except (DetachedRefused, PathRefused):
            continue
        # What is not covered by the signature (such as the list of digest algorithms) may change, never who signed when.
        assert (verified.certificate, verified.signing_time) == (pki.leaf.certificate, NOW)
