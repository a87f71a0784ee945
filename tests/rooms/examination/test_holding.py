"""Whose desk a case lies on: held with a lock that runs out, given on, moved on leave and suspension, signed by a second person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.examination.cases import ACTOR, answer_all, browser_of, make_agency, make_office, make_officer
from tests.rooms.examination.conftest import Desk
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services import Point, holding
from udgam.flow.examination import jobs, services
from udgam.flow.examination.policies import acts_open_to
from udgam.flow.examination.queries import changes_of
from udgam.flow.examination.queries.case import fob_in_rupees
from udgam.flow.issuance.policies import may_sign
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.ground.reference.models import CurrencyRate
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Leave
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.services import (
    authorise_office,
    cancel_leave,
    end_authorisation,
    enter_leave,
    set_own_rules,
    suspend_agency,
    suspend_office,
    suspend_officer,
)
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused
from udgam.rules.service_time import CASE_LOCK

pytestmark = pytest.mark.django_db


def do(verb: Any, application: Application, person: Person, now: datetime | None = None, **more: Any) -> None:
    application.refresh_from_db()
    verb(application=application, person=person, actor=actor_of(person), now=now or timezone.now(), **more)
    application.refresh_from_db()


def post_of(person: Person) -> Post:
    return Post.objects.select_related("office__agency", "person").get(person=person)


def away(person: Person, stand_in: Person | None = None, *, days: tuple[int, int] = (0, 3)) -> Any:
    now = timezone.now()
    today = indian_date(now)
    return enter_leave(
        officer=post_of(person),
        since=today + timedelta(days=days[0]),
        until=today + timedelta(days=days[1]),
        stand_in=post_of(stand_in) if stand_in else None,
        reason="",
        actor=ACTOR,
        now=now,
    )


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What happens inside is refused with this reason."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code


def act_names(application: Application) -> list[str]:
    return [line.act for line in acts_of(f"application:{application.public_id}")]


# ── The lock ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_is_taken_over_when_its_time_has_run_out_and_not_before(office: Desk, application: Application) -> None:
    now = timezone.now()
    do(services.take_up, application, office.arjun, now)
    assert application.claimed_until == now + CASE_LOCK
    early, late = now + CASE_LOCK - timedelta(seconds=1), now + CASE_LOCK
    assert "take_over" not in acts_open_to(office.meera, application, early)
    with refused("decision.not_open"):
        do(services.take_over, application, office.meera, early)
    with refused("application.moved_on"):
        do(applications.take_over, application, office.meera, early)
    assert application.examiner == office.arjun
    do(services.take_over, application, office.meera, late)
    assert (application.examiner, application.claimed_until) == (office.meera, late + CASE_LOCK)
    assert act_names(application)[-1] == "application.taken_over"


def test_holding_on_keeps_a_case_from_a_colleague_who_saw_it_free(office: Desk, application: Application) -> None:
    now = timezone.now()
    do(services.take_up, application, office.arjun, now)
    late = now + CASE_LOCK
    stale = Application.objects.get(id=application.id)
    do(services.hold, application, office.arjun, late)
    assert application.claimed_until == late + CASE_LOCK
    with refused("application.moved_on"):
        applications.take_over(application=stale, person=office.meera, actor=actor_of(office.meera), now=late)
    with refused("decision.not_open"):
        do(services.hold, application, office.meera, late)


def test_a_case_is_given_to_a_colleague_of_the_office_alone(office: Desk, application: Application) -> None:
    do(services.take_up, application, office.meera)
    stranger = make_officer(office.pune, "Ravi Iyer", "examiner")
    for nobody in (str(stranger.public_id), str(office.meera.public_id), "x"):
        with refused("decision.colleague_not_there"):
            do(services.reassign, application, office.meera, to=nobody)
    do(services.reassign, application, office.meera, to=str(office.arjun.public_id))
    assert application.examiner == office.arjun
    away(office.meera)
    with refused("decision.colleague_not_there"):
        do(services.reassign, application, office.arjun, to=str(office.meera.public_id))


# ── Leave and stand-ins ────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_on_leave_decides_nothing_and_leaves_the_case_to_the_queue(
    office: Desk, application: Application
) -> None:
    do(services.take_up, application, office.arjun)
    leave = away(office.arjun)
    with refused("duty.on_leave"):
        do(services.approve, application, office.arjun, seen_version=1)
    jobs.release_officer(person=office.arjun.pk)
    application.refresh_from_db()
    assert (application.state, application.examiner, application.claimed_until) == ("submitted", None, None)
    cancel_leave(leave=leave, actor=ACTOR, now=timezone.now())
    do(services.take_up, application, office.arjun)
    with refused("leave.over"):
        cancel_leave(leave=leave, actor=ACTOR, now=timezone.now())


def test_a_stand_in_works_for_the_other_office_while_the_leave_lasts(office: Desk, application: Application) -> None:
    ravi = make_officer(office.pune, "Ravi Iyer")
    browser = browser_of(ravi)
    page = reverse("examination:case", args=[application.public_id])
    assert browser.get(page).status_code == 404
    leave = away(office.meera, ravi)
    assert Message.objects.filter(template="agencies/stands_in", to=ravi.email).exists()
    assert browser.get(page).status_code == 200
    do(services.take_up, application, ravi)
    assert application.examiner == ravi
    cancel_leave(leave=leave, actor=ACTOR, now=timezone.now())
    assert browser.get(page).status_code == 404
    with refused("duty.wrong_office"):
        do(services.approve, application, ravi, seen_version=1)


def test_a_leave_to_come_changes_nothing_today(office: Desk, application: Application) -> None:
    ravi = make_officer(office.pune, "Ravi Iyer")
    away(office.meera, ravi, days=(1, 2))
    with refused("duty.wrong_office"):
        do(services.take_up, application, ravi)
    do(services.take_up, application, office.meera)


def test_on_the_first_day_of_a_leave_the_cases_go_back_unless_it_was_cancelled(
    office: Desk, application: Application
) -> None:
    do(services.take_up, application, office.arjun)
    leave = away(office.arjun, days=(1, 2))
    assert "examination.begin_leave" not in run_deferred()
    application.refresh_from_db()
    assert application.examiner == office.arjun
    assert "examination.begin_leave" in run_deferred(now=timezone.now() + timedelta(days=1))
    # The clock of the work itself is today's: nothing is taken before the day.
    application.refresh_from_db()
    assert application.examiner == office.arjun
    Leave.objects.filter(id=leave.id).update(since=indian_date(timezone.now()), cancelled_at=timezone.now())
    jobs.begin_leave(leave=leave.id)
    application.refresh_from_db()
    assert application.examiner == office.arjun
    Leave.objects.filter(id=leave.id).update(cancelled_at=None)
    jobs.begin_leave(leave=leave.id)
    application.refresh_from_db()
    assert (application.state, application.examiner) == ("submitted", None)


def test_a_cancelled_leave_leaves_the_stand_in_the_cases_of_the_own_office(
    office: Desk, application: Application
) -> None:
    ravi = make_officer(office.pune, "Ravi Iyer")
    own = office.filer.submitted(office.pune, invoice="INV 77")
    leave = away(office.meera, ravi)
    do(services.take_up, application, ravi)
    do(services.take_up, own, ravi)
    cancel_leave(leave=leave, actor=ACTOR, now=timezone.now())
    run_deferred()
    application.refresh_from_db()
    own.refresh_from_db()
    assert (application.state, application.examiner) == ("submitted", None)
    assert own.examiner == ravi


def test_a_leave_that_cannot_be_is_refused(office: Desk) -> None:
    ravi, examiner = make_officer(office.pune, "Ravi Iyer"), office.arjun
    foreign = make_officer(make_office(make_agency("NTC", "Nilgiri Trade Chamber"), "Ooty"), "Suma Rao")
    for unfit in (examiner, office.meera, foreign):
        with refused("leave.stand_in_unfit"):
            away(office.meera, unfit)
    for days in ((-3, -1), (3, 2)):
        with refused("leave.in_the_past"):
            away(office.meera, days=days)
    away(ravi, days=(2, 4))
    with refused("leave.stand_in_unfit"):
        away(office.meera, ravi, days=(4, 6))
    with refused("leave.overlaps"):
        away(ravi, days=(4, 5))


# ── Suspension ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_suspended_officer_finds_nothing_and_the_case_returns_to_the_queue(
    office: Desk, meera: Client, application: Application
) -> None:
    do(services.take_up, application, office.meera)
    suspend_officer(officer=post_of(office.meera), suspended=True, actor=ACTOR, now=timezone.now())
    with refused("duty.suspended"):
        do(services.approve, application, office.meera, seen_version=1)
    assert meera.get(reverse("examination:case", args=[application.public_id])).status_code == 404
    jobs.release_officer(person=office.meera.pk)
    application.refresh_from_db()
    assert (application.state, application.examiner) == ("submitted", None)
    with refused("officer.suspended_already"):
        suspend_officer(officer=post_of(office.meera), suspended=True, actor=ACTOR, now=timezone.now())
    suspend_officer(officer=post_of(office.meera), suspended=False, actor=ACTOR, now=timezone.now())
    do(services.take_up, application, office.meera)


def test_a_suspended_office_hands_its_work_to_another_that_may_issue_it(office: Desk) -> None:
    approved, waiting = (office.filer.submitted(office.mumbai, invoice=f"INV {n}") for n in (1, 2))
    do(services.take_up, approved, office.meera)
    do(services.approve, approved, office.meera, seen_version=1)
    suspend_office(office=office.mumbai, suspended=True, to=office.pune, actor=ACTOR, now=timezone.now())
    with refused("duty.office_suspended"):
        do(services.take_up, waiting, office.meera)
    jobs.move_office(office=office.mumbai.id, to=office.pune.id)
    for row in (approved, waiting):
        row.refresh_from_db()
        assert (row.office, row.examiner, row.decided_by) == (office.pune, None, None)
        assert row.state != "approved"
        assert act_names(row)[-1] == "application.moved_to_office"
    assert Message.objects.filter(template="applications/moved_to_office").count() == 2
    do(services.take_up, waiting, make_officer(office.pune, "Ravi Iyer", "examiner"))


def test_a_case_on_which_somebody_acts_is_moved_in_the_next_round(
    office: Desk, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = holding._move_case, list[int]()

    def disturbed(**given: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ApplicationRefused("application.moved_on")
        real(**given)

    monkeypatch.setattr(holding, "_move_case", disturbed)
    suspend_office(office=office.mumbai, suspended=True, to=office.pune, actor=ACTOR, now=timezone.now())
    jobs.move_office(office=office.mumbai.id, to=office.pune.id)
    application.refresh_from_db()
    assert application.office == office.pune
    assert len(tries) == 2


def test_what_the_other_office_may_not_issue_stays(office: Desk, application: Application) -> None:
    now = timezone.now()
    for row in office.pune.authorisations.all():
        end_authorisation(authorisation=row, last_day=indian_date(now) - timedelta(days=1), actor=ACTOR, now=now)
    authorise_office(office=office.pune, agreement="AIFTA", valid_from=indian_date(now), actor=ACTOR, now=now)
    suspend_office(office=office.mumbai, suspended=True, to=office.pune, actor=ACTOR, now=now)
    jobs.move_office(office=office.mumbai.id, to=office.pune.id)
    application.refresh_from_db()
    assert application.office == office.mumbai


def test_work_moves_to_no_office_that_cannot_take_it(office: Desk) -> None:
    foreign = make_office(make_agency("NTC", "Nilgiri Trade Chamber"), "Ooty")
    for unfit in (foreign, office.mumbai):
        with refused("office.cannot_take_over"):
            suspend_office(office=office.mumbai, suspended=True, to=unfit, actor=ACTOR, now=timezone.now())
    office.mumbai.refresh_from_db()
    assert not office.mumbai.is_suspended


def test_a_suspended_agency_holds_nothing(office: Desk, application: Application) -> None:
    do(services.take_up, application, office.meera)
    suspend_agency(agency=office.agency, suspended=True, actor=ACTOR, now=timezone.now())
    jobs.release_agency(agency=office.agency.id)
    with refused("duty.agency_suspended"):
        do(services.take_up, application, office.meera)
    assert (application.state, application.examiner) == ("submitted", None)


# ── Two people ─────────────────────────────────────────────────────────────────────────────────────────────────────────

RULES: dict[str, Any] = {
    "decision_hours": 8, "two_people_always": False, "two_people_from_inr": None, "two_people_from_level": ""
}  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "value", "needed"),
    [
        ({}, "900000", False),
        ({"two_people_always": True}, "1", True),
        ({"two_people_from_inr": Decimal(900_000)}, "900000", True),
        ({"two_people_from_inr": Decimal(900_000)}, "899999.99", False),
        # A value that is not known counts as large.
        ({"two_people_from_inr": Decimal(900_000)}, None, True),
        # A first certificate for new goods is of medium risk.
        ({"two_people_from_level": "medium"}, "1", True),
        ({"two_people_from_level": "high"}, "1", False),
    ],
)
def test_who_approved_signs_as_the_agency_decided(
    office: Desk, application: Application, rules: dict[str, Any], value: str | None, *, needed: bool
) -> None:
    browser_of(office.meera, stepped_up=True)
    set_own_rules(agency=office.agency, actor=ACTOR, now=timezone.now(), **{**RULES, **rules})
    application.items.update(fob=Decimal(value or 1), currency="INR" if value else "XDR")
    application = Application.objects.get(id=application.id)
    do(services.take_up, application, office.meera)
    do(services.approve, application, office.meera, seen_version=1)
    assert application.needs_second_person is needed
    token = office.meera.tokens.get().sha256
    if not needed:
        assert may_sign(office.meera, application, token, timezone.now())
        return
    with refused("duty.same_person"):
        may_sign(office.meera, application, token, timezone.now())
    colleague = make_officer(office.mumbai, "Latha Iyer")
    browser_of(colleague, stepped_up=True)
    assert may_sign(colleague, application, colleague.tokens.get().sha256, timezone.now())


@pytest.mark.parametrize(
    ("currency", "fob", "declared", "counted"),
    [
        # A dollar is 85 rupees; what is declared counts only where it is higher.
        ("USD", "10000", None, "850000.00"),
        ("USD", "10000", "1", "850000.00"),
        ("USD", "10000", "900000", "900000"),
        ("INR", "5000", "1", "5000.00"),
        # No rate is known: the value is unknown, whatever is declared.
        ("XDR", "1", "1", None),
    ],
)
def test_no_one_makes_a_consignment_small_by_declaring_so(
    application: Application, currency: str, fob: str, declared: str | None, counted: str | None
) -> None:
    CurrencyRate.objects.filter(currency="USD").delete()
    CurrencyRate.objects.create(
        currency="USD", units=1, rupees=85, valid_from=date(2020, 1, 1), source="Customs", imported_at=timezone.now()
    )
    application.items.update(fob=fob, currency=currency, inr_value=declared, inr_reason="Forward cover")
    assert fob_in_rupees(application) == (Decimal(counted) if counted else None)


# ── The visit ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_visit_is_asked_for_and_reported_once(office: Desk, application: Application) -> None:
    now = timezone.now()
    visit = {"on": indian_date(now), "place": "The mill", "purpose": "See it.", "seen_version": 1}
    do(services.take_up, application, office.meera)
    do(services.ask_verification, application, office.meera, **visit)
    assert application.state == "verification"
    assert Message.objects.filter(template="applications/verification").exists()
    report = {"outcome": "confirmed", "report": "As applied for.", "examined": None}
    do(services.report_verification, application, office.arjun, now, **report)
    assert (application.state, application.examiner) == ("under_examination", office.arjun)
    # Whoever reports has the case as long as anybody who takes one up.
    assert application.claimed_until == now + CASE_LOCK
    row = application.verifications.get()
    assert (row.outcome, row.reported_by, row.reported_at) == ("confirmed", office.arjun, now)
    with refused("decision.not_open"):
        do(services.report_verification, application, office.arjun, **report)


def test_what_is_sent_back_can_be_taken_over_as_the_page_offers(office: Desk, application: Application) -> None:
    do(services.take_up, application, office.arjun)
    do(services.approve, application, office.arjun, seen_version=1)
    do(services.send_back, application, office.meera)
    assert "take_over" in acts_open_to(office.meera, application, timezone.now())
    do(services.take_over, application, office.meera)
    assert application.examiner == office.meera


# ── Versions ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_newer_version_is_compared_with_the_one_before(
    office: Desk, meera: Client, application: Application
) -> None:
    assert changes_of(application) is None
    do(services.take_up, application, office.meera)
    do(
        services.raise_discrepancy,
        application,
        office.meera,
        seen_version=1,
        points=[Point("transport.vessel", "Which?")],
    )
    section = {"vessel": "MV Lal Sagar"}
    applications.save_section(application=application, edit=application.edit, values=section, now=timezone.now())
    answer_all(application, "Corrected.")
    office.filer.sign(application)
    found = changes_of(application)
    assert found is not None
    assert (found.before.version, found.after.version) == (1, 2)
    assert [(one.before, one.after) for one in found.changed] == [("MV Neela Sagar", "MV Lal Sagar")]
    page = meera.get(reverse("examination:case", args=[application.public_id])).content.decode()
    assert "MV Neela Sagar" in page
    assert "MV Lal Sagar" in page
