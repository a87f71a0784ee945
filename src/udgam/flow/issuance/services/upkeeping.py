"""Recording what keeps issued certificates checkable: outages, further revisions of files, differences that the re-check found."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Alarm, Certificate, FileRevision, Outage, RecheckRun
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.services.moving import change
from udgam.flow.issuance.services.storing import file_or_nothing, write_file
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.messages.services import move_attachment
from udgam.parties.accounts.models import Person


def note_outage(*, service: str, detail: str, actor: Actor, now: datetime) -> Outage:
    """A service failed: begin its outage, or note that it goes on. Answers the outage with the moment at which it began."""
    rows = Outage.objects.filter(service=service, ended_at__isnull=True)
    if rows.update(last_failed_at=now, detail=detail[:200]) == 0:
        try:
            with transaction.atomic():
                Outage.objects.create(service=service, began_at=now, last_failed_at=now, detail=detail[:200])
                record(
                    act="outage.began",
                    subject=f"service:{service}",
                    actor=actor,
                    now=now,
                    details={"detail": detail[:200]},
                )
        except IntegrityError as error:
            if "outage_one_open" not in str(error):
                raise
    return Outage.objects.get(service=service, ended_at__isnull=True)


@transaction.atomic
def end_outage(*, service: str, actor: Actor, now: datetime) -> None:
    """The service answered again."""
    if Outage.objects.filter(service=service, ended_at__isnull=True).update(ended_at=now):
        record(act="outage.ended", subject=f"service:{service}", actor=actor, now=now)


def record_revision(
    *, certificate: Certificate, pdf: bytes, cause: str, archive_due_at: datetime, actor: Actor, now: datetime
) -> None:
    """Let a file with one more stamp take the place of the present one, which it begins with. Raises ``issuance.moved_on``."""
    old = certificate.file.name or ""
    digest = hashlib.sha256(pdf).hexdigest()
    name = write_file(field=certificate.file, data=pdf)
    crash_points.reach("archive.file_written")
    with file_or_nothing(certificate.file, name), transaction.atomic():
        FileRevision.objects.create(
            certificate=certificate, sha256=certificate.file_sha256, cause=cause, replaced_at=now
        )
        change(
            certificate=certificate,
            audit_act="certificate.stamped" if cause == FileRevision.Cause.STAMPED else "certificate.archived",
            actor=actor,
            now=now,
            details={"file_sha256": digest, "before": certificate.file_sha256},
            where={"file_sha256": certificate.file_sha256},
            file=name,
            file_sha256=digest,
            stamp_due_since=None,
            archived_at=now,
            archive_due_at=archive_due_at,
        )
        move_attachment(old=old, new=name)
        # The new file begins with every byte of the old one.
        transaction.on_commit(lambda: certificate.file.storage.delete(old))


def postpone_stamp(*, certificate: Certificate, until: datetime) -> None:
    """Try this file's stamp again later."""
    Certificate.objects.filter(pk=certificate.pk).update(archive_due_at=until)


# ── the re-check ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def begin_recheck(*, now: datetime) -> RecheckRun:
    """The run that was interrupted, or a new one."""
    found = RecheckRun.objects.filter(finished_at__isnull=True).order_by("-id").first()
    return found or RecheckRun.objects.create(begun_at=now)


def note_checked(*, run: RecheckRun, certificate: Certificate | None, differences: int) -> None:
    """One more certificate is checked; whoever goes on after a crash begins behind it."""
    rows = RecheckRun.objects.filter(pk=run.pk)
    rows.update(differences=F("differences") + differences)
    if certificate is not None:
        rows.update(reached=certificate.pk, checked=F("checked") + 1)


@transaction.atomic
def finish_recheck(*, run: RecheckRun, actor: Actor, now: datetime) -> RecheckRun:
    """Close the run, with its act."""
    RecheckRun.objects.filter(pk=run.pk).update(finished_at=now)
    run.refresh_from_db()
    record(
        act="recheck.finished",
        subject=f"recheck:{run.pk}",
        actor=actor,
        now=now,
        details={"checked": run.checked, "differences": run.differences},
    )
    return run


def settle_alarms(*, certificate: Certificate | None, found: dict[str, str], actor: Actor, now: datetime) -> None:
    """Raise an alarm for every difference by its code, keep those that are open, and close those that are found right again."""
    open_ones = {row.code: row for row in Alarm.objects.filter(certificate=certificate, closed_at__isnull=True)}
    for code, detail in found.items():
        if code in open_ones:
            Alarm.objects.filter(pk=open_ones[code].pk).update(seen_at=now, detail=detail[:300])
            continue
        with transaction.atomic():
            row = Alarm.objects.create(
                certificate=certificate, code=code, detail=detail[:300], raised_at=now, seen_at=now
            )
            record(
                act="alarm.raised",
                subject=f"alarm:{row.public_id}",
                actor=actor,
                now=now,
                details={"code": code, "number": certificate.number if certificate else ""},
            )
    for code, row in open_ones.items():
        if code not in found:
            _close(row, None, "", actor, now)


def close_alarm(*, alarm: Alarm, note: str, person: Person, actor: Actor, now: datetime) -> None:
    """An administrator has looked into it. If the difference is still there, the next re-check raises it again."""
    if not note.strip():
        raise IssueRefused("alarm.note_missing")
    if not _close(alarm, person, note, actor, now):
        raise IssueRefused("alarm.closed")


@transaction.atomic
def _close(alarm: Alarm, person: Person | None, note: str, actor: Actor, now: datetime) -> bool:
    rows = Alarm.objects.filter(pk=alarm.pk, closed_at__isnull=True)
    if rows.update(closed_at=now, closed_by=person, close_note=note) != 1:
        return False
    record(act="alarm.closed", subject=f"alarm:{alarm.public_id}", actor=actor, now=now, details={"code": alarm.code})
    return True
