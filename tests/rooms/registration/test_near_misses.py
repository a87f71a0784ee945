"""Near misses: refused, queued, opened by a recorded decision with evidence."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.registration.applicant import Applicant, errors_of, firm, text_of_page
from tests.rooms.registration.firms import register_firm
from udgam.flow.registration.models import NearMiss, Registration, TokenEvidence
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.rules.binding import names_agree

pytestmark = pytest.mark.django_db
NOTE = "The PAN card and the passport of this person show both ways of writing; copies are with the help desk."


@pytest.fixture
def administrator() -> Client:
    client = Client()
    sign_in(client, make_person("administrator", username="ADMIN", name="Nandini Rao"), stepped_up=True)
    return client


@pytest.fixture
def near(applicant: Applicant) -> NearMiss:
    page = text_of_page(applicant.show_token(token="near-miss"))
    row = NearMiss.objects.get()
    assert row.in_certificate in page
    assert row.in_record in page
    return row


def test_without_the_token_shown_just_now_nothing_is_decided(near: NearMiss) -> None:
    client = Client()
    sign_in(client, make_person("administrator", username="ADMIN", name="Nandini Rao"))
    answer = _decide(client, near, decision="open", reason=NOTE)
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    near.refresh_from_db()
    assert near.state == "waiting"


def _decide(client: Client, row: NearMiss, **sent: object):  # type: ignore[no-untyped-def]
    return client.post(reverse("registration:near-miss", args=[row.public_id]), sent)


def _picture() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    return SimpleUploadedFile("pan-card.png", buffer.getvalue(), "image/png")


def test_a_near_miss_is_refused_with_both_names_and_waits_in_the_queue(
    applicant: Applicant, administrator: Client, near: NearMiss
) -> None:
    assert names_agree(near.in_certificate, near.in_record) == "near"
    applicant.show_token(token="near-miss")
    assert NearMiss.objects.count() == 1
    page = text_of_page(administrator.get(reverse("registration:near-misses")))
    assert near.in_certificate in page


def test_opening_needs_evidence(administrator: Client, near: NearMiss) -> None:
    assert "40 characters" in errors_of(_decide(administrator, near, reason="looks fine", decision="open"))[0]
    assert errors_of(_decide(administrator, near, reason="", decision="open"))
    near.refresh_from_db()
    assert near.state == NearMiss.State.WAITING


def test_an_opened_near_miss_lets_that_token_continue_and_is_kept_with_the_decision(
    applicant: Applicant, administrator: Client, near: NearMiss
) -> None:
    answer = _decide(administrator, near, reason="Seen on the PAN card.", document=_picture(), decision="open")
    assert answer.status_code == 302
    near.refresh_from_db()
    assert (near.state, near.decided_by.username) == (NearMiss.State.OPENED, "ADMIN")
    assert near.document is not None
    acts = [line.act for line in acts_of(f"near_miss:{near.public_id}")]
    assert acts[0] == "near_miss.seen"
    assert acts[-1] == "near_miss.opened"
    run_deferred()
    assert any(message.to == [firm("spices").email] for message in mail.outbox)

    response = applicant.show_token(token="near-miss")
    assert response.redirect_chain[-1][0] == reverse("registration:contact")
    assert TokenEvidence.objects.latest("pk").decision["exception"] == f"near_miss:{near.public_id}"
    # The refused attempt stays as it was.
    assert Registration.objects.filter(stage=Registration.Stage.REFUSED).count() == 1


def test_a_declined_one_stays_refused(applicant: Applicant, administrator: Client, near: NearMiss) -> None:
    assert _decide(administrator, near, reason="Another person.", decision="decline").status_code == 302
    response = applicant.show_token(token="near-miss")
    assert response.redirect_chain[-1][0] == reverse("registration:refused")


def test_two_administrators_decide_once(administrator: Client, near: NearMiss) -> None:
    _decide(administrator, near, reason=NOTE, decision="open")
    other = Client()
    sign_in(other, make_person("administrator", username="ADMIN2"), stepped_up=True)
    assert "decided this already" in errors_of(_decide(other, near, reason="No.", decision="decline"))[0]
    near.refresh_from_db()
    assert near.state == NearMiss.State.OPENED


def test_a_decision_opens_nothing_for_another_holder_of_the_same_name(near: NearMiss, administrator: Client) -> None:
    from tests.rooms.registration.firms import certificate_for
    from udgam.flow.registration import policies

    _decide(administrator, near, reason=NOTE, decision="open")
    exporter, _ = register_firm("spices", now=timezone.now() - timedelta(hours=2))
    other = certificate_for(near.in_certificate, iec=None, organisation=firm("spices").name, pan=firm("ceramics").pan)
    verdict = policies.signatory_token_accepts(exporter, other)
    assert verdict.reason == "binding.holder_near_miss"


def test_evidence_is_read_by_administrators_only(administrator: Client, near: NearMiss) -> None:
    _decide(administrator, near, reason="Seen.", document=_picture(), decision="open")
    near.refresh_from_db()
    address = reverse("documents:download", args=[near.document_id])
    assert administrator.get(address).status_code == 200
    for kind in ("exporter", "officer", "agency_admin"):
        client = Client()
        sign_in(client, make_person(kind, username=kind))
        assert client.get(address).status_code == 404, kind


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("x.pdf", b"%PDF-1.7 broken", "application/pdf"),
        SimpleUploadedFile("x.png", b"<script>alert(1)</script>", "image/png"),
        SimpleUploadedFile("empty.pdf", b"", "application/pdf"),
        SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 100, "application/octet-stream"),
    ],
)
def test_hostile_evidence_is_refused_beside_its_field(
    administrator: Client, near: NearMiss, upload: SimpleUploadedFile
) -> None:
    upload.seek(0)
    response = _decide(administrator, near, reason=NOTE, document=upload, decision="open")
    assert response.status_code == 200
    assert errors_of(response)
    near.refresh_from_db()
    assert near.state == NearMiss.State.WAITING


def test_only_administrators_see_the_queue(near: NearMiss) -> None:
    pages = (reverse("registration:near-misses"), reverse("registration:near-miss", args=[near.public_id]))
    for number, address in enumerate(pages):
        assert Client().get(address).status_code == 302
        for kind in ("exporter", "officer", "agency_admin"):
            client = Client()
            sign_in(client, make_person(kind, username=f"{kind}{number}"))
            assert client.get(address).status_code == 404, kind
            assert client.post(address, {"reason": NOTE, "decision": "open"}).status_code == 404
    near.refresh_from_db()
    assert near.state == NearMiss.State.WAITING
