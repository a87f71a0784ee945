"""A gateway with a page of its own, spoken to in the shape of docs/mechanisms/payments.md.

Orders go out with a bearer key over TLS; messages come in with a time and an HMAC-SHA-256 over "time.body". An operator whose
bank speaks otherwise puts an adapter in between, or names a class of one's own in the settings.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from udgam.ground.connectors.addresses import check_url
from udgam.ground.connectors.circuit import CircuitBreaker
from udgam.ground.connectors.failures import AnswerRefused, AskedTooOften, Unreachable
from udgam.ground.connectors.http import Answer, open_client
from udgam.ground.connectors.payment_gateways import (
    AttemptFacts,
    CaptureFact,
    Message,
    MessageForged,
    MessageStale,
    MessageUnreadable,
    RefundFacts,
    RefusedForGood,
)
from udgam.rules.fees.periods import MESSAGE_LIFETIME

TIME_HEADER = "x-gateway-time"
SIGNATURE_HEADER = "x-gateway-signature"
LARGEST_MESSAGE = 64 * 1024
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST_CAPTURES = 50
Facts = TypeVar("Facts", AttemptFacts, RefundFacts)
_breakers: dict[str, CircuitBreaker] = {}


class HostedPage:
    """One account; see `Gateway` for what each method promises."""

    def __init__(self, account: str, options: Mapping[str, Any]) -> None:
        self.account = account
        self._url = str(options["url"]).rstrip("/")
        self._merchant = str(options["merchant"])
        self._key = str(options["key"])
        self._secret = str(options["secret"]).encode()
        if len(self._secret) < 16:
            raise ValueError("the secret is too short")
        self._breaker = _breakers.setdefault(
            self._url, CircuitBreaker(f"The payment gateway of {account}", counts=Unreachable)
        )

    @property
    def page_origin(self) -> str:
        """Scheme, host and port of the gateway."""
        parts = urlsplit(self._url)
        return f"{parts.scheme}://{parts.netloc}"

    def open_page(
        self, *, reference: str, amount_paise: int, description: str, return_url: str, notify_url: str
    ) -> str:
        """POST /v1/sessions."""
        content = {
            "merchant": self._merchant,
            "reference": reference,
            "amount_paise": amount_paise,
            "currency": "INR",
            "description": description,
            "return_url": return_url,
            "notify_url": notify_url,
        }
        page = self._object(self._ask("POST", "/v1/sessions", content)).get("page")
        if not isinstance(page, str) or len(page) > 500:
            raise AnswerRefused("The gateway names no page.")
        parts = check_url(page)
        if f"{parts.scheme}://{parts.netloc}" != self.page_origin:
            raise AnswerRefused("The gateway's page lies elsewhere.")
        return page

    def attempt(self, *, reference: str) -> AttemptFacts:
        """GET /v1/sessions/by-reference/{reference}."""
        answer = self._ask("GET", f"/v1/sessions/by-reference/{quote(reference, safe='')}", None, may_miss=True)
        if answer.status == 404:
            return AttemptFacts(reference=reference, state="unknown")
        return self._same(_attempt_facts(self._object(answer)), reference)

    def pay_back(self, *, reference: str, payment_id: str, amount_paise: int) -> RefundFacts:
        """POST /v1/refunds."""
        content = {
            "merchant": self._merchant,
            "reference": reference,
            "payment": payment_id,
            "amount_paise": amount_paise,
        }
        return self._same(_refund_facts(self._object(self._ask("POST", "/v1/refunds", content))), reference)

    def read_message(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Message:
        """Signature first, then the time, then the content."""
        time, signature = headers.get(TIME_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
        if len(body) > LARGEST_MESSAGE or not re.fullmatch(r"[0-9]{9,11}", time):
            raise MessageForged("The message carries no time.")
        expected = sign(self._secret, time, body)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise MessageForged("The message is not signed with the secret of this account.")
        if abs(now - datetime.fromtimestamp(int(time), UTC)) > MESSAGE_LIFETIME:
            raise MessageStale("The message was signed at another time.")
        try:
            content = json.loads(body)
            if content["merchant"] != self._merchant:
                raise MessageUnreadable("The message is for another merchant.")
            kind, message_id = content["kind"], _identifier(content["id"])
            about = _refund_facts(content["refund"]) if "refund" in content else _attempt_facts(content["session"])
            if not isinstance(kind, str) or len(kind) > 40:
                raise MessageUnreadable("The kind of the message is no word.")
        except (AnswerRefused, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise MessageUnreadable(f"The message cannot be read: {type(error).__name__}.") from error
        return Message(message_id=message_id, kind=kind, sha256=hashlib.sha256(body).hexdigest(), about=about)

    def _ask(self, method: str, path: str, content: dict[str, Any] | None, *, may_miss: bool = False) -> Answer:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        with self._breaker.guard(), open_client() as client:
            if content is None:
                answer = client.get(f"{self._url}{path}", headers=headers)
            else:
                headers["Content-Type"] = "application/json"
                body = json.dumps(content, ensure_ascii=False).encode()
                answer = client.post(f"{self._url}{path}", content=body, headers=headers)
            if answer.status == 429:
                raise AskedTooOften("The gateway answers 429.")
            if answer.status >= 500:
                raise Unreachable(f"The gateway answers {answer.status}.")
        if answer.status in {409, 422}:
            raise RefusedForGood(f"The gateway answers {answer.status}.")
        if not 200 <= answer.status < 300 and not (may_miss and answer.status == 404):
            raise AnswerRefused(f"The gateway answers {answer.status}.", status=answer.status)
        return answer

    @staticmethod
    def _object(answer: Answer) -> dict[str, Any]:
        try:
            content = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise AnswerRefused("The gateway's answer is not JSON.", status=answer.status) from error
        if not isinstance(content, dict):
            raise AnswerRefused("The gateway's answer is no object.", status=answer.status)
        return content

    @staticmethod
    def _same(facts: Facts, reference: str) -> Facts:
        if facts.reference != reference:
            raise AnswerRefused("The gateway answers about something else.")
        return facts


def sign(secret: bytes, time: str, body: bytes) -> str:
    """The signature of a message: "v1=" and HMAC-SHA-256 over the time, a dot and the body, in hexadecimal."""
    return "v1=" + hmac.new(secret, time.encode() + b"." + body, hashlib.sha256).hexdigest()


def _identifier(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("an identifier has up to 64 letters, digits, hyphens and underscores")
    return value


def _attempt_facts(content: Any) -> AttemptFacts:
    try:
        state, captures = content["state"], content["payments"]
        if state not in {"open", "paid", "failed"} or not isinstance(captures, list) or len(captures) > _MOST_CAPTURES:
            raise ValueError("the state is unknown")
        return AttemptFacts(
            reference=_identifier(content["reference"]),
            state=state,
            captures=tuple(_capture(row) for row in captures),
            failure=str(content.get("failure", ""))[:120],
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise AnswerRefused("What the gateway says about a payment cannot be read.") from error


def _capture(row: Any) -> CaptureFact:
    amount, at = row["amount_paise"], row["captured_at"]
    if type(amount) is not int or not 0 < amount < 10**13 or type(at) is not int or not 0 < at < 10**11:
        raise ValueError("an amount is a whole number of paise, a moment a whole number of seconds")
    return CaptureFact(
        payment_id=_identifier(row["id"]), amount_paise=amount, captured_at=datetime.fromtimestamp(at, UTC)
    )


def _refund_facts(content: Any) -> RefundFacts:
    try:
        if content["state"] not in {"pending", "done", "refused"}:
            raise ValueError("the state is unknown")
        return RefundFacts(
            reference=_identifier(content["reference"]),
            state=content["state"],
            refund_id=_identifier(content["id"]),
            failure=str(content.get("failure", ""))[:120],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AnswerRefused("What the gateway says about a refund cannot be read.") from error
