"""Accounts erased at the same moment, on real connections."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.at_once import at_once, codes
from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.examination.cases import ACTOR, make_agency, make_office, make_officer
from udgam.ground.audit.queries import acts_of
from udgam.parties.accounts import services
from udgam.parties.accounts.actors import subject_of
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.services import appoint_officer, end_post

pytestmark = pytest.mark.django_db(transaction=True)


def erase(person: Person) -> None:
    services.erase_account(person=person, now=timezone.now())


def test_administrators_who_erase_themselves_at_once_leave_one() -> None:
    """More than once: the two may by chance come one after the other."""
    for turn in range(5):
        people = [make_person("administrator", username=f"admin-{turn}-{place}") for place in range(3)]
        answers = at_once(*[lambda person=person: erase(person) for person in people])
        assert codes(answers) == ["account.erasure_waits", "done", "done"]
        left = Person.objects.get(kind="administrator", is_active=True)
        assert left.email
        Person.objects.filter(pk=left.pk).update(kind="officer")


def test_who_is_told_too_late_that_the_account_must_stay_sees_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the question of the page and the lock the other one went: the page says why, and nothing is erased."""
    first, second = (make_person("administrator", username=f"admin-{place}") for place in range(2))
    browser = Client()
    sign_in(browser, first, stepped_up=True)
    ask, asked = services.objections_to_erasure, []

    def overtaken(*, person: Person) -> tuple[str, ...]:
        asked.append(person)
        answer = ask(person=person)
        if len(asked) == 1:
            erase(second)
        return answer

    monkeypatch.setattr(services, "objections_to_erasure", overtaken)
    answer = browser.post("/account/my-data/erase/", {"username": "admin-0"})
    assert answer.status_code == 409
    assert "last account of an administrator" in answer.content.decode()
    first.refresh_from_db()
    assert first.is_active


def test_an_account_is_erased_once() -> None:
    person = make_person(username="0305900017")
    assert codes(at_once(*[lambda: erase(person)] * 3)) == ["account.erased_already"] * 2 + ["done"]
    assert [line.act for line in acts_of(subject_of(person))].count("person.erased") == 1


def test_who_is_appointed_again_while_erasing_the_account_holds_a_post_or_is_erased() -> None:
    """Never both: a post whose holder can never sign in."""
    office = make_office(make_agency(), "Mumbai")
    for turn in range(5):
        person = make_officer(office, f"Meera Rao {turn}")
        end_post(officer=person.posts.get(), actor=ACTOR, now=timezone.now())

        def appoint(person: Person = person) -> None:
            appoint_officer(
                office=office,
                role="examiner",
                username=person.username,
                name="-",
                designation="-",
                email="somebody@agency.example",
                with_password=False,
                actor=ACTOR,
                now=timezone.now(),
            )

        at_once(lambda person=person: erase(person), appoint)
        person.refresh_from_db()
        assert bool(person.erased_at) != Officer.objects.filter(person=person, ended_at__isnull=True).exists()
