"""A real process is killed at each named point of publishing and of ending; the next one leaves the files as if nothing had happened."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tests.rooms.issuance.office import Signatory
from tests.rooms.issuance.test_crashes import process
from tests.rooms.issuance.test_register import cancel, files
from udgam.flow.applications.models import Application
from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Certificate, LogEntry
from udgam.flow.issuance.register import publishing
from udgam.signing.proof.log import FolderStorage
from udgam.signing.proof.published import TRUST_LIST, PublishedRegister

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
@pytest.mark.parametrize("point", crash_points.PUBLISHING)
def test_publishing_killed_at_any_point_is_finished_by_the_next_run(
    officer: Signatory, application: Application, point: str, tmp_path: Path
) -> None:
    certificate = officer.issue(application)
    assert process("publish", officer, application, crash=point) == -signal.SIGKILL, "the point was not reached"
    folder = Path(django_settings.REGISTER_FOLDER)
    # A reader in between sees the old register or the new one, never half of either.
    storage = FolderStorage(folder)
    between = PublishedRegister.read(storage) if storage.read(TRUST_LIST) is not None else None
    if between is not None:
        assert between.checkpoint() is None or point == "publish.checkpoint_written"
    assert process("publish", officer, application) == 0
    found = PublishedRegister.read(storage)
    assert found is not None
    checkpoint = found.checkpoint()
    assert checkpoint is not None
    assert checkpoint.size == LogEntry.objects.count() == LogEntry.objects.filter(position__isnull=False).count()
    assert found.proof_of(certificate.content_sha256, "issued") is not None
    assert LogEntry.objects.filter(certificate=certificate, kind="issued").count() == 1
    publishing.rebuild(folder=tmp_path / "again")
    published, again = files(folder), files(tmp_path / "again")
    assert again == published
    assert publishing.publish(now=timezone.now()).files == 0


@pytest.mark.slow
@pytest.mark.parametrize("point", crash_points.PUBLISHING)
def test_a_cancellation_whose_publication_was_killed_is_told_by_the_next_run(
    officer: Signatory, application: Application, point: str, tmp_path: Path
) -> None:
    """The files of an earlier publication stand there already, and must not pass for those of this one."""
    certificate = officer.issue(application)
    publishing.publish(now=timezone.now())
    cancel(officer, certificate)
    if point == "publish.edition_noted":
        # Both lists get an edition; here the one of the status list is the last to be noted.
        assert process("publish", officer, application, crash="publish.sequenced") == -signal.SIGKILL
    assert process("publish", officer, application, crash=point) == -signal.SIGKILL, "the point was not reached"
    assert process("publish", officer, application) == 0
    found = PublishedRegister.read(FolderStorage(Path(django_settings.REGISTER_FOLDER)))
    assert found is not None
    listed = found.status_list_for(0)
    assert listed is not None
    assert listed.status_of(0) == "cancelled"
    assert found.proof_of(certificate.content_sha256, "cancelled") is not None
    publishing.rebuild(folder=tmp_path / "again")
    published, again = files(Path(django_settings.REGISTER_FOLDER)), files(tmp_path / "again")
    assert again == published


@pytest.mark.slow
def test_a_cancellation_killed_before_its_commit_never_happened(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    assert process("cancel", officer, application, crash="end.before_commit") == -signal.SIGKILL
    certificate.refresh_from_db()
    assert certificate.state == "issued"
    assert not LogEntry.objects.filter(kind="cancelled").exists()
    cancel(officer, Certificate.objects.get())
    assert LogEntry.objects.filter(kind="cancelled").count() == 1
