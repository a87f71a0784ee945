"""A run of several applications: each is judged by itself, and none stands in place of what another firm holds."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.issuance import services
from udgam.flow.issuance.entries import entry_of, waiting_in_turn
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.queries import waiting_entries
from udgam.flow.issuance.refusals import IssueRefused
from udgam.parties.accounts.actors import actor_of
from udgam.rules.lints.replaced_certificate_is_named import LINT
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db


def begin(officer: Signatory, *chosen: Application) -> list[tuple[str, bool]]:
    run = services.begin_run(
        applications=chosen,
        person=officer.person,
        token_sha256=officer.person.tokens.get().sha256,
        actor=actor_of(officer.person),
        now=timezone.now(),
    )
    return [(entry.refusal, entry.certificate_id is not None) for entry in run.entries.all()]


def test_the_others_go_on_when_only_the_first_is_not_this_officers_to_sign(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    Application.objects.filter(id=application.id).update(needs_second_person=True, decided_by=officer.person)
    application.refresh_from_db()
    second = approved(firm)
    assert begin(officer, application, second) == [("duty.same_person", False), ("", True)]
    with pytest.raises(IssueRefused) as refused:
        begin(officer, application)
    assert refused.value.code == "duty.same_person"


def test_a_certificate_in_lieu_of_another_firms_is_neither_asked_for_nor_prepared(
    officer: Signatory, application: Application, firm: Firm, stranger: Firm
) -> None:
    theirs = officer.issue(application).number
    mine = stranger.complete()
    Application.objects.filter(id=mine.id).update(in_lieu_of=theirs)
    with pytest.raises(ApplicationRefused) as asked:
        applications.prepare_submission(application=mine, person=stranger.person, now=timezone.now())
    assert (asked.value.code, asked.value.message) == (
        "application.replaced_unknown",
        LINT.reason.message.format(number=theirs),
    )
    assert not mine.submissions.exists()
    # The firm's own number, and one that was never given out here, are asked for as before.
    for number, place in ((theirs, firm), ("SEC/2019/016/0000009A/00000009", stranger)):
        draft = place.complete()
        Application.objects.filter(id=draft.id).update(in_lieu_of=number)
        assert applications.prepare_submission(application=draft, person=place.person, now=timezone.now())


def test_what_was_signed_in_lieu_of_another_firms_number_is_not_prepared(
    officer: Signatory, firm: Firm, stranger: Firm
) -> None:
    """The number was nobody's when the application was signed."""
    number = "SEC/2026/016/0000001A/00000001"
    draft = firm.complete()
    Application.objects.filter(id=draft.id).update(in_lieu_of=number)
    assert "done" in firm.sign(draft.public_id).json()
    draft.refresh_from_db()
    for act in (applications.take_up, applications.approve):
        act(application=draft, person=officer.person, actor=actor_of(officer.person), now=timezone.now())
        draft.refresh_from_db()
    Application.objects.filter(id=stranger.start().id).update(certificate_number=number)
    assert begin(officer, draft) == [("issuance.replaced_unknown", False)]


def test_signing_asks_the_database_a_bounded_number_of_times(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    """With sessions, the record of seven acts, files, messages and the log; it was 120 before reading again was left out."""
    runs = [officer.run_of(application), officer.run_of(approved(firm), approved(firm), approved(firm))]
    asked = []
    for run in runs:
        with CaptureQueriesContext(connection) as questions:
            officer.sign(run)
        asked.append(len(questions))
    assert (asked[1] - asked[0]) / 2 < 95, asked


def test_the_agent_is_asked_for_the_same_entries_that_the_officer_sees_waiting(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    """What comes next is asked by a statement that is written out, what waits by the ORM: they must not part."""
    chosen = [application, *(approved(firm) for _ in range(4))]
    now, day = timezone.now(), indian_date(timezone.now())
    run = services.begin_run(
        applications=chosen,
        person=officer.person,
        token_sha256=officer.person.tokens.get().sha256,
        actor=actor_of(officer.person),
        now=now,
    )
    assert list(waiting_in_turn(run, day)) == list(waiting_entries(run, day)) != []
    first, second, third, _fourth, fifth = (entry.certificate for entry in run.entries.select_related("certificate"))
    services.note_refusal(entry=run.entries.get(certificate=first), refused=IssueRefused("issuance.moved_on"))
    Certificate.objects.filter(pk=second.pk).update(issued_on=day - timedelta(days=1))
    Certificate.objects.filter(pk=third.pk).update(signed_page="certificates/aa/aa")
    Certificate.objects.filter(pk=fifth.pk).update(signatory=firm.person)
    left = list(waiting_in_turn(run, day))
    assert left == list(waiting_entries(run, day))
    assert len(left) == 1
    named = entry_of(run, left[0].certificate.public_id)
    assert named == left[0]
    assert named.certificate.signatory is run.person
    assert named.certificate.office is run.office
    fields = [field.attname for field in Certificate._meta.concrete_fields]
    read = Certificate.objects.get(pk=named.certificate_id)
    assert [getattr(named.certificate, name) for name in fields] == [getattr(read, name) for name in fields]
    assert entry_of(run, uuid4()) is None
    other = services.begin_run(
        applications=[approved(firm)],
        person=officer.person,
        token_sha256=officer.person.tokens.get().sha256,
        actor=actor_of(officer.person),
        now=now,
    )
    assert entry_of(other, left[0].certificate.public_id) is None
