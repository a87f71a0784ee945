"""Filling in: each section is saved as it is typed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from udgam.flow.applications.models import Application, ApplicationDocument, ApplicationInvoice, ApplicationItem
from udgam.flow.applications.queries import open_discrepancy
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.moving import EDITABLE, edit_row, subject_of
from udgam.flow.registration.models import Exporter
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.documents.services import examine_upload, keep_document, remove_document
from udgam.parties.accounts.models import Person

MAX_ITEMS = 200
MAX_DOCUMENTS = 20


@transaction.atomic
def start_application(
    *, exporter: Exporter, person: Person, agreement: str, actor: Actor, now: datetime
) -> Application:
    """Begin a draft. It has no number until it is signed."""
    application = Application.objects.create(
        exporter=exporter,
        created_by=person,
        agreement=agreement,
        declarant_name=person.name,
        created_at=now,
        changed_at=now,
    )
    record(
        act="application.started",
        subject=subject_of(application),
        actor=actor,
        now=now,
        details={"agreement": agreement},
    )
    return application


def save_section(*, application: Application, edit: int, values: dict[str, Any], now: datetime) -> None:
    """Save the fields of one section. Raises `ApplicationRefused` when somebody saved meanwhile."""
    edit_row(application=application, edit=edit, now=now, **values)


@transaction.atomic
def save_invoice(*, application: Application, edit: int, number: str, date: date, now: datetime) -> None:
    """Save the invoice of the consignment."""
    edit_row(application=application, edit=edit, now=now)
    ApplicationInvoice.objects.update_or_create(
        application=application, position=1, defaults={"number": number, "date": date}
    )


@transaction.atomic
def save_item(
    *, application: Application, edit: int, position: int | None, values: dict[str, Any], now: datetime
) -> None:
    """Add a line of goods, or change the line at `position`."""
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationItem.objects.filter(application=application)
    if position is not None:
        if rows.filter(position=position).update(**values) != 1:
            raise ApplicationRefused("application.edited_elsewhere")
        return
    count = rows.count()
    if count >= MAX_ITEMS:
        raise ApplicationRefused("application.too_many_items", limit=str(MAX_ITEMS))
    ApplicationItem.objects.create(application=application, position=count + 1, **values)


@transaction.atomic
def remove_item(*, application: Application, edit: int, position: int, now: datetime) -> None:
    """Remove a line; the lines after it move up, so that they stay numbered without a gap."""
    edit_row(application=application, edit=edit, now=now)
    ApplicationItem.objects.filter(application=application, position=position).delete()
    for number, row in enumerate(ApplicationItem.objects.filter(application=application).order_by("position"), start=1):
        ApplicationItem.objects.filter(id=row.id).update(position=number)


def attach_document(
    *,
    application: Application,
    edit: int,
    kind: str,
    title: str,
    upload: UploadedFile[bytes],
    actor: Actor,
    now: datetime,
) -> ApplicationDocument:
    """Check and keep an uploaded document. Raises `DocumentRefused` or `ApplicationRefused`.

    The check asks the virus scanner, so it comes before the transaction and not inside it.
    """
    examined = examine_upload(upload=upload)
    with transaction.atomic():
        edit_row(application=application, edit=edit, now=now)
        if application.documents.count() >= MAX_DOCUMENTS:
            raise ApplicationRefused("application.too_many_documents", limit=str(MAX_DOCUMENTS))
        document = keep_document(
            owner_subject=subject_of(application), kind=kind, examined=examined, actor=actor, now=now
        )
        return ApplicationDocument.objects.create(application=application, document=document, kind=kind, title=title)


@transaction.atomic
def detach_document(
    *, application: Application, edit: int, row: ApplicationDocument, actor: Actor, now: datetime
) -> None:
    """Take a document off the application. If an earlier signed version names it, the file itself is kept."""
    edit_row(application=application, edit=edit, now=now)
    document = row.document
    row.delete()
    if application.version == 0:
        remove_document(document=document, actor=actor, now=now)


@transaction.atomic
def save_answer(*, application: Application, edit: int, answer: str, now: datetime) -> None:
    """Save the answer to the office's question; it counts when it is signed."""
    discrepancy = open_discrepancy(application)
    if discrepancy is None or application.state not in EDITABLE:
        raise ApplicationRefused("application.no_discrepancy")
    edit_row(application=application, edit=edit, now=now)
    discrepancy.answer = answer
    discrepancy.save(update_fields=["answer"])
