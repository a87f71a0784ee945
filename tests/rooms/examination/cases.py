"""Cases on a desk, made by the services alone: no network, no pages, so that a hundred of them are quickly there."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.rooms.accounts.people import sign_in
from tests.rooms.documents.files import pdf
from tests.rooms.registration.attempts import shown
from tests.rooms.registration.firms import certificate_for, register_firm
from udgam.flow.applications import services
from udgam.flow.applications.models import Application
from udgam.flow.registration.models import Exporter
from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, Office
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.services import appoint_officer, authorise_office, create_agency, create_office
from udgam.rules.numbers import indian_date

ACTOR = SystemActor("tests")
_numbers = count(1)


HINDI = {
    "Sahyadri Export Council": "सह्याद्रि निर्यात परिषद",
    "Nilgiri Trade Chamber": "नीलगिरि व्यापार मंडल",
    "Mumbai": "मुंबई कार्यालय",
    "Pune": "पुणे कार्यालय",
    "Ooty": "ऊटी कार्यालय",
}


def make_agency(code: str = "SEC", name: str = "Sahyadri Export Council") -> Agency:
    hindi = HINDI.get(name, "")
    return create_agency(code=code, name=name, name_hindi=hindi, registered_name=name, actor=ACTOR, now=timezone.now())


def make_office(agency: Agency, town: str) -> Office:
    now = timezone.now()
    office = create_office(
        agency=agency,
        code=f"{agency.code}-{town[:3].upper()}",
        name=f"{town} Office",
        name_hindi=HINDI.get(town, ""),
        address=f"2 Harbour Road\n{town} 400001",
        actor=ACTOR,
        now=now,
    )
    day = indian_date(now) - timedelta(days=30)
    authorise_office(office=office, agreement="NP", valid_from=day, actor=ACTOR, now=now)
    return office


def make_officer(office: Office, name: str = "Meera Kulkarni", role: str = Post.Role.SIGNATORY) -> Person:
    post = appoint_officer(
        office=office,
        role=role,
        username=f"{name.split(maxsplit=1)[0].lower()}.{next(_numbers)}",
        name=name,
        designation="Assistant Director",
        email=f"{name.split(maxsplit=1)[0].lower()}@sahyadri.example",
        actor=ACTOR,
        now=timezone.now(),
        with_password=False,
    )
    return post.person


def browser_of(person: Person, *, stepped_up: bool = False) -> Client:
    client = Client()
    sign_in(client, person, stepped_up=stepped_up)
    return client


def answer_all(application: Application, text: str) -> None:
    """Answer every open question of the office with the same words."""
    application.refresh_from_db()
    question = application.discrepancies.get(answered_at__isnull=True)
    answers = {point.position: text for point in question.points.all()}
    services.save_answer(application=application, edit=application.edit, answers=answers, now=timezone.now())
    application.refresh_from_db()


class Filer:
    """A registered firm that files applications."""

    def __init__(self, key: str = "spices") -> None:
        self.exporter: Exporter
        self.exporter, self.person = register_firm(key)
        self.branch = self.exporter.branches.order_by("code").first()
        self.certificate = certificate_for(self.person.name, iec=self.exporter.iec)

    def draft(
        self, office: Office, *, invoice: str = "MM/26-27/0041", lines: int = 1, agreement: str = "NP"
    ) -> Application:
        now, actor = timezone.now(), actor_of(self.person)
        application = services.start_application(
            exporter=self.exporter, person=self.person, agreement=agreement, actor=actor, now=now
        )
        services.save_section(application=application, edit=0, values=self._answers(office, now), now=now)
        day = indian_date(now) - timedelta(days=2)
        services.save_invoice(application=application, edit=1, number=invoice, date=day, now=now)
        for line in range(lines):
            services.save_item(application=application, edit=2 + line, position=None, values=_LINE, now=now)
        for edit, kind in enumerate(("invoice", "packing-list"), start=2 + lines):
            services.attach_document(
                application=application,
                edit=edit,
                kind=kind,
                title=kind.capitalize(),
                upload=SimpleUploadedFile(f"{kind}.pdf", pdf()),
                actor=actor,
                now=now,
            )
        application.refresh_from_db()
        if agreement != "NP":
            self._claim_all(application, now)
        return application

    def _claim_all(self, application: Application, now: datetime) -> None:
        """Every line is wholly obtained, as computed and as claimed."""
        for row in application.items.order_by("position"):
            common: dict[str, Any] = {"application": application, "position": row.position, "now": now}
            values = {"wholly_obtained": True}
            services.save_cost_sheet(edit=application.edit, values=values, **common)
            application.refresh_from_db()
            services.save_claim(
                edit=application.edit, criterion="WO", text="", finding_sha256="", qualifies=True, reason="", **common
            )
            application.refresh_from_db()

    def sign(self, application: Application, *, now: datetime | None = None) -> Application:
        """Submit the application as its person would with a token; the signature itself is made up."""
        now = now or timezone.now()
        submission = services.prepare_submission(application=application, person=self.person, now=now)
        held = shown(self.certificate)
        signature = services.CheckedSignature(
            cms=b"made up", certificate_sha256=held.facts.sha256, holder=self.person.name, signed_at=now, shown=held,
            decision=None,
        )  # fmt: skip
        services.submit(submission=submission, signature=signature, actor=actor_of(self.person), now=now)
        application.refresh_from_db()
        return application

    def submitted(self, office: Office, **more: Any) -> Application:
        return self.sign(self.draft(office, **more))

    def _answers(self, office: Office, now: datetime) -> dict[str, Any]:
        assert self.branch is not None
        return {
            "office_id": office.id,
            "branch_id": self.branch.id,
            "consignee_name": "Mekong Spice Trading Co.",
            "consignee_address": "12 Nguyen Hue\nHo Chi Minh City",
            "consignee_country": "VN",
            "destination": "VN",
            "shipment": "before",
            "transport_mode": "sea",
            "vessel": "MV Neela Sagar",
            "departure": indian_date(now) + timedelta(days=4),
            "port_of_loading": "Cochin (INCOK)",
            "port_of_discharge": "Ho Chi Minh City",
            "route": "via Colombo",
            "goods_at": "Our warehouse, Kochi",
            "grounds": "Grown in Kerala, cleaned and packed there.",
            "place": "Kochi",
            "declarant_name": "Ravi Menon",
            "declarant_designation": "Director",
        }


_LINE: dict[str, Any] = {
    "description": "Organic turmeric powder, food grade",
    "hs_code": "091030",
    "marks": "MM/HCM/1-100",
    "packages": 100,
    "package_kind": "cartons",
    "quantity": Decimal("2500.5"),
    "unit": "KGM",
    "gross_weight": Decimal(2600),
    "fob": Decimal("12600.00"),
    "currency": "USD",
}
