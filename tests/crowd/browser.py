"""One person's browser without a screen: cookies, forms with their tokens, and the talk with the site that the agent's page has."""

from __future__ import annotations

import base64
import re
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from udgam.sandbox.authority import LoadedToken
from udgam.sandbox.soft_token import authentication_token, detached_signature, raw_signature

_NONCE = re.compile(r'data-agent-nonce="([^"]+)"')
_FORM = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_EDIT = re.compile(r'name="edit" value="(\d+)"')
_ERRORS = re.compile(r'govuk-error-summary__list">(.*?)</ul>', re.S)
# Building one is the dear part of a client; nothing here is TLS.
_TLS = ssl.create_default_context()
LATENCIES: list[tuple[str, float]] = []
_lock = threading.Lock()


class Unexpected(AssertionError):
    """The site answered what nobody should see."""


@dataclass
class Told:
    """What happened, for the report: answers by kind, refusals by text."""

    answers: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)


class Site:
    """Where the sandbox is, until when one waits for it, and what was seen of it."""

    def __init__(self, port: int, *, seconds: float) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.ends = time.monotonic() + seconds
        self.told = Told()

    def require_time(self, what: str) -> None:
        """Every loop asks this, so that nothing goes on for ever."""
        if time.monotonic() > self.ends:
            raise Unexpected(f"waited too long for {what}")


class Browser:
    """Somebody at the site. Every answer of 5xx, and every one that the caller did not expect, raises `Unexpected`."""

    def __init__(self, site: Site, token: LoadedToken) -> None:
        self.site, self.token = site, token
        self.http = httpx.Client(base_url=site.url, timeout=300, trust_env=False, verify=_TLS)
        self.page = ""

    def get(self, path: str, *, also: tuple[int, ...] = ()) -> httpx.Response:
        """A page, after redirects."""
        answer = self._ask("GET", path)
        for _ in range(4):
            if answer.is_redirect:
                answer = self._ask("GET", answer.headers["Location"])
        self._require(answer, {200, *also})
        self.page = answer.text if "text/html" in answer.headers.get("Content-Type", "") else ""
        return answer

    def post(self, path: str, data: dict[str, Any], *, also: tuple[int, ...] = (), files: Any = None) -> httpx.Response:
        """Send a form; it must lead on, or end as `also` says."""
        found = _FORM.search(self.page)
        token = found.group(1) if found else self.http.cookies.get("csrftoken", "")
        answer = self._ask("POST", path, data={"csrfmiddlewaretoken": token, **data}, files=files)
        self._require(answer, {302, 303, *also})
        return answer

    def say(self, path: str, **event: Any) -> dict[str, Any]:
        """One event of the agent's page; the answer as it stands, a refusal included."""
        answer = self._ask("POST", path, json=event, headers={"X-CSRFToken": self.http.cookies.get("csrftoken", "")})
        self._require(answer, {200, 409})
        told: dict[str, Any] = answer.json()
        if "refused" in told:
            self.refused(f"{event['event']}: {told['refused']['reason']}")
        return told

    def edit(self) -> str:
        """The state of the form that the page shows."""
        found = _EDIT.search(self.page)
        if found is None:
            raise Unexpected(f"no form is open: {text_of(self.page)[:400]}")
        return found.group(1)

    def refused(self, what: str) -> None:
        """Note a refusal that the script lives with: somebody else was first."""
        with _lock:
            self.site.told.refusals[what] += 1

    # ── the token ────────────────────────────────────────────────────────────────────────────────────────────────────
    def nonce(self) -> str:
        """The nonce of the token form on the page."""
        found = _NONCE.search(self.page)
        if found is None:
            raise Unexpected(f"the page asks for no token: {text_of(self.page)[:400]}")
        return found.group(1)

    def shown_token(self) -> dict[str, str]:
        """What the agent puts into the form of the page."""
        nonce = self.nonce()
        return {"token": authentication_token(self.token, origin=self.site.url, nonce=nonce), "nonce": nonce}

    def certificate(self) -> str:
        """The certificate of the token, as the agent sends it."""
        return base64.b64encode(self.token.der).decode()

    def signature(self, document: dict[str, Any]) -> str:
        """What the token makes of a document: a detached signature of data, a raw one for a page."""
        if document["kind"] == "data":
            data = base64.b64decode(document["data"])
            made = detached_signature(self.token, data, signing_time=datetime.now(UTC))
        else:
            made = raw_signature(self.token, base64.b64decode(document["signed_attributes"]))
        return base64.b64encode(made).decode()

    # ── the wire ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        began = time.monotonic()
        answer = self.http.request(method, path, **more)
        with _lock:
            kind = re.sub(r"[0-9a-f-]{36}|\d+", "*", answer.request.url.path)
            LATENCIES.append((f"{method} {kind}", time.monotonic() - began))
            self.site.told.answers[f"{method} {kind} {answer.status_code}"] += 1
        return answer

    def _require(self, answer: httpx.Response, good: set[int]) -> None:
        if answer.status_code not in good:
            request = answer.request
            raise Unexpected(
                f"{request.method} {request.url.path}: {answer.status_code} {errors_of(answer.text) or text_of(answer.text)[:600]}"
            )


def errors_of(page: str) -> str:
    """The error summary of a page."""
    found = _ERRORS.search(page)
    return text_of(found.group(1)) if found else ""


def text_of(page: str) -> str:
    """The words of a page."""
    main = page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
