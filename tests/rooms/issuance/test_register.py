"""The register's files: what an issue publishes, what a rebuild makes of the rows, and what is refused."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications.models import Application
from udgam.flow.issuance import cycle, services
from udgam.flow.issuance.models import Certificate, Checkpoint, Edition, LogEntry
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register import publishing
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.rules.content import read_content
from udgam.signing.proof.log import FolderStorage, required_paths, root_hash, tile_hashes, verify_consistency
from udgam.signing.proof.published import PublishedRegister

pytestmark = pytest.mark.django_db


def folder() -> Path:
    return Path(django_settings.REGISTER_FOLDER)


def files(place: Path) -> dict[str, str]:
    return {
        str(file.relative_to(place)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(place.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }


def register() -> PublishedRegister:
    found = PublishedRegister.read(FolderStorage(folder()))
    assert found is not None
    return found


def cancel(officer: Signatory, certificate: Certificate) -> None:
    services.cancel_certificate(
        certificate=certificate,
        reason="other",
        note="",
        person=officer.person,
        actor=actor_of(officer.person),
        now=timezone.now(),
    )


def test_the_content_carries_a_salt_and_its_place_in_the_lists(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    content = read_content(bytes(certificate.content))
    assert content.status_index == certificate.status_index == 0
    assert len(bytes.fromhex(content.salt or "")) == 16


def test_an_issue_is_published_and_can_be_proved_from_the_files_alone(
    officer: Signatory, application: Application
) -> None:
    certificate = officer.issue(application)
    run_deferred()
    found = register()
    proof = found.proof_of(certificate.content_sha256, "issued")
    assert proof is not None
    assert proof.entry.at == LogEntry.objects.get(certificate=certificate).at
    listed = found.status_list_for(0)
    assert listed is not None
    assert (listed.status_of(0), listed.status_of(1)) == ("issued", "not-issued")
    office = found.trust.agencies[0].offices[0]
    assert [power.agreement for power in office.powers] == ["NP"]
    officer_entry = found.trust.agencies[0].officers[0]
    assert officer.token.certificate.fingerprint(
        __import__("cryptography").hazmat.primitives.hashes.SHA256()
    ).hex() in {one.sha256 for one in officer_entry.certificates}
    # Nothing of the trade stands in what is published.
    for file in folder().rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"Malabar" not in data
            assert certificate.number.encode() not in data


def test_an_ending_is_published_with_its_moment(officer: Signatory, application: Application, firm: Firm) -> None:
    certificate = officer.issue(application)
    other = officer.issue(approved(firm))
    run_deferred()
    before = register().checkpoint()
    cancel(officer, certificate)
    run_deferred()
    found = register()
    listed = found.status_list_for(0)
    assert listed is not None
    assert (listed.status_of(0), listed.status_of(1)) == ("cancelled", "issued")
    proof = found.proof_of(certificate.content_sha256, "cancelled")
    certificate.refresh_from_db()
    assert proof is not None
    assert certificate.ended_at is not None
    assert proof.entry.at == certificate.ended_at.replace(microsecond=0)
    assert found.proof_of(other.content_sha256, "cancelled") is None
    after = found.checkpoint()
    assert before is not None
    assert after is not None
    from udgam.signing.proof.log import consistency_proof, tile_hashes

    path = consistency_proof(before.size, after.size, tile_hashes(FolderStorage(folder()), after.size))
    assert verify_consistency(old=before.size, new=after.size, old_root=before.root, new_root=after.root, proof=path)


def test_publishing_again_writes_nothing_and_an_issue_writes_kilobytes(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    officer.issue(application)
    run_deferred()
    again = publishing.publish(now=timezone.now())
    assert (again.files, again.written) == (0, 0)
    officer.issue(approved(firm))
    done = publishing.publish(now=timezone.now())
    assert 0 < done.files < 15
    assert done.written < 64 * 1024


def test_with_many_lists_an_issue_asks_no_more_and_writes_no_more(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    """A million certificates fill eight lists. Those that nothing happened to are neither asked about nor written."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from udgam.signing.proof.status_list import ENTRIES

    spent: list[tuple[int, int, int]] = []
    officer.issue(application)
    for lists in (2, 9):
        last = officer.issue(approved(firm))
        Certificate.objects.filter(pk=last.pk).update(status_index=lists * ENTRIES - 1)
        publishing.publish(now=timezone.now())
        cancel(officer, last)
        with CaptureQueriesContext(connection) as asked:
            done = publishing.publish(now=timezone.now())
        assert register().status_list_for(lists * ENTRIES - 1) is not None
        spent.append((len(asked), done.files, done.written))
        assert set(Edition.objects.filter(name__startswith="status/").values_list("upto", flat=True)) == {done.size}
    (few_asked, few_files, _), (many_asked, many_files, written) = spent
    assert (many_asked, many_files) == (few_asked, few_files)
    assert written < 32 * 1024


def test_a_rebuild_makes_the_same_files(
    officer: Signatory, application: Application, firm: Firm, tmp_path: Path
) -> None:
    first = officer.issue(application)
    run_deferred()
    officer.issue(approved(firm))
    run_deferred()
    cancel(officer, first)
    run_deferred()
    publishing.rebuild(folder=tmp_path / "again")
    published, again = files(folder()), files(tmp_path / "again")
    assert again == published
    assert set(again) == published_paths()
    # Partial tiles of every checkpoint, not only of the last one.
    assert {f"tile/entries/000.p/{one.size}" for one in Checkpoint.objects.all()} <= set(again)


