"""Steps 1 to 4 of the cycle: number, frozen content, lints, and the intention on record."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypedDict

from django.db import IntegrityError, transaction

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import application_to_issue, is_issued_to_another, latest_signed_content
from udgam.flow.issuance import crash_points
from udgam.flow.issuance.models import Certificate, RunEntry, SigningRun
from udgam.flow.issuance.policies import approval_stands, may_sign, place_of
from udgam.flow.issuance.queries import TAKE_OVER_AFTER, issued_on_of, live_certificate_locked, live_certificates
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.services.voiding import void_certificate
from udgam.flow.issuance.subjects import subject_of
from udgam.ground import statements
from udgam.ground.agreements.queries import agreement_named
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.reference.services import next_number
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.posts import Post
from udgam.parties.agencies.queries import number_series_of
from udgam.rules.agreements import Agreement
from udgam.rules.content import ApplicationContent, certificate_from_application, read_application
from udgam.rules.content.certificate import Signatory
from udgam.rules.lints import validity_end
from udgam.rules.numbers import INDIA, certificate_number, indian_date
from udgam.rules.refusals import Refused
from udgam.signing.sealing.stages import Draft, Prepared, freeze, prepare

MOST_AT_ONCE = 200
# 128 bits hide the content behind its digest in the public log.
SALT_BYTES = 16
RandomSource = Callable[[int], bytes]


def begin_run(
    *,
    applications: Sequence[Application],
    person: Person,
    token_sha256: str,
    actor: Actor,
    now: datetime,
    random: RandomSource = secrets.token_bytes,
) -> SigningRun:
    """Prepare the chosen applications for signing. One that cannot be prepared keeps its reason in the run.
    ``random`` gives the salts of the contents.

    Raises `IssueRefused` when the officer may sign nothing at all.
    """
    if not applications:
        raise IssueRefused("issuance.nothing_chosen")
    if len(applications) > MOST_AT_ONCE:
        raise IssueRefused("issuance.too_many", limit=str(MOST_AT_ONCE))
    post = _first_post(applications, person, token_sha256, now)
    with transaction.atomic():
        run = SigningRun.objects.create(person=person, office_id=post.office_id, begun_at=now)
        entries = RunEntry.objects.bulk_create(
            RunEntry(run=run, position=position, application=application)
            for position, application in enumerate(applications, start=1)
        )
    for entry in entries:
        try:
            certificate = prepare_certificate(
                application=entry.application,
                person=person,
                token_sha256=token_sha256,
                actor=actor,
                now=now,
                random=random,
            )
        except Refused as refused:
            note_refusal(entry=entry, refused=refused)
        else:
            statements.change(RunEntry, where={"id": entry.pk}, to={"certificate_id": certificate.pk})
        crash_points.reach("prepared")
    return run


def _first_post(applications: Sequence[Application], person: Person, token_sha256: str, now: datetime) -> Post:
    """The post in which the person may sign one of them at least; each is judged by itself when it is prepared."""
    first: IssueRefused | None = None
    for application in applications:
        try:
            return may_sign(person, application, token_sha256, now)
        except IssueRefused as refused:
            first = first or refused
    raise first or IssueRefused("issuance.nothing_chosen")


def note_refusal(*, entry: RunEntry, refused: Refused) -> None:
    """Keep beside the entry why it could not go on."""
    RunEntry.objects.filter(id=entry.id).update(
        refusal=refused.code, refusal_message=refused.message, refusal_advice=refused.advice
    )


def prepare_certificate(
    *,
    application: Application,
    person: Person,
    token_sha256: str,
    actor: Actor,
    now: datetime,
    random: RandomSource = secrets.token_bytes,
) -> Certificate:
    """Reserve the number and the place in the status lists, freeze the content that names signatory and date, lint it, and store the intention.

    A certificate that this officer prepared today and did not sign is answered again. One that nobody signed in time is voided
    and prepared again. Two officers at once: one of them is refused.
    Raises `IssueRefused`, `StageRefused` (lints), `TransitionRefused`.
    """
    try:
        with transaction.atomic():
            return _prepare(application, person, token_sha256, actor=actor, now=now, random=random)
    except IntegrityError as error:
        # A colleague's certificate for the same application was committed between our look and our insert.
        if "certificate_one_live_each" not in str(error):
            raise
        live = live_certificates([application.id]).first()
        raise _being_signed(live, now) if live else IssueRefused("issuance.moved_on") from error


def _prepare(
    application: Application, person: Person, token_sha256: str, *, actor: Actor, now: datetime, random: RandomSource
) -> Certificate:
    fresh = application_to_issue(application.id, office=application.office)
    if fresh is None or fresh.state != "approved" or fresh.office is None or not fresh.number:
        raise IssueRefused("issuance.not_approved")
    post = may_sign(person, fresh, token_sha256, now)
    live = live_certificate_locked(fresh.id)
    if live is not None:
        stands = approval_stands(live, fresh)
        if stands and _is_still_good(live, person, token_sha256, now):
            return live
        reason = _why_void(live, person, now) if stands else "application_moved"
        void_certificate(certificate=live, reason=reason, actor=actor, now=now)
    submitted = latest_signed_content(fresh.id)
    if submitted is None:
        raise IssueRefused("issuance.not_approved")
    signed = read_application(submitted)
    if signed.in_lieu_of and is_issued_to_another(signed.in_lieu_of, exporter_id=fresh.exporter_id):
        raise IssueRefused("issuance.replaced_unknown", number=signed.in_lieu_of)
    # The number comes as late as the content allows: its series stays locked until this transaction ends.
    number = certificate_number(fresh.number, _next_in_series(fresh))
    index = next_number(key="status-index") - 1
    agreement = agreement_named(signed.agreement, signed.rules, indian_date(now))
    issuer_part: IssuerPart = {
        "number": number,
        "status_index": index,
        "salt": random(SALT_BYTES).hex(),
        "issued_on": indian_date(now),
        "valid_until": validity_end(agreement, indian_date(now)),
        "replaced_on": issued_on_of(signed.in_lieu_of, exporter_id=fresh.exporter_id) if signed.in_lieu_of else None,
        "application_sha256": hashlib.sha256(submitted).hexdigest(),
    }
    prepared = _content(fresh, signed, issuer_part, agreement=agreement, post=post, token_sha256=token_sha256)
    certificate = Certificate(
        application=fresh,
        office=fresh.office,
        agreement=fresh.agreement,
        number=number,
        status_index=index,
        valid_until=prepared.content.certificate.valid_until,
        content=prepared.content.canonical,
        content_sha256=prepared.content.digest,
        issued_on=prepared.content.certificate.issued_on,
        signatory=person,
        certificate_sha256=token_sha256,
        prepared_at=now,
        approved_at=fresh.decided_at,
    )
    statements.add(certificate)
    record(
        act="certificate.prepared",
        subject=subject_of(certificate),
        actor=actor,
        now=now,
        details={
            "number": number,
            "application": str(fresh.public_id),
            "sha256": prepared.content.digest,
            "token": token_sha256,
        },
    )
    crash_points.reach("prepare.before_commit")
    return certificate


def _next_in_series(application: Application) -> int:
    """The next number of the office's own series, where it has one, else of the platform's."""
    assert application.office is not None  # noqa: S101 - asked by the only caller
    own = number_series_of(application.office.id, application.agreement)
    if own is None:
        return next_number(key="certificate")
    return own.first - 1 + next_number(key=f"certificate:{application.office.code}:{own.agreement}")


class IssuerPart(TypedDict):
    """What the issuer adds to what the exporter signed."""

    number: str
    status_index: int
    salt: str
    issued_on: date
    valid_until: date | None
    replaced_on: date | None
    application_sha256: str


def _content(
    application: Application,
    signed: ApplicationContent,
    issuer_part: IssuerPart,
    *,
    agreement: Agreement,
    post: Post,
    token_sha256: str,
) -> Prepared:
    office = application.office
    assert office is not None  # noqa: S101 - asked by the only caller
    content = certificate_from_application(
        signed,
        agreement=agreement,
        place=place_of(office),
        **issuer_part,
        signatory=Signatory(
            name=post.name,
            designation=post.designation,
            certificate_sha256=token_sha256,
            authorised_from=post.since,
            authorised_until=post.until,
        ),
    )
    return prepare(freeze(Draft(content)), agreement)


def _is_still_good(live: Certificate, person: Person, token_sha256: str, now: datetime) -> bool:
    """Whether the live certificate is this officer's to sign. Raises when it is somebody else's, or past signing."""
    if live.state == "issued":
        raise IssueRefused("issuance.not_approved")
    if live.signed_page or live.state == "sealed":
        raise IssueRefused("issuance.being_completed")
    today = live.issued_on == indian_date(now)
    if live.signatory_id == person.pk:
        return today and live.certificate_sha256 == token_sha256
    if today and live.prepared_at > now - TAKE_OVER_AFTER:
        raise _being_signed(live, now)
    return False


def _being_signed(live: Certificate, now: datetime) -> IssueRefused:
    opened = live.prepared_at.astimezone(INDIA)
    return IssueRefused("issuance.being_signed", name=live.signatory.name, time=f"{opened:%H:%M}")


def _why_void(live: Certificate, person: Person, now: datetime) -> str:
    if live.issued_on != indian_date(now):
        return "other_day"
    return "other_token" if live.signatory_id == person.pk else "taken_over"
