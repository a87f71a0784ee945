"""The way from the approved application to the issued certificate."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.issuance.office import Signatory
from udgam.flow.applications.models import Application
from udgam.flow.issuance.trust import published_trust
from udgam.flow.verification.public_views import OwnStatuses
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.rules.content import read_content
from udgam.signing.proof import OPEN_BEFORE_ISSUE, verify_pdf

pytestmark = pytest.mark.django_db


def test_an_officer_signs_and_the_certificate_is_issued(officer: Signatory, application: Application) -> None:
    assert application.number in text_of(officer.get("queue"))
    run = officer.run_of(application)
    page = officer.get("run", run.public_id)
    assert "Sign 1 certificate with your token" in text_of(page)
    assert page.headers["Referrer-Policy"] == "origin"
    items = officer.say(run, event="open")["items"]
    assert [item["media_type"] for item in items] == ["application/json"]

    answer = officer.sign(run)

    assert answer == {"done": {"location": reverse("issuance:run", args=[run.public_id])}}
    application.refresh_from_db()
    assert application.state == "issued"
    certificate = application.issued_certificates.get()
    assert (certificate.state, certificate.number) == ("issued", application.certificate_number)
    assert certificate.number == f"{application.number}/00000001"
    assert certificate.content_sha256 == items[0]["sha256"]
    acts = [line.act for line in acts_of(f"certificate:{certificate.public_id}")]
    assert acts == [
        "certificate.prepared",
        "certificate.certified",
        "certificate.page_drawn",
        "certificate.page_signed",
        "certificate.sealed",
        "certificate.issued",
    ]
    assert certificate.number in text_of(officer.get("run", run.public_id))


def test_the_file_holds_before_a_strangers_check(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    run_deferred()
    data = certificate.file.read()
    report = verify_pdf(data, trust=published_trust(), at=timezone.now(), status=OwnStatuses())
    open_before = [
        (one.id, one.detail) for one in report.checks if one.outcome != "pass" and one.id not in OPEN_BEFORE_ISSUE
    ]
    assert open_before == []
    assert (report.valid, report.status, report.certificate_number) == (True, "issued", certificate.number)
    content = read_content(bytes(certificate.content))
    assert content.certification.signatory.name == officer.person.name
    assert content.certification.place == "Mumbai"


def test_the_exporter_is_told_and_downloads_it(officer: Signatory, application: Application, firm: Firm) -> None:
    certificate = officer.issue(application)
    run_deferred()
    letter = next(message for message in mail.outbox if certificate.number in message.subject)
    assert letter.to == [firm.person.email]
    assert f"/applications/{application.public_id}/" in letter.body
    assert "is attached" in letter.body
    [(name, data, kind)] = letter.attachments
    assert (name, kind) == (f"{certificate.number.replace('/', '-')}.pdf", "application/pdf")
    assert isinstance(data, bytes)
    assert data.startswith(b"%PDF-")
    answer = firm.client.get(reverse("issuance:download", args=[certificate.public_id]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert "no-store" in answer.headers["Cache-Control"]
