"""Reads the published files of a register from its site, one by one: what a witness looks at.

Used by the command line, which has no settings: the address is the one that the person gave, and nothing is sent there.
"""

from __future__ import annotations

import time

import httpx

from udgam.ground.connectors.failures import AnswerRefused, AnswerTooLarge, Unreachable

_LARGEST = 8 * 1024 * 1024


class RegisterSite:
    """A `signing.proof.log.Storage` that is only read."""

    def __init__(self, base: str, *, seconds: float = 20.0) -> None:
        self._base = base.rstrip("/")
        self._seconds = seconds

    def read(self, path: str) -> bytes | None:
        """The file, or None when the site has none. Raises `Unreachable`, `AnswerRefused`, `AnswerTooLarge`."""
        ends = time.monotonic() + 2 * self._seconds
        try:
            with (
                httpx.Client(timeout=self._seconds, follow_redirects=False, trust_env=False) as client,
                client.stream("GET", f"{self._base}/{path}", headers={"Accept-Encoding": "identity"}) as answer,
            ):
                if answer.status_code == httpx.codes.NOT_FOUND:
                    return None
                if answer.status_code != httpx.codes.OK:
                    raise AnswerRefused(f"It answered with the status {answer.status_code}.", status=answer.status_code)
                body = bytearray()
                # Raw, so that a compressed answer cannot grow beyond the bound after it was counted.
                for part in answer.iter_raw():
                    body += part
                    if len(body) > _LARGEST:
                        raise AnswerTooLarge(f"The answer has more than {_LARGEST} bytes.")
                    if time.monotonic() > ends:
                        raise Unreachable("The answer did not arrive in time.")
                return bytes(body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Unreachable(f"No answer: {type(error).__name__}.") from error

    def write(self, path: str, data: bytes) -> None:
        """Nobody but the register writes there."""
        raise NotImplementedError("a register is only read from outside")
