from __future__ import annotations

import uuid

from django.utils import timezone

from udgam.ground.documents import queries, services
from udgam.ground.documents.models import Document
from udgam.ground.documents.rendering import RenderingFailed, render
from udgam.ground.tasks import Retry, task


@task("documents.sweep_orphans", every="40 21 * * *")
def sweep_orphans() -> None:
    """Every night: delete bytes that a failed transaction left behind."""
    services.sweep_orphans(now=timezone.now())


@task("documents.draw", retry=Retry(attempts=3, wait_seconds=20))
def draw(*, document: str) -> None:
    """Draw the pages of a document that was just stored."""
    found = queries.document_by_id(uuid.UUID(document))
    if found is not None:
        _draw(found)


@task("documents.draw_waiting", every="*/10 * * * *")
def draw_waiting() -> None:
    """Every ten minutes: draw what an earlier release or a worker that died has left undrawn."""
    for document in queries.waiting_to_be_drawn():
        _draw(document)


def _draw(document: Document) -> None:
    try:
        content = queries.read_bytes(document)
    except FileNotFoundError:
        return
    try:
        rendered, failure = render(content, document.media_type), ""
    except RenderingFailed as failed:
        rendered, failure = None, failed.reason
    services.keep_drawing(document=document, rendered=rendered, failure=failure, now=timezone.now())
