"""Somebody who registers a firm through the pages, with a token of the cast."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from udgam.flow.registration.models import Exporter, Registration
from udgam.flow.registration.places import firm_pan, places_of
from udgam.ground.messages.models import Message
from udgam.ground.messages.sealed_words import open_words
from udgam.rules.firm import FirmRecord
from udgam.sandbox import authority, cast
from udgam.sandbox.authority import load_token
from udgam.sandbox.cast import FIRMS, Firm

MALABAR = next(firm for firm in FIRMS.values() if firm.key == "spices")
KONKAN = next(firm for firm in FIRMS.values() if firm.key == "mango")


def firm(key: str) -> Firm:
    return cast.firm_by_key(key)


def make_token(loaded: Any, *, nonce: str, origin: str | None = None) -> str:
    """What the agent answers for this token: a web-eid:1.0 token over origin and nonce."""
    value = hashlib.sha256((origin or settings.SITE_ORIGIN).encode()).digest() + hashlib.sha256(nonce.encode()).digest()
    if isinstance(loaded.key, rsa.RSAPrivateKey):
        algorithm, signature = "RS256", loaded.key.sign(value, padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(loaded.key, ec.EllipticCurvePrivateKey)
        r, s = decode_dss_signature(loaded.key.sign(value, ec.ECDSA(hashes.SHA256())))
        algorithm, signature = "ES256", r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return json.dumps(
        {
            "unverifiedCertificate": base64.b64encode(loaded.der).decode(),
            "algorithm": algorithm,
            "signature": base64.b64encode(signature).decode(),
            "format": "web-eid:1.0",
            "appVersion": "urn:udgam-agent:0.1.0",
        }
    )


def text_of_page(response: HttpResponse) -> str:
    return response.content.decode()


class Applicant:
    """One browser. Each method sends one page; `walk_to` goes through several."""

    def __init__(self, ca: authority.AuthorityHandle, language: str = "en") -> None:
        self.ca = ca
        self.client = Client()
        if language != "en":
            self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    # ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def get(self, name: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.client.get(reverse(f"registration:{name}", args=args), **kwargs)

    def post(self, name: str, data: dict[str, Any] | None = None, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.client.post(reverse(f"registration:{name}", args=args), data or {}, **kwargs)

    def loaded(self, token: str) -> Any:
        return load_token(self.ca.authority.folder, token)

    def answer(self, page: str, token: str) -> dict[str, str]:
        """Open a page with a token button and let the agent answer its nonce."""
        nonce = _found(r'data-agent-nonce="([^"]+)"', text_of_page(self.get(page)))
        return {"token": make_token(self.loaded(token), nonce=nonce), "nonce": nonce}

    def show_token(self, iec: str = MALABAR.iec, token: str = "exporter") -> HttpResponse:
        return self.post("token", {"iec": iec, **self.answer("token", token)}, follow=True)

    def give_contact(self, mobile: str = "", email: str = "") -> HttpResponse:
        firm_ = FIRMS[self.attempt.iec]
        return self.post("contact", {"mobile": mobile or firm_.mobile, "email": email or firm_.email}, follow=True)

    def code(self, channel: str) -> str:
        rows = Message.objects.filter(template="registration/code", channel=channel).order_by("-created_at")
        body = open_words(rows[0].body)
        return _found(r"\b(\d{6})\b", body)

    def give_codes(self, mobile: str = "", email: str = "") -> HttpResponse:
        return self.post(
            "codes", {"mobile": mobile or self.code("text"), "email": email or self.code("mail")}, follow=True
        )

    def declaration_form(self) -> dict[str, str]:
        page = text_of_page(self.get("declaration"))
        return {name: _found(rf'name="{name}" value="([^"]+)"', page) for name in ("form_token", "version", "read_in")}

    def agree(self, **changed: str) -> HttpResponse:
        return self.post("declaration", {**self.declaration_form(), "agree": "yes", **changed}, follow=True)

    def give_details(self, **changed: str) -> HttpResponse:
        return self.post("details", {**gstins(self.attempt), **changed}, follow=True)

    # ── the way ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def walk_to(self, page: str, iec: str = MALABAR.iec, token: str = "exporter") -> None:
        """Go as far as the named page: contact, codes, declaration, details or done."""
        way = [
            ("contact", lambda: self.show_token(iec, token)),
            ("codes", self.give_contact),
            ("declaration", self.give_codes),
            ("details", self.agree),
            ("done", self.give_details),
        ]
        for name, step in way:
            response = step()
            last = response.redirect_chain[-1][0]
            assert last == reverse(f"registration:{name}"), (last, errors_of(response))
            if name == page:
                return
        raise AssertionError(page)

    @property
    def attempt(self) -> Registration:
        return Registration.objects.get(public_id=self.client.session["registration.attempt"])

    @property
    def exporter(self) -> Exporter:
        exporter = self.attempt.exporter
        assert exporter is not None
        return exporter


def gstins(attempt: Registration) -> dict[str, str]:
    """A right GSTIN for each branch of the attempt's firm, as the details page sends them."""
    record = FirmRecord.from_json(attempt.record)
    pan = firm_pan(record) or ""
    return {f"gstin_{number}": cast.gstin(place.state_code, pan) for number, place in enumerate(places_of(record))}


def errors_of(response: HttpResponse) -> list[str]:
    """The sentences of the error summary."""
    page = text_of_page(response)
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', page, re.S)
    found = re.findall(r"<li>(.*?)</li>", summary.group(1), re.S) if summary else []
    return [re.sub(r"<[^>]+>", "", each).strip() for each in found]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"{pattern} not in {text[:600]}"
    return match.group(1).replace("&#x27;", "'").replace("&#x2B;", "+").replace("&#43;", "+").replace("&#x3D;", "=")