def test_partial_tiles_stay_until_the_full_one_stands(officer: Signatory, application: Application) -> None:
    """The log passes 256 entries in steps; at each of them every checkpoint ever published can be read from the files."""
    certificate = officer.issue(application)
    publishing.publish(now=timezone.now())
    entry = LogEntry.objects.filter(certificate=certificate).get()
    for more in (1, 200, 51, 1, 1, 4):
        LogEntry.objects.bulk_create(
            LogEntry(certificate=None, kind="trust-list", commitment=f"{n:064x}", at=entry.at) for n in range(more)
        )
        done = publishing.publish(now=timezone.now())
        assert 0 < done.written < 256 * 1024
        assert set(files(folder())) == published_paths()
        for one in Checkpoint.objects.all():
            assert root_hash(one.size, tile_hashes(FolderStorage(folder()), one.size)).hex() == one.root
    full = [one for one in files(folder()) if one.startswith("tile/") and ".p/" not in one]
    assert sorted(full) == ["tile/0/000", "tile/entries/000"]
    assert not [one for one in files(folder()) if one.startswith(("tile/0/000.p/", "tile/entries/000.p/"))]


def published_paths() -> set[str]:
    """Every file that the rows say is published: of each checkpoint its tiles (a partial one until the full one stands), proofs, lists."""
    found = {"register.json", "trust-list.jwt", "did.json", "checkpoint"}
    found |= {f"{one.name}.jwt" for one in Edition.objects.filter(name__startswith="status/")}
    found |= {
        f"proof/{one.commitment[:2]}/{one.commitment}.{one.kind}"
        for one in LogEntry.objects.filter(position__isnull=False)
    }
    tiles = {path for one in Checkpoint.objects.all() for path in required_paths(one.size)}
    return found | {path for path in tiles if ".p/" not in path or path.partition(".p/")[0] not in tiles}


def test_a_publication_for_another_certificate_between_seal_and_own_check_stops_nothing(
    officer: Signatory, application: Application, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer.issue(application)
    run_deferred()
    published: list[str] = []

    def publish_at(name: str) -> None:
        if name == "sealed":
            # Signed anew so late that the list says for good that it was never issued.
            publishing.publish(now=timezone.now() + timedelta(hours=29))
            published.append(name)

    monkeypatch.setattr(cycle.crash_points, "reach", publish_at)
    second = officer.issue(approved(firm))
    assert published == ["sealed"]
    listed = register().status_list_for(0)
    assert listed is not None
    assert listed.status_of(second.status_index or 0) == "not-issued"


def test_lists_are_signed_anew_when_a_day_old(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    now = timezone.now()
    publishing.publish(now=now)
    before = {row.name: (row.version, row.at) for row in Edition.objects.all()}
    publishing.publish(now=now + timedelta(hours=25))
    for row in Edition.objects.all():
        version, at = before[row.name]
        assert row.version == version + 1
        assert row.at > at
        assert row.until - row.at == publishing.LASTS


def test_a_clock_that_is_set_back_moves_no_published_time_back(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    now = timezone.now()
    publishing.publish(now=now)
    before = {row.name: row.at for row in Edition.objects.all()}
    cancel(officer, Certificate.objects.get())
    publishing.publish(now=now - timedelta(hours=2))
    assert all(row.at >= before[row.name] for row in Edition.objects.all())


def test_files_that_are_lost_or_changed_are_written_again(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    run_deferred()
    before = files(folder())
    tile = next(file for file in folder().glob("tile/0/**/*") if file.is_file())
    tile.write_bytes(b"\0" * tile.stat().st_size)
    (folder() / "status" / "0.jwt").unlink()
    publishing.publish(now=timezone.now())
    assert files(folder()) == before


def test_a_database_from_an_older_copy_does_not_fork_the_log(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    run_deferred()
    before = files(folder())
    last = Checkpoint.objects.order_by("-size")[0]
    LogEntry.objects.filter(checkpoint=last).delete()
    last.delete()
    with pytest.raises(IssueRefused) as refused:
        publishing.publish(now=timezone.now())
    assert refused.value.code == "register.ahead"
    assert files(folder()) == before


def test_a_log_that_is_not_ours_is_left_alone(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    run_deferred()
    Checkpoint.objects.update(root="0" * 64)
    before = files(folder())
    with pytest.raises(IssueRefused) as refused:
        publishing.publish(now=timezone.now())
    assert refused.value.code == "register.differs"
    assert files(folder()) == before


def test_a_full_disk_leaves_the_old_register_whole(
    officer: Signatory, application: Application, firm: Firm, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    officer.issue(application)
    run_deferred()
    officer.issue(approved(firm))
    full = OSError(28, "No space left on device")

    def no_room(*_arguments: Any) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr("udgam.signing.proof.log.tiles.os.fsync", no_room)
        with pytest.raises(OSError, match="No space"):
            publishing.publish(now=timezone.now())
    assert register().checkpoint() is not None
    assert not list(folder().rglob("*.new"))
    publishing.publish(now=timezone.now())
    assert Checkpoint.objects.order_by("-size")[0].size == register().checkpoint().size  # type: ignore[union-attr]
