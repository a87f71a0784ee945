"""Questions about certificates. Exporters see what was issued to their firm, officers what their office works on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import approved_for_office
from udgam.flow.issuance.models import (
    LIVE,
    Alarm,
    Certificate,
    CertificateRequest,
    IssuerKey,
    Outage,
    PostalDispatch,
    RecheckRun,
    Resealing,
    RunEntry,
    SigningRun,
    UsedSeal,
)
from udgam.flow.registration.queries import exporters_visible_to
from udgam.ground import statements
from udgam.ground.audit.actors import Actor, SystemActor
from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.queries import office_ids_of
from udgam.rules.lifecycle import PublicStatus, public_status
from udgam.rules.numbers import indian_date

_LOCK_LIVE = "SELECT id FROM issuance_certificate WHERE application_id = %s AND state = ANY(%s) FOR UPDATE"
PUBLISHED = ("issued", "superseded", "cancelled")
# So long a prepared certificate waits for the officer who opened it before a colleague may take it over.
TAKE_OVER_AFTER = timedelta(minutes=30)


def certificates_visible_to(actor: Actor) -> QuerySet[Certificate]:
    """The certificates an actor may read. Before the issue only the office sees that there is something."""
    rows = Certificate.objects.select_related(
        "application__exporter", "office__agency", "signatory", "superseded_by", "issuer_key"
    )
    if actor.kind == "system":
        return rows
    if actor.kind != "person":
        return rows.none()
    if actor.role == Person.Kind.EXPORTER:
        return rows.filter(application__exporter__in=exporters_visible_to(actor), state__in=PUBLISHED)
    if actor.role == Person.Kind.OFFICER:
        return rows.filter(office__in=office_ids_of(actor, indian_date(timezone.now())))
    return rows.none()


def certificate_visible_to(actor: Actor, public_id: UUID) -> Certificate | None:
    """One certificate, or None for a stranger."""
    return certificates_visible_to(actor).filter(public_id=public_id).first()


def issued_file_visible_to(actor: Actor, public_id: UUID) -> Certificate | None:
    """An issued certificate with its file, or None: nobody but the cycle reads a file before the issue is recorded."""
    return certificates_visible_to(actor).filter(public_id=public_id, state__in=PUBLISHED).first()


def issued_number_visible_to(actor: Actor, number: str) -> Certificate | None:
    """The certificate issued under a canonical number, as far as the actor may see it."""
    return certificates_visible_to(actor).filter(number=number, state__in=PUBLISHED).first()


def issued_on_of(number: str, *, exporter_id: int) -> date | None:
    """On which day a certificate of that exporter was issued under a number; None when it was issued elsewhere."""
    rows = Certificate.objects.filter(number=number, state__in=PUBLISHED, application__exporter=exporter_id)
    return rows.values_list("issued_on", flat=True).first()


def issued_by_office(actor: Actor, *, search: str = "", state: str = "") -> QuerySet[Certificate]:
    """What the actor's office has issued, the latest first."""
    rows = certificates_visible_to(actor).filter(state__in=[state] if state in PUBLISHED else PUBLISHED)
    if search.strip():
        asked = search.strip()
        rows = rows.filter(
            Q(number__icontains=asked)
            | Q(application__exporter__name__icontains=asked)
            | Q(application__exporter__iec__iexact=asked)
        )
    return rows.order_by("-issued_at", "-id")


def postal_list(actor: Actor, *, sent: bool, search: str = "") -> QuerySet[Certificate]:
    """What the actor's offices have to send by post, the longest waiting first; or what they sent, the latest first."""
    rows = certificates_visible_to(actor).select_related("dispatch").filter(application__postal_delivery=True)
    if actor.kind != "person" or actor.role != Person.Kind.OFFICER:
        return rows.none()
    if search.strip():
        asked = search.strip()
        rows = rows.filter(
            Q(number__icontains=asked)
            | Q(application__exporter__name__icontains=asked)
            | Q(dispatch__article_number__icontains=asked)
        )
    if sent:
        return rows.filter(state__in=PUBLISHED, dispatch__isnull=False).order_by("-dispatch__sent_on", "-id")
    return rows.filter(state="issued", dispatch__isnull=True).order_by("issued_at", "id")


