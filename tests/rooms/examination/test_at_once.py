"""Two officers at the same moment, on two real connections: one decision, whoever comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.at_once import at_once, codes
from tests.rooms.examination.conftest import Desk
from udgam.flow.applications.models import Application, Discrepancy
from udgam.flow.applications.queries import application_by_id
from udgam.flow.applications.services import Point
from udgam.flow.examination import services
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[Application], None]


def all_at_once(application: Application, deeds: list[Deed]) -> list[str]:
    """Carry the deeds out in as many threads; all have read the case before the first begins. Answers "done" or the code."""
    read = [application_by_id(application.pk) for _ in deeds]
    return codes(at_once(*[lambda deed=deed, case=case: deed(case) for deed, case in zip(deeds, read, strict=True)]))


def deed(name: str, person: Person, **more: object) -> Deed:
    verb = getattr(services, name)
    return lambda application: verb(
        application=application, person=person, actor=actor_of(person), now=timezone.now(), **more
    )


def acts(application: Application) -> Counter[str]:
    return Counter(line.act for line in acts_of(f"application:{application.public_id}"))


def test_two_officers_take_a_case_up_and_one_of_them_has_it(office: Desk, application: Application) -> None:
    outcomes = all_at_once(application, [deed("take_up", person) for person in (office.meera, office.arjun)])
    assert outcomes == ["application.moved_on", "done"]
    application.refresh_from_db()
    assert application.examiner in {office.meera, office.arjun}
    assert acts(application)["application.taken_up"] == 1


def test_one_decision_falls_however_many_are_made(office: Desk, application: Application) -> None:
    deed("take_up", office.meera)(application)
    decisions = [
        deed("approve", office.meera, seen_version=1),
        deed("approve", office.meera, seen_version=1),
        deed("refuse", office.meera, seen_version=1, code="other", reason="No."),
        deed("raise_discrepancy", office.meera, seen_version=1, points=[Point("items[0]", "Which?")]),
        deed("put_back", office.arjun),
    ]
    outcomes = all_at_once(application, decisions)
    assert outcomes == ["application.moved_on"] * 4 + ["done"]
    application.refresh_from_db()
    counted = acts(application)
    ends = {
        "approved": "application.approved",
        "refused": "application.refused",
        "discrepancy": "application.discrepancy_raised",
        "submitted": "application.put_back",
    }
    assert counted[ends[application.state]] == 1
    assert sum(counted[act] for act in ends.values()) == 1
    assert Discrepancy.objects.count() == (application.state == "discrepancy")
    mails = Message.objects.filter(template__in=("applications/refused", "applications/discrepancy")).count()
    assert mails == (application.state in {"refused", "discrepancy"})


def test_a_case_that_changed_hands_meanwhile_is_not_decided_by_the_first_reader(
    office: Desk, application: Application
) -> None:
    """Put back and taken up again by a colleague: the state is the same as before, and still the decision is not taken."""
    deed("take_up", office.meera)(application)
    read_before = application_by_id(application.pk)
    assert read_before is not None
    for name, person in (("put_back", office.arjun), ("take_up", office.arjun)):
        fresh = application_by_id(application.pk)
        assert fresh is not None
        deed(name, person)(fresh)
    with pytest.raises(Refused) as refused:
        deed("approve", office.meera, seen_version=1)(read_before)
    assert refused.value.code == "application.moved_on"
    application.refresh_from_db()
    assert (application.state, application.examiner) == ("under_examination", office.arjun)
