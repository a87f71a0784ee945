"""Drills with real processes: a disk that is full, a key store that is gone, a clock that was set back, a restored database."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from tests.rooms.issuance.test_crashes import process
from tests.rooms.issuance.test_register import files
from tests.softhsm_tokens import SoftHsm
from udgam.flow.applications.models import Application
from udgam.flow.issuance import jobs
from udgam.flow.issuance.models import Certificate, Checkpoint, LogEntry
from udgam.flow.issuance.register import publishing
from udgam.ground.connectors import time_stamps
from udgam.parties.agencies.models import Office
from udgam.sandbox.authority import AuthorityHandle, load_seal
from udgam.signing.proof.log import FolderStorage
from udgam.signing.proof.published import PublishedRegister
from udgam.web import backup

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = timedelta(0)


def folder() -> Path:
    return Path(django_settings.REGISTER_FOLDER)


def test_a_full_disk_loses_nothing_and_the_old_register_stands(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    officer.issue(application)
    publishing.publish(now=timezone.now())
    before = files(folder())
    second = approved(firm)
    # No file may grow beyond a few kilobytes: neither the page nor the register's files can be written.
    assert process("sign", officer, second, most_bytes=4096) > 0
    assert Certificate.objects.get(application=second).state in {"prepared", "certified"}
    assert process("sign", officer, second) == 0
    certificate = Certificate.objects.get(application=second, state="issued")
    assert process("publish", officer, second, most_bytes=512) > 0
    assert {name: digest for name, digest in files(folder()).items() if name == "checkpoint"} == {
        "checkpoint": before["checkpoint"]
    }
    assert list(folder().rglob("*.new")) == []
    assert process("publish", officer, second) == 0
    found = PublishedRegister.read(FolderStorage(folder()))
    assert found is not None
    assert found.proof_of(certificate.content_sha256, "issued") is not None
    assert Certificate.objects.filter(state="issued").count() == 2


def test_a_key_store_that_is_gone_stops_issuing_until_it_is_back(officer: Signatory, application: Application) -> None:
    seal = Path(Office.objects.get(pk=application.office_id).seal_key.removeprefix("file:"))
    assert process("sign", officer, application, crash="page.signed") < 0
    away = seal.with_suffix(".away")
    seal.rename(away)
    try:
        assert process("resume", officer, application) == 0
        waiting = Certificate.objects.get()
        assert (waiting.state, waiting.waiting_for) == ("certified", "issuance.seal_address")
    finally:
        away.rename(seal)
    assert process("resume", officer, application) == 0
    certificate = Certificate.objects.get()
    assert certificate.state == "issued"
    assert certificate.number.endswith("/00000001")
    assert LogEntry.objects.filter(certificate=certificate).count() == 1


@pytest.mark.softhsm
def test_a_key_store_behind_pkcs11_that_loses_its_token_stops_issuing_until_it_is_back(
    officer: Signatory, application: Application, ca: AuthorityHandle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real module (SoftHSM2) in real processes; the seal and the office's proof key lie in the token, and the token goes."""
    row = Office.objects.get(pk=application.office_id)
    seal, proof = load_seal(ca.authority.folder, "MUM"), ec.generate_private_key(ec.SECP256R1())
    hsm = SoftHsm(tmp_path / "hsm")
    hsm.import_key(seal.key, seal.certificate, label="office", pin="445566")
    hsm.import_key(proof, None, label="office", pin="445566", key_id=b"\x02", new=False, object_label="proof")
    for name, value in hsm.environment().items():
        monkeypatch.setenv(name, value)
    (tmp_path / "pin").write_text("445566")
    (tmp_path / "seal.pem").write_bytes(
        b"".join(one.public_bytes(Encoding.PEM) for one in (seal.certificate, *seal.chain))
    )
    (tmp_path / "proof.pem").write_bytes(
        proof.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    row.seal_key = (
        f"pkcs11:token=office;object=office?module-path={hsm.module}&pin-source=file:{tmp_path / 'pin'}"
        f"&x-certificates={tmp_path / 'seal.pem'}&x-proof-object=proof&x-proof-public={tmp_path / 'proof.pem'}"
    )
    row.save(update_fields=["seal_key"])
    assert process("sign", officer, application, crash="page.signed") < 0
    tokens = hsm.folder / "tokens"
    tokens.rename(away := hsm.folder / "away")
    tokens.mkdir()
    assert process("resume", officer, application) == 0
    waiting = Certificate.objects.get()
    assert (waiting.state, LogEntry.objects.filter(certificate=waiting).count()) == ("certified", 0)
    assert waiting.waiting_for.startswith(("seal_key.", "issuance.seal"))
    tokens.rmdir()
    away.rename(tokens)
    assert process("resume", officer, application) == 0
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.number == waiting.number) == ("issued", True)
    assert LogEntry.objects.filter(certificate=certificate).count() == 1


