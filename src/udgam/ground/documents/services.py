"""Take a file in, remove one."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.connectors import scanner
from udgam.ground.documents.inspection import ALL_TYPES, Checked, FileType, inspect
from udgam.ground.documents.inspection.tables import table_type
from udgam.ground.documents.models import Document, Drawn
from udgam.ground.documents.refusals import DocumentRefused
from udgam.ground.documents.rendering import Rendered
from udgam.ground.tasks import defer

DRAWABLE = frozenset({"application/pdf", "image/jpeg", "image/png"})
ORPHAN_AGE = timedelta(days=1)
_ENDING = {"pdf": ".pdf", "jpeg": ".jpg", "png": ".png", "xlsx": ".xlsx"}


@dataclass(frozen=True)
class Examined:
    """A file that was looked into and scanned, ready to be kept: ``name`` is safe and has the ending of the true type."""

    name: str
    checked: Checked
    is_scanned: bool


def examine_upload(*, upload: UploadedFile[bytes], allowed: Iterable[FileType] = ALL_TYPES) -> Examined:
    """Check a file by its content and have it scanned. The scanner is asked over the network: call outside any transaction.

    What the browser says about name and type is not believed. Pictures are encoded anew, which removes where and by what
    they were taken; PDF and XLSX files are kept byte for byte, since their hash enters what the exporter signs.
    Raises ``DocumentRefused``.
    """
    limit: int = settings.DOCUMENT_MAX_BYTES
    content = _read(upload, limit)
    checked = inspect(content, allowed=frozenset(allowed))
    name = clean_name(claimed_name=upload.name or "", ending=_ENDING[checked.type])
    return Examined(name=name, checked=checked, is_scanned=_scan(content))


def examine_table(*, upload: UploadedFile[bytes]) -> bytes:
    """The bytes of an uploaded XLSX or CSV table, looked at and scanned; they are to be read and not to be kept as a document.

    The scanner is asked over the network: call outside any transaction. Raises ``DocumentRefused``.
    """
    content = _read(upload, settings.DOCUMENT_MAX_BYTES)
    if table_type(content) == "xlsx":
        inspect(content, allowed=frozenset({"xlsx"}))
    _scan(content)
    return content


def keep_document(*, owner_subject: str, kind: str, examined: Examined, actor: Actor, now: datetime) -> Document:
    """Store an examined file under a random name, owned by ``owner_subject``."""
    checked = examined.checked
    document = Document(
        owner_subject=owner_subject,
        kind=kind,
        name=examined.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        stored_at=now,
        is_scanned=examined.is_scanned,
    )
    document.file.save("", ContentFile(checked.content), save=False)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            details = {"document": str(document.id), "kind": kind, "sha256": document.sha256, "size": document.size}
            record(act="document.stored", subject=owner_subject, actor=actor, now=now, details=details)
            if document.media_type in DRAWABLE:
                defer("documents.draw", document=str(document.id))
    except BaseException:
        # The row was not written, so nobody would ever find these bytes again.
        document.file.delete(save=False)
        raise
    return document


def remove_document(*, document: Document, actor: Actor, now: datetime) -> None:
    """Remove a file that its owner no longer needs (a draft's). The bytes go once the transaction is committed."""
    with transaction.atomic():
        details = {"document": str(document.pk), "kind": document.kind, "sha256": document.sha256}
        record(act="document.removed", subject=document.owner_subject, actor=actor, now=now, details=details)
        file = document.file
        storage, name = file.storage, str(file.name)
        drawn = Drawn.objects.filter(document=document).first()
        pictures = [f"{drawn.folder}/{number}.jpg" for number in range(1, drawn.pages + 1)] if drawn else []
        document.delete()
        transaction.on_commit(lambda: _delete_all(storage, [name, *pictures]))


def _delete_all(storage: Storage, paths: Iterable[str]) -> None:
    for path in paths:
        storage.delete(path)


def keep_drawing(*, document: Document, rendered: Rendered | None, failure: str, now: datetime) -> bool:
    """Keep the pictures of a document's pages and its text, or why there are none. False when that was done already."""
    if Drawn.objects.filter(document=document).exists():
        return False
    storage = Document._meta.get_field("file").storage
    folder = f"drawn/{uuid.uuid4().hex}"
    pages = rendered.pages if rendered else ()
    for number, page in enumerate(pages, start=1):
        storage.save(f"{folder}/{number}.jpg", ContentFile(page))
    try:
        with transaction.atomic():
            Drawn.objects.create(
                document=document,
                folder=folder if pages else "",
                pages=len(pages),
                page_count=rendered.page_count if rendered else 0,
                text=rendered.text if rendered else "",
                failure=failure,
                drawn_at=now,
            )
    except IntegrityError:
        # Another worker was faster, or the document went meanwhile; its pictures are the ones that count.
        for number in range(1, len(pages) + 1):
            storage.delete(f"{folder}/{number}.jpg")
        return False
    return True


def sweep_orphans(*, now: datetime) -> int:
    """Delete stored bytes that no row names: left by a transaction that failed after the file was written.

    Only bytes older than a day go, so that an upload that is under way keeps its own. Returns how many went.
    """
    storage = Document._meta.get_field("file").storage
    if not storage.exists("documents"):
        return 0
    gone = 0
    for folder in storage.listdir("documents")[0]:
        paths = [f"documents/{folder}/{name}" for name in storage.listdir(f"documents/{folder}")[1]]
        known = set(Document.objects.filter(file__in=paths).values_list("file", flat=True))
        for path in paths:
            if path not in known and storage.get_modified_time(path) < now - ORPHAN_AGE:
                storage.delete(path)
                gone += 1
    return gone


def clean_name(*, claimed_name: str, ending: str) -> str:
    """A file name that is safe in a header and on any disk: at most 120 signs, with the ending of the true type."""
    name = unicodedata.normalize("NFC", claimed_name).replace("\\", "/").rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    # Letters, marks and digits of any script stay; so a Hindi name stays readable.
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" or sign in " -_()" else "_" for sign in stem)
    stem = re.sub(r"[\s_]{2,}", "_", kept).strip(" ._-")[:110]
    return f"{stem or 'document'}{ending}"


def _read(upload: UploadedFile[bytes], limit: int) -> bytes:
    # The size that the upload claims is checked first, so that no more than the limit is ever held in memory.
    too_large = DocumentRefused("documents.too_large", limit=str(limit // (1024 * 1024)))
    if upload.size is not None and upload.size > limit:
        raise too_large
    upload.seek(0)
    content: bytes = upload.read(limit + 1)
    if len(content) > limit:
        raise too_large
    if not content:
        raise DocumentRefused("documents.empty")
    return content


def _scan(content: bytes) -> bool:
    """Have the scanner look at the bytes as they came; False when the operator runs none."""
    try:
        return scanner.scan(content)
    except scanner.Infected as error:
        raise DocumentRefused("documents.infected") from error
    except scanner.ScannerUnavailable as error:
        raise DocumentRefused("documents.scanner_unavailable") from error
