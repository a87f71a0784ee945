"""A firm at its browser: fills in, uploads, checks, signs, as a person would; every request goes through the pages."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.documents.files import pdf
from tests.rooms.registration.firms import register_firm
from udgam.flow.applications.models import Application
from udgam.flow.registration.models import Exporter, Membership
from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.services import appoint_officer, authorise_office, create_agency, create_office
from udgam.rules.numbers import indian_date
from udgam.sandbox.authority import AuthorityHandle, load_token
from udgam.signing.trust import detached

ACTOR = SystemActor("tests")
NUMBER = re.compile(r"SEC/\d{4}/016/\d{7}A")


@dataclass
class Agency:
    """Two offices, each with an officer."""

    mumbai: Office
    pune: Office
    officer: Person
    officer_elsewhere: Person


def make_agency() -> Agency:
    now = timezone.now()
    agency = create_agency(
        code="SEC", name="Sahyadri Export Council", registered_name="Sahyadri Export Council", actor=ACTOR, now=now
    )
    offices = []
    for code, town in (("SEC-MUM", "Mumbai"), ("SEC-PUN", "Pune")):
        office = create_office(agency=agency, code=code, name=f"{town} Office", address=town, actor=ACTOR, now=now)
        authorise_office(office=office, agreement="NP", valid_from=date(2026, 1, 1), actor=ACTOR, now=now)
        offices.append(office)
    people = [
        appoint_officer(
            office=office,
            role=Post.Role.SIGNATORY,
            username=f"officer-{office.code}",
            name=name,
            designation="Assistant Director",
            email=f"{office.code.lower()}@sahyadri.example",
            actor=ACTOR,
            now=now,
            with_password=False,
        ).person
        for office, name in zip(offices, ("Meera Kulkarni", "Arjun Shinde"), strict=True)
    ]
    return Agency(*offices, *people)


class Firm:
    """A firm's person with browser and token."""

    def __init__(self, client: Client, person: Person, exporter: Exporter, agency: Agency, token: Any) -> None:
        self.client, self.person, self.exporter, self.agency, self.token = client, person, exporter, agency, token

    # ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────
    def address(self, name: str, *args: Any) -> str:
        return reverse(f"applications:{name}", args=args)

    def get(self, name: str, *args: Any, **options: Any) -> HttpResponse:
        return self.client.get(self.address(name, *args), **options)

    def post(self, name: str, *args: Any, data: dict[str, Any] | None = None, **options: Any) -> HttpResponse:
        return self.client.post(self.address(name, *args), data or {}, **options)

    # ── filling in ───────────────────────────────────────────────────────────────────────────────────────────────────
    def start(self, agreement: str = "NP", shipment: str = "before") -> Application:
        before = set(Application.objects.values_list("id", flat=True))
        answer = self.post("start", data={"agreement": agreement, "shipment": shipment})
        assert answer.status_code == 302, answer.content.decode()
        return Application.objects.exclude(id__in=before).get()

    def answers(self) -> dict[str, dict[str, Any]]:
        """Good answers for every section with one form."""
        today = indian_date(timezone.now())
        return {
            "certificate": {"agreement": "NP", "shipment": "before"},
            "office": {"office_id": self.agency.mumbai.id},
            "exporter": {"branch_id": self.exporter.branches.order_by("code").first().id},  # type: ignore[union-attr]
            "consignee": {
                "consignee_name": "Mekong Spice Trading Co.",
                "consignee_address": "12 Nguyen Hue\r\nHo Chi Minh City",
                "consignee_country": "VN",
                "destination": "VN",
            },
            "transport": {
                "transport_mode": "sea",
                "vessel": "MV Neela Sagar",
                "departure": (today + timedelta(days=4)).isoformat(),
                "port_of_loading": "Cochin (INCOK)",
                "port_of_discharge": "Ho Chi Minh City",
                "route": "via Colombo",
            },
            "invoice": {"number": "MM/26-27/0041", "date": (today - timedelta(days=2)).isoformat()},
            "declaration": {
                "goods_at": "Our warehouse, Kochi",
                "grounds": "Grown in Kerala, cleaned and packed there.",
                "comments": "",
                "place": "Kochi",
                "declarant_name": "Ravi Menon",
                "declarant_designation": "Director",
            },
        }

    @property
    def line(self) -> dict[str, Any]:
        """A good line of goods."""
        return {
            "description": "Organic turmeric powder, food grade",
            "hs_code": "0910.30",
            "marks": "MM/HCM/1-100",
            "packages": "100",
            "package_kind": "cartons",
            "quantity": "2,500.50",
            "unit": "KGM",
            "gross_weight": "2600",
            "fob": "12,600.00",
            "currency": "USD",
        }

    def edit(self, public_id: UUID) -> int:
        return Application.objects.get(public_id=public_id).edit

    def fill(self, public_id: UUID, name: str, **changed: Any) -> HttpResponse:
        data = {"edit": self.edit(public_id), **self.answers()[name], **changed}
        return self.post("section", public_id, name, data=data)

    def add_line(self, public_id: UUID, **changed: Any) -> HttpResponse:
        return self.post("item-add", public_id, data={"edit": self.edit(public_id), **self.line, **changed})

    def upload(self, public_id: UUID, kind: str, content: bytes | None = None, name: str = "paper.pdf") -> HttpResponse:
        file = SimpleUploadedFile(name, pdf() if content is None else content)
        data = {"edit": self.edit(public_id), "kind": kind, "title": "", "file": file}
        return self.post("documents", public_id, data=data)

    def complete(self) -> Application:
        """A draft with every section filled in."""
        application = self.start()
        for name in self.answers():
            answer = self.fill(application.public_id, name)
            assert answer.status_code == 302, (name, answer.content.decode())
        assert self.add_line(application.public_id).status_code == 302
        for kind in ("invoice", "packing-list"):
            assert self.upload(application.public_id, kind).status_code == 302, kind
        application.refresh_from_db()
        return application

    # ── signing ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def say(self, public_id: UUID, **event: Any) -> HttpResponse:
        return self.client.post(self.address("conversation", public_id), event, content_type="application/json")

    def signature(self, content: bytes, token: Any | None = None) -> str:
        """What the agent returns for these bytes: a detached CAdES-BES signature, base64."""
        held = token or self.token
        cms = detached.sign(content, key=held.key, certificate=held.certificate, signing_time=timezone.now())
        return base64.b64encode(cms).decode()

    def shown_bytes(self, public_id: UUID, token: Any | None = None) -> tuple[str, bytes]:
        """Open the conversation and name the certificate; answers the item's id and the bytes to sign."""
        opened = self.say(public_id, event="open").json()
        assert "items" in opened, opened
        held = token or self.token
        chosen = self.say(public_id, event="certificate", certificate=base64.b64encode(held.der).decode()).json()
        assert "next" in chosen, chosen
        return chosen["next"]["id"], base64.b64decode(chosen["next"]["data"])

    def sign(self, public_id: UUID, token: Any | None = None) -> HttpResponse:
        identifier, content = self.shown_bytes(public_id, token)
        return self.say(public_id, event="signed", id=identifier, result=self.signature(content, token))

    def submitted(self) -> Application:
        application = self.complete()
        answer = self.sign(application.public_id)
        assert "done" in answer.json(), answer.json()
        application.refresh_from_db()
        return application


def make_firm(ca: AuthorityHandle, agency: Agency, *, key: str = "spices", token: str = "exporter") -> Firm:
    """A registered firm of the cast, signed in, with its own token."""
    loaded = load_token(ca.authority.folder, token)
    exporter, person = register_firm(key, certificate=loaded.certificate)
    client = Client()
    sign_in(client, person)
    return Firm(client, person, exporter, agency, loaded)


def colleague_of(firm: Firm, ca: AuthorityHandle) -> Firm:
    """Somebody else of the same firm, at another browser, with another token."""
    loaded = load_token(ca.authority.folder, "colleague")
    person = make_person(username="lakshmi", name="Lakshmi Pillai", email="lakshmi@malabar-monsoon.example")
    Membership.objects.create(exporter=firm.exporter, person=person, holder_name="Lakshmi Pillai", since=timezone.now())
    client = Client()
    sign_in(client, person)
    return Firm(client, person, firm.exporter, firm.agency, loaded)


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client
