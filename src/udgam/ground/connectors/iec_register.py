"""The IEC register: GET {base}/iec/{iec} in the shape of "Importer-Exporter Details" v3 on API Setu, read leniently.

The shape, its oddities and the extension with contact data are described in docs/mechanisms/iec-register.md.
"""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime

from django.conf import settings

from udgam.ground.connectors.circuit import CircuitBreaker
from udgam.ground.connectors.failures import AnswerRefused, ConnectorFailed
from udgam.ground.connectors.http import MEGABYTE, Answer, open_client
from udgam.ground.connectors.iec_answer import AnswerUnreadable, read_answer
from udgam.rules.firm import FirmRecord
from udgam.rules.identifiers import parse_iec

log = logging.getLogger("udgam.connectors")

IMPORT_ONLY = "import-only"
# A try that found nobody is repeated once after this many seconds; more would keep a person waiting.
TRIES = 2
PAUSE_SECONDS = 0.3


class IecUnknown(Exception):
    """The register has no such IEC."""


class RegisterUnavailable(ConnectorFailed):
    """The register gives no usable answer. ``since`` is when the present row of failures began (UTC)."""

    reason = "register_unavailable"

    def __init__(self, message: str, *, since: datetime) -> None:
        self.since = since
        super().__init__(message)


class RegisterAnswerMalformed(RegisterUnavailable):
    """The register answered, but not in a shape that can be read."""

    reason = "register_answer_malformed"


class RegisterNotConfigured(RegisterUnavailable):
    """The installation works from imported files, or nobody has said where the register is."""

    reason = "register_not_configured"


class _Outage(Exception):
    """An answer that says the register is not in order. For the circuit breaker, inside this module."""


breaker = CircuitBreaker("The IEC register", counts=(ConnectorFailed, _Outage, AnswerUnreadable))


def fetch(iec: str, *, now: datetime) -> FirmRecord:
    """The record of a firm, as of now. Not to be called inside a transaction: it may take seconds.

    Raises ``IecUnknown``, ``RegisterUnavailable`` (with ``since``), ``RegisterAnswerMalformed``, ``RegisterNotConfigured``;
    ``rules.refusals.IdentifierRefused`` when ``iec`` has not the form of an IEC.
    """
    code = parse_iec(iec).value
    if settings.IEC_REGISTER_URL in {"", IMPORT_ONLY}:
        raise RegisterNotConfigured("This installation has no IEC register.", since=now)
    try:
        with breaker.guard():
            answer = _ask_twice(code)
            return _understand(answer, code, now)
    except AnswerUnreadable as error:
        log.error("register answer unreadable", extra={"service": "iec-register", "reason": str(error)})
        raise RegisterAnswerMalformed("The register's answer cannot be read.", since=_since(now)) from error
    except (_Outage, ConnectorFailed) as error:
        log.warning("register unavailable", extra={"service": "iec-register", "reason": str(error)})
        raise RegisterUnavailable("The register cannot be reached.", since=_since(now)) from error


def unavailable_since() -> datetime | None:
    """Since when the register has failed, as far as this process knows; None while it answers."""
    return breaker.since


def _since(now: datetime) -> datetime:
    return (breaker.since or now).astimezone(UTC)


def _ask_twice(code: str) -> Answer:
    """Ask; once more when nobody answered or a gateway did in the register's place."""
    for tries_left in reversed(range(TRIES)):
        try:
            answer = _ask(code)
        except AnswerRefused as error:
            raise _Outage(str(error)) from error
        except ConnectorFailed:
            if not tries_left:
                raise
        else:
            if answer.status not in {502, 503, 504} or not tries_left:
                return answer
        time.sleep(PAUSE_SECONDS)
    raise AssertionError("the last try returns or raises")


def _ask(code: str) -> Answer:
    headers = {
        "Accept": "application/json",
        "X-APISETU-APIKEY": settings.IEC_REGISTER_KEY,
        "X-APISETU-CLIENTID": settings.IEC_REGISTER_CLIENT,
    }
    with open_client(max_bytes=2 * MEGABYTE) as client:
        return client.get(f"{settings.IEC_REGISTER_URL.rstrip('/')}/iec/{code}", headers=headers)


def _understand(answer: Answer, code: str, now: datetime) -> FirmRecord:
    if answer.status == 200:
        return read_answer(answer.body, iec=code, now=now)
    error = _error_word(answer.body)
    if answer.status == 404 and error == "record_not_found":
        # The register is in order, so the circuit must hear of a success and not of a failure.
        breaker.reset()
        raise IecUnknown(code)
    raise _Outage(f"status {answer.status} {error}".strip())


def _error_word(body: bytes) -> str:
    """The word in the field "error", if the answer is of the register's shape; it is logged, so at most a few signs of it."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    word = content.get("error") if isinstance(content, dict) else None
    return word[:40] if isinstance(word, str) else ""
