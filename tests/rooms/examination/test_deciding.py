"""What an officer does with a case: every act, every refusal, and what the exporter is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.examination.cases import ACTOR, answer_all, make_officer
from tests.rooms.examination.conftest import Desk
from udgam.flow.applications.models import Application, Discrepancy
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.parties.agencies.models import Authorisation
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.services import close_office, end_post, suspend_agency
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
QUESTION = {"place": "items[0].packages", "question": "The packing list names 90 cartons, the form 100."}


def act(client: Client, application: Application, name: str, **data: object) -> HttpResponse:
    if name == "approve":
        data = {"seen_version": 1, **data}
    return client.post(reverse("examination:act", args=[application.public_id, name]), data)


def ask(client: Client, application: Application, **changed: object) -> HttpResponse:
    address = reverse("examination:discrepancy", args=[application.public_id])
    point = {f"points-0-{name}": value for name, value in {**QUESTION, **changed}.items()}
    return client.post(address, {"seen_version": 1, "points-TOTAL_FORMS": 1, "points-INITIAL_FORMS": 0, **point})


def refuse(client: Client, application: Application, **changed: object) -> HttpResponse:
    address = reverse("examination:refuse", args=[application.public_id])
    return client.post(
        address, {"seen_version": 1, "code": "origin_not_met", "reason": "The goods were grown elsewhere.", **changed}
    )


def state_of(application: Application) -> str:
    application.refresh_from_db()
    return application.state


def page_of(client: Client, application: Application) -> str:
    return client.get(reverse("examination:case", args=[application.public_id])).content.decode()


def told(answer: HttpResponse) -> str:
    return answer.content.decode()


# ── Every act of the lifecycle ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_is_taken_up_and_approved(meera: Client, office: Desk, application: Application) -> None:
    assert "Take up" in page_of(meera, application)
    assert act(meera, application, "take_up").status_code == 302
    assert state_of(application) == "under_examination"
    assert application.examiner == office.meera
    assert act(meera, application, "approve").status_code == 302
    assert state_of(application) == "approved"
    assert application.decided_by == office.meera
    page = page_of(meera, application)
    assert "Back to examination" in page
    assert "version 1 · Meera Kulkarni" in page
    acts = [line.act for line in acts_of(f"application:{application.public_id}")]
    assert acts[-2:] == ["application.taken_up", "application.approved"]


def test_an_approval_can_be_taken_back_before_anything_is_signed(meera: Client, application: Application) -> None:
    act(meera, application, "take_up")
    act(meera, application, "approve")
    assert act(meera, application, "send_back").status_code == 302
    assert state_of(application) == "under_examination"
    assert (application.decided_by, application.decided_at) == (None, None)


def test_a_question_goes_to_the_exporter_by_mail_and_the_answer_comes_back(
    meera: Client, office: Desk, application: Application
) -> None:
    act(meera, application, "take_up")
    assert ask(meera, application).status_code == 302
    assert state_of(application) == "discrepancy"
    mail = Message.objects.get(template="applications/discrepancy")
    assert mail.to == office.filer.person.email
    assert QUESTION["question"] in mail.body
    assert "Not answered yet." in page_of(meera, application)

    answer_all(application, "A slip of the pen: 100.")
    office.filer.sign(application)
    assert (state_of(application), application.version, application.examiner) == ("submitted", 2, None)
    page = page_of(meera, application)
    assert "Version 2 was signed" in page
    assert "Answer to your question" in page
    assert "A slip of the pen: 100." in page


def test_a_refusal_names_its_reason_and_is_told_by_mail(meera: Client, office: Desk, application: Application) -> None:
    act(meera, application, "take_up")
    assert refuse(meera, application).status_code == 302
    assert state_of(application) == "refused"
    assert "grown elsewhere" in Message.objects.get(template="applications/refused").body
    page = page_of(meera, application)
    assert "The goods were grown elsewhere." in page
    for name in ("Take up", "Put back into the queue", "Ask the exporter"):
        assert name not in page


def test_a_case_is_put_back_and_taken_up_by_a_colleague(
    meera: Client, arjun: Client, office: Desk, application: Application
) -> None:
    act(meera, application, "take_up")
    page = page_of(arjun, application)
    assert "Put back into the queue" in page
    assert ">Approve<" not in page
    for answer in (act(arjun, application, "approve"), ask(arjun, application), refuse(arjun, application)):
        assert answer.status_code == 409
        assert "a colleague has taken the case up" in told(answer)
    assert act(arjun, application, "put_back").status_code == 302
    assert act(arjun, application, "take_up").status_code == 302
    assert state_of(application) == "under_examination"
    assert application.examiner == office.arjun


ALLOWED = {
    "submitted": {"take_up"},
    "under_examination": {"approve", "put_back"},
    "discrepancy": set(),
    "approved": {"send_back"},
    "refused": set(),
}


@pytest.mark.parametrize("state", ALLOWED)
def test_an_act_out_of_turn_changes_nothing(meera: Client, office: Desk, application: Application, state: str) -> None:
    Application.objects.filter(id=application.id).update(state=state, examiner=office.meera)
    for name in {"take_up", "approve", "put_back", "send_back"} - ALLOWED[state]:
        assert act(meera, application, name).status_code == 409, name
        assert state_of(application) == state
    if state != "under_examination":
        assert ask(meera, application).status_code == 409
        assert refuse(meera, application).status_code == 409
        assert state_of(application) == state
        assert not Discrepancy.objects.exists()


# ── What stands against it ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_left_open_does_not_decide_on_a_newer_version(
    meera: Client, office: Desk, application: Application
) -> None:
    act(meera, application, "take_up")
    ask(meera, application)
    answer_all(application, "Now 90.")
    office.filer.sign(application)
    act(meera, application, "take_up")
    for answer in (act(meera, application, "approve"), ask(meera, application), refuse(meera, application)):
        assert answer.status_code == 409
        assert "signed a newer version" in told(answer)
    assert state_of(application) == "under_examination"
    assert act(meera, application, "approve", seen_version=2).status_code == 302


@pytest.mark.parametrize("seen", ["", "0", "-1", "x", "1e3", "9" * 30])
def test_an_approval_must_name_the_version_it_is_about(meera: Client, application: Application, seen: str) -> None:
    act(meera, application, "take_up")
    answer = act(meera, application, "approve", seen_version=seen)
    assert answer.status_code == 400
    assert "does not say which version" in told(answer)
    assert state_of(application) == "under_examination"


def _suspend(office: Desk) -> None:
    suspend_agency(agency=office.agency, suspended=True, actor=ACTOR, now=timezone.now())


def _end_authorisation(office: Desk) -> None:
    day = indian_date(timezone.now())
    Authorisation.objects.filter(office=office.mumbai).update(valid_until=day - timedelta(days=366), valid_from=day - timedelta(days=732))  # fmt: skip


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [(_suspend, "is suspended and issues nothing"), (_end_authorisation, "may not issue certificates under NP")],
)
def test_a_duty_that_ended_is_told_and_changes_nothing(
    meera: Client, office: Desk, application: Application, meanwhile, words: str
) -> None:
    act(meera, application, "take_up")
    meanwhile(office)
    page = page_of(meera, application)
    assert words in page
    assert ">Approve<" not in page
    for answer in (act(meera, application, "approve"), ask(meera, application), refuse(meera, application)):
        assert answer.status_code == 409
        assert words in told(answer)
    assert state_of(application) == "under_examination"


def test_an_officer_whose_post_has_ended_finds_nothing(meera: Client, office: Desk, application: Application) -> None:
    end_post(officer=Post.objects.get(person=office.meera), actor=ACTOR, now=timezone.now())
    assert "Nothing waits here" in told(meera.get(reverse("examination:queue")))
    assert meera.get(reverse("examination:case", args=[application.public_id])).status_code == 404
    assert act(meera, application, "take_up").status_code == 404


def test_a_closed_office_finishes_what_it_has(meera: Client, office: Desk, application: Application) -> None:
    close_office(office=office.mumbai, actor=ACTOR, now=timezone.now())
    assert act(meera, application, "take_up").status_code == 302
    assert act(meera, application, "approve").status_code == 302
    assert state_of(application) == "approved"


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001, "a\0b"])
def test_words_that_cannot_stand_are_said_beside_the_field(
    meera: Client, application: Application, question: str
) -> None:
    act(meera, application, "take_up")
    for answer, field in (
        (ask(meera, application, question=question), "points-0-question"),
        (refuse(meera, application, reason=question), "reason"),
    ):
        assert answer.status_code == 200
        assert f'href="#id_{field}"' in told(answer)
    assert state_of(application) == "under_examination"
    assert ask(meera, application, place="nonsense").status_code == 200
    assert not Discrepancy.objects.exists()


def test_an_act_that_does_not_exist_is_not_found(meera: Client, application: Application) -> None:
    for name in ("mark_issued", "withdraw", "submit", "__class__"):
        assert act(meera, application, name).status_code == 404
    assert state_of(application) == "submitted"


def test_a_second_officer_of_the_same_office_may_finish_an_approval(
    meera: Client, office: Desk, application: Application
) -> None:
    """The signatory who finds something need not be the one who approved."""
    act(meera, application, "take_up")
    act(meera, application, "approve")
    from tests.rooms.examination.cases import browser_of

    colleague = browser_of(make_officer(office.mumbai, "Nikhil Rane"))
    assert act(colleague, application, "send_back").status_code == 302
    assert state_of(application) == "under_examination"
