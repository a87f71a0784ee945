"""Looking into a prepared PDF before signing it: what is covered, and what the person will be shown.

ISO 32000-2 section 12.8.1: the byte range covers the whole file but the hexadecimal string of /Contents. The agent computes
the digest over that range itself; a digest handed to it is never signed.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import pikepdf

from udgam_agent.errors import Refused

_SIGNATURE_FORMS = ("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")
_DEEPEST_FIELD = 8
CONTENT_NAME = "content.json"


@dataclass(frozen=True)
class PreparedPdf:
    """What the agent found out about the file on its own. `content` is the attached content.json, or None."""

    digest: bytes
    pages: int
    title: str
    content: bytes | None


def _wrong(detail: str) -> Refused:
    return Refused("agent.pdf-wrong", detail=detail)


def _fields(nodes: pikepdf.Object, depth: int = 0) -> Iterator[pikepdf.Object]:
    if depth > _DEEPEST_FIELD:
        raise _wrong("form fields are nested too deeply")
    for node in nodes.as_list():
        yield node
        if isinstance(node, pikepdf.Dictionary) and "/Kids" in node:
            yield from _fields(node["/Kids"], depth + 1)


def _byte_ranges(document: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Object, list[int]]]:
    form = document.Root.get("/AcroForm")
    if form is None or "/Fields" not in form:
        return
    for field in _fields(form["/Fields"]):
        value = field.get("/V")
        if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value:
            yield value, [int(number) for number in value["/ByteRange"].as_list()]


def _digest(document: pikepdf.Pdf, data: bytes) -> bytes:
    """Find the one signature still to be made: its range reaches the end of the file, its /Contents is all zeros."""
    open_ones = [(value, numbers) for value, numbers in _byte_ranges(document) if sum(numbers[2:]) == len(data)]
    if len(open_ones) != 1:
        raise _wrong("there is not exactly one signature to be made that covers the file to its end")
    value, numbers = open_ones[0]
    if len(numbers) != 4 or numbers[0] != 0 or not 0 < numbers[1] < numbers[2] <= len(data):
        raise _wrong("the byte range leaves out more than the signature")
    if str(value.get("/SubFilter")) not in _SIGNATURE_FORMS:
        raise _wrong("the form of signature is not one the agent knows")
    before, gap, after = data[: numbers[1]], data[numbers[1] : numbers[2]], data[numbers[2] :]
    if not re.search(rb"/Contents\s*$", before) or not re.fullmatch(rb"<0+>", gap):
        raise _wrong("the bytes left out are not an empty signature")
    if bytes(value["/Contents"]).strip(b"\0"):
        raise _wrong("the signature is not empty")
    return hashlib.sha256(before + after).digest()


def _attached_content(document: pikepdf.Pdf) -> bytes | None:
    found = [
        entry
        for name, entry in document.attachments.items()
        if PurePosixPath(entry.filename or name).name == CONTENT_NAME
    ]
    if len(found) > 1:
        raise _wrong("two attachments are named content.json")
    return bytes(found[0].get_file().read_bytes()) if found else None


def _refuse_active_content(document: pikepdf.Pdf) -> None:
    names = document.Root.get("/Names")
    if "/AA" in document.Root or (names is not None and "/JavaScript" in names):
        raise _wrong("the document holds scripts")
    action = document.Root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) != "/GoTo":
        raise _wrong("the document does something when it is opened")


def inspect(data: bytes) -> PreparedPdf:
    """Read a prepared PDF. Raises `Refused` ("agent.pdf-wrong") with what is wrong about it."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                raise _wrong("the document is encrypted")
            _refuse_active_content(document)
            title = str(document.docinfo.get("/Title", "")) if document.trailer.get("/Info") is not None else ""
            return PreparedPdf(_digest(document, data), len(document.pages), title[:300], _attached_content(document))
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as problem:
        raise _wrong("the file is not a readable PDF") from problem
