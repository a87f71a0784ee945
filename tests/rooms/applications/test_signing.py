"""The signature: what it must be over, whose it must be, and that nothing is submitted twice."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications.models import Application
from udgam.flow.registration.models import Exporter
from udgam.rules.content import read_application
from udgam.sandbox import registry
from udgam.sandbox.authority import AuthorityHandle, load_token

pytestmark = pytest.mark.django_db


def _refusal(answer: Any) -> str:
    return str(answer.json()["refused"]["reason"])


def _is_draft(application: Application) -> bool:
    application.refresh_from_db()
    return application.state == "draft" and not application.submissions.filter(signature__isnull=False).exists()


def test_a_signature_over_other_bytes_is_refused(firm: Firm) -> None:
    application = firm.complete()
    identifier, content = firm.shown_bytes(application.public_id)
    answer = firm.say(application.public_id, event="signed", id=identifier, result=firm.signature(content + b" "))
    assert answer.status_code == 409
    assert _refusal(answer) == "detached.content_differs"
    assert _is_draft(application)


def test_another_firms_token_is_refused_before_the_pin(firm: Firm, ca: AuthorityHandle) -> None:
    application = firm.complete()
    firm.say(application.public_id, event="open")
    foreign = load_token(ca.authority.folder, "other-exporter")
    answer = firm.say(application.public_id, event="certificate", certificate=base64.b64encode(foreign.der).decode())
    assert _refusal(answer).startswith("binding.")
    assert answer.json()["refused"]["advice"]


@pytest.mark.parametrize("token", ["revoked", "expired", "untrusted", "class-2"])
def test_a_certificate_that_is_not_to_be_believed_does_not_sign(firm: Firm, ca: AuthorityHandle, token: str) -> None:
    application = firm.complete()
    loaded = load_token(ca.authority.folder, token)
    firm.say(application.public_id, event="open")
    chosen = firm.say(application.public_id, event="certificate", certificate=base64.b64encode(loaded.der).decode())
    if "next" in chosen.json():
        content = base64.b64decode(chosen.json()["next"]["data"])
        signed = firm.signature(content, loaded)
        answer = firm.say(application.public_id, event="signed", id=chosen.json()["next"]["id"], result=signed)
        assert "refused" in answer.json(), answer.json()
    else:
        assert token == "class-2"
    assert _is_draft(application)


def test_two_tokens_in_one_conversation_are_refused(firm: Firm, ca: AuthorityHandle) -> None:
    application = firm.complete()
    identifier, content = firm.shown_bytes(application.public_id)
    renewed = load_token(ca.authority.folder, "exporter-renewed")
    answer = firm.say(application.public_id, event="signed", id=identifier, result=firm.signature(content, renewed))
    assert _refusal(answer) == "application.certificate_changed"
    assert _is_draft(application)


def test_what_was_shown_too_long_ago_is_not_signed_any_more(firm: Firm) -> None:
    application = firm.complete()
    identifier, content = firm.shown_bytes(application.public_id)
    application.submissions.update(prepared_at=timezone.now() - timedelta(minutes=61))
    answer = firm.say(application.public_id, event="signed", id=identifier, result=firm.signature(content))
    assert _refusal(answer) == "application.shown_too_long_ago"
    assert _is_draft(application)
    # The page is opened again, and it goes on.
    identifier, content = firm.shown_bytes(application.public_id)
    answer = firm.say(application.public_id, event="signed", id=identifier, result=firm.signature(content))
    assert "refused" not in answer.json()


def test_a_change_after_the_bytes_were_shown_makes_the_signature_useless(firm: Firm) -> None:
    application = firm.complete()
    identifier, content = firm.shown_bytes(application.public_id)
    firm.fill(application.public_id, "consignee", consignee_name="Somebody else")
    answer = firm.say(application.public_id, event="signed", id=identifier, result=firm.signature(content))
    assert _refusal(answer) == "application.signature_expected"
    assert _is_draft(application)


def test_the_same_signature_sent_twice_submits_once(firm: Firm) -> None:
    application = firm.complete()
    identifier, content = firm.shown_bytes(application.public_id)
    event = {"event": "signed", "id": identifier, "result": firm.signature(content)}
    assert "done" in firm.say(application.public_id, **event).json()
    assert _refusal(firm.say(application.public_id, **event)) == "application.signature_expected"
    application.refresh_from_db()
    assert application.version == 1
    assert application.submissions.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"open"',
        b'{"event": "nonsense"}',
        b'{"event": {"a": 1}}',
        b'{"event": "certificate"}',
        b'{"event": "certificate", "certificate": 5}',
        b'{"event": "certificate", "certificate": "%%%"}',
        b'{"event": "certificate", "certificate": "AAAA"}',
        b'{"event": "signed"}',
        b'{"event": "signed", "id": [], "result": {}}',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"event": "open", "x": "' + b"a" * 200_000 + b'"}',
    ],
)
def test_a_conversation_that_makes_no_sense_is_answered_with_a_refusal(firm: Firm, body: bytes) -> None:
    application = firm.complete()
    firm.say(application.public_id, event="open")
    address = firm.address("conversation", application.public_id)
    answer = firm.client.post(address, body, content_type="application/json")
    assert answer.status_code in {400, 409}
    refused = answer.json()["refused"]
    assert refused["message"]
    assert refused["advice"]
    assert _is_draft(application)


def test_an_incomplete_form_is_not_shown_for_signing(firm: Firm) -> None:
    application = firm.start()
    assert firm.get("sign", application.public_id).status_code == 302
    assert _refusal(firm.say(application.public_id, event="open")) in {
        "application.incomplete",
        "filing.branch_unknown",
    }
    application.refresh_from_db()
    assert application.number is None


def test_findings_of_the_rules_are_shown_with_advice_and_stop_the_signature(firm: Firm) -> None:
    application = firm.complete()
    firm.add_line(application.public_id, currency="EUR")
    page = text_of(firm.get("check", application.public_id))
    assert "One thing must be corrected" in page
    assert "Continue to signing" not in page
    assert firm.get("sign", application.public_id)["Location"] == firm.address("check", application.public_id)
    assert _refusal(firm.say(application.public_id, event="open")) == "application.has_findings"


def test_a_letter_that_cannot_be_printed_is_found_before_anybody_signs(firm: Firm) -> None:
    application = firm.complete()
    firm.fill(application.public_id, "consignee", consignee_name="株式会社 Spice")
    answer = firm.say(application.public_id, event="open")
    assert _refusal(answer) == "page.glyph_missing"
    shown = firm.get("preview", application.public_id, follow=True)
    assert "cannot be printed" in text_of(shown)
    assert _is_draft(application)


def test_the_record_is_fetched_again_and_an_inactive_iec_stops_filing(
    firm: Firm, register: registry.RegistryHandle
) -> None:
    application = firm.complete()
    fetched_at = Exporter.objects.get(id=firm.exporter.id).record_fetched_at
    firm.say(application.public_id, event="open")
    assert Exporter.objects.get(id=firm.exporter.id).record_fetched_at > fetched_at
    register.firms.change(firm.exporter.iec, {"active": False})
    answer = firm.say(application.public_id, event="open")
    assert _refusal(answer).startswith("filing.") or "inactive" in _refusal(answer)
    assert "Nothing can be filed at present" in text_of(firm.get("list"))
    assert firm.post("start", data={"agreement": "NP", "shipment": "before"}).status_code == 409
    assert _is_draft(application)


def test_an_office_that_closed_meanwhile_is_named_before_signing(firm: Firm) -> None:
    application = firm.complete()
    firm.agency.mumbai.is_open = False
    firm.agency.mumbai.save()
    assert _refusal(firm.say(application.public_id, event="open")) == "application.office_closed"


def test_the_signing_page_may_reach_the_agent_and_no_other_page_may(firm: Firm, settings: Any) -> None:
    application = firm.complete()
    page = firm.get("sign", application.public_id)
    assert settings.AGENT_URL in page["Content-Security-Policy"]
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert page["Referrer-Policy"] == "origin"
    other = firm.get("check", application.public_id)
    assert settings.AGENT_URL not in other["Content-Security-Policy"]


def test_the_version_and_the_day_stand_in_what_is_signed(firm: Firm) -> None:
    application = firm.complete()
    _identifier, content = firm.shown_bytes(application.public_id)
    read = read_application(content)
    assert read.version == 1
    assert read.declaration.name == "Ravi Menon"
    assert read.exporter.gstin
    assert "Viet" in read.declaration.text