def dispatch_of(certificate: Certificate) -> PostalDispatch | None:
    """How the print of a certificate was sent; None when it was not."""
    return getattr(certificate, "dispatch", None)


def requests_visible_to(actor: Actor) -> QuerySet[CertificateRequest]:
    """What was asked about certificates that the actor may see, those that wait longest first."""
    rows = CertificateRequest.objects.select_related(
        "certificate__application__exporter", "certificate__office__agency", "certificate__signatory", "made_by"
    )
    return rows.filter(certificate__in=certificates_visible_to(actor).values("id")).order_by("made_at", "id")


def runs_visible_to(actor: Actor) -> QuerySet[SigningRun]:
    """The actor's own signing runs, the latest first."""
    rows = SigningRun.objects.select_related("office__agency", "person").order_by("-begun_at")
    return rows.filter(person__public_id=actor.id) if actor.kind == "person" else rows.none()


def run_visible_to(actor: Actor, public_id: UUID) -> SigningRun | None:
    """One of the actor's own runs, or None."""
    return runs_visible_to(actor).filter(public_id=public_id).first()


def entries_of(run: SigningRun) -> QuerySet[RunEntry]:
    """What stands in a run, in its order."""
    return run.entries.select_related("application__exporter", "certificate__office__agency", "certificate__signatory")


def signable_entries(run: SigningRun) -> QuerySet[RunEntry]:
    """What stands in a run, with the certificate and no more: the agent asks for it three times a certificate."""
    return run.entries.select_related("certificate")


def waiting_entries(run: SigningRun, day: date) -> QuerySet[RunEntry]:
    """What the run's officer can still sign on that day (Indian date), in its order. A run may hold two hundred certificates, and the
    agent asks twice for each of them: whoever wants the first takes the first."""
    return signable_entries(run).filter(
        refusal="",
        certificate__state__in=("prepared", "certified"),
        certificate__signed_page="",
        certificate__signatory=run.person_id,
        certificate__issued_on=day,
    )


def unfinished_runs(actor: Actor) -> list[SigningRun]:
    """Runs of the actor in which something can still be signed."""
    waiting = RunEntry.objects.filter(certificate__state__in=("prepared", "certified"), certificate__signed_page="")
    return list(runs_visible_to(actor).filter(id__in=waiting.values("run"))[:20])


@dataclass(frozen=True)
class ToSign:
    """A line of the list to sign: the application, and the certificate that is already on its way, if there is one."""

    application: Application
    certificate: Certificate | None

    @property
    def is_with_the_platform(self) -> bool:
        """Everything is signed; the platform seals it."""
        return self.certificate is not None and bool(self.certificate.signed_page)


def list_to_sign(office_id: int) -> list[ToSign]:
    """What the office has approved and not yet issued, those that wait longest first."""
    applications = list(approved_for_office(office_id)[:500])
    live = {row.application_id: row for row in live_certificates(application.id for application in applications)}
    return [ToSign(application, live.get(application.id)) for application in applications]


def live_certificates(application_ids: Iterable[int]) -> QuerySet[Certificate]:
    """The certificates that take these applications at present."""
    return Certificate.objects.select_related("signatory").filter(application__in=list(application_ids), state__in=LIVE)


def live_certificate_locked(application_id: int) -> Certificate | None:
    """The certificate that takes this application, locked until the transaction ends. Mostly there is none yet."""
    taken = statements.ask(_LOCK_LIVE, [application_id, list(LIVE)]) is not None
    return live_certificates([application_id]).first() if taken else None


def recently_voided(office_id: int) -> QuerySet[Certificate]:
    """Numbers that were reserved and never issued, the latest first."""
    return Certificate.objects.filter(office=office_id, state="voided").order_by("-voided_at")[:20]


