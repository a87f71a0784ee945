"""Keeps what arrived, one JSON file a message, so that a restart of the sandbox loses no letter."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Message:
    """A letter or a text message. `at` is ISO 8601 in UTC; `number` grows from 1; attachments are named, not kept."""

    number: int
    kind: Literal["mail", "text"]
    at: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    attachments: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The shape of /messages.json."""
        row = asdict(self)
        row["id"] = str(row.pop("number"))
        row["from"] = row.pop("sender")
        row["to"] = list(row.pop("recipients"))
        row["attachments"] = list(row["attachments"])
        return row


def read_mail(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Subject, plain text and names of attachments of a mail (RFC 5322); unreadable parts become replacement signs."""
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(preferencelist=("plain", "html"))
    text = ""
    if body is not None:
        payload = body.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        try:
            text = raw.decode(body.get_content_charset("utf-8"), "replace")
        except LookupError:
            text = raw.decode("utf-8", "replace")
    names = tuple(part.get_filename() or "without a name" for part in mail.iter_attachments())
    return str(mail.get("Subject", "")), text.replace("\r\n", "\n"), names


class Store:
    """The messages of one folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Read what earlier runs kept."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        self._messages: list[Message] = []
        for file in sorted(folder.glob("*.json")):
            row = json.loads(file.read_text(encoding="utf-8"))
            self._messages.append(
                Message(**row | {"recipients": tuple(row["recipients"]), "attachments": tuple(row["attachments"])})
            )

    def add(
        self,
        *,
        kind: Literal["mail", "text"],
        at: datetime,
        sender: str,
        recipients: tuple[str, ...],
        subject: str,
        text: str,
        attachments: tuple[str, ...] = (),
    ) -> Message:
        """Keep a message and return it with its number."""
        with self._lock:
            number = self._messages[-1].number + 1 if self._messages else 1
            message = Message(
                number, kind, at.isoformat(timespec="milliseconds"), sender, recipients, subject, text, attachments
            )
            fresh = self._folder / f"{number:08d}.new"
            fresh.write_text(json.dumps(asdict(message), ensure_ascii=False), encoding="utf-8")
            fresh.replace(fresh.with_suffix(".json"))
            self._messages.append(message)
        return message

    def newest_first(self, recipient: str = "") -> list[Message]:
        """All messages, or those to one recipient (compared without regard to case)."""
        wanted = recipient.strip().casefold()
        with self._lock:
            chosen = [
                each for each in self._messages if not wanted or wanted in {one.casefold() for one in each.recipients}
            ]
        return chosen[::-1]

    def recipients(self) -> list[str]:
        """Everybody who got a message, in alphabetical order."""
        with self._lock:
            return sorted({one for each in self._messages for one in each.recipients}, key=str.casefold)

    def clear(self) -> None:
        """Throw all messages away."""
        with self._lock:
            for file in self._folder.glob("*.json"):
                file.unlink()
            self._messages.clear()
