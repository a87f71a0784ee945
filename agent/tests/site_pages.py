"""A tiny site for the browser tests: one page with the token button, sent with the headers each test asks for.

It speaks http on 127.0.0.1, or https with a certificate of its own, because the browser treats the two differently: only a
secure page hides its origin from the loopback address.
"""

from __future__ import annotations

import base64
import html
import ssl
import tempfile
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from json import dumps, loads
from pathlib import Path
from typing import Any

import making
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

SCRIPT = Path(__file__).resolve().parents[2] / "src/udgam/ground/pages/static/pages/agent.js"
TEXTS = {
    "agent.not-running": "The signing agent did not answer.",
    "agent.popup-blocked": "Your browser blocked the window.",
    "agent.too-old": "Your signing agent is too old.",
    "agent.cancelled": "You cancelled.",
    "agent.closed": "The window was closed before it answered.",
    "agent.site-failed": "The site could not go on.",
    "agent.page-left": "The page was left.",
    "label.code": "Code",
    "progress.opening": "Opening.",
    "progress.in-window": "Go on in the window.",
    "progress.preparing": "Preparing.",
    "progress.signed": "Signatures received: {count}",
    "progress.checking": "Checking.",
    "progress.done": "Done.",
}


@dataclass
class Site:
    """What the pages look like and what they received. Every address, header and body that arrived is in `seen`."""

    url: str = ""
    agent: str = ""
    nonce: str = field(default_factory=making.nonce)
    lang: str = "en"
    minimum: str = "0.1.0"
    # Seconds until the page gives the agent up: a busy machine opens windows slowly. None: as the script has it.
    agent_wait: int | None = 120
    purpose: str = "sign-in"
    headers: dict[str, str | None] = field(default_factory=dict)
    contents: list[bytes] = field(default_factory=list)
    refuse: dict[str, str] | None = None
    with_pdf: bool = False
    items_in_page: bool = False
    tokens: list[dict[str, str]] = field(default_factory=list)
    signed: list[tuple[str, str, bytes]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    attributes: list[bytes] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)

    def page_headers(self) -> dict[str, str]:
        usual: dict[str, str | None] = {
            "Referrer-Policy": "origin",
            "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
            "Content-Security-Policy": f"default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self' {self.agent}",
        }
        usual.update(self.headers)
        return {name: value for name, value in usual.items() if value is not None}

    # --- a server that drives the signing, as the platform's views do

    def items(self) -> list[dict[str, str]]:
        return [
            making.item(content, name=f"c{at}", title=f"Certificate {at + 1}")
            for at, content in enumerate(self.contents)
        ]

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        self.events.append(event)
        if event["event"] == "open":
            return {"items": self.items()}
        if event["event"] == "stopped":
            return {}
        if event["event"] == "certificate":
            self.certificate = x509.load_der_x509_certificate(base64.b64decode(event["certificate"]))
            self.kinds = [
                (f"c{at}", kind)
                for at in range(len(self.contents))
                for kind in (["data", "pdf"] if self.with_pdf else ["data"])
            ]
        else:
            name, kind = self.kinds.pop(0)
            assert event["id"] == name
            self.signed.append((name, kind, base64.b64decode(event["result"])))
        if self.refuse is not None and self.signed:
            return {"refused": self.refuse}
        if not self.kinds:
            return {"done": {"location": "/finished"}}
        name, kind = self.kinds[0]
        return {"next": self.next_document(name, kind)}

    def next_document(self, name: str, kind: str) -> dict[str, Any]:
        content = self.contents[int(name[1:])]
        if kind == "data":
            return {
                "id": name, "kind": "data", "title": "T", "number": "N", "media_type": "application/json",
                "data": making.b64(content), "signed_attributes": None,
            }  # fmt: skip
        prepared = making.prepared_pdf(content)
        self.attributes.append(making.pdf_attributes(making.pdf_digest(prepared), self.certificate))
        return {
            "id": name, "kind": "pdf", "title": "T", "number": "N", "media_type": "application/pdf",
            "data": making.b64(prepared), "signed_attributes": making.b64(self.attributes[-1]),
        }  # fmt: skip

    # --- pages

    def texts(self) -> str:
        blocks = "".join(f'<div data-agent-text="{code}"><p>{text}</p></div>' for code, text in TEXTS.items())
        wait = "" if self.agent_wait is None else f' data-agent-wait="{self.agent_wait}"'
        return f'<template id="udgam-agent-texts"{wait}>{blocks}</template>'

    def sign_in_page(self) -> str:
        return (
            f'<form method="post" action="/sign-in" data-agent-form data-agent-kind="authenticate" data-agent-field="token" '
            f'data-agent-purpose="{self.purpose}" data-agent-url="{self.agent}" data-agent-nonce="{self.nonce}" '
            f'data-agent-lang="{self.lang}" data-agent-minimum="{self.minimum}"><input type="hidden" name="token">'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="c"><button data-agent-start>Sign in</button>'
            f'<div data-agent-status role="status" aria-live="polite"></div></form>'
        )

    def signing_page(self) -> str:
        listed = (
            f'<script type="application/json" data-agent-items>{dumps(self.items())}</script>'
            if self.items_in_page
            else ""
        )
        return (
            f'<div data-agent-form data-agent-kind="sign" data-agent-purpose="application" data-agent-url="{self.agent}" '
            f'data-agent-lang="{self.lang}" data-agent-minimum="{self.minimum}" data-agent-conversation="/conversation">{listed}'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="secret-of-the-form"><button type="button" data-agent-start>Sign'
            f'</button><div data-agent-status role="status" aria-live="polite"></div></div>'
        )

    def bare_page(self) -> str:
        request = html.escape(dumps(making.authenticate_request(nonce=self.nonce)))
        return (
            f'<form method="post" action="{self.agent}/v1/request" target="_blank"><input type="hidden" name="request" '
            f'value="{request}"><button data-agent-start>Sign in</button></form>'
        )

    def framing_page(self) -> str:
        request = html.escape(dumps(making.authenticate_request(nonce=self.nonce)))
        return (
            f'<iframe name="inside"></iframe><form method="post" action="{self.agent}/v1/request" target="inside"><input '
            f'type="hidden" name="request" value="{request}"><button data-agent-start>Sign in</button></form>'
        )


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Be quiet."""

    def _send(
        self, body: str, media_type: str = "text/html; charset=utf-8", headers: dict[str, str] | None = None
    ) -> None:
        data = body.encode()
        self.send_response(200)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        site = self.server.site
        site.seen.append(f"{self.path} {self.headers}".encode())
        pages = {
            "/": site.sign_in_page,
            "/sign": site.signing_page,
            "/bare": site.bare_page,
            "/framing": site.framing_page,
        }
        if self.path == "/agent.js":
            self._send(SCRIPT.read_text(), "text/javascript")
        elif self.path in pages:
            text = f'<!doctype html><html lang="en"><title>Site</title>{pages[self.path]()}{site.texts()}'
            self._send(text + '<script type="module" src="/agent.js"></script>', headers=site.page_headers())
        else:
            self._send("<!doctype html><title>Finished</title><h1>Finished</h1>")

    def do_POST(self) -> None:
        site = self.server.site
        body = self.rfile.read(int(self.headers["Content-Length"]))
        site.seen.append(body)
        if self.path == "/sign-in":
            form = urllib.parse.parse_qs(body.decode())
            site.tokens.append(loads(form["token"][0]))
            self._send("<!doctype html><title>In</title><h1>Signed in</h1>")
        elif self.headers["X-CSRFToken"] != "secret-of-the-form":
            self.send_error(403)
        else:
            self._send(dumps(site.answer(loads(body))), "application/json")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: Site


def _certificate_file(folder: Path) -> Path:
    key = making.ec_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(making.NOW - timedelta(days=1))
        .not_valid_after(making.NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "site.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def run_site(*, secure: bool = False) -> Iterator[Site]:
    """Serve the pages on a free port until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    with tempfile.TemporaryDirectory() as folder:
        if secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(_certificate_file(Path(folder)))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        site = server.site = Site(
            url=f"{'https://localhost' if secure else 'http://127.0.0.1'}:{server.server_address[1]}"
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
