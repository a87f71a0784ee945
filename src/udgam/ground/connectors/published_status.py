"""Ask an issuer's site what became of a certificate: GET {site}/api/certificates/status?number=..."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.http import open_client
from udgam.signing.proof.report import Status
from udgam.signing.proof.status import PublishedStatus, StatusUnavailable

PATH = "/api/certificates/status"
_STATUSES = frozenset({"issued", "superseded", "cancelled", "unknown"})
_BYTES = 64 * 1024


class PublishedStatusSite:
    """Implements ``signing.proof.StatusSource`` over HTTP; ``site`` is the origin of the issuer's site."""

    def __init__(self, site: str, timeout: float = 5.0) -> None:
        self._site = site.rstrip("/")
        self._seconds = timeout

    def status_of(self, number: str) -> PublishedStatus:
        """What the site says now. Raises ``StatusUnavailable``."""
        try:
            with open_client(seconds=self._seconds, max_bytes=_BYTES) as client:
                answer = client.get(
                    f"{self._site}{PATH}?{urlencode({'number': number})}", headers={"Accept": "application/json"}
                )
        except ConnectorFailed as error:
            raise StatusUnavailable("status.no_answer", detail=error.reason) from error
        if answer.status not in {200, 404}:
            raise StatusUnavailable("status.no_answer", detail=f"status {answer.status}")
        return _read(answer.body, number)


def _read(body: bytes, number: str) -> PublishedStatus:
    """The status in the answer; a 404 page that is not the interface's own answer is not taken for "unknown"."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise StatusUnavailable("status.answer_unusable", detail="not JSON") from error
    if not isinstance(content, dict) or content.get("number") != number:
        raise StatusUnavailable("status.answer_unusable", detail="about another number")
    status, digest = content.get("status"), content.get("content_sha256")
    if status not in _STATUSES:
        raise StatusUnavailable("status.answer_unusable", detail="no status")
    if digest is not None and not (isinstance(digest, str) and re.fullmatch(r"[0-9a-fA-F]{64}", digest)):
        raise StatusUnavailable("status.answer_unusable", detail="no digest")
    return PublishedStatus(cast("Status", status), digest.lower() if digest else None, datetime.now(UTC))
