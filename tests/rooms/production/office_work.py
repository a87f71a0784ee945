"""The work of an office in a process under production settings: agency, firm, application, signature, certificate.

    from tests.rooms.production.office_work import main; main()     with FOLDER and JSON as arguments

Firm and officer hold their tokens as files, as an agent's key store would hold them; the seal, the office's key for codes and the
register's keys are behind PKCS#11, where the settings say. This module imports nothing of the sandbox: that the process stays free
of it is what the test asks at the end.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

if TYPE_CHECKING:
    from django.test import Client

    from udgam.flow.applications.models import Application
    from udgam.flow.registration.models import Exporter
    from udgam.parties.accounts.models import Person
    from udgam.parties.agencies.models import Office

HOST = "coo.example.in"


@dataclass(frozen=True)
class Token:
    """A key pair as a token holds it."""

    key: Any
    certificate: x509.Certificate

    @staticmethod
    def read(path: str, password: str) -> Token:
        key, certificate, _chain = pkcs12.load_key_and_certificates(Path(path).read_bytes(), password.encode())
        assert certificate is not None
        return Token(key, certificate)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def signature(self, data: bytes) -> bytes:
        """What a token answers: PKCS#1 v1.5 or ECDSA in DER, over SHA-256."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def detached(self, data: bytes) -> bytes:
        from django.utils import timezone

        from udgam.signing.trust import detached

        return detached.sign(data, key=self.key, certificate=self.certificate, signing_time=timezone.now())


def _browser(**more: Any) -> Client:
    """A browser at the public address, as the reverse proxy hands its requests on."""
    from django.test import Client

    return Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_PROTO="https", **more)


def _office(given: dict[str, Any]) -> tuple[Office, Person]:
    from django.utils import timezone

    from udgam.ground.audit.actors import SystemActor
    from udgam.parties.accounts.services import enrol_token
    from udgam.parties.agencies.models import Officer
    from udgam.parties.agencies.services import appoint_officer, authorise_office, create_agency, create_office

    common: dict[str, Any] = {"actor": SystemActor("tests"), "now": timezone.now()}
    name = given["organisation"]
    agency = create_agency(code="SEC", name=name, registered_name=name, **common)
    office = create_office(
        agency=agency, code="SEC-MUM", name="Mumbai Office", address="2 Harbour Road\nMumbai 400001", **common
    )
    authorise_office(office=office, agreement="NP", valid_from=date(2026, 1, 1), **common)
    person = appoint_officer(
        office=office,
        role=Officer.Role.SIGNATORY,
        username="meera",
        name=given["officer_name"],
        designation="Assistant Director",
        email="meera@sahyadri.example",
        with_password=False,
        **common,
    ).person
    enrol_token(person=person, certificate=Token.read(*given["officer"]).certificate, **common)
    return office, person


def _firm(given: dict[str, Any], token: Token) -> tuple[Exporter, Person]:
    from django.utils import timezone

    from tests.rooms.registration.attempts import agreed_attempt
    from udgam.flow.registration import services
    from udgam.flow.registration.places import TaxPlace
    from udgam.flow.registration.queries import members_of
    from udgam.ground.audit.actors import ANONYMOUS
    from udgam.rules.firm import FirmRecord

    attempt = agreed_attempt(FirmRecord.from_json(given["record"]), certificate=token.certificate)
    exporter = services.complete_registration(
        attempt_id=attempt.public_id,
        places={code: TaxPlace(gstin=gstin) for code, gstin in given["gstins"].items()},
        aeo="",
        actor=ANONYMOUS,
        now=timezone.now(),
    )
    return exporter, members_of(exporter.id)[0]


