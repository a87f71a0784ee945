"""The people who act for a firm: invited by its signatories, joining by a link, leaving at once when the firm says so."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from udgam.flow.registration import policies, queries
from udgam.flow.registration.models import Exporter, Invitation, Membership
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.flow.registration.subjects import firm_subject
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.services import choose_first_password, create_person, end_all_sessions
from udgam.rules.duties import INVITATION_LIFETIME

MOST_PEOPLE = 100
MOST_SENT = 5
# Of one firm in 24 hours, whatever became of them: each is a mail to an address that the firm names.
MOST_INVITED = 30
SHORTEST_WAIT = timedelta(minutes=2)
Role = Membership.Role


def _require_manager(person: Person, exporter: Exporter) -> None:
    verdict = policies.may_manage_people(person, exporter)
    if not verdict:
        raise RegistrationRefused(verdict.reason, **verdict.params)


def invite(
    *, exporter: Exporter, email: str, name: str, role: str, language: str, person: Person, actor: Actor, now: datetime
) -> Invitation:
    """Invite somebody to act for the firm; the link leaves by mail.

    Raises `RegistrationRefused`: "people.not_signatory", "people.invited_already", "people.belongs_already", "people.too_many",
    "people.invited_too_many", "people.address_of_staff".
    """
    if role not in Role.values:
        raise ValueError(f"There is no role called {role}.")
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            Exporter.objects.select_for_update().get(pk=exporter.pk)
            _require_manager(person, exporter)
            _refuse_known(exporter, email)
            if exporter.invitations.filter(invited_at__gt=now - timedelta(hours=24)).count() >= MOST_INVITED:
                raise RegistrationRefused("people.invited_too_many", limit=str(MOST_INVITED))
            _close_expired(exporter, now)
            row = Invitation.objects.create(
                exporter=exporter,
                email=email,
                name=name,
                role=role,
                language=language,
                invited_by=person,
                invited_at=now,
                secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
                sent_at=now,
                expires_at=now + INVITATION_LIFETIME,
            )
            audit(
                act="exporter.person_invited",
                subject=firm_subject(exporter),
                actor=actor,
                now=now,
                details={"role": role, "invitation": row.pk},
            )
            _send(row, secret, now)
    except IntegrityError as error:
        if "one_open_invitation_each" not in str(error):
            raise
        raise RegistrationRefused("people.invited_already") from error
    return row


def _refuse_known(exporter: Exporter, email: str) -> None:
    members = exporter.memberships.filter(until__isnull=True)
    if members.filter(person__email__iexact=email).exists():
        raise RegistrationRefused("people.belongs_already")
    waiting = exporter.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).count()
    if members.count() + waiting >= MOST_PEOPLE:
        raise RegistrationRefused("people.too_many", limit=str(MOST_PEOPLE))


def _close_expired(exporter: Exporter, now: datetime) -> None:
    """An invitation that grew old must not stand in the way of a new one to the same address."""
    exporter.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__lte=now).update(
        withdrawn_at=now
    )


def _send(row: Invitation, secret: str, now: datetime) -> None:
    queue_mail(
        to=row.email,
        template="registration/invitation",
        context={
            "name": row.name,
            "firm": row.exporter.name,
            "iec": row.exporter.iec,
            "inviter": row.invited_by.name,
            "role": row.role,
            "address": settings.SITE_ORIGIN + reverse("registration:join", args=[secret]),
            "expires_at": row.expires_at,
        },
        language=row.language,
        now=now,
        subject_ref=firm_subject(row.exporter),
        secret=True,
    )


def send_again(*, invitation: Invitation, person: Person, actor: Actor, now: datetime) -> None:
    """Send a fresh link; the earlier one stops working. Raises `RegistrationRefused`."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = Invitation.objects.select_for_update(of=("self",)).select_related("exporter").get(pk=invitation.pk)
        _require_manager(person, row.exporter)
        if row.accepted_at or row.withdrawn_at:
            raise RegistrationRefused("people.invitation_closed")
        if row.times_sent >= MOST_SENT or row.sent_at > now - SHORTEST_WAIT:
            raise RegistrationRefused("people.sent_too_often", limit=str(MOST_SENT))
        row.secret_sha256 = hashlib.sha256(secret.encode()).hexdigest()
        row.sent_at, row.expires_at = now, now + INVITATION_LIFETIME
        row.times_sent += 1
        row.save(update_fields=["secret_sha256", "sent_at", "expires_at", "times_sent"])
        audit(
            act="exporter.invitation_sent_again",
            subject=firm_subject(row.exporter),
            actor=actor,
            now=now,
            details={"invitation": row.pk},
        )
        _send(row, secret, now)


