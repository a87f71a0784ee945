"""Reading the documents that the page hands over one by one, after the person has seen the list."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from udgam_agent.asked import DOCUMENT_LIMIT, MEDIA_TYPES, OfferedDocument, bad, fields
from udgam_agent.errors import Refused

# A sign-in's worth of signed attributes is about 300 bytes; nothing legitimate comes near this.
_ATTRIBUTES_LIMIT = 16 * 1024


def _decode(value: Any, name: str, limit: int) -> bytes:
    if not isinstance(value, str):
        raise bad(f"{name} is not base64 text")
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise bad(f"{name} is not base64 text") from problem
    if len(data) > limit:
        raise Refused("agent.too-large", status=413, limit="25 MiB" if limit == DOCUMENT_LIMIT else "16 KiB")
    return data


def read_document(value: Any) -> OfferedDocument:
    """Read what the server calls `next`. Title and number are taken from the confirmed list, never from here."""
    data = fields(value, {"id", "kind", "media_type", "data"}, frozenset({"title", "number", "signed_attributes"}))
    if not isinstance(data["id"], str) or data["kind"] not in ("data", "pdf") or data["media_type"] not in MEDIA_TYPES:
        raise bad("id, kind or media_type is not in the expected form")
    attributes = data.get("signed_attributes")
    if (data["kind"] == "pdf") != (attributes is not None) or (data["kind"] == "pdf") != (
        data["media_type"] == "application/pdf"
    ):
        raise bad("a PDF comes with its signed attributes, and nothing else does")
    return OfferedDocument(
        data["id"],
        data["kind"],
        data["media_type"],
        _decode(data["data"], "data", DOCUMENT_LIMIT),
        None if attributes is None else _decode(attributes, "signed_attributes", _ATTRIBUTES_LIMIT),
    )
