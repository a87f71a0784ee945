"""The nightly re-check and its alarms; revoking a key and signing anew what it signed."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications.models import Application
from udgam.flow.issuance import cycle, seal_keys
from udgam.flow.issuance.models import Alarm, Certificate, FileRevision, IssuerKey, LogEntry, RecheckRun
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register import keys as register_keys
from udgam.flow.issuance.register import publishing
from udgam.flow.issuance.subjects import subject_of
from udgam.flow.issuance.upkeep import recheck, resealing
from udgam.ground.audit.actors import SystemActor
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.models import EnrolledToken
from udgam.parties.agencies.models import Office, Officer
from udgam.signing.proof import TrustFolder, verify, verify_code, verify_credential, verify_pdf
from udgam.signing.proof.checks import existence
from udgam.signing.proof.log import MemoryStorage
from udgam.signing.proof.published import TRUST_LIST, proof_path

pytestmark = pytest.mark.django_db
ACTOR = SystemActor("tests")


def check() -> RecheckRun:
    return recheck.recheck(clock=timezone.now)


def open_codes() -> set[str]:
    return set(Alarm.objects.filter(closed_at__isnull=True).values_list("code", flat=True))


@pytest.fixture
def issued(officer: Signatory, application: Application) -> Certificate:
    certificate = officer.issue(application)
    run_deferred()
    return certificate


def test_what_is_right_raises_nothing(issued: Certificate) -> None:
    done = check()
    assert (done.checked, done.differences, open_codes()) == (1, 0, set())


def test_a_changed_file_raises_an_alarm_that_ends_when_it_is_right_again(issued: Certificate) -> None:
    path = Path(issued.file.path)
    before = path.read_bytes()
    path.write_bytes(before[:-10] + (b"1" if before[-10:-9] == b"0" else b"0") + before[-9:])
    assert check().differences > 0
    assert {"file.changed", "file.check"} <= open_codes() | {"file.check"}
    assert "file.changed" in open_codes()
    check()
    assert Alarm.objects.filter(code="file.changed").count() == 1
    path.write_bytes(before)
    check()
    assert open_codes() == set()
    path.unlink()
    check()
    assert open_codes() == {"file.missing"}


def test_without_a_register_that_can_be_read_nothing_counts_as_checked_and_no_alarm_is_closed(
    issued: Certificate,
) -> None:
    path = Path(issued.file.path)
    path.rename(path.with_suffix(".away"))
    assert check().checked == 1
    assert open_codes() == {"file.missing"}
    trust_list = Path(django_settings.REGISTER_FOLDER) / TRUST_LIST
    before = trust_list.read_bytes()
    trust_list.write_bytes(b"torn")
    done = check()
    assert (done.checked, done.differences) == (0, 1)
    assert open_codes() == {"file.missing", "register.unusable"}
    trust_list.write_bytes(before)
    path.with_suffix(".away").rename(path)
    assert check().checked == 1
    assert open_codes() == set()


def test_rows_that_were_changed_behind_our_back_stand_out(issued: Certificate) -> None:
    Certificate.objects.update(state="cancelled", ended_at=timezone.now(), end_reason="other")
    check()
    assert {"status.differs", "log.cancelled"} <= open_codes()
    Certificate.objects.update(state="issued", ended_at=None, end_reason="", content=b"{}")
    check()
    assert {"content.changed", "file.other_content"} <= open_codes()


def test_a_changed_log_stands_out(issued: Certificate) -> None:
    row = LogEntry.objects.get(certificate=issued)
    LogEntry.objects.filter(pk=row.pk).update(commitment="0" * 64)
    check()
    assert "log.entry_differs" in open_codes()
    LogEntry.objects.filter(pk=row.pk).update(commitment=row.commitment)
    checkpoint = Path(django_settings.REGISTER_FOLDER) / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes()[:-4] + b"AAA\n")
    check()
    assert "log.checkpoint" in open_codes()


def test_every_published_file_is_compared_with_the_rows(
    issued: Certificate, officer: Signatory, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One byte of any file of the register, or the whole of it, and the night finds it; publishing anew mends it."""
    for _again in range(2):
        officer.issue(approved(firm))
        run_deferred()
    monkeypatch.setattr(recheck, "issued_after", lambda _reached: [])
    folder = Path(django_settings.REGISTER_FOLDER)
    own = ("tile/", "proof/", "status/")
    names = [str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()]
    names = [
        one
        for one in names
        if one.startswith(own) or one in {"register.json", "trust-list.jwt", "did.json", "checkpoint"}
    ]
    assert check().differences == 0
    assert len([one for one in names if one.startswith("tile/0/")]) > 2
    for name in sorted(names):
        if name.startswith("proof/") and not name.endswith(".trust-list"):
            # Those are read with their certificate.
            continue
        before = (folder / name).read_bytes()
        middle = len(before) // 2
        for changed in (before[:middle] + bytes((before[middle] ^ 1,)) + before[middle + 1 :], None):
            if changed is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(changed)
            assert check().differences > 0, name
            assert open_codes(), name
            (folder / name).write_bytes(before)
    assert check().differences == 0
    assert open_codes() == set()
    tile = folder / next(one for one in names if one.startswith("tile/0/"))
    tile.unlink()
    assert check().differences == 1
    assert open_codes() == {"register.file_differs"}
    assert publishing.publish(now=timezone.now(), anew=True).files == 1
    assert check().differences == 0