def test_a_time_stamp_service_that_is_gone_is_noted_by_every_process(
    officer: Signatory, application: Application, ca: AuthorityHandle
) -> None:
    assert process("sign", officer, application, crash="page.signed") < 0
    ca.outage("tsa", True)
    assert process("resume", officer, application) == 0
    certificate = Certificate.objects.get()
    assert (certificate.state, certificate.stamp_due_since is not None) == ("issued", True)
    ca.outage("tsa", False)
    time_stamps.breaker.reset()
    from udgam.flow.issuance.upkeep import stamping

    assert stamping.keep_stamped(now=timezone.now() + timedelta(minutes=5)) == 1
    certificate.refresh_from_db()
    assert certificate.stamp_due_since is None


def test_with_a_clock_set_back_two_hours_nothing_is_issued_and_nothing_published_goes_back(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    officer.issue(application)
    publishing.publish(now=timezone.now())
    before = Checkpoint.objects.order_by("-size")[0]
    second = approved(firm)
    assert process("sign", officer, second, crash="page.signed") < 0
    certificate = Certificate.objects.get(application=second)
    back = timedelta(hours=-2)
    assert process("complete", officer, second, clock=back) == 0
    assert process("publish", officer, second, clock=back) == 0
    certificate.refresh_from_db()
    # The stamp of the outside service lies in the future of such a clock, so our own check refuses.
    assert certificate.state != "issued"
    assert certificate.waiting_for
    Certificate.objects.filter(pk=certificate.pk).update(tried_at=None)
    jobs.resume(patience=AT_ONCE)
    certificate.refresh_from_db()
    assert certificate.state == "issued"
    publishing.publish(now=timezone.now())
    after = Checkpoint.objects.order_by("-size")[0]
    assert after.size > before.size
    assert after.at >= before.at
    entries = list(LogEntry.objects.order_by("position").values_list("at", flat=True))
    assert entries == sorted(entries)


def test_what_is_restored_into_a_new_place_gives_the_same_register_and_issues_nothing_twice(
    officer: Signatory, application: Application, firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = officer.issue(application)
    publishing.publish(now=timezone.now())
    officer.issue(approved(firm))
    publishing.publish(now=timezone.now())
    here = connection.settings_dict
    address = f"postgresql://{here['USER']}@/{{}}?host={quote(str(here['HOST']), safe='')}"
    shutil.copytree(django_settings.MEDIA_ROOT, tmp_path / "old/files")
    connection.close()
    with monkeypatch.context() as old:
        old.setenv("UDGAM_VAR", str(tmp_path / "old"))
        old.setenv("DATABASE_URL", address.format(here["NAME"]))
        assert backup.main(["save", str(tmp_path / "saved")]) == 0
    copy = f"{here['NAME']}_restored"
    with psycopg.connect(address.format("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{copy}"')
    try:
        # The keys are no part of a backup: they stay where they are, in their key store.
        with monkeypatch.context() as new:
            new.setenv("UDGAM_VAR", str(tmp_path / "new"))
            new.setenv("DATABASE_URL", address.format(copy))
            assert backup.main(["restore", str(tmp_path / "saved")]) == 0
        words = ("register", "rebuild", "--out", str(tmp_path / "register"))
        assert process("command", officer, application, words=words, database=copy) == 0
        # Whoever goes on from the backup finds nothing to issue again.
        assert process("resume", officer, application, database=copy) == 0
        with psycopg.connect(address.format(copy)) as restored:
            [(count,)] = restored.execute("SELECT count(*) FROM issuance_certificate WHERE state = 'issued'").fetchall()
    finally:
        with psycopg.connect(address.format("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    assert count == 2
    published, again = files(folder()), files(tmp_path / "register")
    assert again["checkpoint"] == published["checkpoint"]
    assert again == published
    assert (tmp_path / "new/files" / str(first.file.name)).read_bytes() == first.file.read()
