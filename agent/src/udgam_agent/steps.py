"""The steps of the agent's own window: what it may ask of the running conversation, and the answers it reads."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from udgam_agent.asked import DOCUMENT_LIMIT, bad, fields, strict_json
from udgam_agent.conversation import Conversation, why_none
from udgam_agent.counter import Counter
from udgam_agent.errors import Refused
from udgam_agent.offered import read_document
from udgam_agent.settings import Settings
from udgam_agent.texts import explain
from udgam_agent.tokens.holdings import HeldCertificate, Look

# A document of 25 MiB grows by a third in base64; the rest is room for its attributes and names.
STEP_LIMIT = DOCUMENT_LIMIT * 4 // 3 + 64 * 1024
LONGEST_PIN = 64

Step = Callable[[dict[str, Any], Conversation], dict[str, Any]]


def held_as_json(held: HeldCertificate) -> dict[str, Any]:
    summary = held.summary
    return {
        "id": summary.id,
        "holder": summary.holder,
        "organisation": summary.organisation,
        "issuer": summary.issuer,
        "serial_number": summary.serial_number,
        "not_before": summary.not_before.isoformat(),
        "not_after": summary.not_after.isoformat(),
        "use": summary.use,
        "key": summary.key,
        "token": held.token,
        "model": held.model,
        "source": held.kind,
        "pin": asdict(held.pin),
    }


def look_as_json(found: Look, reason: str | None, lang: str) -> dict[str, Any]:
    """Turn a look into what the window (and `self-test --json`) show, with the reason when nothing can be used."""
    problems = []
    for problem in found.problems:
        message, advice = explain(problem.code, lang, {"where": problem.where})
        problems.append({"code": problem.code, "where": problem.where, "message": message, "advice": advice})
    answer: dict[str, Any] = {
        "certificates": [held_as_json(held) for held in found.certificates],
        "tokens": list(found.tokens),
        "modules": list(found.modules),
        "problems": problems,
        "refusal": None,
    }
    if reason is not None:
        where = next((problem.where for problem in found.problems if problem.code == reason), "")
        message, advice = explain(reason, lang, {"where": where})
        answer["refusal"] = {"code": reason, "message": message, "advice": advice}
    return answer


def _pin(data: dict[str, Any]) -> str | None:
    pin = data["pin"]
    if pin is not None and (not isinstance(pin, str) or not 1 <= len(pin) <= LONGEST_PIN):
        raise Refused("agent.pin-wrong", status=403, final=False)
    return pin


def _certificate_id(data: dict[str, Any]) -> str:
    if not isinstance(data["certificate"], str):
        raise bad("certificate is not text")
    return data["certificate"]


def _look(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    fields(data, set())
    found, reason = conversation.look()
    return look_as_json(found, reason, conversation.request.lang)


def _authenticate(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    fields(data, {"certificate", "pin"})
    return {"token": conversation.authenticate(certificate_id=_certificate_id(data), pin=_pin(data))}


def _choose(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    fields(data, {"certificate"})
    held = conversation.choose(_certificate_id(data))
    return {"certificate": base64.b64encode(held.summary.der).decode(), "source": held.kind}


def _document(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    return conversation.offer(read_document(data), now=datetime.now(UTC))


def _unlock(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    fields(data, {"pin"})
    conversation.unlock(pin=_pin(data))
    return {"pin_each_time": conversation.pin_each_time}


def _sign(data: dict[str, Any], conversation: Conversation) -> dict[str, Any]:
    fields(data, {"pin"})
    return conversation.sign(pin=_pin(data))


_STEPS: dict[str, Step] = {
    "look": _look,
    "authenticate": _authenticate,
    "choose": _choose,
    "document": _document,
    "unlock": _unlock,
    "sign": _sign,
}


def run_step(
    step: str, body: bytes, conversation: Conversation, counter: Counter, settings: Settings
) -> dict[str, Any]:
    """Run one step of a conversation. Raises `Refused`; an unknown step is agent.not-found."""
    data = strict_json(body)
    runs = counter.runs(conversation)
    if step == "state":
        counter.still_alive(conversation)
        return {"state": "running" if runs else "waiting"}
    if step == "end":
        counter.finish(conversation)
        return {}
    if step == "take-over":
        counter.take_over(conversation)
        return {}
    if not runs:
        raise Refused("agent.out-of-order", status=409, final=False)
    counter.acted(conversation)
    if step == "allow":
        settings.add_site(conversation.origin.text)
        conversation.trusted = True
        return {}
    if step not in _STEPS:
        raise Refused("agent.not-found", status=404, final=False)
    answer = _STEPS[step](data, conversation)
    counter.acted(conversation)
    if step == "authenticate":
        counter.finish(conversation)
    return answer


def run_start_step(step: str, counter: Counter, lang: str) -> dict[str, Any]:
    """Run a step of the start page: looking at the tokens, unless a conversation is using them."""
    if step != "look":
        raise Refused("agent.not-found", status=404)
    if counter.is_serving():
        raise Refused("agent.busy", status=409, final=False)
    found = counter.desk.look()
    usable = any(held.summary.use == "signing" for held in found.certificates)
    return look_as_json(found, None if usable else why_none(found), lang)
