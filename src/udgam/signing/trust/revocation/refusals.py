"""Why a CRL or an OCSP answer is not evidence. Inside this room only; the path check turns them into ``PathRefused``."""

from __future__ import annotations


class EvidenceRefused(Exception):
    """A piece of revocation evidence that proves nothing. ``code`` is the "revocation.*" code of ``PathRefused``."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")
