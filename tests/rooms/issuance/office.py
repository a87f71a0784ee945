"""An officer at the signing pages, with a token of the sandbox: every request goes through the pages, as the agent's would."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import enrol, sign_in
from tests.rooms.applications.firm import Firm
from udgam.flow.applications import services as applications
from udgam.flow.applications.models import Application
from udgam.flow.issuance.models import Certificate, SigningRun
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.sandbox.authority import AuthorityHandle, LoadedToken, load_token
from udgam.signing.trust import detached


def raw_signature(token: LoadedToken, data: bytes) -> bytes:
    """What a token answers: PKCS#1 v1.5 or ECDSA in DER, over SHA-256."""
    if isinstance(token.key, rsa.RSAPrivateKey):
        return token.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    assert isinstance(token.key, ec.EllipticCurvePrivateKey)
    return token.key.sign(data, ec.ECDSA(hashes.SHA256()))


class Signatory:
    """A signing officer with browser and token."""

    def __init__(self, person: Person, token: LoadedToken, *, enrolled: bool = True) -> None:
        self.person, self.token, self.client = person, token, Client()
        if enrolled:
            enrol(person, token.certificate)
        sign_in(self.client, person)

    def get(self, name: str, *args: Any) -> HttpResponse:
        return self.client.get(reverse(f"issuance:{name}", args=args))

    def begin(self, *chosen: Application) -> HttpResponse:
        return self.client.post(reverse("issuance:begin"), {"application": [str(one.public_id) for one in chosen]})

    def run_of(self, *chosen: Application) -> SigningRun:
        answer = self.begin(*chosen)
        assert answer.status_code == 302, answer.content.decode()
        return SigningRun.objects.order_by("-id")[0]

    def say(self, run: SigningRun, **event: Any) -> dict[str, Any]:
        address = reverse("issuance:conversation", args=[run.public_id])
        answer: dict[str, Any] = self.client.post(address, event, content_type="application/json").json()
        return answer

    def show_token(self, run: SigningRun) -> dict[str, Any]:
        return self.say(run, event="certificate", certificate=base64.b64encode(self.token.der).decode())

    def result_for(self, document: dict[str, Any]) -> str:
        """What the agent makes of a document: a detached signature of data, a raw signature for a page."""
        if document["kind"] == "data":
            made = detached.sign(
                base64.b64decode(document["data"]),
                key=self.token.key,
                certificate=self.token.certificate,
                signing_time=timezone.now(),
            )
        else:
            made = raw_signature(self.token, base64.b64decode(document["signed_attributes"]))
        return base64.b64encode(made).decode()

    def answer(self, run: SigningRun, given: dict[str, Any]) -> dict[str, Any]:
        document = given["next"]
        return self.say(run, event="signed", id=document["id"], result=self.result_for(document))

    def sign(self, run: SigningRun) -> dict[str, Any]:
        """The whole conversation, until the site says that it is done or refuses."""
        given = self.show_token(run)
        while "next" in given:
            given = self.answer(run, given)
        return given

    def issue(self, *chosen: Application) -> Certificate:
        run = self.run_of(*chosen)
        given = self.sign(run)
        assert "done" in given, given
        certificate = Certificate.objects.filter(application=chosen[0]).order_by("-id")[0]
        assert certificate.state == "issued", (certificate.state, certificate.waiting_for)
        return certificate


def approved(firm: Firm) -> Application:
    """A signed application that the office has examined and approved."""
    application = firm.submitted()
    officer = firm.agency.officer
    for act in (applications.take_up, applications.approve):
        act(application=application, person=officer, actor=actor_of(officer), now=timezone.now())
        application.refresh_from_db()
    return application


def make_signatory(ca: AuthorityHandle, person: Person, token: str = "officer") -> Signatory:
    return Signatory(person, load_token(ca.authority.folder, token))


def states(certificates: Sequence[Certificate]) -> list[str]:
    return [Certificate.objects.get(id=one.id).state for one in certificates]
