"""Reads the published files of a register from its site, one by one: what a witness looks at.

Used by the command line, which has no settings: the address is the one that the person gave, and nothing is sent there.
"""

from __future__ import annotations

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
        try:
            answer = httpx.get(f"{self._base}/{path}", timeout=self._seconds, follow_redirects=False, trust_env=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(f"No answer: {type(error).__name__}.") from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code != httpx.codes.OK:
            raise AnswerRefused(f"It answered with the status {answer.status_code}.", status=answer.status_code)
        if len(answer.content) > _LARGEST:
            raise AnswerTooLarge(f"The answer has more than {_LARGEST} bytes.")
        return answer.content

    def write(self, path: str, data: bytes) -> None:
        """Nobody but the register writes there."""
        raise NotImplementedError("a register is only read from outside")
