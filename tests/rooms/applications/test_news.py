"""What the office decides reaches the exporter: on the page and by mail, in the exporter's language; and one's own data."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications import own_part, services
from udgam.flow.applications.models import Application
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.rules.lifecycle import TransitionRefused

pytestmark = pytest.mark.django_db


def _taken_up(firm: Firm) -> Application:
    application = firm.submitted()
    officer = firm.agency.officer
    services.take_up(application=application, person=officer, actor=actor_of(officer), now=timezone.now())
    application.refresh_from_db()
    return application


def test_a_refusal_is_shown_and_sent_with_its_reason(firm: Firm) -> None:
    application, officer = _taken_up(firm), firm.agency.officer
    reason = "The packing list names goods of another origin."
    services.refuse(application=application, reason=reason, person=officer, actor=actor_of(officer), now=timezone.now())
    page = text_of(firm.get("detail", application.public_id))
    assert reason in page
    # The office acts; its officers are not named to the firm.
    assert officer.name not in page
    run_deferred()
    letter = next(message for message in mail.outbox if "refused" in message.subject)
    assert reason in letter.body


def test_a_question_is_sent(firm: Firm) -> None:
    application, officer = _taken_up(firm), firm.agency.officer
    services.raise_discrepancy(
        application=application,
        points=[services.Point("items[0].hs_code", "Which lot is it?")],
        person=officer,
        actor=actor_of(officer),
        now=timezone.now(),
    )
    run_deferred()
    letter = next(message for message in mail.outbox if "question" in message.subject)
    assert "Which lot is it?" in letter.body


def test_the_issued_certificate_is_named_once_and_only_after_approval(firm: Firm) -> None:
    application, officer, now = _taken_up(firm), firm.agency.officer, timezone.now()
    news = {"certificate_number": f"{application.number}/00000001", "certificate_id": uuid4()}
    with pytest.raises(TransitionRefused), transaction.atomic():
        services.mark_issued(application=application, actor=actor_of(officer), now=now, **news)
    services.approve(application=application, person=officer, actor=actor_of(officer), now=now)
    application.refresh_from_db()
    services.mark_issued(application=application, actor=actor_of(officer), now=now, **news)
    assert news["certificate_number"] in text_of(firm.get("detail", application.public_id))
    application.refresh_from_db()
    with pytest.raises(TransitionRefused), transaction.atomic():
        services.mark_issued(application=application, actor=actor_of(officer), now=now, **news)


def test_ones_own_data_lists_what_one_signed_and_what_stays(firm: Firm) -> None:
    application = firm.submitted()
    draft = firm.start()
    exported = own_part.export_own_data(firm.person)
    assert [row["number"] for row in exported["begun"]] == [application.number, None]
    assert [row["sha256"] for row in exported["signed"]] == [application.submissions.get().sha256]
    kept = own_part.erase_own_data(firm.person, timezone.now())
    assert kept
    assert kept[0].why
    draft.refresh_from_db()
    assert draft.declarant_name == ""
