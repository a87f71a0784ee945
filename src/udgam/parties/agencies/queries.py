"""Questions about agencies. Names of agencies and offices are public; officers are shown to their own agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import get_language

from udgam.ground import statements
from udgam.ground.agreements.issuers import Issuer
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import (
    Agency,
    AgencyRequest,
    Authorisation,
    FeeAccountChange,
    Image,
    Leave,
    NamedException,
    NumberSeries,
    Office,
    Officer,
    WaitingToken,
)

# The series for one agreement goes before that for all.
_SERIES = """
SELECT id, agreement, first FROM agencies_numberseries
WHERE office_id = %s AND agreement IN ('', %s) ORDER BY agreement DESC LIMIT 1
"""


def published_agencies() -> QuerySet[Agency]:
    """Agencies that work on the platform, by name."""
    return Agency.objects.filter(is_suspended=False).order_by("name")


def published_offices_for(agreement: str, on: date) -> QuerySet[Office]:
    """The offices that may issue under an arrangement on a day (Indian date)."""
    current = Authorisation.objects.filter(agreement=agreement, valid_from__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    return (
        Office.objects.filter(
            is_open=True, is_suspended=False, agency__is_suspended=False, id__in=current.values("office_id")
        )
        .select_related("agency", "region")
        .order_by("agency__name", F("region__name").asc(nulls_first=True), "name")
    )


def published_issuers_for(agreement: str, on: date) -> tuple[Issuer, ...]:
    """The offices that may issue under an arrangement on a day, by their names in both languages, for public pages."""
    return tuple(
        Issuer(office.agency.name, office.agency.name_hindi, office.name, office.name_hindi)
        for office in published_offices_for(agreement, on)
    )


def names_in_hindi(names: Collection[str] | None = None) -> dict[str, str]:
    """The Hindi names of agencies and offices by their English ones, for pages that have only those; without ``names`` of all.

    One statement, however many are asked for. Two of one name that differ in Hindi have none: nobody may name another's office.
    """
    wanted = Q() if names is None else Q(name__in=names)
    agencies = Agency.objects.filter(wanted).order_by().values_list("name", "name_hindi")
    known: dict[str, set[str]] = {}
    for english, hindi in agencies.union(Office.objects.filter(wanted).order_by().values_list("name", "name_hindi")):
        known.setdefault(english, set()).add(hindi)
    return {english: next(iter(found)) for english, found in known.items() if len(found) == 1 and "" not in found}


def shown_names(names: Iterable[str]) -> dict[str, str]:
    """English names of agencies and offices in the reader's language; one that is not known, or has no other, as it is."""
    asked = tuple(dict.fromkeys(names))
    known = names_in_hindi(asked) if asked and (get_language() or "").startswith("hi") else {}
    return {name: known.get(name, name) for name in asked}


def office_by_id(office_id: int) -> Office | None:
    """One office with its agency, for the platform's own steps."""
    return Office.objects.select_related("agency").filter(id=office_id).first()


def seal_addresses() -> list[str]:
    """Where the seal keys of the open offices are; "" stands for offices that use the installation's."""
    return list(Office.objects.filter(is_open=True).order_by().values_list("seal_key", flat=True).distinct())


