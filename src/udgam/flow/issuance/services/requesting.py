"""An exporter asks the office for a corrected certificate, a true copy, or cancelling; the office answers."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from udgam.flow.applications.refusals import FilingRefused
from udgam.flow.issuance.models import Certificate, CertificateRequest
from udgam.flow.issuance.policies import may_end
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.subjects import subject_of
from udgam.flow.registration.policies import may_undo
from udgam.flow.registration.queries import exporter_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.services import tell_people

State = CertificateRequest.State


def ask_office(
    *, certificate: Certificate, kind: str, reason: str, person: Person, actor: Actor, now: datetime
) -> CertificateRequest:
    """Put a request into the office's queue. Raises `IssueRefused`; `FilingRefused` for somebody who may not sign for the firm."""
    exporter = exporter_of(person)
    if exporter is None or exporter.pk != certificate.application.exporter_id:
        raise IssueRefused("request.not_yours")
    _refuse_to_undo(person, certificate)
    if certificate.state != "issued":
        raise IssueRefused("ending.not_counting", number=certificate.number)
    try:
        with transaction.atomic():
            made = CertificateRequest.objects.create(
                certificate=certificate, kind=kind, reason=reason, made_by=person, made_at=now
            )
            record(
                act="certificate_request.made",
                subject=subject_of(certificate),
                actor=actor,
                now=now,
                details=_details(made),
            )
    except IntegrityError as error:
        if "certificate_request_one_waits" not in str(error):
            raise
        raise IssueRefused("request.one_waits") from error
    return made


@transaction.atomic
def withdraw_request(*, request_row: CertificateRequest, person: Person, actor: Actor, now: datetime) -> None:
    """Take a waiting request back. Raises ``request.decided`` when the office was faster, `FilingRefused` for a drafter."""
    _refuse_to_undo(person, request_row.certificate)
    _settle(request_row, State.WITHDRAWN, "", person, now)
    record(
        act="certificate_request.withdrawn",
        subject=subject_of(request_row.certificate),
        actor=actor,
        now=now,
        details=_details(request_row),
    )


@transaction.atomic
def answer_request(
    *, request_row: CertificateRequest, granted: bool, answer: str, person: Person, actor: Actor, now: datetime
) -> None:
    """Grant or refuse. Granting opens the way; what is asked for is then done by its own service. Raises `IssueRefused`."""
    may_end(person, request_row.certificate, now)
    if not granted and not answer.strip():
        raise IssueRefused("request.answer_missing")
    _settle(request_row, State.GRANTED if granted else State.REFUSED, answer, person, now)
    certificate = request_row.certificate
    record(
        act="certificate_request.granted" if granted else "certificate_request.refused",
        subject=subject_of(certificate),
        actor=actor,
        now=now,
        details=_details(request_row),
    )
    tell_people(
        people=[request_row.made_by],
        template="issuance/request_answered",
        context={"number": certificate.number, "kind": request_row.kind, "granted": granted, "answer": answer},
        path=f"/signing/certificates/{certificate.public_id}/",
        now=now,
        subject_ref=subject_of(certificate),
    )


def _refuse_to_undo(person: Person, certificate: Certificate) -> None:
    verdict = may_undo(person, certificate.application.exporter, is_signed=True)
    if not verdict:
        raise FilingRefused(verdict.reason, **verdict.params)


def _settle(row: CertificateRequest, state: str, answer: str, person: Person, now: datetime) -> None:
    rows = CertificateRequest.objects.filter(pk=row.pk, state=State.WAITING)
    if rows.update(state=state, answer=answer, decided_by=person, decided_at=now) != 1:
        raise IssueRefused("request.decided")


def _details(row: CertificateRequest) -> dict[str, str]:
    return {"request": str(row.public_id), "kind": row.kind}
