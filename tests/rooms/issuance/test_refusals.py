"""What the issuing cycle refuses: other people, other tokens, other days, and services that do not answer."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.rooms.accounts.people import enrol, sign_in
from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.issuance.office import Signatory, approved, make_signatory
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.issuance import jobs, services
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.queries import published_certificate
from udgam.ground.audit.actors import SystemActor
from udgam.ground.audit.queries import acts_of
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.services import appoint_officer
from udgam.sandbox.authority import AuthorityHandle, load_token

pytestmark = pytest.mark.django_db
AT_ONCE = timedelta(0)


def only(application: Application) -> Certificate:
    return application.issued_certificates.get()


@pytest.fixture
def colleague(officer: Signatory, firm: Firm, ca: AuthorityHandle) -> Signatory:
    """Another signing officer of the same office."""
    post = appoint_officer(
        office=firm.agency.mumbai,
        role=Officer.Role.SIGNATORY,
        username="arjun.second",
        name="Arjun Shinde",
        designation="Deputy Director",
        email="arjun.second@sahyadri.example",
        actor=SystemActor("tests"),
        now=timezone.now(),
        with_password=False,
    )
    return make_signatory(ca, post.person, "second-officer")


def test_a_stranger_sees_neither_list_nor_run_nor_file(
    officer: Signatory, application: Application, stranger: Firm, firm: Firm, ca: AuthorityHandle
) -> None:
    elsewhere = make_signatory(ca, firm.agency.officer_elsewhere, "second-officer")
    assert application.number not in text_of(elsewhere.get("queue"))
    assert elsewhere.begin(application).status_code == 422
    run = officer.run_of(application)
    certificate = only(application)
    assert elsewhere.get("run", run.public_id).status_code == 404
    assert elsewhere.get("preview", certificate.public_id).status_code == 404
    assert stranger.client.get(reverse("issuance:queue")).status_code == 404
    assert firm.client.get(reverse("issuance:run", args=[run.public_id])).status_code == 404
    # Before the issue not even the firm itself gets a file.
    file = reverse("issuance:download", args=[certificate.public_id])
    assert firm.client.get(file).status_code == 404
    assert "done" in officer.sign(run)
    assert firm.client.get(file).status_code == 200
    assert officer.client.get(file).status_code == 200
    assert stranger.client.get(file).status_code == 404
    assert elsewhere.client.get(file).status_code == 404
    assert Client().get(file).status_code == 302


def test_an_examiner_may_look_and_not_sign(officer: Signatory, application: Application) -> None:
    Officer.objects.filter(person=officer.person).update(role=Officer.Role.EXAMINER)
    answer = officer.begin(application)
    assert answer.status_code == 409
    assert "Only signing officers can sign" in text_of(answer)
    assert not Certificate.objects.exists()


def test_the_token_must_be_the_officers_own_and_the_one_that_is_named(
    officer: Signatory, application: Application, ca: AuthorityHandle
) -> None:
    run = officer.run_of(application)
    theirs = load_token(ca.authority.folder, "second-officer")
    shown = base64.b64encode(theirs.certificate.public_bytes(Encoding.DER)).decode()
    refused = officer.say(run, event="certificate", certificate=shown)
    assert refused["refused"]["reason"] == "issuance.token_not_yours"
    enrol(officer.person, theirs.certificate)
    refused = officer.say(run, event="certificate", certificate=shown)
    assert refused["refused"]["reason"] == "issuance.other_token"
    # The content shown was signed by the other token: nothing is certified by it.
    given = officer.show_token(run)
    own, officer.token = officer.token, theirs
    assert officer.answer(run, given)["refused"]["reason"] == "sealing.other_signatory"
    assert only(application).state == "prepared"
    officer.token = own
    assert "done" in officer.sign(run)


def test_a_revoked_token_certifies_nothing(
    officer: Signatory, application: Application, ca: AuthorityHandle, settings: Settings, tmp_path: Path
) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    settings.REVOCATION_INDEX_FOLDER = tmp_path / "fresh"
    ca.authority.revoke(token="officer", reason="certificateHold")
    try:
        assert officer.answer(run, given)["refused"]["reason"] in {"revocation.on_hold", "revocation.revoked"}
    finally:
        ca.authority.release(token="officer")
    assert only(application).state == "prepared"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"event": "fly"},
        {"event": "certificate"},
        {"event": "certificate", "certificate": "@@@"},
        {"event": "certificate", "certificate": 7},
        {"event": "certificate", "certificate": base64.b64encode(b"\x30\x03abc").decode()},
        {"event": "signed", "id": "x", "result": "AA=="},
        {"event": "signed", "id": "00000000-0000-0000-0000-000000000000", "result": "AA=="},
        {"event": "signed", "id": None, "result": None},
    ],
)
def test_hostile_events_are_refused_and_change_nothing(
    officer: Signatory, application: Application, event: dict[str, object]
) -> None:
    run = officer.run_of(application)
    answer = officer.client.post(
        reverse("issuance:conversation", args=[run.public_id]), event, content_type="application/json"
    )
    assert answer.status_code == 409
    assert answer.json()["refused"]["reason"].startswith("issuance.")
    assert only(application).state == "prepared"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'{"event":' + b"[" * 4000, b"a" * 200_000])
def test_a_body_that_is_no_event_is_refused(officer: Signatory, application: Application, body: bytes) -> None:
    run = officer.run_of(application)
    answer = officer.client.post(
        reverse("issuance:conversation", args=[run.public_id]), body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["refused"]["reason"] == "issuance.unreadable"


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-0000-0000-000000000000"], ["'; DROP TABLE"]])
def test_what_is_not_in_the_list_cannot_be_chosen(
    officer: Signatory, application: Application, chosen: list[str]
) -> None:
    answer = officer.client.post(reverse("issuance:begin"), {"application": chosen})
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert not Certificate.objects.exists()


def test_garbage_instead_of_a_signature_certifies_nothing(officer: Signatory, application: Application) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    certificate = only(application)
    garbage = base64.b64encode(b"0" * 300).decode()
    assert "refused" in officer.say(run, event="signed", id=str(certificate.public_id), result=garbage)
    page = officer.answer(run, given)
    assert page["next"]["kind"] == "pdf"
    refused = officer.say(run, event="signed", id=str(certificate.public_id), result=garbage)
    assert refused["refused"]["reason"] == "officer.signature_wrong"
    certificate.refresh_from_db()
    assert (certificate.state, certificate.signed_page.name) == ("certified", "")
    # The page is signed at the second try; the content is not asked for again.
    assert "done" in officer.answer(run, page)
    assert only(application).state == "issued"


def test_another_day_voids_the_number_and_prepares_a_new_one(
    officer: Signatory, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = officer.run_of(application)
    first = only(application)
    yesterday = first.issued_on - timedelta(days=1)
    Certificate.objects.filter(id=first.id).update(issued_on=yesterday)
    assert officer.show_token(run)["refused"]["reason"] == "issuance.too_many_signed"
    assert jobs.void_stale() is None
    first.refresh_from_db()
    assert (first.state, first.void_reason) == ("voided", "other_day")
    assert acts_of(f"certificate:{first.public_id}")[-1].act == "certificate.voided"
    second = officer.issue(application)
    assert second.number.endswith("/00000002")
    assert first.number in text_of(officer.get("queue"))
    assert published_certificate(first.number) is None


def test_the_pc_clock_may_not_date_a_certificate(
    officer: Signatory, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    from tests.rooms.issuance import office

    class EarlyClock:
        @staticmethod
        def now() -> datetime:
            return timezone.now() - timedelta(hours=1)

    monkeypatch.setattr(office, "timezone", EarlyClock)
    assert officer.answer(run, given)["refused"]["reason"] == "issuance.clock_differs"
    assert only(application).state == "prepared"


def test_two_signatories_open_the_same_application_and_one_certificate_comes_of_it(
    officer: Signatory, colleague: Signatory, application: Application
) -> None:
    run = officer.run_of(application)
    theirs = colleague.run_of(application)
    page = text_of(colleague.get("run", theirs.public_id))
    assert "Meera Kulkarni opened this certificate for signing" in page
    assert colleague.show_token(theirs)["refused"]["reason"] == "issuance.too_many_signed"
    assert "done" in officer.sign(run)
    assert Certificate.objects.count() == 1


def test_a_colleague_takes_over_what_lay_open_for_half_an_hour(
    officer: Signatory, colleague: Signatory, application: Application
) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    first = only(application)
    Certificate.objects.filter(id=first.id).update(prepared_at=timezone.now() - timedelta(minutes=31))
    theirs = colleague.run_of(application)
    first.refresh_from_db()
    assert (first.state, first.void_reason) == ("voided", "taken_over")
    assert officer.answer(run, given)["refused"]["reason"] == "issuance.moved_on"
    assert "done" in colleague.sign(theirs)
    issued = Certificate.objects.get(state="issued")
    assert (issued.application_id, issued.signatory) == (application.id, colleague.person)


def test_reserved_numbers_are_given_back_as_voided(officer: Signatory, application: Application) -> None:
    run = officer.run_of(application)
    answer = officer.client.post(reverse("issuance:take_back", args=[run.public_id]))
    assert answer.status_code == 302
    assert only(application).void_reason == "taken_back"
    assert application.number in text_of(officer.get("queue"))


def test_an_application_sent_back_meanwhile_is_not_certified(officer: Signatory, application: Application) -> None:
    run = officer.run_of(application)
    given = officer.show_token(run)
    applications.send_back(application=application, actor=actor_of(officer.person), now=timezone.now())
    assert officer.answer(run, given)["refused"]["reason"] == "issuance.not_approved"
    assert only(application).state == "prepared"


def test_our_own_check_stands_between_the_file_and_the_issue(
    officer: Signatory, application: Application, settings: Settings, tmp_path: Path
) -> None:
    """A seal that no checker would know must not be issued; here the officer's post ends between signing and sealing."""
    run = officer.run_of(application)
    given = officer.answer(run, officer.show_token(run))
    certificate = only(application)
    from udgam.flow.issuance import cycle

    signature = base64.b64decode(officer.result_for(given["next"]))
    signed = cycle.accept_page_signature(
        certificate=certificate, signature=signature, actor=actor_of(officer.person), now=timezone.now()
    )
    Officer.objects.filter(person=officer.person).update(ended_at=timezone.now() - timedelta(seconds=20))
    assert cycle.complete(certificate=signed, now=timezone.now()) is False
    certificate.refresh_from_db()
    assert (certificate.state, certificate.waiting_for) == ("sealed", "issuance.own_check")
    assert published_certificate(certificate.number) is None