def withdraw_invitation(*, invitation: Invitation, person: Person, actor: Actor, now: datetime) -> None:
    """The link stops working. Raises `RegistrationRefused`, also when it was accepted a moment ago."""
    with transaction.atomic():
        _require_manager(person, invitation.exporter)
        open_rows = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True)
        if open_rows.update(withdrawn_at=now) != 1:
            raise RegistrationRefused("people.invitation_closed")
        audit(
            act="exporter.invitation_withdrawn",
            subject=firm_subject(invitation.exporter),
            actor=actor,
            now=now,
            details={"invitation": invitation.pk},
        )


def join_with_new_account(
    *,
    secret: str,
    name: str,
    password: str,
    language: str,
    agreed_version: str,
    agreed_sha256: str,
    actor: Actor,
    now: datetime,
) -> Person:
    """Open an account whose user name is the invited address, and let it act for the firm.

    Raises `RegistrationRefused`: "people.invitation_closed", "people.sign_in_first". The form has checked the password's
    strength.
    """
    with transaction.atomic():
        row = _claim(secret, agreed_version, agreed_sha256, now)
        if queries.account_for(row) is not None:
            raise RegistrationRefused("people.sign_in_first")
        username = row.email.lower()
        person = create_person(
            username=username,
            name=name,
            email=row.email,
            kind=Person.Kind.EXPORTER,
            language=language,
            actor=actor,
            now=now,
        )
        choose_first_password(person=person, new_password=password, now=now)
        _enter(row, person, name, now)
    return person


def join_with_account(
    *, secret: str, person: Person, agreed_version: str, agreed_sha256: str, now: datetime
) -> Membership:
    """Let an account that exists act for the firm.

    Raises `RegistrationRefused`: "people.invitation_closed", "people.invitation_of_another", "people.acts_for_another_firm".
    """
    with transaction.atomic():
        row = _claim(secret, agreed_version, agreed_sha256, now)
        if row.email.casefold() not in {person.email.casefold(), person.username.casefold()}:
            raise RegistrationRefused("people.invitation_of_another")
        if person.kind != Person.Kind.EXPORTER:
            raise RegistrationRefused("people.address_of_staff")
        return _enter(row, person, person.name, now)


def _claim(secret: str, agreed_version: str, agreed_sha256: str, now: datetime) -> Invitation:
    row = queries.open_invitation(secret, now)
    if row is None:
        raise RegistrationRefused("people.invitation_closed")
    taken = Invitation.objects.filter(pk=row.pk, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        accepted_at=now, agreed_version=agreed_version, agreed_sha256=agreed_sha256
    )
    if taken != 1:
        raise RegistrationRefused("people.invitation_closed")
    return row


def _enter(row: Invitation, person: Person, name: str, now: datetime) -> Membership:
    # Two invitations that one person accepts at once wait for each other here; the second sees what the first has made.
    Person.objects.select_for_update().get(pk=person.pk)
    others = Membership.objects.select_for_update().filter(person=person, until__isnull=True)
    if any(other.exporter_id == row.exporter_id for other in others):
        raise RegistrationRefused("people.belongs_already")
    if any(row.role != Role.BROKER or other.role != Role.BROKER for other in others):
        raise RegistrationRefused("people.acts_for_another_firm")
    try:
        with transaction.atomic():
            member = Membership.objects.create(
                exporter=row.exporter, person=person, role=row.role, holder_name=name[:200], since=now, chosen_at=now
            )
    except IntegrityError as error:
        # The person joined another firm, or this one, between our look and our write.
        raise RegistrationRefused("people.acts_for_another_firm") from error
    audit(
        act="exporter.person_joined",
        subject=firm_subject(row.exporter),
        actor=actor_of(person),
        now=now,
        details={"role": row.role, "invitation": row.pk, "declaration": row.agreed_version},
    )
    _tell(row.exporter, "registration/person_joined", {"name": name, "role": row.role}, now, but=person)
    return member


