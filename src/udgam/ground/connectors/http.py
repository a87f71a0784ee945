"""The only HTTP client of the platform: short time-outs, no redirects, no cookies, bounded answers, public addresses."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType

import httpx
from django.conf import settings

from udgam.ground.connectors.addresses import check_url, resolve
from udgam.ground.connectors.failures import AnswerRefused, AnswerTooLarge, Unreachable

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back, read to the end."""

    status: int
    media_type: str
    body: bytes


@cache
def _tls() -> ssl.SSLContext:
    """Whom a TLS server must be certified by, read once in a process: reading it costs more than a call on the same machine."""
    return httpx.create_ssl_context(trust_env=False)


class _PinnedTransport(httpx.HTTPTransport):
    """Connects to the address that was checked, while the host name stays in the Host header and in the TLS handshake."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=resolve(host, port)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return super().handle_request(pinned)


class Client:
    """A client for a few calls; use it in a `with` statement.

    `seconds` bounds each step (connect, send, wait); a whole call may take three times as long, even from a server that drips.
    """

    def __init__(self, *, seconds: float, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._total_seconds = seconds * 3
        self._client = httpx.Client(
            transport=_PinnedTransport(retries=0, trust_env=False, verify=_tls()),
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "udgam", "Accept-Encoding": "identity"},
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """GET the address. Raises ``AddressNotAllowed``, ``Unreachable``, ``AnswerTooLarge``, ``AnswerRefused``."""
        return self._call("GET", url, headers, None)

    def post(self, url: str, *, content: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """POST the bytes to the address; raises as `get` does."""
        return self._call("POST", url, headers, content)

    def _call(self, method: str, url: str, headers: Mapping[str, str] | None, content: bytes | None) -> Answer:
        check_url(url)
        ends = time.monotonic() + self._total_seconds
        try:
            with self._client.stream(method, url, headers=dict(headers or {}), content=content) as response:
                return Answer(
                    status=response.status_code,
                    media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
                    body=self._read(response, ends),
                )
        except (httpx.TransportError, httpx.StreamError) as error:
            raise Unreachable(f"No answer: {type(error).__name__}.") from error
        except httpx.InvalidURL as error:
            raise AnswerRefused("The address cannot be called.") from error

    def _read(self, response: httpx.Response, ends: float) -> bytes:
        if 300 <= response.status_code < 400:
            raise AnswerRefused("The answer points elsewhere; redirects are not followed.", status=response.status_code)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            # A compressed answer can be a thousand times larger than what was received.
            raise AnswerRefused("The answer is compressed although that was not asked for.")
        parts, size = [], 0
        for part in response.iter_raw():
            size += len(part)
            if size > self._max_bytes:
                raise AnswerTooLarge(f"The answer has more than {self._max_bytes} bytes.")
            if time.monotonic() > ends:
                raise Unreachable("The answer did not arrive in time.")
            parts.append(part)
        return b"".join(parts)


def open_client(*, seconds: float | None = None, max_bytes: int = MEGABYTE) -> Client:
    """A client with the installation's time-out (CONNECTOR_TIMEOUT_SECONDS) unless another is given."""
    return Client(seconds=seconds or settings.CONNECTOR_TIMEOUT_SECONDS, max_bytes=max_bytes)