def test_a_file_without_its_code_and_credential_is_not_issued(
    officer: Signatory, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's check is patient with files of the first format, which carry neither. Our own is not."""
    from udgam.flow.issuance import cycle

    draw = cycle.page.draw
    monkeypatch.setattr(cycle.page, "draw", lambda certified, **given: draw(certified, **(given | {"proofs": None})))
    officer.sign(officer.run_of(application))
    certificate = only(application)
    assert (certificate.state, certificate.waiting_for) == ("sealed", "issuance.own_check")


def test_a_file_as_seal_key_is_refused_outside_a_sandbox(
    officer: Signatory, application: Application, settings: Settings
) -> None:
    from udgam.flow.issuance import seal_keys

    seal_keys._opened.clear()
    settings.SANDBOX = False
    run = officer.run_of(application)
    answer = officer.sign(run)
    assert "done" in answer
    entry = run.entries.get()
    assert entry.refusal == "issuance.seal_file_in_production"
    assert only(application).state == "certified"
    settings.SANDBOX = True


def test_the_list_of_issuers_is_written_whole(officer: Signatory, application: Application, tmp_path: Path) -> None:
    from udgam.flow.issuance.trust import issuers_list
    from udgam.signing.proof.trust_folder import _read_issuers

    certificate = officer.issue(application)
    assert services.publish_trust(folder=tmp_path, issuers=issuers_list())
    assert not services.publish_trust(folder=tmp_path, issuers=issuers_list())
    issuers, site = _read_issuers(tmp_path / "issuers.json")
    assert site
    assert [issuer.agency for issuer in issuers] == ["SEC"]
    assert certificate.seal_sha256 in issuers[0].seal_sha256
    assert certificate.certificate_sha256 in {one for entry in issuers[0].officers for one in entry.certificate_sha256}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".issuers")] == []


def test_many_are_signed_in_one_go_left_and_found_again(officer: Signatory, firm: Firm) -> None:
    three = [approved(firm) for _ in range(3)]
    run = officer.run_of(*three)
    assert len(officer.say(run, event="open")["items"]) == 3
    given = officer.show_token(run)
    for _ in range(3):
        given = officer.answer(run, given)
    # The first is issued, the second half signed; the officer closes the browser.
    assert sorted(Certificate.objects.values_list("state", flat=True)) == ["certified", "issued", "prepared"]
    again = Client()
    sign_in(again, officer.person)
    officer.client = again
    assert str(run.public_id) in text_of(officer.get("queue"))
    assert "1 of 3 issued" in text_of(officer.get("run", run.public_id))
    assert "done" in officer.sign(run)
    assert set(Certificate.objects.values_list("state", flat=True)) == {"issued"}
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert [number[-8:] for number in numbers] == ["00000001", "00000002", "00000003"]
    assert "All 3 certificates are issued" in text_of(officer.get("run", run.public_id))
