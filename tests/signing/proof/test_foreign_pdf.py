"""Signed PDFs of others: each signature is told apart, and none makes the file a certificate of ours."""

from __future__ import annotations

import io
import tracemalloc
from typing import Any

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.signing import pki
from tests.signing.proof.made import check, failed
from tests.signing.sealing.office import NOW, Office
from udgam.signing.proof import InputUnusable, Report, TrustFolder
from udgam.signing.proof.foreign_pdf import _MOST_REVISIONS


@pytest.fixture(scope="module")
def trust(trust_path: Any) -> TrustFolder:
    return TrustFolder.load(trust_path)


def plain() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _asn1(credential: pki.Credential) -> tuple[asn1_x509.Certificate, asn1_keys.PrivateKeyInfo]:
    der = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1_x509.Certificate.load(credential.der), asn1_keys.PrivateKeyInfo.load(der)


def signed(
    pdf: bytes, by: pki.Credential, *, office: Office, name: str = "Theirs", stamped: bool = False, **more: Any
) -> bytes:
    """Signed with a stock library, as anybody would."""
    certificate, key = _asn1(by)
    known = SimpleCertificateStore()
    known.register(asn1_x509.Certificate.load(office.below.certificate.public_bytes(Encoding.DER)))
    stamper = None
    if stamped:
        stamping, stamping_key = _asn1(office.stamps)
        stamper = timestamps.DummyTimeStamper(
            stamping, stamping_key, certs_to_embed=SimpleCertificateStore(), fixed_dt=NOW
        )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    meta = PdfSignatureMetadata(field_name=name, md_algorithm="sha256", **more)
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=known)
    return signers.sign_pdf(writer, meta, signer=signer, timestamper=stamper).getvalue()  # type: ignore[no-any-return]


def said(report: Report, step: str) -> tuple[str, str]:
    found = next(one for one in report.checks if one.id == step)
    return found.outcome, str(found.detail)


def test_each_signature_is_told_with_what_it_proves(office: Office, trust: TrustFolder) -> None:
    report = check(signed(plain(), office.officer, office=office, stamped=True), trust)
    assert (report.valid, report.kind, report.integrity) == (False, "foreign-pdf", True)
    assert failed(report) == ["file.ours"]
    assert [one.id for one in report.checks[1:]] == [
        "foreign.signature.1", "foreign.coverage.1", "foreign.time.1", "foreign.signer.1",
    ]  # fmt: skip
    assert (
        said(report, "foreign.signature.1")[1] == "Signature 1: the key of Meera Kulkarni signed exactly these bytes."
    )
    assert said(report, "foreign.coverage.1")[1] == "It covers the whole file."
    assert "by the clock of Fictional time stamps" in said(report, "foreign.time.1")[1]
    assert "leads to" in said(report, "foreign.signer.1")[1]
    assert "It does not prove that what the file says is true" in report.warnings[0]
    assert not report.accepted(offline=True)


def test_a_name_that_nobody_here_vouches_for_is_said_to_be_a_claim(office: Office, trust: TrustFolder) -> None:
    stranger = pki.make_root("Root of nobody").leaf(
        pki.name("Meera Kulkarni", O="Sahyadri Export Council"), key_name="stranger"
    )
    report = check(signed(plain(), stranger, office=office), trust)
    assert report.integrity
    assert failed(report) == ["file.ours", "foreign.signer.1"]
    outcome, told = said(report, "foreign.time.1")
    assert outcome == "skipped"
    assert "as the signer says; no time stamp confirms it" in told


def test_a_stamp_of_an_unknown_service_proves_no_time(office: Office, trust: TrustFolder, tmp_path: Any) -> None:
    from dataclasses import replace

    other = replace(trust, time_stampers=())
    report = check(signed(plain(), office.officer, office=office, stamped=True), other)
    assert "foreign.time.1" in failed(report)
    assert report.integrity


def test_a_second_signature_is_a_later_change_that_is_named(office: Office, trust: TrustFolder) -> None:
    twice = signed(signed(plain(), office.officer, office=office), office.seal, office=office, name="Second")
    report = check(twice, trust)
    assert report.integrity
    outcome, told = said(report, "foreign.coverage.1")
    assert outcome == "pass"
    assert "later revisions filled in form fields or added signatures" in told
    assert said(report, "foreign.coverage.2")[1] == "It covers the whole file."