def test_an_interrupted_re_check_goes_on_where_it_was(issued: Certificate, officer: Signatory, firm: Firm) -> None:
    officer.issue(approved(firm))
    run_deferred()
    RecheckRun.objects.create(begun_at=timezone.now(), reached=issued.pk, checked=1)
    assert check().checked == 2
    assert RecheckRun.objects.count() == 1


def test_an_administrator_sees_the_alarm_and_closes_it(issued: Certificate, officer: Signatory) -> None:
    Path(issued.file.path).unlink()
    check()
    client = Client()
    sign_in(client, make_person("administrator", username="root", name="Nandini Rao"), stepped_up=True)
    page = text_of(client.get(reverse("issuance:alarms")))
    assert issued.number in page
    assert "not as it was issued" in page
    alarm = Alarm.objects.get()
    address = reverse("issuance:alarm", args=[alarm.public_id])
    assert officer.client.get(address).status_code == 404
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "The disk was full."}).status_code == 302
    assert client.post(address, {"note": "Again."}).status_code == 409
    check()
    assert open_codes() == {"file.missing"}


def new_keys(office: Office, other: str) -> None:
    """Install another office's seal and a fresh key of codes under a new address, as an operator would after a loss."""
    folder = Path(office.seal_key.removeprefix("file:")).parent
    target = folder / f"{office.code}-new-{other}.p12"
    target.write_bytes((folder / f"{other}.p12").read_bytes())
    Office.objects.filter(pk=office.pk).update(seal_key=f"file:{target}")
    seal_keys._opened.clear()
    register_keys.forget_opened()


def published_trust() -> TrustFolder:
    trust, fault = recheck.published_trust_alone()
    assert trust is not None, fault
    return trust


def test_after_a_key_of_codes_is_lost_everything_that_counts_is_signed_anew(
    issued: Certificate, officer: Signatory, firm: Firm
) -> None:
    other = officer.issue(approved(firm))
    run_deferred()
    lost = IssuerKey.objects.get()
    with pytest.raises(IssueRefused) as refused:
        resealing.begin(key=lost.key_id, reason="key-compromise", actor=ACTOR, now=timezone.now())
    assert refused.value.code == "resealing.still_in_use"
    new_keys(issued.office, "SEC-PUN")
    begun = resealing.begin(key=lost.key_id, reason="key-compromise", actor=ACTOR, now=timezone.now())
    assert begun.total == 2
    # Killed after the first one: begun again, it goes on with the rest.
    assert resealing.run(begun, clock=timezone.now, actor=ACTOR, limit=1).done == 1
    again = resealing.begin(key=lost.key_id, reason="key-compromise", actor=ACTOR, now=timezone.now())
    assert again == begun
    assert resealing.run(again, clock=timezone.now, actor=ACTOR).done == 1
    begun.refresh_from_db()
    assert (begun.done, begun.finished_at is not None) == (2, True)
    publishing.publish(now=timezone.now())
    trust, now = published_trust(), timezone.now()
    assert not verify_code(issued.code, trust=trust, at=now, status=None).valid
    for row in (issued, other):
        old_file = row.file_sha256
        row.refresh_from_db()
        assert row.file_sha256 == old_file
        assert verify_code(row.code, trust=trust, at=now, status=None).valid
        assert verify_credential(row.credential, trust=trust, at=now, status=None).valid
        # Officer, seal and time stamp prove when the file was made, so it stands.
        assert verify_pdf(row.file.read(), trust=trust, at=now, status=None).valid
    assert check().differences == 0


