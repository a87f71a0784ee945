"""A real process is killed at each named point of the cycle; a new one resumes or voids. Nothing is lost or issued twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.utils import timezone

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications.models import Application
from udgam.flow.issuance import crash_points, jobs, services
from udgam.flow.issuance.cycle import check_own_work
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.queries import published_certificate
from udgam.ground.audit.queries import acts_of
from udgam.ground.audit.verify import verify_chain
from udgam.parties.accounts.actors import actor_of
from udgam.rules.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
# From here on the officer's part is done, and the platform goes on alone.
WITHOUT_OFFICER = {"page.signed", "sealed.in_hand", "sealed.file_written", "sealed", "checked", "issue.before_commit"}


def process(
    act: str,
    officer: Signatory,
    application: Application,
    *,
    crash: str = "",
    most_bytes: int | None = None,
    words: tuple[str, ...] = (),
    clock: timedelta = timedelta(0),
    database: str = "",
) -> int:
    """Run the process to its end and answer its return code; a negative one is the signal that killed it.

    ``most_bytes`` is as full as the disk is: no file of the process may grow beyond it. Its failure is then the answer.
    ``words`` are those of the command line where ``act`` is "command". ``clock`` is how wrong the clock of the process is.
    ``database`` is another database than that of the test.
    """
    names = (
        "TRUST_FOLDER",
        "REVOCATION_INDEX_FOLDER",
        "MEDIA_ROOT",
        "TIME_STAMP_URL",
        "SEAL_FILE_PASSWORD",
        "REGISTER_FOLDER",
    )
    given = {
        "database": database or connection.settings_dict["NAME"],
        "settings": {name: str(getattr(django_settings, name)) for name in names},
        "person": officer.person.pk,
        "application": application.pk,
        "token": officer.token.certificate.fingerprint(_sha256()).hex(),
        "most_bytes": most_bytes,
        "words": words,
        "clock": clock.total_seconds(),
    }
    folder = Path(django_settings.TRUST_FOLDER).parent
    done = subprocess.run(
        [sys.executable, "-m", "tests.rooms.issuance.cycle_process", act, str(folder), json.dumps(given)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "udgam.web.settings.testing",
            "UDGAM_TESTING_CRASH_POINTS": crash,
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if done.returncode > 0 and most_bytes is None:
        raise AssertionError(done.stderr[-3000:])
    return done.returncode


def _sha256() -> object:
    from cryptography.hazmat.primitives.hashes import SHA256

    return SHA256()


@pytest.mark.slow
@pytest.mark.parametrize("point", crash_points.CYCLE)
def test_a_process_killed_at_any_point_loses_nothing_and_issues_nothing_twice(
    officer: Signatory, application: Application, point: str
) -> None:
    assert process("sign", officer, application, crash=point) == -signal.SIGKILL, "the point was not reached"

    # What died half way is not public and not the exporter's.
    application.refresh_from_db()
    issued_before = Certificate.objects.filter(state="issued")
    assert bool(issued_before) == (application.state == "issued") == (point == "issued")
    for row in Certificate.objects.exclude(state="issued"):
        assert published_certificate(row.number) is None

    assert process("resume", officer, application) == 0
    if point in WITHOUT_OFFICER:
        assert Certificate.objects.get().state == "issued", "the platform completes it without the officer"
    elif point != "issued":
        assert not Certificate.objects.filter(state="issued").exists()
        assert process("sign", officer, application) == 0

    certificate = Certificate.objects.get(state="issued")
    application.refresh_from_db()
    assert (application.state, application.certificate_number) == ("issued", certificate.number)
    assert published_certificate(certificate.number) is not None
    check_own_work(certificate)
    # One issue on record, in an unbroken chain, and the number was taken once.
    subject = f"certificate:{certificate.public_id}"
    assert [line.act for line in acts_of(subject)].count("certificate.issued") == 1
    verify_chain(subject)
    assert certificate.number.endswith("/00000001")
    assert Certificate.objects.count() == 1
    # Whoever comes later finds nothing to do.
    assert jobs.resume(patience=timedelta(0)) == 0
    assert Certificate.objects.filter(state="issued").count() == 1


def test_what_was_left_half_signed_is_voided_when_the_day_is_over(officer: Signatory, application: Application) -> None:
    assert process("sign", officer, application, crash="certified") == -signal.SIGKILL
    row = Certificate.objects.get()
    Certificate.objects.update(issued_on=row.issued_on - timedelta(days=1))
    jobs.void_stale()
    row.refresh_from_db()
    assert (row.state, row.void_reason) == ("voided", "other_day")
    assert process("sign", officer, application) == 0
    assert Certificate.objects.get(state="issued").number.endswith("/00000002")


def test_crash_points_exist_under_test_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda *_arguments: killed.append(1))
    monkeypatch.setattr(django_settings, "TESTING_CRASH_POINTS", ["sealed"])
    monkeypatch.setattr(django_settings, "TESTING", False)
    crash_points.reach("sealed")
    assert killed == []
    monkeypatch.setattr(django_settings, "TESTING", True)
    crash_points.reach("sealed")
    assert killed == [1]


def test_ten_openings_at_once_reserve_one_number(officer: Signatory, firm: Firm, application: Application) -> None:
    """Two browsers, ten clicks: the database lets one certificate exist, and no number is lost."""
    token = officer.token.certificate.fingerprint(_sha256()).hex()  # type: ignore[arg-type]
    barrier = threading.Barrier(10)
    numbers: list[str] = []
    refused: list[str] = []

    def open_it() -> None:
        try:
            barrier.wait(timeout=300)
            made = services.prepare_certificate(
                application=application,
                person=officer.person,
                token_sha256=token,
                actor=actor_of(officer.person),
                now=timezone.now(),
            )
            numbers.append(made.number)
        except Refused as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=open_it) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    assert len(numbers) + len(refused) == 10
    assert set(refused) <= {"issuance.being_signed"}
    assert len(set(numbers)) == 1
    assert Certificate.objects.count() == 1
    other = approved(firm)
    made = officer.issue(other)
    assert made.number.endswith("/00000002")


def test_two_completions_at_once_issue_once(officer: Signatory, application: Application) -> None:
    assert process("sign", officer, application, crash="page.signed") == -signal.SIGKILL
    barrier = threading.Barrier(4)
    issued: list[int] = []

    def complete() -> None:
        try:
            barrier.wait(timeout=300)
            issued.append(jobs.resume(patience=timedelta(0)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    certificate = Certificate.objects.get()
    assert certificate.state == "issued"
    acts = [line.act for line in acts_of(f"certificate:{certificate.public_id}")]
    assert (acts.count("certificate.sealed"), acts.count("certificate.issued")) == (1, 1)