def change_role(*, membership: Membership, role: str, person: Person, actor: Actor, now: datetime) -> None:
    """Make a drafter a signatory, or the other way. Raises `RegistrationRefused`."""
    if role not in (Role.SIGNATORY, Role.DRAFTER):
        raise ValueError(f"Nobody is made {role}.")
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(pk=membership.exporter_id)
        _require_manager(person, exporter)
        if role == Role.DRAFTER:
            _refuse_last_signatory(membership)
        rows = Membership.objects.filter(pk=membership.pk, until__isnull=True).exclude(role__in=(Role.BROKER, role))
        if rows.update(role=role) != 1:
            raise RegistrationRefused("people.changed_meanwhile")
        audit(
            act="exporter.role_changed",
            subject=firm_subject(exporter),
            actor=actor,
            now=now,
            details={"person": str(membership.person.public_id), "role": role},
        )
        _tell_person(membership, "registration/role_changed", {"firm": exporter.name, "role": role}, now)


def end_membership(*, membership: Membership, person: Person, actor: Actor, now: datetime) -> None:
    """Somebody no longer acts for the firm; the open sessions end at once. One may also leave by oneself.

    Raises `RegistrationRefused`: "people.not_signatory", "people.last_signatory", "people.changed_meanwhile".
    """
    with transaction.atomic():
        exporter = Exporter.objects.select_for_update().get(pk=membership.exporter_id)
        if membership.person_id != person.pk:
            _require_manager(person, exporter)
        _refuse_last_signatory(membership)
        if Membership.objects.filter(pk=membership.pk, until__isnull=True).update(until=now) != 1:
            raise RegistrationRefused("people.changed_meanwhile")
        audit(
            act="exporter.person_left",
            subject=firm_subject(exporter),
            actor=actor,
            now=now,
            details={"person": str(membership.person.public_id), "role": membership.role},
        )
        if membership.person_id != person.pk:
            end_all_sessions(person=membership.person)
        _tell_person(membership, "registration/person_left", {"firm": exporter.name}, now)


def _refuse_last_signatory(membership: Membership) -> None:
    if membership.role != Role.SIGNATORY:
        return
    rest = Membership.objects.filter(
        exporter=membership.exporter_id, role=Role.SIGNATORY, until__isnull=True, person__is_active=True
    )
    if not rest.exclude(pk=membership.pk).exists():
        raise RegistrationRefused("people.last_signatory")


def choose_firm(*, membership: Membership, now: datetime) -> None:
    """From now on the broker acts for this firm, until another is chosen."""
    rows = Membership.objects.filter(pk=membership.pk, until__isnull=True, role=Role.BROKER)
    if rows.update(chosen_at=now) != 1:
        raise RegistrationRefused("people.changed_meanwhile")


def _tell(exporter: Exporter, template: str, context: dict[str, str], now: datetime, *, but: Person) -> None:
    """Write to the firm's signatories."""
    rows = exporter.memberships.select_related("person").filter(until__isnull=True, role=Role.SIGNATORY)
    for row in rows.exclude(person=but):
        if row.person.email:
            queue_mail(
                to=row.person.email,
                template=template,
                context={"firm": exporter.name, **context},
                language=row.person.language,
                now=now,
                subject_ref=firm_subject(exporter),
            )


def _tell_person(membership: Membership, template: str, context: dict[str, str], now: datetime) -> None:
    if membership.person.email:
        queue_mail(
            to=membership.person.email,
            template=template,
            context=context,
            language=membership.person.language,
            now=now,
            subject_ref=firm_subject(membership.exporter),
        )
