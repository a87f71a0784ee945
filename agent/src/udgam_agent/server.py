"""The HTTP side: a listener on 127.0.0.1 that lets nobody in by mistake.

The order of the checks matters. First the Host header (a foreign name means DNS rebinding), then who asks: sites may only
navigate a pop-up to /v1/request, and everything else is for the agent's own window, proven by its origin and its secret.
Cookies are neither read nor set, nothing is redirected, no cross-origin header is ever sent.
"""

from __future__ import annotations

import json
import secrets
import sys
import urllib.parse
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from udgam_agent import __version__
from udgam_agent.asked import LIST_LIMIT, read_request
from udgam_agent.counter import Counter
from udgam_agent.errors import Refused
from udgam_agent.origins import Origin, read_origin
from udgam_agent.pages.drawing import ASSETS, asset, conversation_page, refusal_page, start_page
from udgam_agent.settings import Settings
from udgam_agent.steps import STEP_LIMIT, run_start_step, run_step
from udgam_agent.texts import as_json

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=()",
    "Cache-Control": "no-store",
}
READ_SECONDS = 30


@dataclass
class AgentState:
    """What all requests share.

    `files` says that sandbox files are in use; `lang` is empty when the browser's language decides; `port` is known once
    the socket is bound.
    """

    counter: Counter
    settings: Settings
    files: bool
    lang: str = ""
    port: int = 0
    start_secrets: dict[str, str] = field(default_factory=dict)

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    def new_start_secret(self, lang: str) -> str:
        """Make the secret of one start page and note its language; only the last few pages stay usable."""
        secret = secrets.token_urlsafe(32)
        self.start_secrets[secret] = lang
        while len(self.start_secrets) > 8:
            self.start_secrets.pop(next(iter(self.start_secrets)))
        return secret


class AgentServer(ThreadingHTTPServer):
    """Binds to the loopback address only. A second agent on the same port fails at once instead of sharing it."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, state: AgentState) -> None:
        super().__init__(("127.0.0.1", port), AgentHandler)
        self.state = state
        state.port = self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say that something failed without printing what was being handled, which may hold a PIN."""
        kind = sys.exc_info()[0]
        if kind is not None and issubclass(kind, (ConnectionError, TimeoutError)):
            return
        sys.stderr.write(f"udgam-agent: a request failed ({kind.__name__ if kind else 'unknown'})\n")