def waiting_for_platform(*, tried_before: datetime, limit: int) -> list[Certificate]:
    """Certificates with both signatures of the officer that nobody is completing at the moment, those never tried first."""
    rows = Certificate.objects.filter(
        Q(tried_at__lte=tried_before)
        | Q(tried_at__isnull=True) & (Q(page_signed_at__isnull=True) | Q(page_signed_at__lte=tried_before)),
        state__in=("certified", "sealed"),
    ).exclude(signed_page="")
    # What is long is fetched by whoever completes one.
    rows = rows.defer("content", "cms", "credential", "code")
    return list(rows.order_by(F("tried_at").asc(nulls_first=True), "page_signed_at", "id")[:limit])


def unsigned_since_before(day: Any) -> QuerySet[Certificate]:
    """Certificates prepared for an earlier day (Indian date) on which the officer's two signatures were not completed."""
    return Certificate.objects.select_related("application", "office", "signatory").filter(
        state__in=("prepared", "certified"), signed_page="", issued_on__lt=day
    )


def archive_due(*, now: datetime, limit: int) -> list[Certificate]:
    """Issued files that need a time stamp now, those that were sealed without one first."""
    rows = certificates_visible_to(SystemActor("issuance.keep_stamped")).filter(
        state__in=PUBLISHED, archive_due_at__lte=now
    )
    return list(rows.order_by(F("stamp_due_since").asc(nulls_last=True), "archive_due_at", "id")[:limit])


def issued_after(reached: int) -> Iterator[Certificate]:
    """Everything that was ever issued, in the order of its rows, beginning behind the row ``reached``."""
    rows = certificates_visible_to(SystemActor("issuance.recheck")).filter(state__in=PUBLISHED, pk__gt=reached)
    return rows.prefetch_related("log_entries").order_by("pk").iterator(chunk_size=500)


def count_issued_after(reached: int) -> int:
    """How many that are."""
    return Certificate.objects.filter(state__in=PUBLISHED, pk__gt=reached).count()


def resealing_by_key(key: str) -> Resealing | UsedSeal | IssuerKey | None:
    """The re-sealing that was begun for a key and is not finished; else the key itself; None when no office ever used it."""
    begun = Resealing.objects.filter(Q(seal__sha256=key) | Q(issuer_key__key_id=key), finished_at__isnull=True)
    return (
        begun.select_related("seal", "issuer_key").first()
        or UsedSeal.objects.select_related("office__agency").filter(sha256=key).first()
        or IssuerKey.objects.select_related("office__agency").filter(key_id=key).first()
    )


def _to_reseal(resealing: Resealing, today: date) -> QuerySet[Certificate]:
    rows = certificates_visible_to(SystemActor("issuance.reseal")).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today), state="issued"
    )
    if resealing.seal is not None:
        return rows.filter(seal_sha256=resealing.seal.sha256, office=resealing.seal.office_id)
    return rows.filter(issuer_key=resealing.issuer_key_id)


def certificates_to_reseal(
    resealing: Resealing, *, today: date, after: int = 0, limit: int | None
) -> Iterator[Certificate]:
    """What still counts and is signed by the revoked key, in the order of its rows, beginning behind the row ``after``."""
    rows = _to_reseal(resealing, today).filter(pk__gt=after).order_by("pk")
    return (rows[:limit] if limit is not None else rows).iterator(chunk_size=200)


def count_to_reseal(resealing: Resealing, *, today: date) -> int:
    """How many that are."""
    return _to_reseal(resealing, today).count()


def alarms_visible_to(actor: Actor) -> QuerySet[Alarm]:
    """What the re-check found, for the platform's administrators: open ones first."""
    rows = Alarm.objects.select_related("certificate", "closed_by").order_by(
        F("closed_at").asc(nulls_first=True), "-id"
    )
    return rows if actor.role == Person.Kind.ADMINISTRATOR or actor.kind == "system" else rows.none()