def test_after_a_seal_is_lost_the_officers_page_is_sealed_anew(issued: Certificate) -> None:
    before, seal = issued.file.read(), issued.seal_sha256
    new_keys(issued.office, "SEC-PUN")
    begun = resealing.begin(key=seal, reason="key-compromise", actor=ACTOR, now=timezone.now())
    outcome = resealing.run(begun, clock=timezone.now, actor=ACTOR)
    assert (outcome.done, outcome.failed) == (1, {})
    issued.refresh_from_db()
    assert issued.seal_sha256 != seal
    kept = FileRevision.objects.get()
    assert (kept.cause, kept.file.read()) == ("resealed", before)
    publishing.publish(now=timezone.now())
    trust = published_trust()
    report = verify_pdf(issued.file.read(), trust=trust, at=timezone.now(), status=None)
    assert report.valid, [one for one in report.checks if one.outcome == "fail"]
    assert trust.register is not None
    assert trust.register.proof_of(issued.content_sha256, "resealed") is not None
    with pytest.raises(IssueRefused) as refused:
        resealing.begin(key=seal, reason="superseded", actor=ACTOR, now=timezone.now())
    assert refused.value.code == "resealing.begun_already"
    with pytest.raises(IssueRefused) as refused:
        resealing.begin(key="0" * 64, reason="superseded", actor=ACTOR, now=timezone.now())
    assert refused.value.code == "resealing.unknown_key"


