"""Questions about registered firms. Private rows come through the person who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from udgam.flow.registration.holders import holder_key
from udgam.flow.registration.models import (
    ContactChange,
    DeclarationConsent,
    Exporter,
    ExporterBranch,
    FirmKey,
    Invitation,
    LocalRecord,
    Membership,
    NearMiss,
    OneTimeCode,
    Registration,
    TokenEvidence,
)
from udgam.ground import statements
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.queries import person_by_username
from udgam.rules.binding import CertificateFacts, NameException
from udgam.rules.duties import record_is_stale
from udgam.rules.firm import FirmRecord
from udgam.rules.identifiers import same_email, same_mobile

_MEMBERS = """
SELECT {columns} FROM registration_membership membership JOIN accounts_person person ON person.id = membership.person_id
WHERE membership.exporter_id = %s AND membership.until IS NULL AND membership.role <> 'broker' ORDER BY membership.since
"""


def membership_of(person: Person) -> Membership | None:
    """How the person acts now: the one membership, or for a broker the one chosen last."""
    rows = Membership.objects.select_related("exporter", "person").filter(person=person, until__isnull=True)
    return rows.order_by(F("chosen_at").desc(nulls_last=True), "-since").first()


def exporter_of(person: Person) -> Exporter | None:
    """The firm for which the person acts now."""
    membership = membership_of(person)
    return membership.exporter if membership else None


def own_firm_of(person: Person) -> Exporter | None:
    """The person's own firm: None for brokers, who act for firms that are not theirs."""
    membership = membership_of(person)
    return None if membership is None or membership.role == Membership.Role.BROKER else membership.exporter


def firms_of_broker(person: Person) -> list[Membership]:
    """The firms a broker may draft for, the one chosen last first; empty for everybody else."""
    rows = Membership.objects.select_related("exporter").filter(
        person=person, until__isnull=True, role=Membership.Role.BROKER
    )
    return list(rows.order_by(F("chosen_at").desc(nulls_last=True), "-since"))


def people_visible_to(actor: Actor) -> QuerySet[Membership]:
    """Who acts and who acted for the actor's own firm. Brokers see nobody's people but themselves."""
    rows = Membership.objects.select_related("person", "exporter").order_by("until", "since")
    if actor.kind != "person" or actor.role != Person.Kind.EXPORTER:
        return rows.none()
    mine = Membership.objects.filter(person__public_id=actor.id, until__isnull=True)
    own_firm = mine.exclude(role=Membership.Role.BROKER).values("exporter")
    return rows.filter(Q(exporter__in=own_firm) | Q(id__in=mine.values("id")))


def invitations_visible_to(actor: Actor) -> QuerySet[Invitation]:
    """The invitations of the actor's own firm, newest first."""
    rows = Invitation.objects.select_related("invited_by", "exporter").order_by("-invited_at")
    if actor.kind != "person" or actor.role != Person.Kind.EXPORTER:
        return rows.none()
    mine = Membership.objects.filter(person__public_id=actor.id, until__isnull=True)
    return rows.filter(exporter__in=mine.exclude(role=Membership.Role.BROKER).values("exporter"))


def open_invitation(secret: str, now: datetime) -> Invitation | None:
    """The invitation behind a link, while it can still be accepted."""
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    rows = Invitation.objects.select_related("exporter", "invited_by")
    return rows.filter(
        secret_sha256=digest, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    ).first()


def exporters_visible_to(actor: Actor) -> QuerySet[Exporter]:
    """The firms an actor may see: one's own firm, or all for an administrator and for the platform's own tasks."""
    if actor.kind == "system" or (actor.kind == "person" and actor.role == Person.Kind.ADMINISTRATOR):
        return Exporter.objects.all()
    if actor.kind == "person" and actor.role == Person.Kind.EXPORTER:
        return Exporter.objects.filter(
            memberships__person__public_id=actor.id, memberships__until__isnull=True
        ).distinct()
    return Exporter.objects.none()


def own_firms_visible_to(actor: Actor) -> QuerySet[Exporter]:
    """The firms whose own affairs an actor may see, their money before all: `exporters_visible_to` without those one only drafts for."""
    rows = exporters_visible_to(actor)
    if actor.kind == "person" and actor.role == Person.Kind.EXPORTER:
        mine = Membership.objects.filter(person__public_id=actor.id, until__isnull=True)
        rows = rows.filter(id__in=mine.exclude(role=Membership.Role.BROKER).values("exporter"))
    return rows


def working_keys(exporter: Exporter, now: datetime) -> QuerySet[FirmKey]:
    """The firm's keys that work now."""
    return FirmKey.objects.filter(
        membership__exporter=exporter, membership__until__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    )


def working_key(secret: str, now: datetime) -> FirmKey | None:
    """The key with this secret, if it works now and the person who made it still acts for the firm."""
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    rows = FirmKey.objects.select_related("membership__person", "membership__exporter")
    return rows.filter(
        secret_sha256=digest,
        revoked_at__isnull=True,
        expires_at__gt=now,
        membership__until__isnull=True,
        membership__person__is_active=True,
    ).first()


