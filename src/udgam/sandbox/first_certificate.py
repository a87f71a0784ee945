"""One certificate for the fictional cast, carried through the services in the order of the work, as the pages would call them.

Ravi Menon registers his firm with his token and the codes from the mailbox, fills in an application and signs it; Meera
Kulkarni of the agency examines and approves it, and signs what the issuing cycle prepares. No step is skipped and nothing is
written past a service. Django must be set up when this module is imported.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from udgam.flow.applications import services as applications
from udgam.flow.applications import signing
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import application_by_id
from udgam.flow.applications.queries import subject_of as applications_subject
from udgam.flow.examination import services as examination
from udgam.flow.issuance import conversation
from udgam.flow.issuance import services as issuance
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.queries import entries_of
from udgam.flow.payments import gateways
from udgam.flow.payments.queries import order_for_subject
from udgam.flow.registration import declarations, fetching, places
from udgam.flow.registration import services as registration
from udgam.flow.registration.models import Exporter, Registration
from udgam.flow.registration.queries import branches_of, members_of
from udgam.flow.registration.subjects import subject_of
from udgam.ground.audit.actors import ANONYMOUS
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.queries import person_by_username
from udgam.parties.accounts.services import consume_nonce, issue_nonce, verify_token_for
from udgam.parties.accounts.trust import facts_of
from udgam.parties.agencies.posts import post_of
from udgam.rules.firm import FirmRecord
from udgam.rules.numbers import indian_date
from udgam.sandbox import cast
from udgam.sandbox.authority import LoadedToken, load_token
from udgam.sandbox.cast.passwords import username_of
from udgam.sandbox.populate import populate
from udgam.sandbox.soft_token import authentication_token, detached_signature, raw_signature
from udgam.sandbox.throw_away import Installation
from udgam.signing.trust import fingerprint

_EXPORTER, _OFFICER, _FIRM = "exporter", "officer", "spices"


class NotIssued(RuntimeError):
    """A step of the way said no where it should not have. The text says which and why."""


def issue_first_certificate(installation: Installation) -> Certificate:
    """Put the cast into the empty database and issue a certificate; returns it in the state "issued".

    Raises `NotIssued`, or the `Refused` of the step that refused.
    """
    populate(now=timezone.now(), folder=installation.sandbox)
    exporter = _register(installation)
    person = members_of(exporter.id)[0]
    officer = person_by_username(username_of(_OFFICER))
    if officer is None:
        raise NotIssued("The officer of the cast has no account.")
    application = _apply(exporter, person, officer)
    _submit(application, person, load_token(installation.sandbox, _EXPORTER))
    application = _pay(application, person)
    application = _examine(application, officer)
    certificate = _sign(application, officer, load_token(installation.sandbox, _OFFICER))
    # The mail to the exporter and the published list of issuers.
    run_deferred()
    return certificate


def approve_another(installation: Installation, earlier: Application, *, invoice: str, words: str = "") -> Application:
    """Another application, as far as the list to sign; ``words`` stand in its goods, its consignee and its route. Raises `NotIssued`."""
    officer = person_by_username(username_of(_OFFICER))
    if officer is None:
        raise NotIssued("The officer of the cast has no account.")
    return _examine(submit_another(installation, earlier, invoice=invoice, words=words), officer)


def submit_another(
    installation: Installation, earlier: Application, *, invoice: str = "MM/26-27/0042", words: str = ""
) -> Application:
    """Another application of the same firm to the same office, signed and paid: it lies on the desk. Raises `NotIssued`."""
    officer = person_by_username(username_of(_OFFICER))
    if officer is None:
        raise NotIssued("The officer of the cast has no account.")
    person = members_of(earlier.exporter_id)[0]
    application = _apply(earlier.exporter, person, officer, invoice=invoice, words=words)
    _submit(application, person, load_token(installation.sandbox, _EXPORTER))
    return _pay(application, person)


def _register(installation: Installation) -> Exporter:
    """Steps 2 to 6 of the registration manual."""
    firm = cast.firm_by_key(_FIRM)
    attempt = registration.begin_attempt(
        iec=firm.iec, shown=_shown_token(installation), language="en", actor=ANONYMOUS, now=timezone.now()
    )
    key = attempt.public_id
    attempt = fetching.fetch_for_attempt(attempt, actor=ANONYMOUS, clock=timezone.now)
    if attempt.stage == Registration.Stage.REFUSED or not attempt.record:
        raise NotIssued(f"The registration was refused: {attempt.refusal or 'the register did not answer'}.")
    mobile, email = firm.mobile or "", firm.email or ""
    _must(registration.give_contact(attempt_id=key, mobile=mobile, email=email, actor=ANONYMOUS, now=timezone.now()))
    run_deferred()
    _must(
        registration.prove_contact(
            attempt_id=key,
            mobile_code=_code(installation, mobile),
            email_code=_code(installation, email),
            actor=ANONYMOUS,
            now=timezone.now(),
        )
    )
    _agree(attempt)
    record = FirmRecord.from_json(attempt.record)
    pan = places.firm_pan(record) or ""
    tax_places = {
        place.code: places.TaxPlace(gstin=cast.gstin(place.state_code, pan)) for place in places.places_of(record)
    }
    return registration.complete_registration(
        attempt_id=key, places=tax_places, aeo="", actor=ANONYMOUS, now=timezone.now()
    )


def _shown_token(installation: Installation) -> registration.ShownToken:
    token, session, now = load_token(installation.sandbox, _EXPORTER), SessionStore(), timezone.now()
    nonce = issue_nonce(session=session, purpose="register", now=now)
    raw = authentication_token(token, origin=installation.origin, nonce=nonce)
    verified = verify_token_for(
        unverified_token=raw, nonce=consume_nonce(session=session, purpose="register", now=now), now=timezone.now()
    )
    facts = facts_of(verified.certificate)
    return registration.ShownToken(raw=raw, certificate=verified.certificate, path=verified.path, facts=facts)


def _must(outcome: Any) -> None:
    if not outcome:
        raise NotIssued(f"The contact was refused: {'; '.join(str(one) for one in outcome.refused.values())}")


def _code(installation: Installation, address: str) -> str:
    """The six digits in the newest message to an address."""
    for message in installation.post.messages(address):
        found = re.search(r"\b(\d{6})\b", str(message["text"]))
        if found:
            return found.group(1)
    raise NotIssued(f"No code arrived at {address}.")


def _agree(attempt: Registration) -> None:
    read = declarations.declaration_for("en", now=timezone.now())
    registration.agree_to_declaration(
        attempt_id=attempt.public_id,
        is_agreed=True,
        version=read.version,
        form_token=registration.make_form_token(purpose="declaration", subject=subject_of(attempt)),
        language=read.language,
        text_sha256=read.sha256,
        notice_version=declarations.NOTICE,
        actor=ANONYMOUS,
        now=timezone.now(),
    )


def _apply(
    exporter: Exporter, person: Person, officer: Person, *, invoice: str = "MM/26-27/0041", words: str = ""
) -> Application:
    """A complete draft to the officer's office."""
    now = timezone.now()
    post = post_of(officer, indian_date(now))
    branch = branches_of(exporter, ready_only=True).order_by("code").first()
    if post is None or branch is None:
        raise NotIssued("The officer has no post, or the firm has no branch that may file.")
    application = applications.start_application(
        exporter=exporter, person=person, agreement="NP", actor=actor_of(person), now=now
    )
    sections = _sections(now, words) | {"office": {"office_id": post.office_id}, "branch": {"branch_id": branch.pk}}
    for values in sections.values():
        applications.save_section(application=application, edit=_edit(application), values=values, now=now)
    applications.save_invoice(
        application=application,
        edit=_edit(application),
        number=invoice,
        date=indian_date(now) - timedelta(days=2),
        now=now,
    )
    for item in _ITEMS:
        values = item | {"description": f"{item['description']} {words}".strip()}
        applications.save_item(application=application, edit=_edit(application), position=None, values=values, now=now)
    for kind, title in (("invoice", "Commercial invoice"), ("packing-list", "Packing list")):
        applications.attach_document(
            application=application,
            edit=_edit(application),
            kind=kind,
            title=title,
            upload=SimpleUploadedFile(f"{kind}.pdf", _paper(title)),
            actor=actor_of(person),
            now=now,
        )
    return _fresh(application)


