"""Truncated, oversized, wrong-type and hostile values on every page: a clear answer, never a failure, never a changed row."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.hostile.samples import SAMPLES
from tests.rooms.registration.applicant import Applicant, text_of_page
from tests.rooms.registration.firms import register_firm
from udgam.flow.registration import urls
from udgam.flow.registration.models import Exporter, ExporterBranch, NearMiss, Registration

pytestmark = pytest.mark.django_db

HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "'; DROP TABLE registration_exporter; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% now %}",
    "%s%n%x",
    "../../../etc/passwd",
    "x" * 20_000,
    "१२३४५६",
    "٠١٢٣٤٥",
    "\u202e\u200b\ufeff",
    "-1",
    "1e309",
    "null",
    "[]",
    '{"a":' * 500,
]
TOKENS = [
    *HOSTILE,
    json.dumps([]),
    json.dumps({"format": "web-eid:1.0"}),
    json.dumps({"unverifiedCertificate": "AAAA"}),
    "{" * 9000,
]
FIELDS: dict[str, list[str]] = {
    "check-token": ["iec", "token", "nonce"],
    "token": ["iec", "token", "nonce", "back"],
    "contact": ["mobile", "email"],
    "codes": ["mobile", "email"],
    "resend": ["channel"],
    "declaration": ["agree", "version", "form_token", "read_in"],
    "details": ["gstin_0", "is_sez_0", "sez_state_0", "aeo"],
    "waiting": ["x"],
    "resend-password": ["x"],
    "update-email": ["iec", "token", "nonce"],
    "update-email-address": ["email"],
    "update-email-code": ["code", "send"],
    "update-email-waiting": ["x"],
    "my-iec-fetch": ["x"],
    "my-iec-branches": ["gstin_0", "is_sez_0", "sez_state_0"],
    "my-iec-contact": ["code", "send"],
    "consent": ["do", "agree", "version", "form_token", "read_in"],
    "near-miss": ["reason", "decision", "document"],
}
READ_ONLY = {
    "start", "notice", "refused", "done", "arrive", "my-iec", "near-misses", "update-email-done", "update-email-refused",
}  # fmt: skip
# Pages for people who are signed in: the walk in tests/rooms/hostile sends them everything that is sent here, and more.
WALKED = {
    "people", "people-invite", "people-invitation", "people-role", "people-end", "people-token", "keys", "key-revoke",
    "firms", "join",
}  # fmt: skip


def test_every_page_of_the_room_has_a_hostile_input_test() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == set(FIELDS) | READ_ONLY | WALKED
    assert {f"registration:{name}" for name in WALKED} <= set(SAMPLES)


def _everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the room but those that record an attempt to type something."""
    kept = {
        "Exporter", "ExporterBranch", "Membership", "DeclarationConsent", "NearMiss", "ContactChange", "TokenEvidence",
    }  # fmt: skip
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("registration").get_models()
        if model.__name__ in kept
    }


def _send(client: Client, name: str, fields: list[str], *args: str) -> None:
    address = reverse(f"registration:{name}", args=args)
    for value in TOKENS if "token" in fields else HOSTILE:
        for field in fields:
            response = client.post(address, {field: value})
            assert response.status_code < 500, (name, field, value[:40])
        response = client.post(address, dict.fromkeys(fields, value))
        assert response.status_code < 500, (name, value[:40])
        assert "<script>alert(1)" not in text_of_page(response)
    for body, kind in (
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"[]", "application/json"),
        (b"--x", "multipart/form-data; boundary=x"),
    ):
        assert client.post(address, body, content_type=kind).status_code < 500, (name, kind)
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(address).status_code in (302, 403, 404, 405), (name, method)
    assert client.get(address, {"next": "x" * 5000, "page": "\x00", "state": "%00", "x": "\x00"}).status_code < 500


@pytest.mark.parametrize("name", ["check-token", "token", "update-email"])
def test_pages_with_a_token_button(applicant: Applicant, name: str) -> None:
    before = _everything()
    _send(applicant.client, name, FIELDS[name])
    assert _everything() == before
    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["contact", "codes", "resend", "declaration", "details"])
def test_pages_of_the_way(applicant: Applicant, name: str) -> None:
    page = {"resend": "codes"}.get(name, name)
    applicant.walk_to(page)
    stage, before = applicant.attempt.stage, _everything()
    _send(applicant.client, name, FIELDS[name])
    assert applicant.attempt.stage == stage
    assert _everything() == before


