"""Read files and what is known about them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from typing import IO

from udgam.ground.audit.actors import Actor
from udgam.ground.documents import owners
from udgam.ground.documents.models import Document, Drawn

log = logging.getLogger("udgam.documents")


def document_visible_to(actor: Actor, document_id: uuid.UUID) -> Document | None:
    """The file if it exists and its owner lets this actor read it; None otherwise, without saying which."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None or not owners.may_read(actor, document.owner_subject):
        return None
    return document


def open_file(document: Document) -> IO[bytes] | None:
    """The file open for reading, or None when its bytes are gone; that is logged, for it must never happen."""
    try:
        return document.file.open("rb")
    except FileNotFoundError:
        log.error("the bytes of a document are missing", extra={"reference": str(document.pk)})
        return None


def read_bytes(document: Document) -> bytes:
    """The whole file, for the platform's own use."""
    with document.file.open("rb") as file:
        content: bytes = file.read()
    return content


def page_visible_to(actor: Actor, document_id: uuid.UUID, number: int) -> IO[bytes] | None:
    """The picture of one page, if the actor may read the document; None otherwise."""
    document = document_visible_to(actor, document_id)
    drawn = Drawn.objects.filter(document=document).first() if document else None
    if drawn is None or not 1 <= number <= drawn.pages:
        return None
    try:
        picture: IO[bytes] = Document._meta.get_field("file").storage.open(f"{drawn.folder}/{number}.jpg", "rb")
    except FileNotFoundError:
        log.error("the picture of a page is missing", extra={"reference": str(document_id)})
        return None
    return picture


def drawings_of(documents: Iterable[Document]) -> dict[uuid.UUID, Drawn]:
    """What is drawn of these documents. The caller has found them through the person."""
    return {row.document_id: row for row in Drawn.objects.filter(document__in=list(documents))}


def waiting_to_be_drawn(limit: int = 50) -> list[Document]:
    """Documents that could be drawn and were not yet, the newest first."""
    rows = Document.objects.filter(media_type__in=("application/pdf", "image/jpeg", "image/png"), drawn__isnull=True)
    return list(rows.order_by("-stored_at")[:limit])


def document_by_id(document_id: uuid.UUID) -> Document | None:
    """One document for the platform's own steps."""
    return Document.objects.filter(pk=document_id).first()
