"""Two windows, two people, two clicks: one of them counts, and nobody loses what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.at_once import at_once
from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications import services
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import waiting_submission
from udgam.flow.applications.signing import check_signature
from udgam.ground.audit.queries import acts_of
from udgam.ground.audit.verify import verify_chain
from udgam.parties.accounts.actors import actor_of
from udgam.rules.refusals import Refused


@pytest.mark.django_db
def test_a_second_window_cannot_overwrite_the_first_and_keeps_what_was_typed(firm: Firm) -> None:
    application = firm.start()
    drawn = application.edit
    assert firm.fill(application.public_id, "consignee", edit=drawn).status_code == 302
    second = firm.fill(application.public_id, "consignee", edit=drawn, consignee_name="From the second window")
    assert second.status_code == 409
    page = text_of(second)
    assert "changed in another window" in page
    assert "From the second window" in page
    application.refresh_from_db()
    assert application.consignee_name == "Mekong Spice Trading Co."
    # Having seen the message, the person may save what stands in the form.
    assert f'name="edit" value="{application.edit}"' in page


@pytest.mark.django_db
def test_a_second_window_cannot_add_or_remove_lines_unseen(firm: Firm) -> None:
    application = firm.start()
    assert firm.add_line(application.public_id).status_code == 302
    stale = {**firm.line, "edit": 0, "description": "Late"}
    assert firm.post("item-add", application.public_id, data=stale).status_code == 409
    assert firm.post("item-remove", application.public_id, 1, data={"edit": 0}).status_code == 409
    assert application.items.get().description == "Organic turmeric powder, food grade"


@pytest.mark.django_db
def test_a_withdrawn_application_stays_withdrawn(firm: Firm) -> None:
    application = firm.submitted()
    assert "Withdraw application" in text_of(firm.get("withdraw", application.public_id))
    assert firm.post("withdraw", application.public_id).status_code == 302
    assert firm.post("withdraw", application.public_id).status_code == 302
    application.refresh_from_db()
    assert application.state == "withdrawn"
    acts = [line.act for line in acts_of(f"application:{application.public_id}")]
    assert acts.count("application.withdrawn") == 1
    assert firm.say(application.public_id, event="open").json()["refused"]["reason"] == "application.not_editable"


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_submit_once(firm: Firm) -> None:
    application = firm.complete()
    _identifier, content = firm.shown_bytes(application.public_id)
    import base64

    submission = waiting_submission(application, firm.person)
    assert submission is not None
    cms = base64.b64decode(firm.signature(content))
    now = timezone.now()
    checked = check_signature(application=application, submission=submission, cms=cms, now=now)

    def submit() -> Any:
        return services.submit(submission=submission, signature=checked, actor=actor_of(firm.person), now=now)

    answers = at_once(submit, submit, submit)
    assert sum(isinstance(answer, Application) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    application.refresh_from_db()
    assert (application.state, application.version) == ("submitted", 1)
    acts = [line.act for line in acts_of(f"application:{application.public_id}")]
    assert acts.count("application.submitted") == 1
    verify_chain(f"application:{application.public_id}")


@pytest.mark.django_db(transaction=True)
def test_withdrawal_and_taking_up_at_once_leave_one_of_both(firm: Firm) -> None:
    application = firm.submitted()
    officer, now = firm.agency.officer, timezone.now()
    first, second = (Application.objects.get(id=application.id) for _ in range(2))
    answers = at_once(
        lambda: services.withdraw(application=first, person=firm.person, actor=actor_of(firm.person), now=now),
        lambda: services.take_up(application=second, person=officer, actor=actor_of(officer), now=now),
    )
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    application.refresh_from_db()
    assert application.state in {"withdrawn", "under_examination"}


@pytest.mark.django_db(transaction=True)
def test_saves_at_once_lose_none_unseen(firm: Firm) -> None:
    application = firm.start()
    now = timezone.now()

    def save(name: str) -> Callable[[], Any]:
        return lambda: services.save_section(application=application, edit=0, values={"consignee_name": name}, now=now)

    answers = at_once(*[save(f"Window {n}") for n in range(4)])
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 3
    assert {answer.code for answer in refused} == {"application.edited_elsewhere"}
    application.refresh_from_db()
    assert application.edit == 1
