"""The gateway on the network, in the shape of docs/mechanisms/payments.md."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from udgam.sandbox.gateway.book import Book
from udgam.sandbox.gateway.delivery import Delivery, is_here
from udgam.sandbox.gateway.page import STYLE, ended_page, pay_page
from udgam.sandbox.gateway.ways import WAYS
from udgam.sandbox.guard import refuse_outside_sandbox
from udgam.sandbox.loopback import (
    BadRequest,
    LoopbackServer,
    Request,
    Response,
    Route,
    error_response,
    json_response,
    on_or_off,
)

MERCHANT: Final = "SEC"
API_KEY: Final = "sandbox-gateway-key"
SECRET: Final = "sandbox-gateway-secret"
LATE_SECONDS: Final = 15.0
_REFERENCE = r"(?P<reference>[A-Za-z0-9_-]{1,64})"


class GatewayHandle:
    """A running gateway."""

    def __init__(self, *, folder: Path, port: int, late_seconds: float, site: str = "") -> None:
        """Bind the port and answer. `site` is the platform's own origin, where it is not on this machine."""
        self._site = site
        self.book = Book(folder / "gateway.json")
        self.delivery = Delivery(SECRET)
        self._late_seconds = late_seconds
        self._out = False
        self._server = LoopbackServer(name="gateway", routes=self._routes(), port=port)
        self.port = self._server.port
        self.url = self._server.url
        self._server.begin()

    def stop(self) -> None:
        """Close the port; messages that wait are given up."""
        self.delivery.stop()
        self._server.stop()

    def outage(self, on: bool) -> None:
        """Play an outage."""
        self._out = on

    def _routes(self) -> list[Route]:
        page = r"/pay/(?P<session>[A-Za-z0-9_-]{1,32})"
        return [
            Route("GET", r"/", "start", lambda _: json_response({"service": "sandbox payment gateway"})),
            Route("GET", r"/style\.css", "style", lambda _: Response(200, STYLE.encode(), "text/css; charset=utf-8")),
            Route("GET", r"/healthz", "health", lambda _: json_response({"status": "ok"})),
            Route("POST", r"/v1/sessions", "open-session", self._open),
            Route("GET", rf"/v1/sessions/by-reference/{_REFERENCE}", "session", self._status),
            Route("POST", r"/v1/refunds", "refund", self._refund),
            Route("GET", page, "page", self._page),
            Route("POST", page, "choose", self._choose, changes_sandbox=True),
            Route("POST", r"/sandbox/outage", "outage", self._set_outage, changes_sandbox=True),
        ]

    # ── For the merchant ─────────────────────────────────────────────────────────────────────────────────────────────
    def _merchant(self, request: Request) -> Response | None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(key.strip().encode(), API_KEY.encode()):
            return error_response(401, "invalid_authentication", "Authentication failed")
        if self._out:
            return error_response(503, "service_unavailable", "The sandbox plays an outage of the gateway.")
        return None

    def _open(self, request: Request) -> Response:
        refused = self._merchant(request)
        if refused is not None:
            return refused
        wanted = _fields(request, {"reference": str, "amount_paise": int, "description": str, "return_url": str, "notify_url": str, "merchant": str})  # fmt: skip
        if wanted["amount_paise"] <= 0 or wanted["merchant"] != MERCHANT:
            return error_response(422, "invalid parameter", "An amount above nought, for a merchant that is known.")
        if not (self._leads_back(wanted["return_url"]) and self._leads_back(wanted["notify_url"])):
            return error_response(422, "invalid parameter", "The sandbox's gateway leads to this machine alone.")
        session = self.book.open_session(wanted)
        return json_response({"session": session["id"], "page": f"{self.url}/pay/{session['id']}"}, 201)

    def _leads_back(self, url: str) -> bool:
        return is_here(url) or bool(self._site and url.startswith(f"{self._site}/"))

    def _status(self, request: Request) -> Response:
        refused = self._merchant(request)
        if refused is not None:
            return refused
        session = self.book.session_by_reference(request.found["reference"])
        return json_response(_told(session)) if session else error_response(404, "record_not_found", "No such payment")

    def _refund(self, request: Request) -> Response:
        refused = self._merchant(request)
        if refused is not None:
            return refused
        wanted = _fields(request, {"reference": str, "payment": str, "amount_paise": int, "merchant": str})
        refund = self.book.pay_back(wanted) if wanted["amount_paise"] > 0 else None
        if refund is None:
            return error_response(422, "invalid parameter", "There is no such payment, or it is paid back already.")
        if refund["state"] == "pending":
            self.delivery.later(self._late_seconds, lambda: self._refund_done(refund["reference"]))
        return json_response(_refund_told(refund))

    def _refund_done(self, reference: str) -> None:
        refund = self.book.finish_refund(reference)
        content = {
            "id": f"msg_{refund['id']}",
            "kind": "refund.done",
            "merchant": MERCHANT,
            "refund": _refund_told(refund),
        }
        self.delivery.send(refund["notify_url"], content)

    # ── For the person ───────────────────────────────────────────────────────────────────────────────────────────────
    def _page(self, request: Request) -> Response:
        session = self.book.session(request.found["session"])
        if session is None:
            return error_response(404, "record_not_found", "No such payment")
        body = ended_page(session) if session.get("way") else pay_page(session)
        return Response(200, body, "text/html; charset=utf-8", _headers(session))

    def _choose(self, request: Request) -> Response:
        session = self.book.session(request.found["session"])
        if session is None:
            return error_response(404, "record_not_found", "No such payment")
        name = parse_qs(request.body.decode("utf-8", "replace")).get("way", [""])[0]
        if name not in WAYS:
            raise BadRequest(f"way is one of {', '.join(WAYS)}.")
        if not self.book.end(session["id"], name):
            return Response(409, ended_page(session), "text/html; charset=utf-8", _headers(session))
        self._tell(session, name)
        return Response(303, headers={"Location": session["return_url"]})

    def _tell(self, session: dict[str, Any], name: str) -> None:
        way = WAYS[name]

        def send() -> None:
            if way.is_late:
                self.book.capture_late(session["id"])
            for _ in range(way.messages):
                self.delivery.send(session["notify_url"], _message(session, forged=way.is_forged), forged=way.is_forged)

        if way.waits_for_message:
            send()
        else:
            self.delivery.later(self._late_seconds if way.is_late else 0, send)

    def _set_outage(self, request: Request) -> Response:
        self.outage(on_or_off(request))
        return json_response({"outage": self._out})


