"""A certificate rests on one approval and one authority: when either ended after it was prepared, nothing is issued on it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from tests.rooms.applications.firm import Firm
from tests.rooms.examination.cases import answer_all
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.issuance import cycle, jobs, services
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.queries import waiting_for_platform
from udgam.flow.issuance.refusals import IssueRefused
from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies import services as agencies
from udgam.parties.agencies.models import Officer as Post
from udgam.rules.content import read_content
from udgam.signing.proof import InputUnusable

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


def end_authority(officer: Signatory, what: str) -> None:
    post = Post.objects.select_related("office__agency", "person").get(person=officer.person)
    now = timezone.now()
    if what == "ended post":
        agencies.end_post(officer=post, actor=ACTOR, now=now)
    elif what == "suspended post":
        agencies.suspend_officer(officer=post, suspended=True, actor=ACTOR, now=now)
    elif what == "suspended office":
        agencies.suspend_office(office=post.office, suspended=True, to=None, actor=ACTOR, now=now)
    else:
        agencies.suspend_agency(agency=post.office.agency, suspended=True, actor=ACTOR, now=now)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("ended post", "issuance.no_post"),
        ("suspended post", "duty.suspended"),
        ("suspended office", "duty.office_suspended"),
        ("suspended agency", "duty.agency_suspended"),
    ],
)
def test_authority_that_ended_between_the_two_signatures_issues_nothing(
    officer: Signatory, application: Application, what: str, reason: str
) -> None:
    run = officer.run_of(application)
    page = officer.answer(run, officer.show_token(run))
    assert page["next"]["kind"] == "pdf"
    end_authority(officer, what)
    assert officer.answer(run, page)["refused"]["reason"] == reason
    certificate = only(application)
    assert (certificate.state, certificate.void_reason, bool(certificate.signed_page)) == (
        "voided",
        "authority_ended",
        False,
    )
    application.refresh_from_db()
    assert application.state == "approved"


def test_an_approval_taken_back_between_the_two_signatures_issues_nothing(
    officer: Signatory, application: Application
) -> None:
    run = officer.run_of(application)
    page = officer.answer(run, officer.show_token(run))
    decide(application, officer, "send_back")
    assert officer.answer(run, page)["refused"]["reason"] == "issuance.not_approved"
    certificate = only(application)
    assert (certificate.state, certificate.void_reason) == ("voided", "application_moved")


def test_a_failure_that_is_told_after_the_issue_is_not_kept(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    services.note_waiting(certificate=certificate, code="issuance.moved_on", actor=ACTOR, now=timezone.now())
    assert only(application).waiting_for == ""


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (FileNotFoundError(2, "No such file"), "storage.missing"),
        (PermissionError(13, "Permission denied"), "storage.unusable"),
        (OSError(28, "No space left on device"), "storage.unusable"),
        (ConnectionResetError(104, "Connection reset by peer"), "outside.silent"),
        (TimeoutError("timed out"), "outside.silent"),
        (IssueRefused("issuance.own_check", step="file.structure", detail="-"), "issuance.own_check"),
        (InputUnusable("input.no_code"), "input.no_code"),
    ],
)
def test_what_stands_in_the_way_has_a_stable_code_and_plain_words_in_both_languages(
    officer: Signatory, application: Application, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str
) -> None:
    def fail(*_given: object) -> None:
        raise failure

    monkeypatch.setattr(cycle, "_seal", fail)
    run = officer.run_of(application)
    officer.sign(run)
    assert (only(application).state, only(application).waiting_for) == ("certified", code)
    for language, again in (
        ("en", "The platform tries again by itself."),
        ("hi", "प्लेटफ़ॉर्म अपने आप दोबारा कोशिश करता है।"),
    ):
        officer.client.cookies["udgam_language"] = language
        page = html.unescape(officer.get("run", run.public_id).content.decode())
        (note,) = [line for line in page.splitlines() if again in line]
        assert f": {code}" in note
        assert type(failure).__name__ not in page
        words = re.sub(r"<[^>]*>", " ", note).replace(code, "").strip()
        if code in IssueRefused.reasons:
            assert _said(IssueRefused.reasons[code].advice, language) in words
        if language == "hi":
            assert re.findall(r"[A-Za-z]{2,}", words) == []


def _said(text: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(text)


def test_a_file_that_is_missing_stops_its_certificate_and_not_those_behind_it(
    officer: Signatory, application: Application, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = approved(firm)
    with monkeypatch.context() as patch:
        patch.setattr(cycle, "complete", lambda **_given: False)
        for one in (application, second):
            officer.sign(officer.run_of(one))
    Path(only(application).signed_page.path).unlink()
    assert jobs.resume(patience=timedelta(0)) == 1
    assert (only(application).state, only(application).waiting_for) == ("certified", "storage.missing")
    assert only(second).state == "issued"
    # The next round asks for the one that was never tried first, and for no long column.
    third = approved(firm)
    with monkeypatch.context() as patch:
        patch.setattr(cycle, "complete", lambda **_given: False)
        officer.sign(officer.run_of(third))
    found = waiting_for_platform(tried_before=timezone.now(), limit=1)
    assert [row.application_id for row in found] == [third.id]
    assert {"content", "cms", "credential", "code"} <= found[0].get_deferred_fields()
    assert len(waiting_for_platform(tried_before=timezone.now(), limit=5)) == 2
    assert waiting_for_platform(tried_before=timezone.now() - timedelta(hours=1), limit=5) == []
