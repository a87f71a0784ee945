"""Look into a file before it is taken: what it is by its content, and whether anything in it acts by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from udgam.ground.documents.inspection import pdf, pictures, sheets
from udgam.ground.documents.refusals import DocumentRefused

FileType = Literal["pdf", "jpeg", "png", "xlsx"]
ALL_TYPES: frozenset[FileType] = frozenset({"pdf", "jpeg", "png", "xlsx"})
MEDIA_TYPES: dict[FileType, str] = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BEGINNINGS: tuple[tuple[bytes, FileType], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "xlsx"),
)


@dataclass(frozen=True)
class Checked:
    """A file that may be stored: its type and the bytes to store."""

    type: FileType
    media_type: str
    content: bytes


def file_type(content: bytes) -> FileType:
    """The type by the first bytes. Raises ``DocumentRefused``."""
    for beginning, found in _BEGINNINGS:
        if content.startswith(beginning):
            return found
    raise DocumentRefused("documents.type_unknown")


def inspect(content: bytes, *, allowed: frozenset[FileType] = ALL_TYPES) -> Checked:
    """Check the whole file. Raises ``DocumentRefused`` with the reason."""
    found = file_type(content)
    if found not in allowed:
        names = ", ".join(sorted(name.upper() for name in allowed))
        raise DocumentRefused("documents.type_not_allowed", type=found.upper(), allowed=names)
    clean: dict[FileType, Callable[[bytes], bytes]] = {
        "pdf": pdf.check,
        "jpeg": pictures.encode_jpeg_anew,
        "png": pictures.encode_png_anew,
        "xlsx": sheets.check,
    }
    return Checked(found, MEDIA_TYPES[found], clean[found](content))
