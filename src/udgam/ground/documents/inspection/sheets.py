"""XLSX workbooks (ECMA-376, a ZIP of XML parts): no macros, nothing embedded, and no size out of proportion."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from udgam.ground.documents.refusals import DocumentRefused

MAX_PARTS = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
_WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ACTIVE_PART = re.compile(
    r"(^|/)(vbaProject[^/]*\.bin|vbaData\.xml|activeX/.*|embeddings/.*|ctrlProps/.*|macrosheets/.*|dialogsheets/.*"
    r"|customUI[^/]*/.*|[^/]*\.(exe|dll|js|vbs|bat|cmd|ps1|lnk|bin))$",
    re.IGNORECASE,
)
# Printer settings are the one binary part that ordinary workbooks carry.
_HARMLESS = re.compile(r"^xl/printerSettings/[^/]*\.bin$", re.IGNORECASE)
_ACTIVE_TYPES = (b"macroEnabled", b"vbaProject", b"oleObject", b"activeX")


def check(content: bytes) -> bytes:
    """Return the bytes unchanged, or raise ``DocumentRefused``."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_sizes(archive, parts)
            _check_parts(archive, {part.filename for part in parts})
    except (
        BadZipFile,
        LargeZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
    ) as error:
        raise DocumentRefused("documents.sheet_malformed") from error
    except RuntimeError as error:
        # zipfile has no class of its own for a part that is encrypted.
        raise DocumentRefused("documents.sheet_malformed") from error
    return content


def _check_sizes(archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Unpack everything once, counting, because the sizes that the archive claims may be lies."""
    if len(parts) > MAX_PARTS:
        raise DocumentRefused("documents.sheet_bomb")
    # ECMA-376 part 2 knows no other method; others take memory before the first byte is seen.
    if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
        raise DocumentRefused("documents.sheet_malformed")
    # Of two parts with one name readers take different ones.
    if len({part.filename.casefold() for part in parts}) != len(parts):
        raise DocumentRefused("documents.sheet_malformed")
    total = 0
    for part in parts:
        size = 0
        with archive.open(part) as stream:
            while piece := stream.read(64 * 1024):
                size += len(piece)
                # Small parts compress well without meaning harm, so the ratio counts from a megabyte on.
                if total + size > MAX_UNPACKED or (size > 1024 * 1024 and size > MAX_RATIO * part.compress_size):
                    raise DocumentRefused("documents.sheet_bomb")
        total += size


def _check_parts(archive: ZipFile, names: set[str]) -> None:
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise DocumentRefused("documents.type_unknown")
    types = archive.read("[Content_Types].xml")
    # Spelled with entities, a type would say another thing to a reader of XML than it says here.
    if b"&" in types or b"<!DOCTYPE" in types:
        raise DocumentRefused("documents.sheet_malformed")
    if any(word in types for word in _ACTIVE_TYPES):
        raise DocumentRefused("documents.sheet_macros")
    if any(_ACTIVE_PART.search(name) and not _HARMLESS.match(name) for name in names):
        raise DocumentRefused("documents.sheet_macros")
    if _WORKBOOK_TYPE not in types:
        raise DocumentRefused("documents.type_unknown")
