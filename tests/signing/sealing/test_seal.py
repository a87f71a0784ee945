"""The office's seal: keys, time stamps, evidence and the signed list of statuses."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat, pkcs12

from tests.signing import pki
from tests.signing.sealing import samples
from tests.signing.sealing.office import LATER, NOW, SITE, FixedTimeStamper, Office, make_office
from tests.signing.sealing.snapshots import StatusEntry, sign_snapshot
from tests.softhsm_tokens import SoftHsm
from udgam.signing.proof import StatusUnavailable, TrustFolder, verify_pdf
from udgam.signing.proof.time_stamp import TimeStampRefused, read_token
from udgam.signing.sealing import seal
from udgam.signing.sealing.keys import SealKeyUnusable, SoftwareSealKey
from udgam.signing.sealing.revision import FileUnsuitable
from udgam.signing.sealing.seal import NO_EVIDENCE, TimeStampUnavailable


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    return office.signed(office.drawn(office.certified(office.content())))


class AnsweringStamper:
    """A service that answers whatever it is told to."""

    def __init__(self, token: bytes) -> None:
        self.token = token

    def stamp(self, digest: bytes) -> bytes:
        return self.token


def test_evidence_lies_under_the_seal(office: Office, issued: bytes, trust_path: Path) -> None:
    evidence = office.evidence(trust_path)
    assert len(evidence.crls) == 2
    with pikepdf.open(io.BytesIO(issued)) as pdf:
        store = pdf.Root.DSS
        assert sorted(one.read_bytes() for one in store.CRLs) == sorted(evidence.crls)
        seal_range = [int(number) for number in pdf.Root.AcroForm.Fields[1].V.ByteRange]
    assert seal_range[2] + seal_range[3] == len(issued)
    assert all(issued.index(one) < len(issued) for one in evidence.crls)


def test_a_large_crl_is_left_to_the_trust_folder(office: Office, trust_path: Path, tmp_path: Path) -> None:
    large = office.below.crl(dict.fromkeys(range(10**6, 10**6 + 3000)))
    crls = pki.write_folder(tmp_path / "crls", {"root.crl": office.root.crl(), "below.crl": large})
    assert len(large) > seal.MAX_EVIDENCE_BYTES
    assert office.evidence(crls.parent).crls == (office.root.crl(),) or len(office.evidence(crls.parent).crls) == 1


@pytest.mark.parametrize("token", [b"", b"\x30\x00", b"nonsense", bytes(5000)])
def test_an_unusable_answer_of_the_time_stamp_service_stops_the_seal(
    office: Office, signed: bytes, token: bytes
) -> None:
    with pytest.raises(TimeStampUnavailable) as refusal:
        seal.apply(
            signed, seal_key=office.seal_key, time_stamper=AnsweringStamper(token), evidence=NO_EVIDENCE, now=NOW
        )
    assert refusal.value.code == "time_stamp.unusable"


def test_a_stamp_of_something_else_stops_the_seal(office: Office, signed: bytes) -> None:
    replayed = office.time_stamper.stamp(bytes(32))
    with pytest.raises(TimeStampUnavailable) as refusal:
        seal.apply(
            signed, seal_key=office.seal_key, time_stamper=AnsweringStamper(replayed), evidence=NO_EVIDENCE, now=NOW
        )
    assert "something else" in refusal.value.message


def test_a_certificate_for_other_purposes_cannot_stamp(office: Office) -> None:
    token = FixedTimeStamper(office.officer, [office.below.certificate], NOW).stamp(bytes(32))
    with pytest.raises(TimeStampRefused) as refusal:
        read_token(token)
    assert refusal.value.code == "time_stamp.purpose"


def test_every_byte_of_a_time_stamp_matters(office: Office) -> None:
    token = FixedTimeStamper(office.stamps, [], NOW).stamp(bytes(range(32)))
    good = read_token(token)
    for place in range(len(token)):
        changed = bytearray(token)
        changed[place] ^= 0x01
        try:
            read = read_token(bytes(changed))
        except TimeStampRefused:
            continue
        # What is left is the service's own certificate, which the checker compares with the one that is pinned.
        assert read.certificate != good.certificate, place


def test_a_drawn_page_cannot_be_sealed_without_the_officer(office: Office) -> None:
    drawn = office.drawn(office.certified(office.content()))
    with pytest.raises(FileUnsuitable):
        seal.apply(drawn, seal_key=office.seal_key, time_stamper=None, evidence=NO_EVIDENCE, now=NOW)


def test_a_sealed_file_cannot_be_sealed_again(office: Office, issued: bytes) -> None:
    with pytest.raises(FileUnsuitable):
        seal.apply(issued, seal_key=office.seal_key, time_stamper=None, evidence=NO_EVIDENCE, now=NOW)


def test_key_files_open_and_are_checked_against_the_certificate(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "seal.pem"
    file.write_bytes(
        office.seal.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    )
    assert SoftwareSealKey.load(file, office.seal.certificate, password=b"secret").sign(b"x")
    for arguments, code in (
        ((file, office.seal.certificate, b"wrong"), "seal_key.unreadable"),
        ((tmp_path / "missing.pem", office.seal.certificate, None), "seal_key.unreadable"),
        ((file, office.officer.certificate, b"secret"), "seal_key.other_certificate"),
    ):
        with pytest.raises(SealKeyUnusable) as refusal:
            SoftwareSealKey.load(arguments[0], arguments[1], password=arguments[2])
        assert refusal.value.code == code


def test_a_p12_file_opens(office: Office) -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"seal", office.seal.key, office.seal.certificate, [office.below.certificate], BestAvailableEncryption(b"1234")
    )
    key = SoftwareSealKey.from_p12(data, "1234")
    assert (key.certificate, key.chain) == (office.seal.certificate, (office.below.certificate,))
    with pytest.raises(SealKeyUnusable):
        SoftwareSealKey.from_p12(data, "4321")
    with pytest.raises(SealKeyUnusable):
        SoftwareSealKey.from_p12(b"nonsense", "1234")


CHILD = """
import sys
from pathlib import Path
from datetime import datetime
from udgam.signing.sealing import seal
from udgam.signing.sealing.keys import Pkcs11SealKey, SealKeyUnusable
from udgam.signing.trust import read_certificates
folder, module, pin, label = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
leaf, *chain = read_certificates((folder / "chain.pem").read_bytes())
try:
    key = Pkcs11SealKey(module=module, token_label=label, key_label="seal-token", pin=pin, certificate=leaf, chain=chain)