def agreements_of(office_id: int, on: date) -> frozenset[str]:
    """The arrangements an office may issue under on a day."""
    rows = Authorisation.objects.filter(office_id=office_id, valid_from__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    return frozenset(rows.values_list("agreement", flat=True))


def office_ids_of(actor: Actor, on: date) -> list[int]:
    """The offices for which an officer can act on a day. An officer who is suspended keeps sight of nothing."""
    officer = (
        Officer.objects.select_related("office")
        .filter(person__public_id=actor.id, ended_at__isnull=True, suspended_at__isnull=True)
        .exclude(role=Officer.Role.ADMINISTRATOR)
        .first()
    )
    if officer is None:
        return []
    return sorted(
        {
            officer.office_id,
            *(leave.officer.office_id for leave in leaves_covered(officer.pk, officer.office.agency_id, on)),
        }
    )


def leaves_on(on: date) -> QuerySet[Leave]:
    """The leaves that count on a day (Indian date)."""
    return Leave.objects.filter(cancelled_at__isnull=True, since__lte=on, until__gte=on)


def leaves_covered(officer_id: int, agency_id: int, on: date) -> QuerySet[Leave]:
    """The leaves during which this officer stands in for somebody of the same agency who still holds the post."""
    rows = leaves_on(on).select_related("officer__office__agency", "officer__person")
    return rows.filter(stand_in=officer_id, officer__ended_at__isnull=True, officer__office__agency=agency_id).order_by(
        "id"
    )


def named_exceptions(agency_id: int) -> tuple[str, ...]:
    """Organisation names accepted beside the registered one."""
    return tuple(NamedException.objects.filter(agency_id=agency_id).values_list("organisation", flat=True))


def administrators_of(agency_id: int) -> QuerySet[Officer]:
    """The agency's administrators of today."""
    rows = Officer.objects.select_related("person").filter(office__agency=agency_id, ended_at__isnull=True)
    return rows.filter(role=Officer.Role.ADMINISTRATOR).order_by("appointed_at", "id")


def administered_by(actor: Actor) -> QuerySet[Officer]:
    """The post by which the actor administers an agency now: neither ended nor suspended."""
    rows = Officer.objects.filter(ended_at__isnull=True, suspended_at__isnull=True, role=Officer.Role.ADMINISTRATOR)
    return rows.filter(person__public_id=actor.id) if actor.kind == "person" else rows.none()


def platform_administrators() -> QuerySet[Person]:
    """The administrators of the platform, who confirm what an agency may not confirm itself."""
    return Person.objects.filter(kind=Person.Kind.ADMINISTRATOR, is_active=True).order_by("id")


def who_confirms(officer: Officer) -> list[Person]:
    """The people who may confirm a token of this officer: the agency's administrators, for one of those also the platform's."""
    active = administrators_of(officer.office.agency_id).filter(suspended_at__isnull=True)
    people = [row.person for row in active if row.person_id != officer.person_id]
    if officer.role == Officer.Role.ADMINISTRATOR:
        people += platform_administrators()
    return people


def former_officer(username: str, *, agency_id: int, kind: str) -> Person | None:
    """The person with this user name whose last post, in the same agency, has ended; None for anybody else."""
    people = Person.objects.filter(username__iexact=username.strip(), kind=kind, is_active=True)
    person = people.filter(posts__office__agency=agency_id).distinct().first()
    if person is None or Officer.objects.filter(person=person, ended_at__isnull=True).exists():
        return None
    return person


def _own_agencies(actor: Actor) -> QuerySet[Agency]:
    """The agency that the actor administers today (none for anybody else), as a sub-query."""
    return Agency.objects.filter(id__in=administered_by(actor).values("office__agency"))


def officers_visible_to(actor: Actor) -> QuerySet[Officer]:
    """The posts of the actor's own agency, current ones first; for the platform's administrators those of agency administrators."""
    rows = Officer.objects.select_related("person", "office__agency").order_by(
        F("ended_at").desc(nulls_first=True), "office__name", "person__name"
    )
    if actor.role == Person.Kind.ADMINISTRATOR:
        return rows.filter(role=Officer.Role.ADMINISTRATOR)
    if actor.role == Person.Kind.AGENCY_ADMIN:
        return rows.filter(office__agency__in=_own_agencies(actor))
    return rows.none()


def offices_visible_to(actor: Actor) -> QuerySet[Office]:
    """The offices of the actor's own agency; all of them for the platform's administrators."""
    rows = Office.objects.select_related("agency").order_by("name", "id")
    if actor.role == Person.Kind.ADMINISTRATOR:
        return rows
    if actor.role == Person.Kind.AGENCY_ADMIN:
        return rows.filter(agency__in=_own_agencies(actor))
    return rows.none()


def office_code_of(person: Person) -> str | None:
    """The code of the office a person works in today, for the record of acts."""
    return Officer.objects.filter(person=person, ended_at__isnull=True).values_list("office__code", flat=True).first()


def waiting_tokens_visible_to(actor: Actor) -> QuerySet[WaitingToken]:
    """Tokens that wait for the actor, oldest first: never one's own, and none of a post that has ended."""
    rows = WaitingToken.objects.select_related("officer__person", "officer__office__agency").order_by("offered_at")
    rows = rows.filter(state=WaitingToken.State.WAITING, officer__ended_at__isnull=True)
    rows = rows.filter(officer__in=officers_visible_to(actor).order_by().values("id"))
    return rows.exclude(officer__person__public_id=actor.id) if actor.kind == "person" else rows.none()


def current_post_by_username(username: str) -> Officer | None:
    """The current post of the person with this user name, whatever its case."""
    return (
        Officer.objects.select_related("person", "office__agency")
        .filter(person__username__iexact=username, ended_at__isnull=True)
        .first()
    )


def agencies_visible_to(actor: Actor) -> QuerySet[Agency]:
    """All agencies for the platform's administrators, nothing for anybody else."""
    return Agency.objects.order_by("name") if actor.role == Person.Kind.ADMINISTRATOR else Agency.objects.none()


def exceptions_visible_to(actor: Actor, agency: Agency) -> QuerySet[NamedException]:
    """The other names accepted for an agency, for the platform's administrators."""
    rows = NamedException.objects.filter(agency=agency).order_by("decided_at")
    return rows if actor.role == Person.Kind.ADMINISTRATOR else rows.none()


def requests_visible_to(actor: Actor) -> QuerySet[AgencyRequest]:
    """Requests for admission, for the platform's administrators: those that wait first, the oldest first."""
    rows = AgencyRequest.objects.select_related("letter", "agency").order_by(
        F("decided_at").desc(nulls_first=True), "requested_at"
    )
    return rows if actor.role == Person.Kind.ADMINISTRATOR else rows.none()


def letter_visible_to(actor: Actor, reference: str) -> bool:
    """Whether the actor may read the letter of a request."""
    return actor.role == Person.Kind.ADMINISTRATOR


def image_visible_to(actor: Actor, reference: str) -> bool:
    """Whether the actor may see the stamp and the signatures of the office with this key."""
    return reference.isdecimal() and offices_visible_to(actor).filter(id=int(reference)).exists()


def authorisations_of(office: Office) -> QuerySet[Authorisation]:
    """What an office may issue, may issue later or could issue once."""
    return office.authorisations.select_related("office").order_by("agreement", "valid_from")


def leaves_of(officer: Officer, on: date) -> QuerySet[Leave]:
    """The officer's leaves of today and later that were not cancelled."""
    return officer.leaves.select_related("stand_in__person").filter(until__gte=on, cancelled_at__isnull=True)


def leaves_visible_to(actor: Actor) -> QuerySet[Leave]:
    """The leaves of the officers whom the actor administers."""
    rows = Leave.objects.select_related("officer__office__agency", "officer__person", "stand_in__person")
    return rows.filter(officer__in=officers_visible_to(actor).order_by().values("id"))


def image_of(*, office: Office | None = None, officer: Officer | None = None) -> Image | None:
    """The stamp of an office, or the signature of an officer, as it is printed today."""
    rows = Image.objects.select_related("document").filter(retired_at__isnull=True)
    return rows.filter(office=office).first() if office else rows.filter(officer=officer).first()


def number_series_of(office_id: int, agreement: str) -> NumberSeries | None:
    """The series in which an office counts certificates under an arrangement; None where the platform's counts."""
    found = statements.ask(_SERIES, [office_id, agreement])
    return None if found is None else statements.row_of(NumberSeries, found, only=("agreement", "first"))


def fee_account_waiting_for(agency: Agency) -> FeeAccountChange | None:
    """The change of an agency's fee account that waits for the platform, for whoever may see the agency."""
    return agency.fee_account_changes.filter(state=FeeAccountChange.State.WAITING).first()


def last_fee_account_answer(agency: Agency) -> FeeAccountChange | None:
    """What the platform last answered, for whoever may see the agency; None while a later change waits."""
    row = agency.fee_account_changes.order_by("-id").first()
    answered = {FeeAccountChange.State.CONFIRMED, FeeAccountChange.State.REJECTED}
    return row if row is not None and row.state in answered else None


def fee_accounts_visible_to(actor: Actor) -> QuerySet[FeeAccountChange]:
    """Changes of fee accounts that wait, oldest first, for the platform's administrators."""
    rows = FeeAccountChange.objects.select_related("agency").filter(state=FeeAccountChange.State.WAITING)
    return rows.order_by("proposed_at") if actor.role == Person.Kind.ADMINISTRATOR else rows.none()


def authorisation_visible_to(actor: Actor, authorisation_id: int) -> Authorisation | None:
    """One authorisation of an office, for the platform's administrators."""
    if actor.role != Person.Kind.ADMINISTRATOR:
        return None
    return Authorisation.objects.select_related("office__agency").filter(id=authorisation_id).first()
