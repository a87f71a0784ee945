"""Questions about people and their tokens. What is private is asked by the person it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from udgam.ground import statements
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import EnrolledToken, Notice, OwnSession, Person, SignInEvent, TellingChoice
from udgam.rules.identifiers import mask_email, mask_name

# Digital Personal Data Protection Rules 2025, rule 8(3): logs for one year, then erased. That covers the 180 days of CERT-In's
# directions of 28 April 2022. An operator may keep them longer.
LEAST_SIGN_IN_LOG_DAYS = 365


def sign_in_log_days() -> int:
    """For how many days the record of sign-ins is kept: what every text about it says, and after which it is deleted."""
    return max(LEAST_SIGN_IN_LOG_DAYS, settings.SIGN_IN_LOG_DAYS)


def person_by_username(claimed: str) -> Person | None:
    """The person with this user name, whatever its case."""
    return Person.objects.filter(username__iexact=claimed.strip()).first()


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER form, lower-case hexadecimal: how enrolled certificates are found."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def enrolled_token(certificate: x509.Certificate) -> EnrolledToken | None:
    """The current enrolment of exactly this certificate."""
    rows = EnrolledToken.objects.select_related("person")
    return rows.filter(sha256=fingerprint_of(certificate), retired_at__isnull=True).first()


def was_retired(certificate: x509.Certificate) -> bool:
    """This certificate was enrolled once and is not any more."""
    return EnrolledToken.objects.filter(sha256=fingerprint_of(certificate), retired_at__isnull=False).exists()


def current_tokens(person: Person) -> QuerySet[EnrolledToken]:
    """The person's enrolled tokens, newest first."""
    return person.tokens.filter(retired_at__isnull=True).order_by("-enrolled_at")


def is_enrolled(person: Person, sha256: str) -> bool:
    """Whether the token with that certificate is enrolled for the person now; each signature asks."""
    return bool(sha256) and statements.exists(EnrolledToken, person_id=person.pk, sha256=sha256, retired_at=None)


def all_tokens(person: Person) -> QuerySet[EnrolledToken]:
    """Current and retired tokens, newest first."""
    return person.tokens.order_by("-enrolled_at")


@dataclass(frozen=True)
class OpenSession:
    """A browser in which the person is signed in now."""

    public_id: UUID
    is_this_one: bool
    method: str
    started_at: datetime
    last_seen_at: datetime
    address: str | None
    device: str


def open_sessions(person: Person, *, present_key: str, now: datetime) -> list[OpenSession]:
    """The person's own open sessions, the present one first.

    Every request prolongs a session to the full time of rest, so its end tells when it was last used.
    """
    rows = {row.session_key: row for row in person.sessions.all()}
    rest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    live = Session.objects.filter(session_key__in=rows, expire_date__gt=now)
    ends = dict(live.values_list("session_key", "expire_date"))
    found = [_open(row, row.session_key == present_key, ends[key] - rest) for key, row in rows.items() if key in ends]
    return sorted(found, key=lambda one: (not one.is_this_one, -one.last_seen_at.timestamp()))


def _open(row: OwnSession, is_this_one: bool, last_seen_at: datetime) -> OpenSession:
    return OpenSession(
        public_id=row.public_id,
        is_this_one=is_this_one,
        method=row.get_method_display(),
        started_at=row.started_at,
        last_seen_at=max(last_seen_at, row.started_at),
        address=row.address,
        device=row.device,
    )


def sign_ins_of(person: Person, *, limit: int = 50) -> QuerySet[SignInEvent]:
    """The person's own latest attempts to sign in, newest first."""
    return person.sign_ins.order_by("-at", "-id")[:limit]


def active_administrators() -> int:
    """How many administrators can still sign in."""
    return Person.objects.filter(kind=Person.Kind.ADMINISTRATOR, is_active=True).count()


@dataclass(frozen=True)
class Ways:
    """By which ways a person hears of changes, beside the notices on the site."""

    by_mail: bool
    by_text: bool


def ways_of_telling(person: Person) -> Ways:
    """What the person chose; else exporters hear by mail and text message, and those who work at a desk on the site alone."""
    row = statements.first(TellingChoice, person_id=person.pk)
    if row is not None:
        return Ways(row.by_mail, row.by_text)
    is_exporter = person.kind == Person.Kind.EXPORTER
    return Ways(by_mail=is_exporter, by_text=is_exporter)


def notices_of(person: Person) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    return Notice.objects.filter(person=person).order_by("-at", "-id")


def unread_notices(person: Person) -> int:
    """How many notices the person has not read; counted up to 100."""
    return Notice.objects.filter(person=person, read_at__isnull=True)[:100].count()


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """One account for the administrators' list: enough to tell it from others, contact and name masked."""

    username: str
    name_masked: str
    email_masked: str
    kind: str
    is_active: bool
    is_erased: bool
    tokens: int
    last_sign_in: datetime | None


def people_visible_to(actor: Actor, *, search: str = "", kind: str = "") -> QuerySet[Person]:
    """All accounts for an administrator of the platform, nobody for anybody else; by user name, newest sign-in beside it.

    ``search`` is part of a user name or of a name, whatever its case.
    """
    found = Person.objects.filter(kind=kind) if kind else Person.objects.all()
    if actor.role != Person.Kind.ADMINISTRATOR:
        return found.none()
    wanted = search.strip()
    if wanted:
        found = found.filter(Q(username__icontains=wanted) | Q(name__icontains=wanted))
    admitted = Q(sign_ins__outcome=SignInEvent.Outcome.ADMITTED)
    held = EnrolledToken.objects.filter(person=OuterRef("pk"), retired_at__isnull=True).order_by()
    counted = held.values("person").annotate(held=Count("pk")).values("held")
    found = found.annotate(last_sign_in=Max("sign_ins__at", filter=admitted), tokens_held=Subquery(counted))
    return found.order_by("username")


def person_line(person: Person) -> PersonLine:
    """A row of ``people_visible_to`` as the list shows it."""
    return PersonLine(
        username=person.username,
        name_masked=mask_name(person.name),
        email_masked=mask_email(person.email) if person.email else "",
        kind=person.get_kind_display(),
        is_active=person.is_active,
        is_erased=person.erased_at is not None,
        tokens=person.tokens_held or 0,  # type: ignore[attr-defined]  # both annotated above
        last_sign_in=person.last_sign_in,  # type: ignore[attr-defined]
    )