class AgentHandler(BaseHTTPRequestHandler):
    """One request. HTTP/1.0 on purpose: every answer ends its connection, so nothing can be smuggled behind it."""

    server: AgentServer
    server_version = f"udgam-agent/{__version__}"
    sys_version = ""
    timeout = READ_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
        """Write no access log: addresses and forms are nobody's business."""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_OPTIONS(self) -> None:
        """Preflights get no permission: no site may fetch from the agent."""
        self._answer(self._nothing_here)

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS  # noqa: N815  # the base class looks them up by these names

    def _answer(self, work: Any) -> None:
        try:
            self._check_host()
            work()
        except Refused as refusal:
            self._refuse(refusal)
        except (ConnectionError, TimeoutError):
            raise
        except Exception as problem:  # noqa: BLE001  # the last door: the person gets a page, the log gets no data
            sys.stderr.write(f"udgam-agent: a request failed ({type(problem).__name__})\n")
            self._refuse(Refused("agent.failed", status=500))

    def _check_host(self) -> None:
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0] not in self.server.state.hosts:
            raise Refused("agent.host-not-allowed", status=403)

    def _nothing_here(self) -> None:
        raise Refused("agent.not-found", status=405)

    def _get(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        if address.path == "/":
            self._refuse_framing()
            wanted = urllib.parse.parse_qs(address.query).get("lang", [""])[0]
            lang = wanted if wanted in ("en", "hi") else self._language()
            state = self.server.state
            self._page(HTTPStatus.OK, start_page(lang=lang, secret=state.new_start_secret(lang), files=state.files))
            return
        name = address.path.removeprefix("/assets/")
        if address.path.startswith("/assets/") and name in ASSETS:
            # Only the agent's own pages may load these; a stranger could otherwise tell that the agent is there.
            if self.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
                raise Refused("agent.not-yours", status=403)
            try:
                self._send(HTTPStatus.OK, asset(name), ASSETS[name])
            except FileNotFoundError:
                # Sources that were never built hold no font; the PC's own serves then.
                raise Refused("agent.not-found", status=404) from None
            return
        raise Refused("agent.not-found", status=404)

    def _post(self) -> None:
        if self.path == "/v1/request":
            self._request()
            return
        parts = self.path.strip("/").split("/")
        if len(parts) == 4 and parts[:2] == ["v1", "conversations"]:
            self._own_window(parts[2], parts[3])
        elif len(parts) == 3 and parts[:2] == ["v1", "start"]:
            self._own_window(None, parts[2])
        else:
            raise Refused("agent.not-found", status=404)

    def _language(self) -> str:
        """Choose the language of a page that no request names one for: the command line's, else the browser's first."""
        preferred = self.headers.get("Accept-Language", "").strip().lower()
        return self.server.state.lang or ("hi" if preferred.startswith("hi") else "en")

    def _refuse_framing(self) -> None:
        """Refuse before drawing anything when the browser says that this is not a window of its own."""
        if self.headers.get("Sec-Fetch-Dest", "document") != "document":
            raise Refused("agent.framed", status=403)

    def _attested_origin(self) -> Origin:
        headers = self.headers.get_all("Origin") or []
        return read_origin(headers[0] if len(headers) == 1 else None)

    def _request(self) -> None:
        """A site asks, by a form from the person's click. The answer is the window in which the person decides."""
        origin = self._attested_origin()
        state = self.server.state
        if state.files and not origin.sandbox:
            raise Refused("agent.sandbox-only", status=403)
        self._refuse_framing()
        if self.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            raise Refused("agent.not-yours", status=403)
        self._media_type("application/x-www-form-urlencoded")
        text = self._body(LIST_LIMIT).decode("utf-8", errors="replace")
        try:
            form = urllib.parse.parse_qsl(
                text, strict_parsing=True, encoding="utf-8", errors="strict", max_num_fields=4
            )
        except ValueError as problem:
            raise Refused("agent.request-malformed", detail="the form cannot be read") from problem
        if [name for name, _ in form] != ["request"]:
            raise Refused("agent.request-malformed", detail="the form has other fields than request")
        trusted = state.settings.trusts(origin.text)
        conversation, runs = state.counter.arrive(read_request(form[0][1]), origin, trusted=trusted)
        page = conversation_page(conversation, runs=runs, files=state.files)
        status = HTTPStatus.CONFLICT if not runs else HTTPStatus.OK if trusted else HTTPStatus.FORBIDDEN
        self._page(status, page)

    def _own_window(self, conversation_id: str | None, step: str) -> None:
        """A step of the agent's own page: same origin, JSON, and the secret that only this page was given."""
        host = self.headers.get("Host")
        if self.headers.get_all("Origin") != [f"http://{host}"]:
            raise Refused("agent.not-yours", status=403)
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refused("agent.not-yours", status=403)
        self._media_type("application/json")
        secret = self.headers.get("X-Udgam-Request", "")
        state = self.server.state
        if conversation_id is None:
            if secret not in state.start_secrets:
                raise Refused("agent.not-yours", status=403)
            self._json(HTTPStatus.OK, run_start_step(step, state.counter, state.start_secrets[secret]))
            return
        conversation = state.counter.find(conversation_id, secret)
        body = self._body(STEP_LIMIT if step == "document" else 4096)
        try:
            answer = run_step(step, body, conversation, state.counter, state.settings)
        except Refused as refusal:
            if refusal.final:
                state.counter.finish(conversation)
            self._json(HTTPStatus(refusal.status), as_json(refusal, conversation.request.lang))
            return
        self._json(HTTPStatus.OK, answer)

    def _media_type(self, wanted: str) -> None:
        sent = (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()
        if sent != wanted:
            raise Refused("agent.media-type", status=415)

    def _body(self, limit: int) -> bytes:
        lengths = self.headers.get_all("Content-Length") or []
        if len(lengths) != 1 or not lengths[0].isdigit() or self.headers.get("Transfer-Encoding"):
            raise Refused("agent.request-malformed", status=411, detail="its length is not given")
        if int(lengths[0]) > limit:
            raise Refused("agent.too-large", status=413, limit=f"{limit // 1024} KiB")
        data = self.rfile.read(int(lengths[0]))
        if len(data) != int(lengths[0]):
            raise Refused("agent.request-malformed", detail="it ends too early")
        return data

    def _refuse(self, refusal: Refused) -> None:
        """Answer a refusal in the form the caller reads: JSON to the agent's own steps, a page to everybody else."""
        lang = self._language()
        if self.path.startswith(("/v1/conversations/", "/v1/start/")):
            self._json(HTTPStatus(refusal.status), as_json(refusal, lang))
            return
        origin = None
        if self.path == "/v1/request" and refusal.code != "agent.host-not-allowed":
            try:
                origin = self._attested_origin().text
            except Refused:
                origin = None  # Nobody attested who asks, so nobody is told.
        self._page(HTTPStatus(refusal.status), refusal_page(refusal, lang=lang, origin=origin))

    def _page(self, status: HTTPStatus, data: bytes) -> None:
        self._send(status, data, "text/html; charset=utf-8")

    def _json(self, status: HTTPStatus, data: dict[str, Any]) -> None:
        self._send(status, json.dumps(data, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: HTTPStatus, data: bytes, media_type: str) -> None:
        self.send_response(status)
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
