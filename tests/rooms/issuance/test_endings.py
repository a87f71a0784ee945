"""Cancelling, superseding, and what exporters ask the office for."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import sign_in
from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.issuance.office import Signatory, approved
from udgam.flow.applications.models import Application
from udgam.flow.issuance import services
from udgam.flow.issuance.models import Certificate, CertificateRequest
from udgam.flow.issuance.queries import published_certificate
from udgam.flow.issuance.refusals import IssueRefused
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.models import Officer as Post

pytestmark = pytest.mark.django_db


def post(officer: Signatory, name: str, certificate: Certificate, **data: Any) -> HttpResponse:
    sign_in(officer.client, officer.person, stepped_up=True)
    return officer.client.post(reverse(f"issuance:{name}", args=[certificate.public_id]), data)


def test_the_office_cancels_and_everybody_is_told(officer: Signatory, application: Application, firm: Firm) -> None:
    certificate = officer.issue(application)
    answer = post(officer, "cancel", certificate, reason="not-shipped", note="The ship did not sail.")
    assert answer.status_code == 302, text_of(answer)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.end_reason, certificate.ended_by) == (
        "cancelled",
        "not-shipped",
        officer.person,
    )
    found = published_certificate(certificate.number)
    assert found is not None
    assert (found.status, found.changed_at) == ("cancelled", certificate.ended_at)
    assert [line.act for line in acts_of(f"certificate:{certificate.public_id}")][-1] == "certificate.cancelled"
    run_deferred()
    letter = next(message for message in mail.outbox if "cancelled" in message.subject)
    assert letter.to == [firm.person.email]
    assert "The goods were not shipped" in letter.body
    page = text_of(firm.client.get(reverse("issuance:certificate", args=[certificate.public_id])))
    assert "The ship did not sail." in page
    assert "cancelled" in text_of(Client().get(reverse("verification:certificate", args=[certificate.number])))


def test_cancelling_needs_the_token_shown_just_now(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    sign_in(officer.client, officer.person)
    address = reverse("issuance:cancel", args=[certificate.public_id])
    answer = officer.client.post(address, {"reason": "other", "note": "No."})
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:confirm"))  # type: ignore[attr-defined]
    certificate.refresh_from_db()
    assert certificate.state == "issued"


def test_what_ended_once_does_not_end_twice(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    assert post(officer, "cancel", certificate, reason="other", note="Once.").status_code == 302
    again = post(officer, "cancel", certificate, reason="other", note="Twice.")
    assert again.status_code == 409
    assert "does not count any more" in text_of(again)
    stale = Certificate.objects.get(pk=certificate.pk)
    stale.state = "issued"
    common = {"person": officer.person, "actor": actor_of(officer.person), "now": timezone.now()}
    with pytest.raises(IssueRefused) as refused:
        services.cancel_certificate(certificate=stale, reason="other", note="Race.", **common)
    assert refused.value.code == "issuance.moved_on"
    with pytest.raises(IssueRefused) as refused:
        services.cancel_certificate(certificate=stale, reason="mood", note="", **common)
    assert refused.value.code == "ending.unknown_reason"


def test_an_examiner_cannot_end_a_certificate(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    Post.objects.filter(person=officer.person).update(role=Post.Role.EXAMINER)
    answer = post(officer, "cancel", certificate, reason="other", note="No.")
    assert answer.status_code == 409
    assert "Only a signing officer" in text_of(answer)
    assert "Cancel this certificate" not in text_of(officer.get("certificate", certificate.public_id))


def test_another_certificate_takes_its_place(officer: Signatory, application: Application, firm: Firm) -> None:
    first = officer.issue(application)
    second = officer.issue(approved(firm))
    assert "not issued after" in text_of(post(officer, "supersede", second, number=first.number, note=""))
    assert "its own place" in text_of(post(officer, "supersede", first, number=first.number, note=""))
    unknown = post(officer, "supersede", first, number=first.number[:-1] + "9", note="")
    assert unknown.status_code == 409
    assert post(officer, "supersede", first, number="nonsense", note="").status_code == 422
    answer = post(officer, "supersede", first, number=second.number, note="The consignee moved.")
    assert answer.status_code == 302, text_of(answer)
    first.refresh_from_db()
    assert (first.state, first.superseded_by) == ("superseded", second)
    assert second.number in text_of(firm.client.get(reverse("issuance:certificate", args=[first.public_id])))
    assert published_certificate(first.number).status == "superseded"  # type: ignore[union-attr]
    assert published_certificate(second.number).status == "issued"  # type: ignore[union-attr]


def test_an_exporter_asks_and_the_office_answers(officer: Signatory, application: Application, firm: Firm) -> None:
    certificate = officer.issue(application)
    ask = reverse("issuance:ask", args=[certificate.public_id])
    assert firm.client.post(ask, {"kind": "in-lieu", "reason": ""}).status_code == 422
    assert firm.client.post(ask, {"kind": "in-lieu", "reason": "Wrong port."}).status_code == 302
    twice = firm.client.post(ask, {"kind": "cancel", "reason": "Never mind."})
    assert twice.status_code == 409
    assert "waits for the office already" in text_of(twice)
    row = CertificateRequest.objects.get()
    assert certificate.number in text_of(officer.get("requests"))
    sign_in(officer.client, officer.person, stepped_up=True)
    decide = reverse("issuance:decide", args=[row.public_id])
    bare = officer.client.post(decide, {"decision": "refuse", "answer": " "})
    assert bare.status_code == 409
    assert "needs its reason" in text_of(bare)
    assert officer.client.post(decide, {"decision": "grant", "answer": "Apply again."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("granted", officer.person)
    assert officer.client.post(decide, {"decision": "refuse", "answer": "Late."}).status_code == 409
    run_deferred()
    assert any("was granted" in message.subject and "Apply again." in message.body for message in mail.outbox)
    assert "Granted" in text_of(firm.client.get(reverse("issuance:certificate", args=[certificate.public_id])))


def test_a_request_can_be_taken_back_once(officer: Signatory, application: Application, firm: Firm) -> None:
    certificate = officer.issue(application)
    firm.client.post(
        reverse("issuance:ask", args=[certificate.public_id]), {"kind": "cancel", "reason": "Not shipped."}
    )
    row = CertificateRequest.objects.get()
    address = reverse("issuance:withdraw", args=[row.public_id])
    assert officer.client.post(address).status_code == 404
    assert firm.client.post(address).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert "no longer waiting" in text_of(firm.client.post(address, follow=True))


def test_the_office_finds_what_it_issued(officer: Signatory, application: Application) -> None:
    certificate = officer.issue(application)
    assert certificate.number in text_of(officer.get("issued"))
    address = reverse("issuance:issued")
    assert certificate.number in text_of(officer.client.get(address, {"search": certificate.number[-8:]}))
    assert certificate.number not in text_of(officer.client.get(address, {"state": "cancelled"}))
    assert officer.client.get(address, {"state": "x", "page": "-4"}).status_code == 200


def test_an_issue_in_lieu_takes_back_nothing_of_another_agency_or_agreement(
    officer: Signatory, application: Application, firm: Firm
) -> None:
    first = officer.issue(application)
    second = officer.issue(approved(firm))
    given = {"number": first.number, "actor": actor_of(officer.person), "now": timezone.now()}
    agreement, office = second.agreement, second.office
    second.agreement = "another"
    assert not services.supersede_by_issue(successor=second, **given)
    second.agreement, second.office = agreement, Office(agency_id=office.agency_id + 1)
    assert not services.supersede_by_issue(successor=second, **given)
    first.refresh_from_db()
    assert first.state == "issued"
    second.office = office
    assert services.supersede_by_issue(successor=second, **given)
    first.refresh_from_db()
    assert first.state == "superseded"
