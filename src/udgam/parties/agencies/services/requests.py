"""A body asks to issue certificates on the platform; an administrator approves with the letter in hand, or refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.documents.services import Examined, keep_document
from udgam.ground.messages.services import queue_mail
from udgam.parties.agencies.models import Agency, AgencyRequest
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services.agencies import admit_agency

TYPED = (
    "code",
    "name",
    "name_hindi",
    "registered_name",
    "office_name",
    "office_name_hindi",
    "office_address",
    "administrator_name",
    "administrator_username",
    "administrator_email",
)


@transaction.atomic
def request_admission(
    *, values: Mapping[str, Any], letter: Examined, language: str, actor: Actor, now: datetime
) -> AgencyRequest:
    """Keep the request of a body with its letter. Raises `AgencyRefused` ("agency.code_taken").

    Several may wait with one code: whoever asks first, without having shown anything, does not keep others from asking.
    """
    if Agency.objects.filter(code=values["code"]).exists():
        raise AgencyRefused("agency.code_taken", code=values["code"])
    row = AgencyRequest(
        **{name: values.get(name, "") for name in TYPED},
        agreements=list(values["agreements"]),
        language=language,
        requested_at=now,
    )
    subject = f"agency-request:{row.public_id}"
    row.letter = keep_document(owner_subject=subject, kind="letter", examined=letter, actor=actor, now=now)
    row.save(force_insert=True)
    record(act="agency.requested", subject=subject, actor=actor, now=now, details={"code": row.code})
    _tell(row, "request_received", now)
    return row


@transaction.atomic
def approve_request(*, asked: AgencyRequest, agreements: Sequence[str], actor: Actor, now: datetime) -> Agency:
    """Admit the body with its first office and its administrator, who receives a one-time password by mail.

    ``agreements`` is what the office may issue from today on; it may be less than was asked for. Other requests that wait with the
    same code are refused, each with the advice to ask again with another. Raises `AgencyRefused`
    ("agency.request_decided", "agency.code_taken") or `AccountRefused`; then nothing was made.
    """
    _decide(asked, AgencyRequest.State.APPROVED, "", actor, now)
    agency = admit_agency(
        values={name: getattr(asked, name) for name in TYPED}, agreements=agreements, actor=actor, now=now
    )
    AgencyRequest.objects.filter(id=asked.id).update(agency=agency)
    record(
        act="agency.request_approved",
        subject=f"agency-request:{asked.public_id}",
        actor=actor,
        now=now,
        details={"agency": agency.code, "agreements": list(agreements)},
    )
    _tell(asked, "request_approved", now)
    others = AgencyRequest.objects.select_for_update().filter(code=asked.code, state=AgencyRequest.State.WAITING)
    for other in others.order_by("id"):
        with override(other.language):
            reason = _("The code {code} was given to another body. Ask again with another code.").format(
                code=other.code
            )
        refuse_request(asked=other, reason=reason, actor=actor, now=now)
    return agency


@transaction.atomic
def refuse_request(*, asked: AgencyRequest, reason: str, actor: Actor, now: datetime) -> None:
    """Say no to the body, with the reason. Raises `AgencyRefused` ("agency.request_decided")."""
    _decide(asked, AgencyRequest.State.REFUSED, reason, actor, now)
    subject = f"agency-request:{asked.public_id}"
    record(act="agency.request_refused", subject=subject, actor=actor, now=now, details={"reason": reason})
    _tell(asked, "request_refused", now, reason=reason)


def _decide(asked: AgencyRequest, state: str, reason: str, actor: Actor, now: datetime) -> None:
    waiting = AgencyRequest.objects.filter(id=asked.id, state=AgencyRequest.State.WAITING)
    if waiting.update(state=state, reason=reason, decided_by=actor.id, decided_at=now) != 1:
        raise AgencyRefused("agency.request_decided")


def _tell(row: AgencyRequest, template: str, now: datetime, **more: str) -> None:
    queue_mail(
        to=row.administrator_email,
        template=f"agencies/{template}",
        context={"agency": row, "name": row.administrator_name, **more},
        language=row.language,
        now=now,
        subject_ref=f"agency-request:{row.public_id}",
    )
