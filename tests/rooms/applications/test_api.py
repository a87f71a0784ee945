"""A firm's programs: what a key opens, what it does not, and drafts made by a program are those of the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import sign_in
from tests.rooms.examination.cases import Filer, make_agency, make_office
from tests.rooms.registration.colleagues import join_firm
from udgam.flow.applications.models import Application
from udgam.flow.registration import api_keys, services
from udgam.flow.registration.models import FirmKey, Membership
from udgam.ground.audit.queries import acts_of
from udgam.ground.pages.limits import Limit
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies.models import Office

pytestmark = pytest.mark.django_db
LINE = {
    "description": "Turmeric powder",
    "hs_code": "0910.30",
    "marks": "MM 1-10",
    "packages": "10",
    "package_kind": "bags",
    "quantity": "500",
    "unit": "KGM",
    "gross_weight": "510",
    "fob": "1200.50",
    "currency": "USD",
}
CONSIGNEE = {
    "consignee_name": "Savanna Foods Limited",
    "consignee_address": "Harbour Road 14\nMombasa",
    "consignee_country": "KE",
    "destination": "KE",
}


@pytest.fixture
def filer() -> Filer:
    return Filer("spices")


@pytest.fixture
def office() -> Office:
    return make_office(make_agency(), "Mumbai")


def key_of(filer: Filer, scope: str = "draft") -> str:
    return services.make_key(
        exporter=filer.exporter,
        name="Ledger",
        scope=scope,
        person=filer.person,
        actor=actor_of(filer.person),
        now=timezone.now(),
    )[1]


class Program:
    """A program with a key."""

    def __init__(self, key: str) -> None:
        self.client, self.key = Client(), key

    def ask(self, method: str, path: str, body: Any = None) -> HttpResponse:
        return self.client.generic(
            method,
            f"/api/applications{path}",
            json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}"},
        )


def test_a_program_begins_fills_and_reads_a_draft(filer: Filer, office: Office) -> None:
    program = Program(key_of(filer))
    made = program.ask("POST", "", {"agreement": "NP", "shipment": "before"})
    assert made.status_code == 201, made.content
    draft = made.json()
    filled = program.ask("PUT", f"/{draft['id']}/sections/consignee", {"edit": draft["edit"], "values": CONSIGNEE})
    assert filled.status_code == 200, filled.content
    edit = filled.json()["edit"]
    assert edit > draft["edit"]
    added = program.ask("POST", f"/{draft['id']}/items", {"edit": edit, "values": LINE})
    assert added.status_code == 200, added.content
    assert added.json()["items"][0]["hs_code"] == "091030"
    states = {each["name"]: each["is_complete"] for each in added.json()["sections"]}
    assert states["consignee"]
    assert not states["documents"]
    row = Application.objects.get()
    assert (row.exporter, row.created_by, row.state) == (filer.exporter, filer.person, "draft")
    changed = program.ask(
        "PUT", f"/{draft['id']}/items/1", {"edit": added.json()["edit"], "values": {**LINE, "fob": "10"}}
    )
    assert changed.json()["items"][0]["fob"] == "10.00"
    gone = program.ask("DELETE", f"/{draft['id']}/items/1?edit={changed.json()['edit']}")
    assert gone.json()["items"] == []
    listed = program.ask("GET", "?state=draft").json()
    assert (listed["total"], listed["applications"][0]["id"]) == (1, draft["id"])


def test_what_does_not_fit_is_named_field_by_field_and_changes_nothing(filer: Filer, office: Office) -> None:
    program, row = Program(key_of(filer)), filer.draft(office)
    wrong = program.ask(
        "PUT",
        f"/{row.public_id}/sections/consignee",
        {"edit": row.edit, "values": {**CONSIGNEE, "destination": "IN", "consignee_name": ""}},
    )
    assert wrong.status_code == 422
    assert set(wrong.json()["fields"]) == {"destination", "consignee_name"}
    stale = program.ask("PUT", f"/{row.public_id}/sections/consignee", {"edit": 0, "values": CONSIGNEE})
    assert (stale.status_code, stale.json()["reason"]) == (409, "application.edited_elsewhere")
    assert program.ask("PUT", f"/{row.public_id}/sections/nothing", {"edit": 0, "values": {}}).status_code == 404
    assert program.ask("PUT", f"/{row.public_id}/sections/consignee", {"values": {}}).status_code == 422
    edit = row.edit
    row.refresh_from_db()
    assert row.edit == edit


def test_a_key_that_reads_drafts_nothing(filer: Filer, office: Office) -> None:
    program, row = Program(key_of(filer, "read")), filer.draft(office)
    assert program.ask("GET", f"/{row.public_id}").status_code == 200
    for method, path, body in (
        ("POST", "", {"agreement": "NP", "shipment": "before"}),
        ("PUT", f"/{row.public_id}/sections/consignee", {"edit": row.edit, "values": CONSIGNEE}),
        ("POST", f"/{row.public_id}/items", {"edit": row.edit, "values": LINE}),
        ("DELETE", f"/{row.public_id}/items/1?edit={row.edit}", None),
    ):
        assert program.ask(method, path, body).status_code == 403
    assert Application.objects.count() == 1


def test_another_firms_application_does_not_exist(filer: Filer, office: Office) -> None:
    foreign = Filer("mango").draft(office)
    program = Program(key_of(filer))
    for answer in (
        program.ask("GET", f"/{foreign.public_id}"),
        program.ask("GET", f"/{uuid4()}"),
        program.ask("PUT", f"/{foreign.public_id}/sections/consignee", {"edit": foreign.edit, "values": CONSIGNEE}),
    ):
        assert answer.status_code == 404
        assert answer.json()["reason"] == "api.not_found"
    assert program.ask("GET", "").json()["total"] == 0


def test_a_key_opens_one_firm_whatever_else_its_maker_may_read(filer: Filer, office: Office) -> None:
    mango = Filer("mango")
    foreign, own = mango.draft(office), filer.draft(office)
    program = Program(key_of(filer))
    Membership.objects.create(
        exporter=mango.exporter, person=filer.person, role="broker", holder_name="x", since=timezone.now()
    )
    listed = json.loads(program.ask("GET", "").content)
    assert [row["id"] for row in listed["applications"]] == [str(own.public_id)]
    assert listed["total"] == 1
    assert program.ask("GET", f"/{foreign.public_id}").status_code == 404
    change = {"edit": foreign.edit, "values": {}}
    assert program.ask("PUT", f"/{foreign.public_id}/sections/consignee", change).status_code == 404


def test_what_was_signed_is_not_changed_by_a_program(filer: Filer, office: Office) -> None:
    row = filer.submitted(office)
    answer = Program(key_of(filer)).ask(
        "PUT", f"/{row.public_id}/sections/consignee", {"edit": row.edit, "values": CONSIGNEE}
    )
    assert (answer.status_code, answer.json()["reason"]) == (409, "application.not_editable")


def test_wrong_expired_and_revoked_keys_get_one_answer(filer: Filer) -> None:
    good = key_of(filer)
    row = FirmKey.objects.get()
    assert good not in (row.secret_sha256, row.hint)
    answers = [Program(bad).ask("GET", "") for bad in ("", "udgam_x", good[:-1], good.upper())]
    assert Program(good).ask("GET", "").status_code == 200
    FirmKey.objects.update(expires_at=row.made_at + timedelta(microseconds=1))
    answers.append(Program(good).ask("GET", ""))
    FirmKey.objects.update(expires_at=row.expires_at, revoked_at=timezone.now())
    answers.append(Program(good).ask("GET", ""))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_a_key_ends_with_the_membership_of_its_maker(filer: Filer) -> None:
    second = join_firm(filer, role="signatory", name="Lakshmi Pillai")
    key = key_of(filer)
    services.end_membership(
        membership=Membership.objects.get(person=filer.person, until__isnull=True),
        person=second.person,
        actor=actor_of(second.person),
        now=timezone.now(),
    )
    assert Program(key).ask("GET", "").status_code == 401


def test_a_key_and_a_place_have_limits(filer: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "KEY_LIMIT", Limit("few-with-key", 1, 60))
    monkeypatch.setattr(api_keys, "WRONG_KEY_LIMIT", Limit("few-wrong-keys", 1, 60))
    program = Program(key_of(filer))
    assert [program.ask("GET", "").status_code for _ in range(2)] == [200, 429]
    assert [Program("wrong").ask("GET", "").status_code for _ in range(2)] == [401, 429]


def test_signatories_make_and_revoke_keys_on_a_page_and_drafters_do_not(filer: Filer) -> None:
    boss, drafter = Client(), Client()
    sign_in(boss, filer.person, stepped_up=True)
    sign_in(drafter, join_firm(filer).person, stepped_up=True)
    address = reverse("registration:keys")
    assert drafter.get(address).status_code == 404
    page = boss.post(address, {"name": "Ledger", "scope": "read"}).content.decode()
    key = page.split('id="new-key">')[1].split("<")[0]
    assert Program(key).ask("GET", "").status_code == 200
    assert key not in boss.get(address).content.decode()
    row = FirmKey.objects.get()
    assert boss.post(reverse("registration:key-revoke", args=[row.public_id])).status_code == 302
    assert Program(key).ask("GET", "").status_code == 401
    acts = [line.act for line in acts_of(f"exporter:{filer.exporter.public_id}")]
    assert acts[-2:] == ["exporter.key_made", "exporter.key_revoked"]


def test_cookies_open_nothing_here(filer: Filer) -> None:
    client = Client()
    sign_in(client, filer.person, stepped_up=True)
    assert client.get("/api/applications").status_code == 401


@pytest.mark.parametrize("words", ["turmeric", "0910", "09", "नमस्ते", "%_\\"])
def test_the_search_for_codes_answers_in_its_form(words: str) -> None:
    answer = Client().get("/api/hs", {"words": words})
    assert answer.status_code == 200
    assert answer.json()["edition"] == "2022"


def test_the_agreements_say_whether_they_are_on() -> None:
    rows = {row["code"]: row for row in Client().get("/api/agreements").json()}
    assert rows["NP"]["is_on"]
    assert all(row["off_because"] for row in rows.values() if not row["is_on"])
    assert Client().get("/api/agreements/NP").json() == rows["NP"]
    assert Client().get("/api/agreements/XX").status_code == 404
