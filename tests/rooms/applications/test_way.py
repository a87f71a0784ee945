"""The way from the empty form to the signed application."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone

from tests.rooms.applications.firm import NUMBER, Firm, text_of
from udgam.flow.applications.models import Application
from udgam.flow.registration.models import TokenEvidence
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.rules.content import content_digest, read_application
from udgam.signing.trust import NoRevocation, detached

if TYPE_CHECKING:
    from udgam.sandbox.authority import AuthorityHandle

pytestmark = pytest.mark.django_db


def test_an_exporter_fills_in_signs_and_submits(firm: Firm) -> None:
    application = firm.complete()
    page = text_of(firm.get("detail", application.public_id))
    assert "10 of 10 sections are complete" in page

    check = firm.get("check", application.public_id)
    assert check.status_code == 200
    assert "Continue to signing" in text_of(check)
    preview = firm.get("preview", application.public_id)
    assert preview.content.startswith(b"%PDF-")
    assert firm.get("sign", application.public_id).status_code == 200

    answer = firm.sign(application.public_id)
    assert answer.json() == {"done": {"location": firm.address("detail", application.public_id)}}
    application.refresh_from_db()
    assert application.state == "submitted"
    assert NUMBER.fullmatch(application.number or "")
    assert application.version == 1
    case = text_of(firm.get("detail", application.public_id))
    assert application.number in case
    assert application.number in text_of(firm.get("list"))


def test_what_is_kept_is_exactly_what_was_signed(firm: Firm, ca: AuthorityHandle) -> None:
    application = firm.submitted()
    copy = firm.get("signed-copy", application.public_id, 1)
    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        names = archive.namelist()
        content, signature = archive.read(names[0]), archive.read(names[1])
    from udgam.parties.accounts.trust import trust_store

    verified = detached.verify_detached(
        signature, content, store=trust_store(), revocation=NoRevocation(), at=timezone.now()
    )
    assert verified.certificate == firm.token.certificate
    read = read_application(content)
    assert (read.number, read.version) == (application.number, 1)
    assert read.items[0].hs_code == "091030"
    assert str(read.items[0].quantity) == "2500.5"
    assert read.consignee.address == ("12 Nguyen Hue", "Ho Chi Minh City")
    assert {document.sha256 for document in read.documents} == {
        row.document.sha256 for row in application.documents.all()
    }
    assert application.submissions.get().sha256 == content_digest(read)
    assert json.loads(content)["format"] == "udgam.application/4"


def test_the_act_the_evidence_and_the_mail_belong_to_the_submission(firm: Firm) -> None:
    application = firm.submitted()
    acts = [line.act for line in acts_of(f"application:{application.public_id}")]
    assert acts[0] == "application.started"
    assert acts[-1] == "application.submitted"
    evidence = TokenEvidence.objects.get(purpose="sign-application")
    assert evidence.decision["allowed"] is True
    assert evidence.revocation_files.exists()
    run_deferred()
    letter = next(message for message in mail.outbox if application.number in message.subject)
    assert letter.to == [firm.person.email]
    assert f"/applications/{application.public_id}/" in letter.body


def test_every_draft_has_its_own_number_only_when_it_is_signed(firm: Firm) -> None:
    first, second = firm.complete(), firm.complete()
    assert first.number is None
    assert second.number is None
    for application in (second, first):
        assert "done" in firm.sign(application.public_id).json()
    numbers = Application.objects.order_by("number").values_list("number", flat=True)
    assert [number[-8:] for number in numbers] == ["0000001A", "0000002A"]


def test_a_question_is_answered_corrected_and_signed_again(firm: Firm) -> None:
    from udgam.flow.applications import services
    from udgam.parties.accounts.actors import actor_of

    application = firm.submitted()
    officer, now = firm.agency.officer, timezone.now()
    services.take_up(application=application, person=officer, actor=actor_of(officer), now=now)
    application.refresh_from_db()
    services.raise_discrepancy(
        application=application,
        points=[services.Point("items[0].hs_code", "Which lot?")],
        person=officer,
        actor=actor_of(officer),
        now=now,
    )
    application.refresh_from_db()
    page = text_of(firm.get("detail", application.public_id))
    assert "Which lot?" in page
    assert "Answer the office" in page
    # Without an answer nothing can be signed.
    refused = firm.say(application.public_id, event="open")
    assert refused.json()["refused"]["reason"] == "application.answer_missing"
    data = {"edit": application.edit, "answer_1": "Lot 26-118,\r\nnow in the description."}
    assert firm.post("answer", application.public_id, data=data).status_code == 302
    changed = {
        **firm.line,
        "description": "Organic turmeric powder, lot 26-118",
        "edit": firm.edit(application.public_id),
    }
    assert firm.post("item", application.public_id, 1, data=changed).status_code == 302
    number = application.number
    assert "done" in firm.sign(application.public_id).json()
    application.refresh_from_db()
    assert (application.state, application.version, application.number) == ("submitted", 2, number)
    content = read_application(bytes(application.submissions.get(version=2).content))
    assert content.answer == "Lot 26-118, now in the description."
    assert content.version == 2
    assert application.submissions.filter(signature__isnull=False).count() == 2


def test_a_value_in_rupees_that_is_declared_is_signed_and_shown_with_its_reason(firm: Firm) -> None:
    application = firm.complete()
    application.items.update(inr_value="1234567.50", inr_reason="Forward cover of the bank")
    shown = text_of(firm.get("check", application.public_id))
    assert "₹ 12,34,567.50" in shown
    assert "Forward cover of the bank" in shown
    _identifier, signed = firm.shown_bytes(application.public_id)
    (row,) = read_application(signed).rupees
    assert (row.item, str(row.value), row.reason) == (1, "1234567.50", "Forward cover of the bank")


def test_a_shipping_bill_of_another_invoice_stops_the_signature_and_is_signed_when_it_agrees(firm: Firm) -> None:
    application = firm.complete()
    bill = {"number": "7104412", "date": application.invoices.get().date.isoformat(), "port": "INCOK1"}

    def save(name: str, *args: int, invoice: str) -> int:
        data = {"edit": firm.edit(application.public_id), **bill, "invoice": invoice}
        return firm.post(name, application.public_id, *args, data=data).status_code

    assert save("shipping-bill-add", invoice="X/1") == 302
    shown = text_of(firm.get("check", application.public_id))
    assert "The shipping bill 7104412 states the invoice X/1" in shown
    assert "Continue to signing" not in shown
    number = application.invoices.get().number
    assert save("shipping-bill", 1, invoice=number) == 302
    assert f"States the invoice {number}" in text_of(firm.get("shipping-bills", application.public_id))
    assert "Continue to signing" in text_of(firm.get("check", application.public_id))
    _identifier, signed = firm.shown_bytes(application.public_id)
    assert [one.invoice for one in read_application(signed).shipping_bills] == [number]