except SealKeyUnusable as refusal:
    print(refusal.code)
    raise SystemExit(1)
signed = (folder / "signed.pdf").read_bytes()
for place in range(2):
    done = seal.apply(signed, seal_key=key, time_stamper=None, evidence=seal.NO_EVIDENCE, now=datetime.fromisoformat(sys.argv[5]))
    (folder / f"sealed-{place}.pdf").write_bytes(done)
"""


@pytest.mark.softhsm
@pytest.mark.parametrize("kind", ["RSA-2048", "P-256"])
def test_a_key_store_seals_through_pkcs11(kind: str, tmp_path: Path) -> None:
    office = make_office(kind=kind)
    hsm = SoftHsm(tmp_path / "hsm")
    hsm.import_key(office.seal.key, office.seal.certificate, label="seal-token", pin="445566")
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in (office.seal.certificate, office.below.certificate))
    (tmp_path / "chain.pem").write_bytes(chain)
    certified = office.certified(office.content())
    (tmp_path / "signed.pdf").write_bytes(office.signed(office.drawn(certified, office.own_proofs(certified))))

    def child(pin: str, label: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", CHILD, str(tmp_path), hsm.module, pin, label, NOW.isoformat()]
        return subprocess.run(
            command, env={**os.environ, **hsm.environment()}, capture_output=True, text=True, check=False
        )

    done = child("445566", "seal-token")
    assert done.returncode == 0, done.stderr
    trust = office.trust(tmp_path / "trust")
    for place in range(2):
        report = verify_pdf((tmp_path / f"sealed-{place}.pdf").read_bytes(), trust=trust, at=LATER, status=None)
        assert report.valid, report
    assert child("445566", "other").stdout.strip() == "seal_key.not_found"
    assert child("000000", "seal-token").stdout.strip() == "seal_key.pin_wrong"


@pytest.mark.softhsm
def test_a_key_store_with_another_key_is_refused(office: Office, tmp_path: Path) -> None:
    hsm = SoftHsm(tmp_path / "hsm")
    hsm.import_key(office.officer.key, office.officer.certificate, label="seal-token", pin="445566")
    (tmp_path / "chain.pem").write_bytes(office.seal.certificate.public_bytes(Encoding.PEM))
    command = [sys.executable, "-c", CHILD, str(tmp_path), hsm.module, "445566", "seal-token", NOW.isoformat()]
    done = subprocess.run(command, env={**os.environ, **hsm.environment()}, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "seal_key.other_certificate"


def snapshot_in(
    folder: Path,
    office: Office,
    status: str,
    *,
    until: timedelta = timedelta(days=7),
    key: SoftwareSealKey | None = None,
) -> TrustFolder:
    office.write_trust(folder)
    data, signature = sign_snapshot(
        [StatusEntry(samples.NUMBER, status, "ab" * 32)],
        seal_key=key or office.seal_key,
        site=SITE,
        at=NOW,
        until=NOW + until,
    )
    (folder / "status.json").write_bytes(data)
    (folder / "status.p7s").write_bytes(signature)
    return TrustFolder.load(folder)


def test_a_signed_list_is_believed_for_its_own_agency_only(office: Office, tmp_path: Path) -> None:
    trust = snapshot_in(tmp_path, office, "cancelled")
    snapshot = trust.snapshot(at=LATER, agency="SEC")
    assert snapshot is not None
    assert snapshot.status_of(samples.NUMBER).status == "cancelled"
    assert snapshot.status_of("SEC/2026/016/0000009A/00000009").status == "unknown"
    with pytest.raises(StatusUnavailable):
        trust.snapshot(at=LATER, agency="OTHER")


def test_an_old_list_calls_nothing_issued_any_more(office: Office, tmp_path: Path) -> None:
    old = snapshot_in(tmp_path / "a", office, "issued", until=timedelta(hours=1)).snapshot(at=LATER, agency="SEC")
    assert old is not None
    with pytest.raises(StatusUnavailable) as refusal:
        old.status_of(samples.NUMBER)
    assert refusal.value.code == "status.snapshot_old"
    cancelled = snapshot_in(tmp_path / "b", office, "cancelled", until=timedelta(hours=1)).snapshot(
        at=LATER, agency="SEC"
    )
    assert cancelled is not None
    assert cancelled.status_of(samples.NUMBER).status == "cancelled"


def test_a_list_that_was_changed_or_signed_by_an_officer_is_refused(office: Office, tmp_path: Path) -> None:
    trust = snapshot_in(tmp_path / "a", office, "cancelled")
    listed = tmp_path / "a" / "status.json"
    listed.write_bytes(listed.read_bytes().replace(b"cancelled", b"issued"))
    with pytest.raises(StatusUnavailable):
        TrustFolder.load(tmp_path / "a").snapshot(at=LATER, agency="SEC")
    assert trust.snapshot(at=LATER, agency="SEC") is not None
    by_officer = SoftwareSealKey(office.officer.key, office.officer.certificate)
    with pytest.raises(StatusUnavailable):
        snapshot_in(tmp_path / "b", office, "issued", key=by_officer).snapshot(at=LATER, agency="SEC")


def test_a_list_holds_published_statuses_only(office: Office) -> None:
    with pytest.raises(ValueError, match="published"):
        sign_snapshot([StatusEntry("x", "draft", "00")], seal_key=office.seal_key, site=SITE, at=NOW, until=LATER)
    data, signature = sign_snapshot([], seal_key=office.seal_key, site=SITE, at=NOW, until=LATER)
    assert json.loads(data)["format"] == "udgam.statuses/1"
    assert cms.ContentInfo.load(signature)["content_type"].native == "signed_data"


PROOF_CHILD = """
import sys
from pathlib import Path
from udgam.signing.proof.keys import PublicKey
from udgam.signing.sealing.keys import Pkcs11SealKey, SealKeyUnusable
from udgam.signing.sealing.proof_keys import Pkcs11ProofKey
from udgam.signing.trust import read_certificates
folder, module = Path(sys.argv[1]), Path(sys.argv[2])
leaf, other = read_certificates((folder / "certificates.pem").read_bytes())
where = {"module": module, "token_label": "office", "key_label": "office", "pin": "445566"}
seal = Pkcs11SealKey(**where, certificate=leaf)
key = Pkcs11ProofKey(**where, public=PublicKey.of(leaf.public_key()))
print(key.public.signed(key.sign(b"x"), b"x") and len(seal.sign(b"x")) > 60)
try:
    Pkcs11ProofKey(**where, public=PublicKey.of(other.public_key()))
except SealKeyUnusable as refusal:
    print(refusal.code)
"""


@pytest.mark.softhsm
def test_seal_and_proof_key_of_one_token_are_open_together(tmp_path: Path) -> None:
    office = make_office(kind="P-256")
    hsm = SoftHsm(tmp_path / "hsm")
    hsm.import_key(office.seal.key, office.seal.certificate, label="office", pin="445566")
    both = (office.seal.certificate, office.officer.certificate)
    (tmp_path / "certificates.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in both))
    command = [sys.executable, "-c", PROOF_CHILD, str(tmp_path), hsm.module]
    done = subprocess.run(command, env={**os.environ, **hsm.environment()}, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "seal_key.other_certificate"], done.stderr
