"""A small HTTP server for the stand-ins: loopback only, blind to cookies, silent about people.

A stand-in is a list of `Route`s. The log line of a request holds the method, the route's *name* and the status, never
the address asked for, a header or a body, because those carry IECs, phone numbers and codes. The `Cookie` header is
dropped before a handler sees the request: all ports of 127.0.0.1 share one cookie jar, so a browser that is signed in
to the platform sends its session cookie here too.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from udgam.sandbox.guard import SandboxRefused, refuse_outside_sandbox

ADDRESS = "127.0.0.1"
LARGEST_BODY = 1024 * 1024
_LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Request:
    """What a handler may see of a request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case; never "cookie"
    body: bytes
    found: Mapping[str, str]  # named groups of the route's pattern

    def json(self) -> Any:
        """The body as JSON; raises `BadRequest` when it is not."""
        try:
            return json.loads(self.body.decode("utf-8"))
        except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are both ValueErrors
            raise BadRequest("The body is not JSON in UTF-8.") from error


@dataclass(frozen=True)
class Response:
    """An answer; `headers` must not set cookies."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)


class BadRequest(ValueError):
    """The request cannot be used; the text says why."""


def json_response(data: object, status: int = 200) -> Response:
    """`data` as JSON in UTF-8."""
    return Response(status, json.dumps(data, ensure_ascii=False).encode("utf-8"), "application/json; charset=utf-8")


def error_response(status: int, error: str, description: str) -> Response:
    """An error in the shape of API Setu, which all stand-ins use."""
    return json_response({"error": error, "errorDescription": description}, status)


@dataclass(frozen=True)
class Route:
    """`pattern` must match the whole path. `name` is what the log shows."""

    method: str
    pattern: str
    name: str
    handler: Callable[[Request], Response]
    # Routes that change the sandbox refuse pages of other sites (see `_from_loopback_page`).
    changes_sandbox: bool = False


class Handle(Protocol):
    """A running stand-in."""

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""

    def stop(self) -> None:
        """Close the port and wait until it is closed."""


def _host_name(value: str) -> str:
    try:
        return urlsplit(f"//{value}").hostname or ""
    except ValueError:
        return ""


def _from_loopback_page(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes the sandbox comes from a program or from a page on this machine.

    Browsers name the page's origin in every POST; programs send none.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    return _host_name(origin.partition("://")[2]) in _LOOPBACK_NAMES


class LoopbackServer:
    """Serves `routes` on 127.0.0.1 from threads of this process."""

    def __init__(self, *, name: str, routes: Sequence[Route], port: int = 0) -> None:
        """Bind the port (0: any free one); connections wait until `begin`. Raises `SandboxRefused` when it cannot be had."""
        refuse_outside_sandbox()
        self.name = name
        self._log = logging.getLogger(f"udgam.sandbox.{name}")
        self._routes = [(route, re.compile(route.pattern)) for route in routes]
        server = self

        class Handler(BaseHTTPRequestHandler):
            """One connection."""

            protocol_version = "HTTP/1.1"
            server_version = "udgam-sandbox"
            sys_version = ""
            timeout = 30
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
                """Say nothing: the standard line would hold the address that was asked for."""

            def _answer(self) -> None:
                server._answer(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _answer  # noqa: N815 - named by the library

        try:
            self._http = ThreadingHTTPServer((ADDRESS, port), Handler)
        except OSError as error:
            raise SandboxRefused(
                f"The {name} stand-in cannot use port {port} of {ADDRESS}: {error.strerror}. Stop what uses it or choose another port."
            ) from error
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name=f"sandbox-{name}"
        )

    def begin(self) -> None:
        """Answer from now on."""
        self._thread.start()

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return f"http://{ADDRESS}:{self.port}"

    def stop(self) -> None:
        """Close the port."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join(timeout=5)
        self._http.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        name, response = self._respond(handler)
        self._log.info("%s %s %d", handler.command, name, response.status)
        try:
            handler.send_response_only(response.status)
            handler.send_header("Content-Type", response.media_type)
            handler.send_header("Content-Length", str(len(response.body)))
            handler.send_header("Cache-Control", "no-store")
            handler.send_header("X-Content-Type-Options", "nosniff")
            for key, value in response.headers.items():
                handler.send_header(key, value)
            if handler.close_connection:
                handler.send_header("Connection", "close")
            handler.end_headers()
            if handler.command != "HEAD":
                handler.wfile.write(response.body)
        except (BrokenPipeError, ConnectionResetError):
            # The caller stopped waiting, as it should when the stand-in plays a slow service.
            handler.close_connection = True

    def _respond(self, handler: BaseHTTPRequestHandler) -> tuple[str, Response]:
        headers = {key.lower(): value for key, value in handler.headers.items() if key.lower() != "cookie"}
        host = headers.get("host")
        if host is not None and _host_name(host) not in _LOOPBACK_NAMES:
            handler.close_connection = True
            return "foreign-host", error_response(
                421, "misdirected_request", "This stand-in answers to loopback names only."
            )
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            handler.close_connection = True
            return "no-length", error_response(411, "length_required", "Send the body with a Content-Length.")
        if int(length) > LARGEST_BODY:
            handler.close_connection = True
            return "too-large", error_response(413, "payload_too_large", f"A body may hold {LARGEST_BODY} bytes.")
        body = handler.rfile.read(int(length))
        target = urlsplit(handler.path)
        method = "GET" if handler.command == "HEAD" else handler.command
        matches = [(route, match) for route, pattern in self._routes if (match := pattern.fullmatch(target.path))]
        for route, match in matches:
            if route.method != method:
                continue
            if route.changes_sandbox and not _from_loopback_page(headers):
                return route.name, error_response(
                    403, "forbidden", "Only programs and pages of this machine may change the sandbox."
                )
            query = dict(parse_qsl(target.query, keep_blank_values=True))
            request = Request(method, target.path, query, headers, body, match.groupdict())
            return route.name, self._run(route, request)
        if matches:
            return "wrong-method", error_response(405, "method_not_allowed", "This address takes another method.")
        return "no-such-address", error_response(404, "Url not found", "Your API url or path is incorrect.")

    def _run(self, route: Route, request: Request) -> Response:
        try:
            return route.handler(request)
        except BadRequest as error:
            return error_response(400, "invalid parameter", str(error))
        except Exception as error:  # noqa: BLE001 - a stand-in keeps running; the kind of failure is logged, not its data
            self._log.error("%s failed: %s", route.name, type(error).__name__)
            return error_response(500, "internal_server_error", "Internal server error")


def on_or_off(request: Request) -> bool:
    """Read `on=1` or `on=0` from the address; raises `BadRequest` for anything else."""
    value = request.query.get("on")
    if value not in {"0", "1"}:
        raise BadRequest("Say on=1 or on=0.")
    return value == "1"


def argument_parser(name: str, purpose: str) -> argparse.ArgumentParser:
    """The options that all stand-ins share."""
    parser = argparse.ArgumentParser(prog=f"python -m udgam.sandbox.{name}", description=purpose)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (0: any free one)")
    parser.add_argument("--folder", type=Path, required=True, help="where this stand-in keeps its state")
    return parser


def serve_until_told(handle: Handle, name: str) -> int:
    """Print the address and wait for SIGINT or SIGTERM; then stop and return the exit status."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    print(f"{name} ready at {handle.url}", flush=True)
    told.wait()
    handle.stop()
    return 0


def start_logging() -> None:
    """Log lines of a stand-in that runs as a process of its own go to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