def _sections(now: datetime, words: str) -> dict[str, dict[str, Any]]:
    return {
        "consignee": {
            "consignee_name": f"Mekong Spice Trading Co. {words}".strip(),
            "consignee_address": f"12 Nguyen Hue {words}".strip() + "\nHo Chi Minh City",
            "consignee_country": "VN",
            "destination": "VN",
        },
        "transport": {
            "shipment": "before",
            "transport_mode": "sea",
            "vessel": "MV Neela Sagar",
            "departure": indian_date(now) + timedelta(days=4),
            "port_of_loading": "Cochin (INCOK)",
            "port_of_discharge": "Ho Chi Minh City",
            "route": f"via Colombo {words}".strip(),
        },
        "declaration": {
            "goods_at": "Our warehouse, Kochi",
            "grounds": "Grown in Kerala, cleaned, ground and packed there.",
            "place": "Kochi",
            "declarant_name": "Ravi Menon",
            "declarant_designation": "Director",
        },
    }


_ITEMS: tuple[dict[str, Any], ...] = (
    {
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
    },
    {
        "description": "Black pepper, whole, Malabar garbled",
        "hs_code": "090411",
        "marks": "MM/HCM/101-140",
        "packages": 40,
        "package_kind": "jute bags",
        "quantity": Decimal(2000),
        "unit": "KGM",
        "gross_weight": Decimal(2040),
        "fob": Decimal("15200.00"),
        "currency": "USD",
    },
)