def test_pages_of_a_waiting_and_of_a_finished_attempt(applicant: Applicant) -> None:
    applicant.walk_to("done")
    before = _everything()
    for name in ("waiting", "resend-password", "done", "refused"):
        _send(applicant.client, name, FIELDS.get(name, ["x"]))
    assert _everything() == before


@pytest.mark.parametrize("name", ["update-email-address", "update-email-code", "update-email-waiting"])
def test_pages_of_a_change_of_address(applicant: Applicant, name: str) -> None:
    register_firm("spices")
    applicant.post("update-email", {"iec": "0305900017", **applicant.answer("update-email", "exporter")})
    before = _everything()
    _send(applicant.client, name, FIELDS[name])
    for page in ("update-email-done", "update-email-refused"):
        _send(applicant.client, page, ["x"])
    assert _everything() == before


@pytest.mark.parametrize("name", ["my-iec-branches", "consent", "my-iec", "arrive"])
def test_pages_of_a_registered_firm(name: str) -> None:
    _exporter, person = register_firm("spices")
    if name == "my-iec-branches":
        ExporterBranch.objects.update(gstin="")
    client = Client()
    sign_in(client, person)
    before = _everything()
    fields = [field for field in FIELDS.get(name, ["x"]) if field != "do"]
    _send(client, name, fields)
    assert _everything() == before


def test_a_hostile_channel_and_code_of_a_changed_contact() -> None:
    _exporter, person = register_firm("spices")
    Exporter.objects.update(email="old@malabar-monsoon.example")
    client = Client()
    sign_in(client, person)
    before = _everything()
    _send(client, "my-iec-contact", ["code"], "email")
    for channel in ("mobile", "x", "email-", "0"):
        assert client.get(reverse("registration:my-iec-contact", args=[channel])).status_code == 302
    assert _everything() == before


def test_the_fetch_button_with_hostile_fields() -> None:
    _exporter, person = register_firm("spices")
    client = Client()
    sign_in(client, person)
    _send(client, "my-iec-fetch", ["x"])
    assert Exporter.objects.count() == 1


def test_pages_of_the_administrator(applicant: Applicant) -> None:
    applicant.show_token(token="near-miss")
    row = NearMiss.objects.get()
    client = Client()
    sign_in(client, make_person("administrator", username="administrator"), stepped_up=True)
    before = _everything()
    _send(client, "near-misses", ["x"])
    for value in HOSTILE:
        for field in ("document", "decision"):
            answer = client.post(reverse("registration:near-miss", args=[row.public_id]), {field: value})
            assert answer.status_code < 500
    assert (
        client.post(
            reverse("registration:near-miss", args=[row.public_id]), {"reason": "a\x00b", "decision": "open"}
        ).status_code
        < 500
    )
    assert client.get("/register/near-misses/not-a-uuid/").status_code == 404
    assert (
        client.get(reverse("registration:near-miss", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404
    )
    assert _everything() == before


@pytest.mark.parametrize("name", ["start", "notice"])
def test_public_pages(name: str) -> None:
    _send(Client(), name, ["x"])
    assert Client().get(reverse(f"registration:{name}")).status_code == 200


def test_a_session_that_names_a_vanished_attempt_begins_again(applicant: Applicant) -> None:
    session = applicant.client.session
    session["registration.attempt"] = "00000000-0000-4000-8000-000000000000"
    session["registration.change"] = "00000000-0000-4000-8000-000000000000"
    session.save()
    applicant.client.cookies["sessionid"] = session.session_key or ""
    assert applicant.get("contact").headers["Location"] == reverse("registration:token")
    assert applicant.get("update-email-code").headers["Location"] == reverse("registration:update-email")
    assert timezone.now()


@pytest.mark.parametrize("page", ["check-token", "token", "update-email"])
@pytest.mark.parametrize("nonce", ["a\x00b", "\x00", "a" * 20_000, "१२३४", "\u202e"])
def test_a_nonce_that_was_never_given_is_unknown_however_it_is_spelled(page: str, nonce: str) -> None:
    client = Client()
    address = reverse(f"registration:{page}")
    client.get(address)
    assert client.post(address, {"iec": "0305900017", "token": "{}", "nonce": nonce}).status_code == 200
