"""The officer's signature by a token that is elsewhere: prepare, interrupt, finish; and everything that must not pass."""

from __future__ import annotations

import hashlib
import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.signing import pki
from tests.signing.sealing.office import NOW, Office, make_office, raw_signature
from udgam.signing.proof.container import ContainerRefused
from udgam.signing.sealing import officer
from udgam.signing.sealing.officer import OfficerSignatureRefused, PendingOfficerSignature
from udgam.signing.sealing.revision import FileUnsuitable


@pytest.fixture(scope="module")
def drawn(office: Office) -> bytes:
    return office.drawn(office.certified(office.content()))


@pytest.fixture(scope="module")
def pending(office: Office, drawn: bytes) -> PendingOfficerSignature:
    return officer.begin(drawn, certificate=office.officer.certificate, chain=[office.below.certificate], now=NOW)


def test_the_signed_attributes_name_file_and_certificate(office: Office, pending: PendingOfficerSignature) -> None:
    attributes = {one["type"].native: one["values"][0] for one in cms.CMSAttributes.load(pending.signed_attributes)}
    assert set(attributes) == {"content_type", "message_digest", "signing_certificate_v2"}
    first, length, second, rest = pending.byte_range
    assert (first, second + rest) == (0, len(pending.prepared_pdf))
    covered = pending.prepared_pdf[:length] + pending.prepared_pdf[second:]
    assert attributes["message_digest"].native == hashlib.sha256(covered).digest()
    assert attributes["content_type"].native == "data"
    certificate_hash = attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    assert certificate_hash == hashlib.sha256(office.officer.der).digest()


def test_both_fields_and_the_protection_exist_before_the_first_signature(pending: PendingOfficerSignature) -> None:
    with pikepdf.open(io.BytesIO(pending.prepared_pdf)) as pdf:
        fields = {str(one.T): one for one in pdf.Root.AcroForm.Fields}
        assert list(fields) == ["Officer", "Seal"]
        assert "/V" not in fields["Seal"]
        assert all(one.TU for one in fields.values())
        reference = pdf.Root.Perms.DocMDP.Reference[0]
        assert (reference.TransformMethod, reference.TransformParams.P) == ("/DocMDP", 2)
        assert all(float(side) <= 0 for one in fields.values() for side in one.Rect), "nothing of it shows on the page"


def test_the_drawn_page_ends_with_a_line_end_before_the_revision(
    drawn: bytes, pending: PendingOfficerSignature
) -> None:
    assert drawn.endswith(b"%%EOF")
    assert pending.prepared_pdf.startswith(drawn + b"\n")


def test_the_metadata_of_the_page_is_left_as_it_was(office: Office, drawn: bytes, issued: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as before, pikepdf.open(io.BytesIO(office.issue())) as after:
        assert dict(before.docinfo).keys() == dict(after.docinfo).keys()
        assert str(before.docinfo.ModDate) == str(after.docinfo.ModDate)
        assert b"pyHanko" not in after.Root.Metadata.read_bytes()


def test_the_state_survives_a_restart(office: Office, pending: PendingOfficerSignature) -> None:
    again = PendingOfficerSignature.from_bytes(pending.to_bytes())
    assert again == pending
    signature = raw_signature(office.officer, again.signed_attributes)
    assert officer.finish(again, signature) == officer.finish(pending, signature)


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b"not json", b'{"format":"udgam.pending-signature/2"}', b"[1,2]", b"null"]
)
def test_a_damaged_state_is_refused(damage: bytes) -> None:
    with pytest.raises(OfficerSignatureRefused) as refusal:
        PendingOfficerSignature.from_bytes(damage)
    assert refusal.value.code == "officer.state_unusable"


def test_a_state_whose_file_was_changed_is_refused(pending: PendingOfficerSignature) -> None:
    state = pending.to_bytes()
    place = state.index(b'"pdf": "') + 2000
    changed = state[:place] + (b"A" if state[place : place + 1] != b"A" else b"B") + state[place + 1 :]
    with pytest.raises(OfficerSignatureRefused) as refusal:
        PendingOfficerSignature.from_bytes(changed)
    assert refusal.value.code == "officer.state_unusable"


def test_a_signature_of_another_key_is_refused(office: Office, pending: PendingOfficerSignature) -> None:
    with pytest.raises(OfficerSignatureRefused) as refusal:
        officer.finish(pending, raw_signature(office.seal, pending.signed_attributes))
    assert refusal.value.code == "officer.signature_wrong"


def test_a_signature_over_something_else_is_refused(office: Office, pending: PendingOfficerSignature) -> None:
    for data in (b"", pending.signed_attributes[1:], b"\xa0" + pending.signed_attributes[1:], pending.prepared_pdf):
        with pytest.raises(OfficerSignatureRefused):
            officer.finish(pending, raw_signature(office.officer, data))


@pytest.mark.parametrize("signature", [b"", b"\0", b"\0" * 256, b"\xff" * 256, b"x" * 100_000])
def test_nonsense_is_no_signature(pending: PendingOfficerSignature, signature: bytes) -> None:
    with pytest.raises(OfficerSignatureRefused) as refusal:
        officer.finish(pending, signature)
    assert refusal.value.code == "officer.signature_wrong"


@pytest.mark.parametrize("kind", ["P-256", "P-384"])
def test_elliptic_curve_tokens_answer_in_either_form(kind: str) -> None:
    office = make_office(kind=kind)
    drawn = office.drawn(office.certified(office.content()))
    pending = officer.begin(drawn, certificate=office.officer.certificate, now=NOW)
    encoded = raw_signature(office.officer, pending.signed_attributes)
    r, s = decode_dss_signature(encoded)
    half = int(kind[2:]) // 8
    assert officer.finish(pending, r.to_bytes(half) + s.to_bytes(half)) == officer.finish(pending, encoded)


def test_a_key_that_cannot_sign_so_is_refused(office: Office, drawn: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric import ed25519

    certificate = office.below.sign_certificate(pki.name("Ed"), ed25519.Ed25519PrivateKey.generate().public_key())
    with pytest.raises(ContainerRefused) as refusal:
        officer.begin(drawn, certificate=certificate, now=NOW)
    assert refusal.value.code == "container.key"


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", b"hello", b"%PDF-1.7\n%%EOF\n" * 50])
def test_something_that_is_no_pdf_is_refused(office: Office, pdf: bytes) -> None:
    with pytest.raises(FileUnsuitable):
        officer.begin(pdf, certificate=office.officer.certificate, now=NOW)


def test_a_file_cannot_be_begun_twice(office: Office, drawn: bytes) -> None:
    with pytest.raises(FileUnsuitable):
        officer.begin(office.signed(drawn), certificate=office.officer.certificate, now=NOW)


def test_a_checker_of_somebody_else_agrees(issued: bytes, tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(issued)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=True).stdout.decode()
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert said.index("Signature Field Name: Officer") < said.index("Signature Field Name: Seal")
    assert said.rstrip().splitlines()[-2].strip() == "- Total document signed"