def open_alarms() -> int:
    """How many alarms are open."""
    return Alarm.objects.filter(closed_at__isnull=True).count()


def recheck_runs() -> list[RecheckRun]:
    """The last re-checks, the newest first."""
    return list(RecheckRun.objects.order_by("-id")[:10])


def resealings() -> list[Resealing]:
    """Re-sealings, the newest first."""
    return list(Resealing.objects.select_related("seal__office", "issuer_key__office").order_by("-id")[:10])


def outages_since() -> list[Outage]:
    """The last outages, the newest first."""
    return list(Outage.objects.order_by("-id")[:10])


def open_outage(service: str) -> Outage | None:
    """The outage of a service that is not over."""
    return statements.first(Outage, service=service, ended_at=None)


@dataclass(frozen=True, kw_only=True)
class PublishedCertificate:
    """What the public views are made of: an issued certificate and what became of it."""

    public_id: UUID
    number: str
    status: PublicStatus
    content: bytes
    content_sha256: str
    key_sha256: str
    changed_at: datetime | None


def published_certificate(number: str) -> PublishedCertificate | None:
    """The certificate issued under a number in its canonical form; None as long as nothing was issued under it."""
    row = (
        Certificate.objects.filter(number=number, state__in=PUBLISHED)
        .values("public_id", "number", "state", "content", "content_sha256", "key_sha256", "issued_at", "ended_at")
        .first()
    )
    if row is None:
        return None
    return PublishedCertificate(
        public_id=row["public_id"],
        number=row["number"],
        status=public_status(row["state"]),
        content=bytes(row["content"]),
        content_sha256=row["content_sha256"],
        key_sha256=row["key_sha256"],
        changed_at=row["ended_at"] or row["issued_at"],
    )


@dataclass(frozen=True, kw_only=True)
class PublishedOfficer:
    """A certificate with which a signatory could certify, and when."""

    name: str
    sha256: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class PublishedIssuer:
    """An agency with the seals it has used and the officers who could certify for it."""

    agency: str
    name: str
    seals: tuple[str, ...]
    officers: tuple[PublishedOfficer, ...]


def published_issuers() -> tuple[PublishedIssuer, ...]:
    """Who certifies and seals on this platform, past and present: what a checker needs to know."""
    seals: dict[int, list[str]] = {}
    agencies: dict[int, Any] = {}
    for used in UsedSeal.objects.select_related("office__agency").order_by("id"):
        agencies[used.office.agency_id] = used.office.agency
        seals.setdefault(used.office.agency_id, []).append(used.sha256)
    officers: dict[int, list[PublishedOfficer]] = {}
    posts = (
        Officer.objects.select_related("person", "office__agency").filter(role=Officer.Role.SIGNATORY).order_by("id")
    )
    tokens: dict[int, list[EnrolledToken]] = {}
    for token in EnrolledToken.objects.filter(person__posts__in=posts).distinct().order_by("id"):
        tokens.setdefault(token.person_id, []).append(token)
    for post in posts:
        agencies[post.office.agency_id] = post.office.agency
        for token in tokens.get(post.person_id, ()):
            since, until = _overlap(post, token)
            if until is None or since < until:
                officers.setdefault(post.office.agency_id, []).append(
                    PublishedOfficer(name=post.person.name, sha256=token.sha256, since=since, until=until)
                )
    return tuple(
        PublishedIssuer(
            agency=agency.code,
            name=agency.registered_name,
            seals=tuple(dict.fromkeys(seals.get(key, ()))),
            officers=tuple(officers.get(key, ())),
        )
        for key, agency in sorted(agencies.items())
    )


def _overlap(post: Officer, token: EnrolledToken) -> tuple[datetime, datetime | None]:
    """When the post was held with this token. Time stamps know whole seconds only, so the beginning is cut to one."""
    since = max(post.appointed_at, token.enrolled_at).replace(microsecond=0)
    ends = [end for end in (post.ended_at, token.retired_at) if end is not None]
    return since, min(ends, default=None)
