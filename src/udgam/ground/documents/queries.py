"""Read files and what is known about them."""

from __future__ import annotations

import logging
import uuid
from typing import IO

from udgam.ground.audit.actors import Actor
from udgam.ground.documents import owners
from udgam.ground.documents.models import Document

log = logging.getLogger("udgam.documents")


def documents_of(owner_subject: str) -> tuple[Document, ...]:
    """The files of one subject, oldest first. The room that owns the subject decides who may ask."""
    return tuple(Document.objects.filter(owner_subject=owner_subject).order_by("stored_at", "pk"))


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