def _paper(title: str) -> bytes:
    """A small real PDF, as an exporter uploads it."""
    import typst

    return bytes(typst.compile(f"#set page(width: 12cm, height: 8cm)\n= {title}\nMM/26-27/0041".encode()))


def _fresh(application: Application) -> Application:
    found = application_by_id(application.pk)
    if found is None:
        raise NotIssued("The application is gone.")
    return found


def _edit(application: Application) -> int:
    """The state that the next save builds on."""
    return _fresh(application).edit


def _submit(application: Application, person: Person, token: LoadedToken) -> None:
    """The exporter's token signs the canonical application."""
    actor = actor_of(person)
    submission = signing.open_for_signing(application=application, person=person, actor=actor, now=timezone.now())
    _submission, chosen = signing.choose_certificate(
        application=application,
        person=person,
        certificate=base64.b64encode(token.der).decode(),
        now=timezone.now(),
    )
    cms = detached_signature(token, bytes(submission.content), signing_time=timezone.now())
    signing.submit_signed(
        application=_fresh(application),
        person=person,
        result=base64.b64encode(cms).decode(),
        chosen=chosen,
        actor=actor,
        now=timezone.now(),
    )


def _pay(application: Application, person: Person) -> Application:
    """The fee, at the sandbox's gateway: its page is opened, paid there, and the gateway is asked what became of it."""
    order = order_for_subject(applications_subject(application))
    if order is None:
        raise NotIssued("The signature opened no order for the fee.")
    page = urlsplit(gateways.page_to_pay(order=order, actor=actor_of(person), now=timezone.now()))
    visit = HTTPConnection(page.hostname or "", page.port, timeout=10)
    try:
        visit.request("POST", page.path, "way=silent", {"Content-Type": "application/x-www-form-urlencoded"})
        answer = visit.getresponse()
        answer.read()
    finally:
        visit.close()
    if answer.status != HTTPStatus.SEE_OTHER:
        raise NotIssued(f"The gateway took no payment: {answer.status}.")
    gateways.ask_about(attempt=order.attempts.latest("started_at"), now=timezone.now())
    run_deferred()
    paid = _fresh(application)
    if paid.state != "submitted":
        raise NotIssued(f"The payment did not submit the application, which is {paid.state}.")
    return paid


def _examine(application: Application, officer: Person) -> Application:
    actor = actor_of(officer)
    # Each verb starts from the row as it stands: the application that the exporter filled in knows nothing of being submitted.
    submitted = _fresh(application)
    examination.take_up(application=submitted, person=officer, actor=actor, now=timezone.now())
    taken = _fresh(submitted)
    examination.approve(application=taken, seen_version=taken.version, person=officer, actor=actor, now=timezone.now())
    return _fresh(taken)


def _sign(application: Application, officer: Person, token: LoadedToken) -> Certificate:
    """The talk of the officer's agent with the site: content first, then its page; the platform seals and issues."""
    actor = actor_of(officer)
    run = issuance.begin_run(
        applications=[application],
        person=officer,
        token_sha256=fingerprint(token.certificate),
        actor=actor,
        now=timezone.now(),
    )
    event: dict[str, Any] = {"event": "certificate", "certificate": base64.b64encode(token.der).decode()}
    while "next" in (given := conversation.answer(run=run, event=event, actor=actor, now=timezone.now())):
        asked = given["next"]
        if asked["kind"] == "data":
            made = detached_signature(token, base64.b64decode(asked["data"]), signing_time=timezone.now())
        else:
            made = raw_signature(token, base64.b64decode(asked["signed_attributes"]))
        event = {"event": "signed", "id": asked["id"], "result": base64.b64encode(made).decode()}
    entry = entries_of(run).get()
    certificate = entry.certificate
    if certificate is None or certificate.state != "issued":
        reason = entry.refusal or (certificate.waiting_for if certificate else "")
        raise NotIssued(f"The issuing cycle did not end with a certificate: {reason or 'no reason was given'}.")
    return certificate