def test_what_is_written_behind_a_signature_is_named(office: Office, trust: TrustFolder) -> None:
    pdf = signed(plain(), office.officer, office=office)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    report = check(out.getvalue(), trust)
    assert not report.integrity
    assert "foreign.coverage.1" in failed(report)
    assert said(report, "foreign.signature.1")[0] == "pass"


def _flip(pdf: bytes, place: int) -> bytes:
    changed = bytearray(pdf)
    changed[place] ^= 0x01
    return bytes(changed)


def test_no_changed_byte_under_a_signature_holds(office: Office, trust: TrustFolder) -> None:
    pdf = signed(plain(), office.officer, office=office)
    hole = (pdf.index(b"/Contents <") + 10, pdf.index(b">", pdf.index(b"/Contents <")) + 1)
    import random

    for place in sorted(random.Random(7).sample(range(len(pdf)), 60)):
        try:
            report = check(_flip(pdf, place), trust)
        except InputUnusable:
            continue
        assert not report.valid
        if not hole[0] <= place < hole[1]:
            assert not report.integrity, place


@pytest.mark.parametrize("kind", ["weak", "hidden", "wrapped"])
def test_tricks_with_a_signature_are_named(office: Office, trust: TrustFolder, kind: str) -> None:
    if kind == "weak":
        certificate, key = _asn1(office.officer)
        signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=None)
        meta = PdfSignatureMetadata(field_name="Theirs", md_algorithm="sha1")
        pdf = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain())), meta, signer=signer).getvalue()
    else:
        pdf = signed(plain(), office.officer, office=office)
        end = pdf.index(b">", pdf.index(b"/Contents <"))
        if kind == "hidden":
            pdf = pdf[: end - 4] + b"beef" + pdf[end:]
        else:
            # The hole is made to begin earlier than the signature, so that bytes before it are outside.
            ranges = pdf.index(b"/ByteRange [") + len(b"/ByteRange [")
            stop = pdf.index(b"]", ranges)
            numbers = [int(one) for one in pdf[ranges:stop].split()]
            numbers[1] -= 10
            pdf = pdf[:ranges] + b" ".join(b"%d" % one for one in numbers).ljust(stop - ranges) + pdf[stop:]
    report = check(pdf, trust)
    assert not report.integrity
    assert "foreign.signature.1" in failed(report)
    assert not {"foreign.signer.1", "foreign.time.1"} & {one.id for one in report.checks if one.outcome == "pass"}


def test_a_file_changed_a_thousand_times_is_answered_soon(office: Office, trust: TrustFolder) -> None:
    pdf = signed(plain(), office.officer, office=office, subfilter=SigSeedSubFilter.PADES)
    start = pdf.rindex(b"startxref")
    previous = int(pdf[start:].split()[1])
    for _ in range(_MOST_REVISIONS + 5):
        here = len(pdf)
        size = pdf.rindex(b"/Size ")
        count = pdf[size + 6 : size + 12].split()[0]
        root = pdf.rindex(b"/Root ")
        pdf += b"xref\n0 0\ntrailer\n<</Size %s %s /Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
            count, b" ".join(pdf[root : root + 20].split()[:4]).rstrip(b">/"), previous, here,
        )  # fmt: skip
        previous = here
    report = check(pdf, trust)
    assert not report.integrity
    assert (
        "so many times" in said(report, "foreign.coverage.1")[1]
        or "part of the file" in said(report, "foreign.coverage.1")[1]
    )


def test_an_attachment_that_unfolds_out_of_proportion_is_refused_before_it_takes_the_memory(trust: TrustFolder) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["paper.bin"] = bytes(200 * 1024 * 1024)
    out = io.BytesIO()
    pdf.save(out, compress_streams=True)
    assert len(out.getvalue()) < 1024 * 1024
    tracemalloc.start()
    try:
        with pytest.raises(InputUnusable) as refused:
            check(out.getvalue(), trust)
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert refused.value.code == "input.damaged"