def keys_visible_to(actor: Actor) -> QuerySet[FirmKey]:
    """The keys of the actor's own firm, newest first."""
    rows = FirmKey.objects.select_related("membership__exporter", "made_by").order_by("-made_at")
    if actor.kind != "person" or actor.role != Person.Kind.EXPORTER:
        return rows.none()
    mine = Membership.objects.filter(person__public_id=actor.id, until__isnull=True)
    return rows.filter(membership__exporter__in=mine.exclude(role=Membership.Role.BROKER).values("exporter"))


def account_for(invitation: Invitation) -> Person | None:
    """The account that has the invited address already, as user name or as exporter's address."""
    known = person_by_username(invitation.email)
    if known is not None:
        return known
    rows = Person.objects.filter(email__iexact=invitation.email, kind=Person.Kind.EXPORTER, is_active=True)
    return rows.order_by("created_at").first()


def branches_of(exporter: Exporter, *, ready_only: bool = False) -> QuerySet[ExporterBranch]:
    """The branches in the present record, by code; `ready_only`: those with a GSTIN or an SEZ State."""
    rows = ExporterBranch.objects.filter(exporter=exporter, removed_at__isnull=True).order_by("code")
    return rows.filter(~Q(gstin="") | Q(is_sez=True)) if ready_only else rows


def firm_record(exporter: Exporter) -> FirmRecord:
    """The firm's record as last fetched."""
    return FirmRecord.from_json(exporter.record)


def members_of(exporter_id: int) -> list[Person]:
    """The own people of a firm who act for it now; brokers are told of what they drafted only."""
    found = statements.ask_all(_MEMBERS.format(columns=statements.columns_of(Person, "person")), [exporter_id])
    return [statements.row_of(Person, row) for row in found]


def members_reached_at(exporter: Exporter, *, email: str = "", mobile: str = "") -> list[Person]:
    """The firm's own people whose address is the firm's own. Whoever was invited under another address keeps it."""
    return [
        person
        for person in members_of(exporter.id)
        if (email and same_email(person.email, email)) or (mobile and same_mobile(person.mobile, mobile))
    ]


def unproved_channels(exporter: Exporter) -> tuple[str, ...]:
    """Which of the record's two addresses differ from the ones that were proved: "mobile", "email"."""
    firm = firm_record(exporter)
    found = []
    if firm.mobile and not same_mobile(exporter.mobile, firm.mobile):
        found.append(str(OneTimeCode.Channel.MOBILE))
    if firm.email and not same_email(exporter.email, firm.email):
        found.append(str(OneTimeCode.Channel.EMAIL))
    return tuple(found)


def attempt_by_id(attempt_id: UUID) -> Registration | None:
    """An attempt, for the browser session or the token that proved itself its own."""
    return Registration.objects.select_related("evidence", "exporter").filter(public_id=attempt_id).first()


def change_by_id(change_id: UUID) -> ContactChange | None:
    """A change of e-mail, for the browser session that began it."""
    return ContactChange.objects.select_related("exporter", "evidence").filter(public_id=change_id).first()


def facts_of(evidence: TokenEvidence) -> CertificateFacts:
    """The facts of a kept certificate."""
    return CertificateFacts.from_json(evidence.facts)


def name_exceptions(iec: str, evidence: TokenEvidence) -> Sequence[NameException]:
    """The administrators' decisions that open near misses of this holder for this firm."""
    return name_exceptions_for(iec, evidence.facts, evidence.certificate_sha256)


def name_exceptions_for(iec: str, facts: dict[str, Any], certificate_sha256: str) -> Sequence[NameException]:
    """As `name_exceptions`, from the facts of a certificate."""
    rows = NearMiss.objects.filter(
        iec=iec, state=NearMiss.State.OPENED, holder_key=holder_key(facts, certificate_sha256)
    )
    return [
        NameException(
            subject="holder" if row.subject == "holder" else "organisation",
            in_certificate=row.in_certificate,
            in_record=row.in_record,
            reference=f"near_miss:{row.public_id}",
        )
        for row in rows
    ]


def usable_copy(iec: str, *, register_is_configured: bool, now: datetime) -> FirmRecord | None:
    """The dated local copy, where it may stand in for the register.

    Where no register is configured the operator's imported files are the source, whatever their age. Where one is, a copy
    counts only until the record would have to be fetched again anyway.
    """
    row = LocalRecord.objects.filter(iec=iec).first()
    if row is None:
        return None
    if register_is_configured and record_is_stale(row.fetched_at, now):
        return None
    return FirmRecord.from_json(row.record)


def near_misses(*, actor: Actor, state: str | None = None) -> QuerySet[NearMiss]:
    """The queue of near misses, waiting ones first; administrators only."""
    if actor.kind != "person" or actor.role != Person.Kind.ADMINISTRATOR:
        return NearMiss.objects.none()
    rows = NearMiss.objects.select_related("decided_by", "evidence").order_by("-seen_at")
    return rows.filter(state=state) if state else rows


def local_copy(iec: str) -> LocalRecord | None:
    """The dated local copy of a record, whatever its age; for those who decide about it."""
    return LocalRecord.objects.filter(iec=iec).first()


def near_miss_document_visible(actor: Actor, reference: str) -> bool:
    """Who may read the evidence of a decision: administrators."""
    return actor.kind == "person" and actor.role == Person.Kind.ADMINISTRATOR


def consents_of(exporter: Exporter) -> list[DeclarationConsent]:
    """What the firm agreed to, newest first."""
    return list(DeclarationConsent.objects.filter(registration__exporter=exporter).order_by("-agreed_at"))
