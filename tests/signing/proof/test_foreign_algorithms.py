"""PDFs of others with the algorithms that other people's programs use: read, or said to be unread, but never called wrong."""

from __future__ import annotations

import io
from typing import Any

import pytest
from asn1crypto import algos
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing import pki
from tests.signing.proof.made import check, failed
from tests.signing.proof.test_foreign_pdf import plain, said
from tests.signing.sealing.office import NOW, Office
from udgam.signing.proof import Report, TrustFolder

HASHES = ["sha256", "sha384", "sha512"]


@pytest.fixture(scope="module")
def trust(trust_path: Any) -> TrustFolder:
    return TrustFolder.load(trust_path)


def asn1(credential: pki.Credential) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
    der = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1_x509.Certificate.load(credential.der), asn1_keys.PrivateKeyInfo.load(der)


def stamper(office: Office) -> timestamps.DummyTimeStamper:
    certificate, key = asn1(office.stamps)
    return timestamps.DummyTimeStamper(certificate, key, certs_to_embed=SimpleCertificateStore(), fixed_dt=NOW)


def signed(office: Office, digest: str, *, key: str = "RSA-2048", scheme: Any = None, stamp: bool = True) -> bytes:
    by = office.below.leaf(pki.name("Somebody Else", O="Elsewhere"), kind=key, key_name=f"foreign {key}")
    certificate, private = asn1(by)
    known = SimpleCertificateStore()
    known.register(asn1_x509.Certificate.load(office.below.certificate.public_bytes(Encoding.DER)))
    signer = signers.SimpleSigner(
        signing_cert=certificate, signing_key=private, cert_registry=known, signature_mechanism=scheme
    )
    meta = signers.PdfSignatureMetadata(
        field_name="Theirs", md_algorithm=digest, subfilter=fields.SigSeedSubFilter.PADES
    )
    made = signers.PdfSigner(meta, signer=signer, timestamper=stamper(office) if stamp else None)
    out: bytes = made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain())), bytes_reserved=32_000).getvalue()
    return out


def pss(digest: str, mask: str, salt: int) -> algos.SignedDigestAlgorithm:
    generator = algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": algos.DigestAlgorithm({"algorithm": mask})})
    parameters = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
        "mask_gen_algorithm": generator,
        "salt_length": salt,
    }
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(parameters)})


def require_holds(report: Report) -> None:
    assert report.integrity, [(one.id, str(one.detail)) for one in report.checks]
    assert failed(report) == ["file.ours"]
    assert said(report, "foreign.signature.1")[0] == "pass"


def require_changed_is_noticed(pdf: bytes, trust: TrustFolder) -> None:
    place = pdf.index(b"/MediaBox") + len(b"/MediaBox [ 0 0 6")
    changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    report = check(changed, trust)
    assert not report.integrity
    assert "foreign.signature.1" in failed(report)


@pytest.mark.parametrize("digest", HASHES)
def test_signature_and_stamp_with_any_good_hash(office: Office, trust: TrustFolder, digest: str) -> None:
    pdf = signed(office, digest)
    report = check(pdf, trust)
    require_holds(report)
    assert said(report, "foreign.time.1")[0] == "pass"
    require_changed_is_noticed(pdf, trust)


@pytest.mark.parametrize("digest", HASHES)
def test_a_time_stamp_over_the_file_with_any_good_hash(office: Office, trust: TrustFolder, digest: str) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(plain()))
    pdf = signers.PdfTimeStamper(stamper(office)).timestamp_pdf(writer, md_algorithm=digest).getvalue()
    require_holds(check(pdf, trust))
    require_changed_is_noticed(pdf, trust)


@pytest.mark.parametrize(
    ("digest", "mask", "salt"),
    [("sha256", "sha256", 222), ("sha256", "sha256", 0), ("sha512", "sha512", 64), ("sha384", "sha256", 20)],
)
def test_rsa_pss_with_any_salt(office: Office, trust: TrustFolder, digest: str, mask: str, salt: int) -> None:
    pdf = signed(office, digest, scheme=pss(digest, mask, salt))
    require_holds(check(pdf, trust))
    require_changed_is_noticed(pdf, trust)


@pytest.mark.parametrize(
    ("key", "digest"), [("P-256", "sha256"), ("P-384", "sha384"), ("P-521", "sha512"), ("P-384", "sha256")]
)
def test_elliptic_curves(office: Office, trust: TrustFolder, key: str, digest: str) -> None:
    pdf = signed(office, digest, key=key)
    require_holds(check(pdf, trust))
    require_changed_is_noticed(pdf, trust)


def test_a_value_of_another_signature_does_not_hold(office: Office, trust: TrustFolder) -> None:
    """The salt may be of any length, but the key must have made the signature."""
    one = signed(office, "sha256", scheme=pss("sha256", "sha256", 222), stamp=False)
    value = check_value(one)
    place = one.lower().index(value.hex().encode()) + 2 * len(value) - 1
    other = one[:place] + (b"1" if one[place : place + 1] != b"1" else b"2") + one[place + 1 :]
    report = check(other, trust)
    assert "foreign.signature.1" in failed(report)
    assert not report.integrity


def check_value(pdf: bytes) -> bytes:
    from asn1crypto import cms

    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    data = bytes.fromhex(pdf[start : pdf.index(b">", start)].decode())
    signature: bytes = cms.ContentInfo.load(data)["content"]["signer_infos"][0]["signature"].native
    return signature


@pytest.mark.parametrize("scheme", [None, pss("sha224", "sha224", 28), pss("sha256", "sha224", 28)])
def test_what_is_not_read_here_is_skipped_and_never_called_wrong(
    office: Office, trust: TrustFolder, scheme: Any
) -> None:
    digest = "sha224" if scheme is None else str(scheme["parameters"]["hash_algorithm"]["algorithm"].native)
    report = check(signed(office, digest, scheme=scheme, stamp=False), trust)
    assert failed(report) == ["file.ours"]
    outcome, detail = said(report, "foreign.signature.1")
    assert outcome == "skipped"
    assert "not read here" in detail
    assert not report.integrity
