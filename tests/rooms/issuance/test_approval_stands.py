"""A certificate rests on one approval and one authority: when either ended after it was prepared, nothing is issued on it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import Firm
from tests.rooms.examination.cases import answer_all
from tests.rooms.issuance.office import Signatory
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.issuance import cycle
from udgam.flow.issuance.models import Certificate
from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies import services as agencies
from udgam.parties.agencies.models import Officer as Post
from udgam.rules.content import read_content

pytestmark = pytest.mark.django_db
ACTOR = SystemActor("tests")


def only(application: Application) -> Certificate:
    return Certificate.objects.get(application=application)


def decide(application: Application, officer: Signatory, act: str, **more: object) -> None:
    application.refresh_from_db()
    verb = getattr(applications, act)
    if act in {"approve", "raise_discrepancy", "take_up"}:
        more["person"] = officer.person
    verb(application=application, actor=actor_of(officer.person), now=timezone.now(), **more)
    application.refresh_from_db()


def correct(application: Application, officer: Signatory, firm: Firm) -> None:
    """The office sends the case back and asks; the firm corrects it and signs anew; the office approves the new version."""
    decide(application, officer, "send_back")
    decide(
        application, officer, "raise_discrepancy", points=[applications.Point("consignee.name", "Is the name right?")]
    )
    assert firm.fill(application.public_id, "consignee", consignee_name="Mekong Tea Trading Co.").status_code == 302
    answer_all(application, "No.")
    assert "done" in firm.sign(application.public_id).json()
    decide(application, officer, "take_up")
    decide(application, officer, "approve")
    assert application.version == 2


def consignee_of(certificate: Certificate) -> str:
    return read_content(bytes(certificate.content)).consignee.name


def test_what_was_prepared_before_a_correction_is_prepared_again_from_the_new_version(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    officer.run_of(application)
    old = only(application)
    correct(application, officer, firm)
    issued = officer.issue(application)
    old.refresh_from_db()
    assert (old.state, old.void_reason) == ("voided", "application_moved")
    assert issued.number != old.number
    assert consignee_of(issued) == "Mekong Tea Trading Co."


def test_a_run_left_open_does_not_certify_the_old_version(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    correct(application, officer, firm)
    assert officer.answer(run, given)["refused"]["reason"] == "issuance.not_approved"
    assert only(application).state == "prepared"


def test_what_the_platform_had_still_to_complete_is_voided_when_the_approval_was_taken_back(
    officer: Signatory, application: Application, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(cycle, "complete", lambda **_given: False)
        officer.sign(officer.run_of(application))
    waiting = only(application)
    assert (waiting.state, bool(waiting.signed_page)) == ("certified", True)
    correct(application, officer, firm)
    assert cycle.complete(certificate=waiting, now=timezone.now()) is False
    waiting.refresh_from_db()
    assert (waiting.state, waiting.void_reason) == ("voided", "application_moved")
    application.refresh_from_db()
    assert application.state == "approved"
    assert consignee_of(officer.issue(application)) == "Mekong Tea Trading Co."


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("suspended", "duty.agency_suspended"),
        ("post", "issuance.no_post"),
    ],
)
def test_authority_that_ended_after_the_preparation_certifies_nothing(
    officer: Signatory, application: Application, what: str, reason: str
) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    post = Post.objects.select_related("office__agency", "person").get(person=officer.person)
    if what == "post":
        agencies.end_post(officer=post, actor=ACTOR, now=timezone.now())
    else:
        agencies.suspend_agency(agency=post.office.agency, suspended=True, actor=ACTOR, now=timezone.now())
    assert officer.answer(run, given)["refused"]["reason"] == reason
    assert only(application).state == "prepared"
    application.refresh_from_db()
    assert application.state == "approved"