def _apply(exporter: Exporter, person: Person, office: Office) -> Application:
    """A complete draft."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from tests.rooms.documents.files import pdf
    from udgam.flow.applications import services
    from udgam.flow.applications.queries import application_by_id
    from udgam.flow.registration.queries import branches_of
    from udgam.parties.accounts.actors import actor_of
    from udgam.rules.numbers import indian_date

    now = timezone.now()
    actor, today = actor_of(person), indian_date(now)
    branch = branches_of(exporter, ready_only=True).order_by("code").first()
    assert branch is not None
    application = services.start_application(exporter=exporter, person=person, agreement="NP", actor=actor, now=now)

    def edit() -> int:
        fresh = application_by_id(application.pk)
        assert fresh is not None
        return fresh.edit

    sections: tuple[dict[str, Any], ...] = (
        {"office_id": office.pk},
        {"branch_id": branch.pk},
        {
            "consignee_name": "Mekong Spice Trading Co.",
            "consignee_address": "12 Nguyen Hue\nHo Chi Minh City",
            "consignee_country": "VN",
            "destination": "VN",
        },
        {
            "shipment": "before",
            "transport_mode": "sea",
            "vessel": "MV Neela Sagar",
            "departure": today + timedelta(days=4),
            "port_of_loading": "Cochin (INCOK)",
            "port_of_discharge": "Ho Chi Minh City",
            "route": "via Colombo",
        },
        {
            "goods_at": "Our warehouse, Kochi",
            "grounds": "Grown in Kerala, cleaned and packed there.",
            "place": "Kochi",
            "declarant_name": person.name,
            "declarant_designation": "Director",
        },
    )
    for values in sections:
        services.save_section(application=application, edit=edit(), values=values, now=now)
    services.save_invoice(
        application=application, edit=edit(), number="MM/26-27/0041", date=today - timedelta(days=2), now=now
    )
    goods: dict[str, Any] = {
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
    services.save_item(application=application, edit=edit(), position=None, values=goods, now=now)
    for kind in ("invoice", "packing-list"):
        paper = SimpleUploadedFile(f"{kind}.pdf", pdf())
        services.attach_document(
            application=application, edit=edit(), kind=kind, title=kind, upload=paper, actor=actor, now=now
        )
    application.refresh_from_db()
    return application


def _submit(application: Application, person: Person, token: Token) -> None:
    from django.utils import timezone

    from udgam.flow.applications import signing
    from udgam.parties.accounts.actors import actor_of

    actor = actor_of(person)
    opened = signing.open_for_signing(application=application, person=person, actor=actor, now=timezone.now())
    _opened, chosen = signing.choose_certificate(
        application=application, person=person, certificate=b64encode(token.der).decode(), now=timezone.now()
    )
    application.refresh_from_db()
    signing.submit_signed(
        application=application,
        person=person,
        result=b64encode(token.detached(bytes(opened.content))).decode(),
        chosen=chosen,
        actor=actor,
        now=timezone.now(),
    )


def _approve(application: Application, officer: Person) -> None:
    from django.utils import timezone

    from udgam.flow.applications import services
    from udgam.parties.accounts.actors import actor_of

    for act in (services.take_up, services.approve):
        application.refresh_from_db()
        act(application=application, person=officer, actor=actor_of(officer), now=timezone.now())


class Desk:
    """The officer's browser and token at the signing pages."""

    def __init__(self, officer: Person, token: Token) -> None:
        from tests.rooms.accounts.people import sign_in

        self.client, self.token = _browser(), token
        sign_in(self.client, officer)

    def open(self, application: Application) -> str:
        """Begin to sign; answers the address of the conversation."""
        from django.urls import reverse

        from udgam.flow.issuance.models import SigningRun

        answer = self.client.post(reverse("issuance:begin"), {"application": [str(application.public_id)]})
        assert answer.status_code == 302, answer.content.decode()
        return reverse("issuance:conversation", args=[SigningRun.objects.latest("id").public_id])

    def sign(self, address: str) -> dict[str, Any]:
        """The whole conversation, to its end or to the first refusal."""
        given = self._say(address, event="certificate", certificate=b64encode(self.token.der).decode())
        while "next" in given:
            asked = given["next"]
            if asked["kind"] == "data":
                made = self.token.detached(b64decode(asked["data"]))
            else:
                made = self.token.signature(b64decode(asked["signed_attributes"]))
            given = self._say(address, event="signed", id=asked["id"], result=b64encode(made).decode())
        return given

    def _say(self, address: str, **event: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post(address, event, content_type="application/json").json()
        return answer


def _public_page(pdf: bytes, number: str) -> dict[str, Any]:
    """What a stranger's browser gets by the number alone, by the link that is printed on the page, and by dropping the file."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    link = _printed_link(pdf)
    by_number = _browser().get(reverse("verification:certificate", args=[number]))
    by_link = _browser().get(link.partition(HOST)[2])
    by_file = _browser().post(reverse("verification:pdf"), {"file": SimpleUploadedFile("certificate.pdf", pdf)})
    return {
        "link": link.partition("?")[0],
        "by_number": [by_number.status_code, "turmeric" in by_number.content.decode()],
        "by_file": [by_file.status_code, "This file is a valid certificate" in by_file.content.decode()],
        "by_link": [by_link.status_code, "turmeric" in by_link.content.decode()],
    }


def _printed_link(pdf: bytes) -> str:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            for note in page.get("/Annots", []):  # type: ignore[call-overload]
                address = str(note.get("/A", {}).get("/URI", ""))
                if re.search(r"/verify/.*\?k=", address):
                    return address
    raise AssertionError("the page carries no link with a key")


def _unreachable() -> dict[str, list[str]]:
    """What of the sandbox this process could reach after all its work: loaded modules, addresses, keys in files."""
    from django.urls import URLPattern, URLResolver, get_resolver

    from udgam.flow.issuance.register.keys import proof_key_of
    from udgam.flow.issuance.seal_keys import open_seal_key
    from udgam.parties.agencies.models import Office
    from udgam.rules.refusals import Refused

    def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
        found = []
        for one in patterns:
            here = before + str(one.pattern)
            found += addresses(one.url_patterns, here) if isinstance(one, URLResolver) else [here]
        return found

    codes = []
    for attempt in (open_seal_key, lambda address: proof_key_of(Office(seal_key=address))):
        try:
            attempt("file:/etc/udgam/seal.p12")
        except Refused as refused:
            codes.append(refused.code)
    return {
        "modules": sorted(name for name in sys.modules if name.startswith("udgam.sandbox")),
        "addresses": [one for one in addresses(get_resolver().url_patterns) if re.search("sandbox|mailbox", one)],
        "file_keys": codes,
    }


def _doctor() -> dict[str, str]:
    """What `udgam doctor` finds in this very installation; of the seals also when the key for codes is not named."""
    from django.conf import settings

    from udgam.web.doctor.checks import examine
    from udgam.web.doctor.keys import seals

    found = {finding.name: finding.outcome for finding in examine()}
    settings.SEAL_KEY = settings.SEAL_KEY.partition("&x-proof-object")[0]
    return {**found, "Seals without a key for codes": seals().outcome}


def main() -> None:
    """Do the work, and print as JSON what became of it."""
    folder, given = Path(sys.argv[1]), json.loads(sys.argv[2])
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from udgam.flow.issuance import jobs
    from udgam.flow.issuance.models import Certificate
    from udgam.ground.tasks import run_deferred

    firm_token, officer_token = Token.read(*given["exporter"]), Token.read(*given["officer"])
    office, officer = _office(given)
    exporter, person = _firm(given, firm_token)
    application = _apply(exporter, person, office)
    _submit(application, person, firm_token)
    _approve(application, officer)

    # As long as the operator has not pinned the officers' root, nobody's signature is believed.
    desk = Desk(officer, officer_token)
    conversation = desk.open(application)
    anchors = Path(settings.TRUST_FOLDER) / "anchors"
    shutil.move(anchors / "root.pem", folder / "root.pem")
    shutil.copy(folder / "stranger.pem", anchors)
    before = desk.sign(conversation)
    shutil.move(folder / "root.pem", anchors / "root.pem")
    (anchors / "stranger.pem").unlink()

    done = desk.sign(conversation)
    certificate = Certificate.objects.get()
    assert certificate.state == "issued", (done, certificate.state, certificate.waiting_for)
    # What the worker does within the next minutes: letters, the published register, the archive stamp.
    ran = run_deferred()
    jobs.keep_stamped()
    jobs.publish_register()
    certificate.refresh_from_db()
    pdf = certificate.file.read()
    (folder / "certificate.pdf").write_bytes(pdf)
    answer = {
        "settings": settings.SETTINGS_MODULE,
        "sandbox": settings.SANDBOX,
        "refused_before": before,
        "done": sorted(done),
        "number": certificate.number,
        "stamp_due": certificate.stamp_due_since is not None,
        "ran": sorted(set(ran)),
        "public": _public_page(pdf, certificate.number),
        "mail_to": person.email,
        "doctor": _doctor(),
        **_unreachable(),
    }
    print(json.dumps(answer))
