"""What follows from a payment, or from none; reading tables of goods."""

from __future__ import annotations

from django.utils import timezone

from udgam.flow.applications import queries, services
from udgam.flow.applications.forms.bulk import MOST_ROWS, count_rows, read_rows
from udgam.ground.audit.actors import SystemActor
from udgam.ground.documents.inspection.tables import read_table
from udgam.ground.documents.refusals import DocumentRefused
from udgam.ground.tasks import task
from udgam.rules.numbers import indian_date


@task("applications.read_upload")
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


@task("applications.paid")
def paid(*, subject: str) -> None:
    """The fee is paid: the office gets the application. Safe to repeat."""
    application = queries.application_of_subject(subject)
    if application is not None:
        services.record_payment(application=application, actor=SystemActor("applications.paid"), now=timezone.now())


@task("applications.unpaid")
def unpaid(*, subject: str) -> None:
    """The fee was not paid in time: the application ends. Safe to repeat."""
    application = queries.application_of_subject(subject)
    if application is not None:
        services.end_unpaid(application=application, actor=SystemActor("applications.unpaid"), now=timezone.now())
