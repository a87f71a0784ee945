"""Asks an issuer's site what became of a certificate.

Used by the command line, which has no settings: the address of the site comes from the trust folder that the person chose, and
nothing but the number of the certificate is sent there.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from udgam.signing.proof import PublishedStatus, StatusUnavailable
from udgam.signing.proof.report import Status

_LARGEST_ANSWER = 16 * 1024
_STATUSES = frozenset({"issued", "superseded", "cancelled", "unknown"})


class PublishedStatusSite:
    """A `StatusSource` over ``{site}/api/certificates/status?number=…``. The site must be https, or http on this machine."""

    def __init__(self, site: str, *, seconds: float = 5.0) -> None:
        self._site = site.rstrip("/")
        self._seconds = seconds

    def status_of(self, number: str) -> PublishedStatus:
        """What the site says of ``number``. A 404 means that the site never issued it.

        Raises:
            StatusUnavailable: ``status.no_answer`` or ``status.answer_unusable``.
        """
        _check_address(self._site)
        status, body = self._ask(number)
        if status == httpx.codes.NOT_FOUND:
            return PublishedStatus("unknown", None, datetime.now(UTC))
        if status != httpx.codes.OK:
            raise StatusUnavailable("status.no_answer", detail=f"it answered with the code {status}")
        return _read(body, number)

    def _ask(self, number: str) -> tuple[int, bytes]:
        ends = time.monotonic() + 2 * self._seconds
        try:
            with (
                httpx.Client(timeout=self._seconds, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    "GET",
                    f"{self._site}/api/certificates/status",
                    params={"number": number},
                    headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                ) as answer,
            ):
                body = b""
                # Raw, so that a compressed answer cannot grow beyond the bound after it was counted.
                for part in answer.iter_raw():
                    body += part
                    if len(body) > _LARGEST_ANSWER:
                        raise StatusUnavailable("status.answer_unusable", detail="it is too long")
                    if time.monotonic() > ends:
                        raise StatusUnavailable("status.no_answer", detail="the answer did not arrive in time")
                return answer.status_code, body
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise StatusUnavailable("status.no_answer", detail=type(error).__name__) from error


def _check_address(site: str) -> None:
    try:
        parts = urlsplit(site)
        host = parts.hostname or ""
    except ValueError as error:
        raise StatusUnavailable("status.no_answer", detail="its address is not valid") from error
    if parts.scheme == "https" and host:
        return
    if parts.scheme == "http" and _is_this_machine(host):
        return
    raise StatusUnavailable("status.no_answer", detail="its address is not https")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(body: bytes, number: str) -> PublishedStatus:
    try:
        plain: dict[str, Any] = json.loads(body)
        stated = plain.get("certificate_number", plain.get("number"))
        if stated != number or plain["status"] not in _STATUSES:
            raise ValueError("it is about something else")
        digest = plain.get("content_sha256")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StatusUnavailable("status.answer_unusable", detail=str(error)[:120]) from error
    return PublishedStatus(
        cast("Status", plain["status"]), None if digest is None else str(digest).lower(), datetime.now(UTC)
    )