@pytest.mark.parametrize("how", ["left", "token retired", "token retired and post ended", "log of paper"])
def test_after_officer_or_token_have_gone_the_page_is_sealed_anew_all_the_same(
    issued: Certificate, officer: Signatory, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days after the issue, so that nothing but the log explains how old the officer's signature is."""
    seal, data = issued.seal_sha256, issued.file.read()
    monkeypatch.setattr(existence, "MOST_BETWEEN", timedelta(seconds=0))
    monkeypatch.setattr(existence, "OFFICERS_CLOCK", timedelta(seconds=0))
    wait_for_the_next_second()
    gone = timezone.now()
    if how in {"left", "token retired and post ended"}:
        Officer.objects.filter(person=officer.person).update(ended_at=gone)
    if how.startswith("token retired"):
        EnrolledToken.objects.filter(person=officer.person).update(retired_at=gone, retired_reason="replaced")
    wait_for_the_next_second()
    monkeypatch.setattr(existence, "MOST_BETWEEN", timedelta(seconds=2))
    proof = Path(django_settings.REGISTER_FOLDER) / proof_path(issued.content_sha256, "issued")
    if how == "log of paper":
        proof.rename(proof.with_suffix(".away"))
    new_keys(issued.office, "SEC-PUN")
    begun = resealing.begin(key=seal, reason="key-compromise", actor=ACTOR, now=timezone.now())
    publishing.publish(now=timezone.now())
    outcome = resealing.run(begun, clock=timezone.now, actor=ACTOR)
    assert data
    if how == "log of paper":
        assert outcome.failed == {issued.number: "resealing.not_logged"}
        proof.with_suffix(".away").rename(proof)
        outcome = resealing.run(begun, clock=timezone.now, actor=ACTOR)
    assert (outcome.done, outcome.failed) == (1, {})
    issued.refresh_from_db()
    assert issued.seal_sha256 != seal
    publishing.publish(now=timezone.now())
    assert check().differences == 0, list(Alarm.objects.values_list("code", "detail"))
    # A stranger who has the trust list alone: the file brings the proof of the log.
    trust = published_trust()
    assert trust.register is not None
    alone = replace(trust, register=replace(trust.register, files=MemoryStorage()))
    report = verify_pdf(issued.file.read(), trust=alone, at=timezone.now(), status=None)
    assert report.valid, [one for one in report.checks if one.outcome == "fail"]
    assert "the log holds it since" in next(one.detail for one in report.checks if one.id == "content.certified")


def wait_for_the_next_second() -> None:
    """Moments of the register count whole seconds."""
    begun = timezone.now()
    while (timezone.now() - begun) < timedelta(seconds=1.1):
        time.sleep(0.1)


def test_an_extract_shows_a_bank_what_the_exporter_chose_and_no_price(issued: Certificate, firm: Firm) -> None:
    address = reverse("issuance:extract", args=[issued.public_id])
    assert 'value="fob"' in text_of(firm.client.get(address))
    assert firm.client.post(address, {"shown": ["exporter", "secret"]}).status_code == 422
    answer = firm.client.post(address, {"shown": ["exporter", "description", "quantity"]})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/dc+sd-jwt")
    assert "extract.jwt" in answer["Content-Disposition"]
    trust = published_trust()
    report = verify(answer.content, trust=trust, at=timezone.now(), status=None)
    assert (report.valid, report.status, report.certificate_number) == (True, "issued", issued.number)
    assert report.shown is not None
    assert report.shown["exporter"]["name"]
    assert {"fob", "currency", "marks"}.isdisjoint(report.shown["items"][0])
    assert {"description", "quantity", "hs_code"} <= set(report.shown["items"][0])
    assert b"fob" not in answer.content
    # The bank holds it to the page of the site.
    page = text_of(Client().post(reverse("verification:text"), {"text": answer.content.decode()}))
    assert "This extract is genuine" in page
    assert issued.number in page
    nothing = firm.client.post(address, {})
    shown = verify(nothing.content, trust=trust, at=timezone.now(), status=None).shown
    assert shown is not None
    assert "exporter" not in shown
    assert [line.act for line in acts_of(subject_of(issued))].count("certificate.extract_made") == 2
    Certificate.objects.filter(pk=issued.pk).update(state="cancelled", ended_at=timezone.now(), end_reason="other")
    assert firm.client.post(address, {}).status_code == 409


def test_the_check_of_a_new_seal_runs_before_the_transaction_and_what_moved_meanwhile_is_left_alone(
    issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_keys(issued.office, "SEC-PUN")
    begun = resealing.begin(key=issued.seal_sha256, reason="key-compromise", actor=ACTOR, now=timezone.now())
    outside, depths = len(connection.savepoint_ids), []
    real = cycle.check_own_work

    def check_own_work(row: Certificate, trust: TrustFolder) -> None:
        depths.append(len(connection.savepoint_ids))
        real(row, trust)
        if len(depths) == 1:
            Certificate.objects.update(file_sha256="0" * 64)

    monkeypatch.setattr(cycle, "check_own_work", check_own_work)
    outcome = resealing.run(begun, clock=timezone.now, actor=ACTOR)
    assert outcome.failed == {issued.number: "issuance.moved_on"}
    assert depths == [outside]
    assert len(list(Path(issued.file.path).parent.iterdir())) == 1, "the file that no row names is removed"
    Certificate.objects.update(file_sha256=issued.file_sha256)
    assert resealing.run(begun, clock=timezone.now, actor=ACTOR).done == 1


def test_a_run_in_parts_goes_on_behind_what_cannot_be_signed_anew(
    issued: Certificate, officer: Signatory, firm: Firm
) -> None:
    officer.issue(approved(firm))
    page = Path(issued.signed_page.path)
    page.rename(page.with_suffix(".away"))
    new_keys(issued.office, "SEC-PUN")
    begun = resealing.begin(key=issued.seal_sha256, reason="key-compromise", actor=ACTOR, now=timezone.now())

    def part() -> tuple[int, list[str]]:
        outcome = resealing.run(begun, clock=timezone.now, actor=ACTOR, limit=1)
        return outcome.done, list(outcome.failed.values())

    assert part() == (0, ["storage.missing"])
    assert part() == (1, [])
    assert part() == (0, []), "the end is reached; the next part begins anew"
    page.with_suffix(".away").rename(page)
    assert part() == (1, [])


def test_the_evidence_bundle_proves_it_when_the_site_is_gone(issued: Certificate, firm: Firm, tmp_path: Path) -> None:
    address = reverse("issuance:other_file", args=[issued.public_id, "evidence.zip"])
    answer = firm.client.get(address)
    assert answer.status_code == 200
    assert answer.content == firm.client.get(address).content
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        packed.extractall(tmp_path)
    # From the bundle alone, with the pin and the anchors that a checker got from elsewhere.
    trust = TrustFolder.load(tmp_path / "trust")
    report = verify(answer.content, trust=trust, at=timezone.now(), status=None)
    assert (report.valid, report.status, report.certificate_number) == (True, "issued", issued.number)
    assert {one.id for one in report.checks if one.id.startswith("bundle.") and one.outcome == "pass"} == {
        "bundle.credential",
        "bundle.code",
    }
    for name in ("code.txt", "code.svg", "credential.jwt"):
        assert firm.client.get(reverse("issuance:other_file", args=[issued.public_id, name])).status_code == 200
    assert firm.client.get(reverse("issuance:other_file", args=[issued.public_id, "keys.pem"])).status_code == 404
    assert Client().get(address).status_code == 302
