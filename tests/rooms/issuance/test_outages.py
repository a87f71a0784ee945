"""Silent services: issuing goes on for a bounded time, the duty to stamp stays, and then nothing is issued."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications.models import Application
from udgam.flow.issuance import jobs
from udgam.flow.issuance.models import Certificate, FileRevision, Outage
from udgam.flow.issuance.queries import published_certificate
from udgam.flow.issuance.trust import published_trust
from udgam.flow.issuance.upkeep import stamping
from udgam.ground.audit.queries import acts_of
from udgam.ground.connectors import revocation, time_stamps
from udgam.ground.tasks import run_deferred
from udgam.parties.agencies.models import Officer
from udgam.rules import outages
from udgam.sandbox.authority import AuthorityHandle
from udgam.signing.proof import verify_pdf
from udgam.signing.proof.checks import existence
from udgam.signing.sealing import archive
from udgam.signing.sealing.archive import stamps_of

pytestmark = pytest.mark.django_db
AT_ONCE = timedelta(0)


def only() -> Certificate:
    return Certificate.objects.get()


def answers_again(ca: AuthorityHandle) -> None:
    ca.outage("tsa", False)
    time_stamps.breaker.reset()
    Outage.objects.update(last_failed_at=timezone.now() - timedelta(minutes=2))


def test_an_issue_goes_on_without_a_stamp_and_is_stamped_later(
    officer: Signatory, application: Application, firm: Firm, ca: AuthorityHandle
) -> None:
    ca.outage("tsa", True)
    certificate = officer.issue(application)
    assert certificate.stamp_due_since is not None
    assert stamps_of(certificate.file.read()) == ()
    assert "time-stamp service was silent" in text_of(officer.get("certificate", certificate.public_id))
    outage = Outage.objects.get()
    assert outage.ended_at is None
    # While it is known to be silent, nobody waits for it, and the duty stays.
    assert stamping.keep_stamped(now=timezone.now()) == 0
    answers_again(ca)
    assert stamping.keep_stamped(now=timezone.now() + timedelta(minutes=2)) == 1
    stamped = only()
    before = FileRevision.objects.get()
    assert (stamped.stamp_due_since, before.cause) == (None, "stamped")
    data = stamped.file.read()
    assert len(stamps_of(data)) == 1
    report = verify_pdf(data, trust=published_trust(), at=timezone.now() + timedelta(minutes=3), status=None)
    assert report.valid, [one for one in report.checks if one.outcome == "fail"]
    outage.refresh_from_db()
    assert outage.ended_at is not None
    acts = [line.act for line in acts_of(f"certificate:{certificate.public_id}")]
    assert acts[-1] == "certificate.stamped"
    assert [line.act for line in acts_of("service:time-stamps")] == ["outage.began", "outage.ended"]


@pytest.mark.parametrize("late", [timedelta(hours=3), timedelta(days=3)])
def test_a_late_stamp_does_not_ask_whether_the_officer_is_still_there(
    officer: Signatory,
    application: Application,
    ca: AuthorityHandle,
    late: timedelta,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The post ended between signing and stamp. Where the stamp comes days later, the log's proof goes into the file with it."""
    ca.outage("tsa", True)
    certificate = officer.issue(application)
    run_deferred()
    Officer.objects.filter(person=officer.person).update(ended_at=timezone.now())
    claimed = certificate.certified_at
    assert claimed is not None
    answers_again(ca)
    if late > existence.MOST_BETWEEN:
        # The sandbox stamps by the clock of now, so the bound is moved in its place.
        monkeypatch.setattr(existence, "MOST_BETWEEN", timedelta(seconds=2))
        while timezone.now() - claimed < timedelta(seconds=3.1):
            time.sleep(0.1)
    assert stamping.keep_stamped(now=timezone.now() + timedelta(minutes=2)) == 1
    report = verify_pdf(
        only().file.read(), trust=published_trust(), at=timezone.now() + timedelta(minutes=3), status=None
    )
    assert report.valid, [one for one in report.checks if one.outcome == "fail"]


def test_what_could_not_be_sealed_within_a_day_is_voided_and_signed_again(
    officer: Signatory, application: Application, ca: AuthorityHandle
) -> None:
    Outage.objects.create(
        service="time-stamps", began_at=timezone.now() - outages.WITHOUT_TIME_STAMPS, last_failed_at=timezone.now()
    )
    ca.outage("tsa", True)
    assert "done" in officer.sign(officer.run_of(application))
    assert only().state == "certified"
    Certificate.objects.update(certified_at=timezone.now() - timedelta(days=2))
    answers_again(ca)
    Outage.objects.all().delete()
    assert jobs.resume(patience=AT_ONCE) == 0
    assert (only().state, only().void_reason) == ("voided", "too_late")
    assert officer.issue(application).state == "issued"


