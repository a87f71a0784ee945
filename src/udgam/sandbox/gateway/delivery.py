"""Messages to the platform: signed when they are sent, tried again when nobody takes them, to this machine alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

_LOG = logging.getLogger("udgam.sandbox.gateway")
TRIES = 4
PAUSE_SECONDS = 0.5


def signature(secret: str, moment: str, body: bytes) -> str:
    """ "v1=" and HMAC-SHA-256 over the time, a dot and the body."""
    return "v1=" + hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def is_here(url: str) -> bool:
    """Whether an address lies on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}


class Delivery:
    """Sends messages from threads; `stop` ends those that wait."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def send(self, url: str, content: dict[str, Any], *, forged: bool = False) -> bool:
        """Send one message now; whether it was taken."""
        body = json.dumps(content).encode()
        secret = "a secret of somebody else" if forged else self._secret
        for number in range(TRIES):
            moment = str(int(time.time()))
            headers = {
                "Content-Type": "application/json",
                "X-Gateway-Time": moment,
                "X-Gateway-Signature": signature(secret, moment, body),
            }
            try:
                status = httpx.post(url, content=body, headers=headers, timeout=5, trust_env=False).status_code
            except httpx.HTTPError:
                status = 0
            _LOG.info("message %s %d", content["kind"], status)
            if 200 <= status < 300:
                return True
            if 400 <= status < 500 and status != 429:
                return False
            if self._stopping.wait(PAUSE_SECONDS * 2**number):
                return False
        return False

    def later(self, seconds: float, act: Any) -> None:
        """Do something in a thread after a while."""

        def run() -> None:
            if not self._stopping.wait(seconds):
                act()

        thread = threading.Thread(target=run, daemon=True, name="gateway-delivery")
        self._threads.append(thread)
        thread.start()

    def settle(self, seconds: float = 10) -> None:
        """Wait until everything that was begun is sent; for tests."""
        for thread in list(self._threads):
            thread.join(seconds)
        self._threads.clear()

    def stop(self) -> None:
        """Give up what waits."""
        self._stopping.set()
