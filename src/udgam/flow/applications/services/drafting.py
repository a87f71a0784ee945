"""Filling in: each section is saved as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from udgam.flow.applications.models import Application, ApplicationDocument, DiscrepancyPoint
from udgam.flow.applications.queries import open_discrepancy
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.moving import EDITABLE, edit_row, subject_of
from udgam.flow.registration.models import Exporter
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.documents.services import examine_upload, keep_document, remove_document
from udgam.parties.accounts.models import Person

MAX_DOCUMENTS = 20


@transaction.atomic
def start_application(
    *, exporter: Exporter, person: Person, agreement: str, actor: Actor, now: datetime, shipment: str = ""
) -> Application:
    """Begin a draft. It has no number until it is signed."""
    application = Application.objects.create(
        exporter=exporter,
        created_by=person,
        agreement=agreement,
        shipment=shipment,
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
def save_kind(
    *, application: Application, edit: int, agreement: str, values: dict[str, Any], offices: set[int], now: datetime
) -> None:
    """Save the kind of certificate. `offices` may issue it: an office that may not is no longer chosen.

    Another arrangement has other criteria, so what was claimed of the goods is claimed anew. A signed application keeps its
    arrangement, because its number and its fee depend on it.
    """
    if agreement != application.agreement and application.version:
        raise ApplicationRefused("application.agreement_fixed")
    office_id = application.office_id if application.office_id in offices else None
    edit_row(application=application, edit=edit, now=now, agreement=agreement, office_id=office_id, **values)
    if agreement != application.agreement:
        application.items.update(
            criterion="", criterion_text="", finding_sha256="", finding_qualifies=None, claim_reason=""
        )


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
def save_answer(*, application: Application, edit: int, answers: Mapping[int, str], now: datetime) -> None:
    """Save the answers to the office's questions, by position; they count when they are signed.

    Raises `ApplicationRefused` when nothing is asked any more, or the questions are others than those answered.
    """
    discrepancy = open_discrepancy(application)
    if discrepancy is None or application.state not in EDITABLE:
        raise ApplicationRefused("application.no_discrepancy")
    points = list(discrepancy.points.all())
    if {point.position for point in points} != set(answers):
        raise ApplicationRefused("application.edited_elsewhere")
    edit_row(application=application, edit=edit, now=now)
    for point in points:
        point.answer = answers[point.position]
        point.save(update_fields=["answer"])
    discrepancy.answer = _one_text(points)
    discrepancy.save(update_fields=["answer"])


def _one_text(points: Sequence[DiscrepancyPoint]) -> str:
    """The answers as the text that is signed with the form: each with the place it answers for. Empty while one is missing."""
    if not all(point.answer for point in points):
        return ""
    if len(points) == 1:
        return points[0].answer
    return "\n".join(f"{point.position}. [{point.place}] {point.answer}" for point in points)
