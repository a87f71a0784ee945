"""Stored files that go out with a mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import default_storage

# Base64 makes a third more of it; mail servers commonly take ten megabytes.
LARGEST = 5 * 1024 * 1024


class AttachmentUnreadable(Exception):
    """The stored file cannot be read now, or has grown beyond what goes by mail."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A stored file by its path. It is read when the mail is handed over, so the outbox keeps no second copy of it."""

    path: str
    name: str


def attachable(*, path: str, name: str) -> Attachment | None:
    """The stored file as an attachment under that name; None when it is not there or too large for a mail."""
    try:
        size = default_storage.size(path) if path else 0
    except OSError:
        return None
    return Attachment(path=path, name=name) if 0 < size <= LARGEST else None


def read_attachment(attachment: Attachment) -> bytes:
    """The bytes of the file. Raises `AttachmentUnreadable`."""
    try:
        with default_storage.open(attachment.path) as file:
            data: bytes = file.read(LARGEST + 1)
    except OSError as error:
        raise AttachmentUnreadable from error
    if len(data) > LARGEST:
        raise AttachmentUnreadable
    return data
