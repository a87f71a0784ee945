"""One small world with something of everything, made once: two firms, two agencies, and a case in every state."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.fee_accounts import set_fee_account
from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.documents.files import pdf
from tests.rooms.examination.cases import ACTOR, Filer, make_agency, make_office, make_officer
from tests.rooms.registration.attempts import shown
from tests.rooms.registration.colleagues import join_firm
from tests.rooms.registration.firms import agreed_attempt, certificate_for, firm_record
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application, BookConsignee, BookProduct
from udgam.flow.issuance import services as issuance
from udgam.flow.issuance.models import Alarm, Certificate, CertificateRequest, SigningRun
from udgam.flow.payments import services as payments
from udgam.flow.payments.models import Order, Paper
from udgam.flow.registration.models import FirmKey, Invitation, Membership, NearMiss, Registration, TokenEvidence
from udgam.flow.registration.services import make_key
from udgam.ground.connectors.payment_gateways import AttemptFacts, CaptureFact
from udgam.ground.documents.models import Document
from udgam.ground.documents.rendering import Rendered
from udgam.ground.documents.services import examine_upload, keep_drawing
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Notice, OwnSession, Person
from udgam.parties.agencies.models import Agency, AgencyRequest, FeeAccountChange, Leave, Office, WaitingToken
from udgam.parties.agencies.models import Officer as Post
from udgam.parties.agencies.services import (
    authorise_office,
    enter_leave,
    offer_token,
    propose_fee_account,
    request_admission,
)
from udgam.rules.binding import Decision
from udgam.rules.numbers import indian_date

ATTEMPT = "registration.attempt"
STATES = ("draft", "submitted", "under_examination", "discrepancy", "verification", "approved", "issued", "refused")


@dataclass
class World:
    """Who and what there is. `clients` holds one browser for each kind of visitor, signed in and with the token just shown."""

    agency: Agency
    office: Office
    filer: Filer
    other: Filer
    officer: Person
    agency_admin: Person
    administrator: Person
    cases: dict[str, Application] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    other_officer: Person = field(init=False)
    leave: Leave = field(init=False)
    foreign_leave: Leave = field(init=False)
    request: AgencyRequest = field(init=False)
    foreign_case: Application = field(init=False)
    # With a derivation of origin.
    derived: Application = field(init=False)
    foreign_derived: Application = field(init=False)
    foreign_post: Post = field(init=False)
    foreign_office: Office = field(init=False)
    waiting: WaitingToken = field(init=False)
    run: SigningRun = field(init=False)
    foreign_run: SigningRun = field(init=False)
    prepared: Certificate = field(init=False)
    issued: Certificate = field(init=False)
    foreign_prepared: Certificate = field(init=False)
    asked: CertificateRequest = field(init=False)
    alarm: Alarm = field(init=False)
    near_miss: NearMiss = field(init=False)
    notice: Notice = field(init=False)
    foreign_notice: Notice = field(init=False)
    colleague: Membership = field(init=False)
    foreign_member: Membership = field(init=False)
    invitation: Invitation = field(init=False)
    foreign_invitation: Invitation = field(init=False)
    key: FirmKey = field(init=False)
    foreign_key: FirmKey = field(init=False)
    attempt: Registration = field(init=False)
    book: BookConsignee = field(init=False)
    foreign_book: BookConsignee = field(init=False)
    product: BookProduct = field(init=False)
    foreign_product: BookProduct = field(init=False)
    order: Order = field(init=False)
    foreign_order: Order = field(init=False)
    paper: Paper = field(init=False)
    foreign_paper: Paper = field(init=False)
    # Where the agency's fees shall go, which waits for the platform.
    fee_account: FeeAccountChange = field(init=False)

    def case(self, state: str) -> UUID:
        return self.cases[state].public_id

    @property
    def document(self) -> UUID:
        return self.cases["draft"].documents.first().document_id  # type: ignore[union-attr]

    @property
    def foreign_document(self) -> UUID:
        return self.foreign_draft.documents.first().document_id  # type: ignore[union-attr]

    @property
    def upload(self) -> UUID:
        """A table of goods that waits to be read."""
        return self.cases["draft"].bulk_uploads.get().public_id

    @property
    def foreign_draft(self) -> Application:
        return Application.objects.get(exporter=self.other.exporter, state="draft")

    @property
    def session(self) -> UUID:
        return OwnSession.objects.get(person=self.filer.person).public_id

    @property
    def foreign_session(self) -> UUID:
        return OwnSession.objects.get(person=self.officer).public_id

    @property
    def post(self) -> Post:
        return Post.objects.get(person=self.officer)


def make_world() -> World:
    agency, elsewhere = make_agency(), make_agency("NTC", "Nilgiri Trade Chamber")
    office, foreign_office = make_office(agency, "Mumbai"), make_office(elsewhere, "Ooty")
    foreign_officer = make_officer(foreign_office, "Suma Rao")
    world = World(
        agency=agency,
        office=office,
        filer=Filer("spices"),
        other=Filer("mango"),
        officer=make_officer(office),
        agency_admin=make_officer(office, "Prakash Joshi", "administrator"),
        administrator=make_person("administrator", username="root", name="Nandini Rao"),
    )
    world.other_officer = make_officer(office, "Arjun Shinde", "examiner")
    world.foreign_office, world.foreign_post = foreign_office, Post.objects.get(person=foreign_officer)
    _agencies(world)
    _browsers(world, foreign_officer)
    _cases(world, foreign_office)
    _tokens(world)
    _certificates(world, foreign_officer)
    _attempt(world)
    _money(world)
    _people(world)
    return world


def _agencies(world: World) -> None:
    """Leaves that are still to come, and a body that asks to be admitted."""
    now, later = timezone.now(), indian_date(timezone.now()) + timedelta(days=20)
    common = {"since": later, "until": later, "stand_in": None, "reason": "", "actor": ACTOR, "now": now}
    world.leave = enter_leave(officer=world.post, **common)  # type: ignore[arg-type]
    world.foreign_leave = enter_leave(officer=world.foreign_post, **common)  # type: ignore[arg-type]
    values = {
        "code": "NEW",
        "name": "New Export Council",
        "registered_name": "New Export Council",
        "office_name": "Nagpur",
        "office_address": "Nagpur 440001",
        "agreements": ["NP"],
        "administrator_name": "Leela Desai",
        "administrator_username": "leela.nagpur",
        "administrator_email": "leela@new.example",
    }
    letter = examine_upload(upload=SimpleUploadedFile("letter.pdf", pdf()))
    world.request = request_admission(values=values, letter=letter, language="en", actor=ACTOR, now=now)


def _browsers(world: World, foreign_officer: Person) -> None:
    people = {
        "exporter": world.filer.person,
        "officer": world.officer,
        "agency_admin": world.agency_admin,
        "administrator": world.administrator,
    }
    for kind, person in people.items():
        world.clients[kind] = Client()
        sign_in(world.clients[kind], person, stepped_up=True)
    sign_in(Client(), foreign_officer, stepped_up=True)
    world.clients["nobody"] = Client()


def _cases(world: World, foreign_office: Office) -> None:
    now, actor = timezone.now(), actor_of(world.officer)
    for state in STATES:
        case = world.filer.draft(world.office, invoice=f"INV-{state}")
        if state != "draft":
            world.filer.sign(case)
        world.cases[state] = case
        if state == "draft":
            _rows_of_a_draft(case)
        if state in {"draft", "submitted"}:
            continue
        applications.take_up(application=case, person=world.officer, actor=actor, now=now)
        case.refresh_from_db()
        common = {"application": case, "person": world.officer, "actor": actor, "now": now}
        if state in {"approved", "issued"}:
            applications.approve(**common)
        elif state == "discrepancy":
            applications.raise_discrepancy(points=[applications.Point("items[0]", "Which?")], **common)
        elif state == "verification":
            applications.ask_verification(on=indian_date(now), place="The mill", purpose="See it.", **common)
        elif state == "refused":
            applications.refuse(reason="No.", **common)
        case.refresh_from_db()
    world.other.draft(foreign_office)
    world.foreign_case = world.other.submitted(foreign_office)
    day = indian_date(now)
    for office in (world.office, foreign_office):
        authorise_office(office=office, agreement="AIFTA", valid_from=day, actor=ACTOR, now=now)
    world.derived = world.filer.submitted(world.office, agreement="AIFTA", invoice="INV-derived")
    world.foreign_derived = world.other.submitted(foreign_office, agreement="AIFTA")


def _rows_of_a_draft(case: Application) -> None:
    """A material and a shipping bill, so that their pages exist."""
    now = timezone.now()
    material = {
        "description": "Turmeric fingers", "hs_code": "091030", "quantity": Decimal(2600), "unit": "KGM",
        "unit_value": Decimal("2.10"), "basis": "price-paid", "origin": "IN", "document_number": "INV 7",
        "document_date": indian_date(now), "supplier_name": "Wayanad Growers", "supplier_address": "Kalpetta",
    }  # fmt: skip
    applications.save_material(application=case, edit=case.edit, position=1, material=None, values=material, now=now)
    case.refresh_from_db()
    applications.keep_upload(application=case, person=case.created_by, name="goods.csv", content=b"line", now=now)
    bill = {"number": "7654321", "date": indian_date(now), "port": "INCOK1"}
    applications.save_shipping_bill(application=case, edit=case.edit, position=None, values=bill, now=now)
    case.refresh_from_db()


def _tokens(world: World) -> None:
    now = timezone.now()
    held = shown(certificate_for("Meera Kulkarni", iec=None, organisation="Sahyadri Export Council"))
    world.waiting = offer_token(
        officer=world.post,
        certificate=held.certificate,
        facts=held.facts,
        decision=Decision(allowed=True, rule="officer"),
        actor=ACTOR,
        now=now,
    )


def _certificates(world: World, foreign_officer: Person) -> None:
    now = timezone.now()

    def begun(case: Application, person: Person) -> tuple[SigningRun, Certificate]:
        token = person.tokens.get().sha256
        run = issuance.begin_run(
            applications=[case], person=person, token_sha256=token, actor=actor_of(person), now=now
        )
        entry = run.entries.get()
        assert entry.certificate is not None, entry.refusal
        return run, entry.certificate

    world.run, world.prepared = begun(world.cases["approved"], world.officer)
    _run, world.issued = begun(world.cases["issued"], world.officer)
    world.issued.file.save("made-up", ContentFile(pdf()), save=False)
    Certificate.objects.filter(id=world.issued.id).update(
        state="issued", cms=b"made up", file=world.issued.file.name, key_sha256="0" * 64, issued_at=now
    )
    Application.objects.filter(id=world.cases["issued"].id).update(
        state="issued",
        certificate_number=world.issued.number,
        certificate_id=world.issued.public_id,
        issued_at=now,
    )
    world.alarm = Alarm.objects.create(certificate=world.issued, code="file.changed", raised_at=now, seen_at=now)
    world.asked = issuance.ask_office(
        certificate=Certificate.objects.get(id=world.issued.id),
        kind="in-lieu",
        reason="The consignee moved.",
        person=world.filer.person,
        actor=actor_of(world.filer.person),
        now=now,
    )
    case, actor = world.foreign_case, actor_of(foreign_officer)
    applications.take_up(application=case, person=foreign_officer, actor=actor, now=now)
    case.refresh_from_db()
    applications.approve(application=case, person=foreign_officer, actor=actor, now=now)
    world.foreign_run, world.foreign_prepared = begun(case, foreign_officer)


def _money(world: World) -> None:
    """An order that can be paid, of each firm."""
    agency = set_fee_account(
        agency=world.agency,
        state_code="27",
        gstin="",
        billing_address="Mumbai",
        gateway="sandbox",
        actor=ACTOR,
        now=timezone.now(),
    )

    elsewhere = set_fee_account(
        agency=world.foreign_office.agency,
        state_code="33",
        gstin="",
        billing_address="Ooty",
        gateway="elsewhere",
        actor=ACTOR,
        now=timezone.now(),
    )

    world.fee_account = propose_fee_account(
        agency=agency,
        state_code="27",
        gstin="27ZZZAS0201C1ZK",
        billing_address="Pune",
        gateway="sandbox",
        actor=ACTOR,
        now=timezone.now(),
    )

    def opened(filer: Filer, agency: Agency = agency, subject: str = "open") -> Order:
        assert filer.branch is not None
        return payments.open_order(
            subject=f"application:{filer.exporter.iec}-{subject}",
            about=f"{agency.code}/2026/016/0009999X",
            fee_code="non-preferential",
            exporter=filer.exporter,
            branch=filer.branch,
            agency=agency,
            settled_task="",
            actor=ACTOR,
            now=timezone.now(),
        )

    def receipt(filer: Filer, agency: Agency) -> Paper:
        now = timezone.now()
        deposit = payments.open_deposit(
            exporter=filer.exporter, agency=agency, amount_paise=1_000_00, actor=ACTOR, now=now
        )
        trip = payments.begin_attempt(order=deposit, actor=ACTOR, now=now)
        fact = CaptureFact(payment_id=trip.public_id.hex, amount_paise=1_000_00, captured_at=now)
        facts = AttemptFacts(reference=trip.public_id.hex, state="paid", captures=(fact,))
        payments.apply_attempt(account=trip.account, facts=facts, actor=ACTOR, now=now)
        order = payments.pay_from_wallet(order=opened(filer, agency, "paid"), actor=ACTOR, now=now)
        return order.papers.get()

    world.order, world.foreign_order = opened(world.filer), opened(world.other)
    world.paper, world.foreign_paper = receipt(world.filer, agency), receipt(world.other, elsewhere)


def _attempt(world: World) -> None:
    """Somebody in the midst of registering, and a near miss that waits."""
    world.attempt = agreed_attempt(firm_record("ceramics"))
    client = world.clients["applicant"] = Client()
    session = client.session
    session[ATTEMPT] = str(world.attempt.public_id)
    session.save()
    world.near_miss = NearMiss.objects.create(
        iec=world.attempt.iec,
        subject="holder",
        in_certificate="Jayesh Parikh",
        in_record="Jayesh Pareekh",
        holder_key="0" * 64,
        evidence=TokenEvidence.objects.first(),
        seen_at=timezone.now(),
    )


def _people(world: World) -> None:
    """A colleague and a broker of the firm, and an open invitation and a notice of each firm."""
    now = timezone.now()
    world.notice, world.foreign_notice = (
        Notice.objects.create(person=filer.person, english="It is your turn", hindi="आपकी बारी", path="/home/", at=now)
        for filer in (world.filer, world.other)
    )
    world.colleague = join_firm(world.filer, role="drafter", name="Deepa Nair")
    broker = join_firm(world.filer, role="broker", name="Irfan Shaikh").person
    world.clients["broker"] = Client()
    sign_in(world.clients["broker"], broker)
    world.foreign_member = Membership.objects.get(person=world.other.person)
    world.key, world.foreign_key = (
        make_key(exporter=filer.exporter, name="Ledger", scope="draft", person=filer.person, actor=ACTOR, now=now)[0]
        for filer in (world.filer, world.other)
    )
    world.book, world.foreign_book = (
        _booked(BookConsignee, filer, CONSIGNEE, now) for filer in (world.filer, world.other)
    )
    world.product, world.foreign_product = (
        _booked(BookProduct, filer, PRODUCT, now) for filer in (world.filer, world.other)
    )
    for filer, secret in ((world.filer, "joins-the-firm"), (world.other, "joins-the-other")):
        row = Invitation.objects.create(
            exporter=filer.exporter,
            email=f"{secret}@sahyadri.example",
            name="Invited Person",
            role="drafter",
            invited_by=filer.person,
            invited_at=now,
            secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            sent_at=now,
            expires_at=now + timedelta(days=7),
        )
        if filer is world.filer:
            world.invitation = row
        else:
            world.foreign_invitation = row


CONSIGNEE = {
    "consignee_name": "Kept Trading Co.", "consignee_address": "1 Quay", "consignee_country": "VN", "destination": "VN",
}  # fmt: skip
PRODUCT = {"description": "Kept pepper", "hs_code": "090411"}


def _booked(kind: Any, filer: Filer, values: dict[str, str], now: datetime) -> Any:
    return applications.add_to_book(
        kind=kind, exporter=filer.exporter, values=values, person=filer.person, actor=ACTOR, now=now
    )


def _drawings() -> None:
    """One page is drawn of every document."""
    page = Rendered(pages=(b"\xff\xd8\xff made up",), page_count=1, text="Made up")
    for document in Document.objects.all():
        keep_drawing(document=document, rendered=page, failure="", now=timezone.now())
