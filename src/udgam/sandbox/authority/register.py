"""What the fictional authority remembers: every serial number it gave out and which of them it withdrew."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

REASONS: dict[str, x509.ReasonFlags] = {reason.value: reason for reason in x509.ReasonFlags}


class UnknownCertificate(KeyError):
    """The authority never issued what was named."""


@dataclass(frozen=True)
class Entry:
    """One certificate. Times are ISO 8601 in UTC; `reason` is spelt as in RFC 5280."""

    issuer: str
    serial: str
    label: str
    revoked_at: str | None = None
    reason: str | None = None

    @property
    def revocation(self) -> tuple[datetime, x509.ReasonFlags] | None:
        """When and why the certificate was withdrawn, or None."""
        if self.revoked_at is None or self.reason is None:
            return None
        return datetime.fromisoformat(self.revoked_at), REASONS[self.reason]


class Register:
    """Entries in one JSON file, written whole at each change so that a crash leaves the old or the new state."""

    def __init__(self, file: Path) -> None:
        """Read `file`, or begin an empty register there."""
        self._file = file
        self._lock = threading.Lock()
        rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        self._entries = {(row["issuer"], row["serial"]): Entry(**row) for row in rows}

    def add(self, *, issuer: str, certificate: x509.Certificate, label: str) -> None:
        """Remember a new certificate."""
        entry = Entry(issuer, f"{certificate.serial_number:x}", label)
        with self._lock:
            self._entries[issuer, entry.serial] = entry
            self._save()

    def find(self, *, issuer: str, serial: int) -> Entry | None:
        """The entry of a serial number, or None when the issuer never gave it out."""
        return self._entries.get((issuer, f"{serial:x}"))

    def revoked(self, issuer: str) -> list[Entry]:
        """What the issuer's revocation list must name."""
        with self._lock:
            return [
                entry for entry in self._entries.values() if entry.issuer == issuer and entry.revoked_at is not None
            ]

    def set_revoked(
        self, *, label: str | None = None, serial: int | None = None, at: datetime, reason: str | None
    ) -> int:
        """Withdraw (or, with `reason` None, give back) all certificates of a label or serial number; return how many.

        Raises `UnknownCertificate` when there is none and `ValueError` for a reason that RFC 5280 does not know.
        """
        if reason is not None and reason not in REASONS:
            raise ValueError(f"Not a revocation reason of RFC 5280: {reason}. Known: {', '.join(sorted(REASONS))}.")
        wanted = f"{serial:x}" if serial is not None else None
        with self._lock:
            chosen = [key for key, entry in self._entries.items() if entry.label == label or entry.serial == wanted]
            if not chosen:
                raise UnknownCertificate(label or wanted or "")
            moment = at.astimezone(UTC).isoformat(timespec="seconds") if reason else None
            for key in chosen:
                self._entries[key] = replace(self._entries[key], revoked_at=moment, reason=reason)
            self._save()
            return len(chosen)

    def _save(self) -> None:
        text = json.dumps([asdict(entry) for entry in self._entries.values()], indent=1)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self._file)