def test_after_the_bounded_time_nothing_is_issued_until_the_service_answers(
    officer: Signatory, application: Application, ca: AuthorityHandle
) -> None:
    began = timezone.now() - outages.WITHOUT_TIME_STAMPS
    Outage.objects.create(service="time-stamps", began_at=began, last_failed_at=timezone.now())
    ca.outage("tsa", True)
    run = officer.run_of(application)
    assert "done" in officer.sign(run)
    certificate = only()
    assert (certificate.state, certificate.waiting_for) == ("certified", "outage.time_stamps")
    assert published_certificate(certificate.number) is None
    assert "Your signatures are kept for a day" in text_of(officer.get("run", run.public_id))
    answers_again(ca)
    Outage.objects.all().delete()
    assert jobs.resume(patience=AT_ONCE) == 1
    assert only().state == "issued"


def test_a_service_that_answers_again_ends_even_an_overdue_outage(
    officer: Signatory, application: Application, ca: AuthorityHandle
) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    Outage.objects.create(
        service="time-stamps", began_at=long_ago, last_failed_at=timezone.now() - timedelta(minutes=5)
    )
    certificate = officer.issue(application)
    assert certificate.stamp_due_since is None
    assert Outage.objects.get().ended_at is not None


def test_an_archive_stamp_follows_and_the_next_one_comes_before_it_ages(
    officer: Signatory, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = officer.issue(application)
    issued = certificate.file.read()
    now = timezone.now()
    assert stamping.keep_stamped(now=now) == 1
    archived = only()
    data = archived.file.read()
    assert data.startswith(issued)
    stamps = stamps_of(data)
    assert len(stamps) == 2
    assert archived.archived_at == now
    assert archived.archive_due_at == max(archive.lasts_until(stamps[-1]) - stamping.AHEAD, now + timedelta(days=1))
    assert stamping.keep_stamped(now=now + timedelta(hours=1)) == 0
    # The service has nothing that lasts longer yet, so the file does not grow, however often it is asked.
    Certificate.objects.update(archive_due_at=now)
    assert stamping.keep_stamped(now=now + timedelta(hours=1)) == 0
    assert len(stamps_of(only().file.read())) == 2
    waits = only().archive_due_at
    assert waits is not None
    assert waits > now + stamping.AT_MOST_EVERY
    # It has a new certificate now, or a longer key.
    lasting = iter([now + timedelta(days=2000), now + timedelta(days=1000)])
    monkeypatch.setattr(archive, "lasts_until", lambda _token: next(lasting))
    Certificate.objects.update(archive_due_at=now)
    assert stamping.keep_stamped(now=now + timedelta(hours=1)) == 1
    assert len(stamps_of(only().file.read())) == 3
    # Copies that were taken earlier stay true.
    for copy in (issued, data, only().file.read()):
        report = verify_pdf(copy, trust=published_trust(), at=timezone.now() + timedelta(minutes=3), status=None)
        assert report.valid, [one for one in report.checks if one.outcome == "fail"]


def test_a_damaged_file_is_not_stamped_and_holds_nobody_up(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    damaged, good = officer.issue(application), officer.issue(approved(firm))
    with damaged.file.storage.open(str(damaged.file.name), "wb") as file:
        file.write(b"%PDF-1.7 something else")
    assert stamping.keep_stamped(now=timezone.now()) == 1
    damaged.refresh_from_db()
    good.refresh_from_db()
    assert (damaged.archived_at is None, good.archived_at is None) == (True, False)


def test_a_token_whose_status_was_last_heard_of_too_long_ago_does_not_sign(
    officer: Signatory, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago: Any = timezone.now() - outages.WITHOUT_STATUS
    monkeypatch.setattr("udgam.flow.issuance.cycle.status_heard_at", lambda _certificate: long_ago)
    run = officer.run_of(application)
    refused = officer.answer(run, officer.show_token(run))["refused"]
    assert refused["reason"] == "outage.status"
    assert only().state == "prepared"


def test_when_the_status_of_a_token_was_last_heard_is_known(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    heard = revocation.status_heard_at(officer.token.certificate)
    assert heard is not None
    assert timezone.now() - heard < timedelta(minutes=35)
