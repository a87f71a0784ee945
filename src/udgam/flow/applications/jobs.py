"""What follows from a payment, or from none; reading tables of goods."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from udgam.flow.applications import queries, services
from udgam.flow.applications.forms.bulk import MOST_ROWS, count_rows, read_rows
from udgam.flow.payments.queries import subjects_with_fee
from udgam.ground.audit.actors import SystemActor
from udgam.ground.documents.inspection.tables import read_table
from udgam.ground.documents.refusals import DocumentRefused
from udgam.ground.tasks import Retry, task
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

log = logging.getLogger("udgam.applications")

# A table that is still not read after this long was given up by the worker.
READ_AFTER = timedelta(minutes=10)
UNREADABLE = gettext_lazy(
    "The table could not be read. Save it anew and upload it again; if that does not help, tell the help desk."
)


@task("applications.read_upload", retry=Retry(attempts=3, wait_seconds=10))
def read_upload(*, upload: str) -> None:
    """Read a table of goods row by row. Read once: what was read already is left as it is."""
    found = queries.upload_to_read(upload)
    if found is None:
        return
    try:
        table = read_table(bytes(found.content), most_rows=MOST_ROWS + 1)
    except DocumentRefused as refused:
        text = f"{refused.message} {refused.advice}"
        services.finish_reading(upload=found, goods=(), materials=(), faults=[text], fault_count=1)
        return
    total = count_rows(table)
    services.note_progress(upload=found, total=total, done=0)
    read = read_rows(
        table,
        lines=found.application.items.count(),
        invoices=frozenset(row.number.casefold() for row in found.application.invoices.all()),
        today=indian_date(timezone.now()),
        progress=lambda done: services.note_progress(upload=found, total=total, done=done),
    )
    services.finish_reading(
        upload=found,
        goods=read.goods,
        materials=read.materials,
        faults=read.faults,
        fault_count=read.fault_count,
    )


@task("applications.paid", retry=Retry(attempts=8, wait_seconds=10))
def paid(*, subject: str) -> None:
    """The fee is paid: the office gets the application. Safe to repeat."""
    application = queries.application_of_subject(subject)
    if application is not None:
        services.record_payment(application=application, actor=SystemActor("applications.paid"), now=timezone.now())


@task("applications.unpaid", retry=Retry(attempts=8, wait_seconds=10))
def unpaid(*, subject: str) -> None:
    """The fee was not paid in time: the application ends. Safe to repeat."""
    application = queries.application_of_subject(subject)
    if application is not None:
        services.end_unpaid(application=application, actor=SystemActor("applications.unpaid"), now=timezone.now())


@task("applications.take_up_missed", every="*/10 * * * *")
def take_up_missed() -> None:
    """Every ten minutes: whatever became of its task, a settled fee moves its application on, and a table is read or refused."""
    waiting = queries.subjects_waiting_for_payment()
    for state, follow in (("paid", paid), ("expired", unpaid)):
        for subject in sorted(subjects_with_fee(waiting, state=state)):
            try:
                follow(subject=subject)
            except (Refused, DatabaseError) as error:
                # One application must not stand in the way of the others; it is tried again next time.
                log.error("fee not followed", extra={"subject": subject, "reason": type(error).__name__})
    for upload in queries.uploads_left_unread(uploaded_before=timezone.now() - READ_AFTER):
        _read_or_refuse(upload)


def _read_or_refuse(upload: str) -> None:
    try:
        read_upload(upload=upload)
    except DatabaseError as error:
        log.error("table not read", extra={"reason": type(error).__name__})
    except Exception:
        # Whatever such a table holds, nobody may wait for it for ever.
        log.exception("table given up")
        found = queries.upload_to_read(upload)
        if found is not None:
            services.finish_reading(upload=found, goods=(), materials=(), faults=[str(UNREADABLE)], fault_count=1)
