"""Hand a text message to the gateway.

The gateway is spoken to in a small shape of our own (docs/mechanisms/messages.md): POST JSON {"to", "text", "reference"} with a
bearer key; 202 means taken. An operator whose provider speaks otherwise puts an adapter in between.
"""

from __future__ import annotations

import json

from django.conf import settings

from udgam.ground.connectors.circuit import CircuitBreaker
from udgam.ground.connectors.failures import AnswerRefused, HandOverRefused, NotConfigured, Unreachable
from udgam.ground.connectors.http import open_client

breaker = CircuitBreaker("The text message gateway", counts=Unreachable)


def send_text(*, mobile: str, text: str, reference: str) -> None:
    """Send one text message to a number in international form (+91...).

    Raises ``NotConfigured``, ``Unreachable``, ``CircuitOpen``, ``AnswerRefused`` (try again) or ``HandOverRefused`` (for good).
    """
    if not settings.TEXT_MESSAGE_URL:
        raise NotConfigured("UDGAM_TEXT_MESSAGE_URL is not set.")
    body = json.dumps({"to": mobile, "text": text, "reference": reference}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.TEXT_MESSAGE_KEY}"}
    with breaker.guard(), open_client() as client:
        answer = client.post(settings.TEXT_MESSAGE_URL, content=body, headers=headers)
        if answer.status >= 500 or answer.status == 429:
            raise Unreachable(f"The gateway answers {answer.status}.")
    if answer.status in {400, 422}:
        raise HandOverRefused("The gateway refuses this message.")
    if not 200 <= answer.status < 300:
        raise AnswerRefused(f"The gateway answers {answer.status}.", status=answer.status)