def _fields(request: Request, kinds: dict[str, type]) -> dict[str, Any]:
    content = request.json()
    if not isinstance(content, dict):
        raise BadRequest("Send one JSON object.")
    for name, kind in kinds.items():
        if type(content.get(name)) is not kind:
            raise BadRequest(f"{name} is missing or of another kind.")
    return {name: content[name] for name in kinds}


def _told(session: dict[str, Any]) -> dict[str, Any]:
    return {name: session[name] for name in ("reference", "state", "payments", "failure")}


def _refund_told(refund: dict[str, Any]) -> dict[str, Any]:
    return {name: refund[name] for name in ("reference", "id", "state", "failure")}


def _message(session: dict[str, Any], *, forged: bool) -> dict[str, Any]:
    told = _told(session)
    if forged:
        payment = {"id": "pay_forged", "amount_paise": session["amount_paise"], "captured_at": 1764500000}
        told = {**told, "state": "paid", "payments": [payment]}
    kind = "payment.captured" if told["payments"] else "payment.failed"
    return {"id": f"msg_{session['id']}", "kind": kind, "merchant": MERCHANT, "session": told}


def _headers(session: dict[str, Any]) -> dict[str, str]:
    back = urlsplit(session["return_url"])
    policy = f"default-src 'none'; style-src 'self'; form-action 'self' {back.scheme}://{back.netloc}; base-uri 'none'; frame-ancestors 'none'"
    return {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}


def start(port: int = 0, *, folder: Path, late_seconds: float = LATE_SECONDS, site: str = "") -> GatewayHandle:
    """Start the gateway in this process; what it knows stays in `folder`. Raises `SandboxRefused`."""
    refuse_outside_sandbox()
    return GatewayHandle(folder=Path(folder), port=port, late_seconds=late_seconds, site=site)
