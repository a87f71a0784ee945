"""The mailbox on the network: an SMTP server, a text message gateway and the page that shows both."""

from __future__ import annotations

import logging
import re
import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from udgam.sandbox.guard import SandboxRefused, refuse_outside_sandbox
from udgam.sandbox.loopback import (
    ADDRESS,
    BadRequest,
    LoopbackServer,
    Request,
    Response,
    Route,
    error_response,
    json_response,
    on_or_off,
)
from udgam.sandbox.mailbox.page import STYLE, page
from udgam.sandbox.mailbox.store import Store, read_mail

SMS_KEY: Final = "sandbox-key"
LONGEST_TEXT: Final = 1600
LARGEST_MAIL: Final = 10 * 1024 * 1024
_MOBILE = re.compile(r"\+[1-9][0-9]{7,14}")
_LOG = logging.getLogger("udgam.sandbox.mailbox")
_SERVICES = ("smtp", "sms")
_TRIES = 10
# The library gives up after five, which a busy machine may need.
_READY_SECONDS = 60
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class _Receiver:
    """What aiosmtpd calls for each step of a delivery (RFC 5321)."""

    def __init__(self, store: Store, outages: set[str]) -> None:
        self._store = store
        self._outages = outages

    async def handle_RCPT(  # noqa: N802 - named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take every recipient, unless an outage is played."""
        if "smtp" in self._outages:
            return "451 The sandbox plays an outage of mail"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - named by the library
        """Keep the letter."""
        data = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode("utf-8")
        subject, text, attachments = read_mail(data)
        self._store.add(
            kind="mail",
            at=datetime.now(UTC),
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            subject=subject,
            text=text,
            attachments=attachments,
        )
        _LOG.info("SMTP mail 250")
        return "250 Kept"


class MailboxHandle:
    """A running mailbox."""

    def __init__(self, *, folder: Path, port: int, smtp_port: int) -> None:
        """Bind both ports and answer."""
        self.store = Store(folder / "messages")
        self._outages: set[str] = set()
        # aiosmtpd writes senders and recipients into its log from level INFO on.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._server = LoopbackServer(name="mailbox", routes=self._routes(), port=port)
        self.port = self._server.port
        self.url = self._server.url
        try:
            self._smtp = self._take_mail(smtp_port)
        except BaseException:
            self._server.stop()
            raise
        self.smtp_port: int = self._smtp.port
        self._server.begin()

    def _take_mail(self, wanted: int) -> Controller:
        """Take mail at a port (0: any; another program may be given it meanwhile, then the next one is tried)."""
        for tries_left in reversed(range(1 if wanted else _TRIES)):
            taking = Controller(
                _Receiver(self.store, self._outages),
                hostname=ADDRESS,
                port=_mail_port(wanted),
                ready_timeout=_READY_SECONDS,
                data_size_limit=LARGEST_MAIL,
                enable_SMTPUTF8=True,
                ident="udgam-sandbox",
            )
            try:
                taking.start()
            except OSError:
                if not tries_left:
                    raise
            else:
                break
        return taking

    def stop(self) -> None:
        """Close both ports."""
        self._server.stop()
        self._smtp.stop()

    def messages(self, recipient: str = "") -> list[dict[str, object]]:
        """What /messages.json says."""
        return [message.as_json() for message in self.store.newest_first(recipient)]

    def outage(self, service: str, on: bool) -> None:
        """Play an outage of `smtp`, `sms` or `all`. Raises `ValueError` for another name."""
        chosen = set(_SERVICES) if service == "all" else {service}
        if not chosen <= set(_SERVICES):
            raise ValueError(f"Services are {', '.join(_SERVICES)} and all.")
        if on:
            self._outages |= chosen
        else:
            self._outages -= chosen

    def _routes(self) -> list[Route]:
        return [
            Route("GET", r"/", "page", self._page),
            Route("GET", r"/style\.css", "style", lambda _: Response(200, STYLE.encode(), "text/css; charset=utf-8")),
            Route("GET", r"/messages\.json", "messages", self._list),
            Route("POST", r"/sms/?", "sms", self._receive_text),
            Route("GET", r"/healthz", "health", lambda _: json_response({"status": "ok"})),
            Route("POST", r"/sandbox/clear", "clear", self._clear, changes_sandbox=True),
            Route("POST", r"/sandbox/outage", "outage", self._set_outage, changes_sandbox=True),
        ]

    def _page(self, request: Request) -> Response:
        chosen = request.query.get("to", "")
        body = page(self.store.newest_first(chosen), recipients=self.store.recipients(), chosen=chosen)
        return Response(200, body, "text/html; charset=utf-8", _PAGE_HEADERS)

    def _list(self, request: Request) -> Response:
        return json_response({"messages": self.messages(request.query.get("to", ""))})

    def _receive_text(self, request: Request) -> Response:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secrets.compare_digest(key.strip().encode(), SMS_KEY.encode()):
            return error_response(401, "invalid_authentication", "Authentication failed")
        if "sms" in self._outages:
            return error_response(503, "service_unavailable", "The sandbox plays an outage of text messages.")
        data = request.json()
        if not isinstance(data, dict):
            raise BadRequest("Send one JSON object.")
        mobile, text, sender = data.get("to"), data.get("text"), data.get("sender", "UDGAM")
        if not isinstance(mobile, str) or not _MOBILE.fullmatch(mobile):
            raise BadRequest("to must be a number with country code, such as +919999900101.")
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
            raise BadRequest(f"text must hold 1 to {LONGEST_TEXT} characters.")
        if not isinstance(sender, str):
            raise BadRequest("sender must be text.")
        message = self.store.add(
            kind="text", at=datetime.now(UTC), sender=sender, recipients=(mobile,), subject="", text=text
        )
        return json_response({"id": str(message.number)}, 202)

    def _clear(self, _request: Request) -> Response:
        self.store.clear()
        return json_response({"cleared": True})

    def _set_outage(self, request: Request) -> Response:
        try:
            self.outage(request.query.get("service", ""), on_or_off(request))
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return json_response({"outages": sorted(self._outages)})


def _mail_port(wanted: int) -> int:
    """A port for mail that can be had now (0: any): aiosmtpd must be told its port, and notices a taken one late."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, wanted))
        except OSError as error:
            raise SandboxRefused(
                f"The mailbox cannot use port {wanted} of {ADDRESS} for mail: {error.strerror}. Choose another port."
            ) from error
        return int(probe.getsockname()[1])


def start(port: int = 0, *, folder: Path, smtp_port: int = 0) -> MailboxHandle:
    """Start the mailbox in this process; messages stay in `folder`. Raises `SandboxRefused`."""
    refuse_outside_sandbox()
    return MailboxHandle(folder=Path(folder), port=port, smtp_port=smtp_port)
