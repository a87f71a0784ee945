from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.rooms.documents import files
from udgam.ground.audit import actors
from udgam.ground.audit.actors import ANONYMOUS, Actor
from udgam.ground.audit.queries import acts_of
from udgam.ground.connectors import scanner
from udgam.ground.documents import owners, queries, services
from udgam.ground.documents.models import Document
from udgam.ground.documents.refusals import DocumentRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
OWNER = Actor(kind="person", id="owner", role="exporter")
STRANGER = Actor(kind="person", id="stranger", role="exporter")


@pytest.fixture(autouse=True)
def storage(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture(autouse=True)
def parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parcel "1" belongs to its owner, no other parcel belongs to anybody."""
    monkeypatch.setattr(owners, "_owners", dict(owners._owners))
    owners.register_owner("parcel", lambda actor, reference: actor.id == "owner" and reference == "1")


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], Client]:
    def as_actor(actor: Actor) -> Client:
        monkeypatch.setattr(actors, "_readers", [lambda request: actor])
        return Client()

    return as_actor


def store(
    content: bytes | None = None, name: str = "invoice.pdf", subject: str = "parcel:1", **options: object
) -> Document:
    upload = SimpleUploadedFile(name, files.pdf() if content is None else content, content_type="text/html")
    examined = services.examine_upload(upload=upload, **options)  # type: ignore[arg-type]
    return services.keep_document(owner_subject=subject, kind="invoice", examined=examined, actor=OWNER, now=NOW)


def stored_files(storage: Path) -> list[Path]:
    return [path for path in storage.rglob("*") if path.is_file()]


def test_a_file_is_kept_under_a_random_name_with_its_hash_and_an_act(storage: Path) -> None:
    content = files.pdf()
    document = store(content)
    assert (document.media_type, document.size, document.sha256) == (
        "application/pdf",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert queries.read_bytes(document) == content
    [path] = stored_files(storage)
    assert "invoice" not in str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    [act] = acts_of("parcel:1")
    assert (act.act, act.details["sha256"], act.actor_id) == ("document.stored", document.sha256, "owner")
    assert document.owner_subject == "parcel:1"


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("invoice.exe", "invoice.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Asha\\bill 7.PDF", "bill 7.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a_Set-Cookie_x.pdf"),
        ('"quoted"; x.pdf', "quoted_x.pdf"),
        ("बीजक २०२६.pdf", "बीजक २०२६.pdf"),
        ("…", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("x" * 400 + ".pdf", "x" * 110 + ".pdf"),
    ],
)
def test_a_file_name_is_made_safe_and_takes_the_ending_of_the_true_type(claimed: str, kept: str) -> None:
    assert services.clean_name(claimed_name=claimed, ending=".pdf") == kept


def test_empty_and_large_files_are_refused_and_leave_nothing(storage: Path, settings: object) -> None:
    settings.DOCUMENT_MAX_BYTES = 1024 * 1024  # type: ignore[attr-defined]
    for content, code in ((b"", "documents.empty"), (b"%PDF-" + b"x" * 1024 * 1024, "documents.too_large")):
        with pytest.raises(DocumentRefused) as caught:
            store(content)
        assert caught.value.code == code
    assert "1 MB" in caught.value.message
    assert stored_files(storage) == []
    assert not Document.objects.exists()


def test_an_upload_that_lies_about_its_size_is_still_counted(settings: object) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000  # type: ignore[attr-defined]
    upload = SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 5000)
    upload.size = 10
    with pytest.raises(DocumentRefused, match="too_large"):
        services.examine_upload(upload=upload)


def test_only_the_kinds_that_are_allowed_here_are_taken() -> None:
    with pytest.raises(DocumentRefused, match="type_not_allowed"):
        store(files.picture(), allowed={"pdf"})


def test_a_failed_transaction_keeps_no_row_and_its_bytes_are_swept_up_later(storage: Path) -> None:
    kept = store()

    def change() -> None:
        with transaction.atomic():
            store()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert Document.objects.count() == 1
    assert len(stored_files(storage)) == 2
    present = datetime.now(UTC)
    assert services.sweep_orphans(now=present) == 0
    assert services.sweep_orphans(now=present + timedelta(days=2)) == 1
    assert [path.name for path in stored_files(storage)] == [Path(str(kept.file.name)).name]


def test_the_scanner_is_asked_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, storage: Path) -> None:
    monkeypatch.setattr(scanner, "scan", lambda content: True)
    upload = SimpleUploadedFile("bill.exe", files.pdf())
    examined = services.examine_upload(upload=upload)
    assert (examined.name, examined.is_scanned, stored_files(storage)) == ("bill.pdf", True, [])
    monkeypatch.setattr(scanner, "scan", lambda content: pytest.fail("asked while keeping"))
    with transaction.atomic():
        document = services.keep_document(
            owner_subject="parcel:1", kind="invoice", examined=examined, actor=OWNER, now=NOW
        )
    assert document.is_scanned


def test_bytes_without_a_row_are_deleted_at_once_when_the_row_cannot_be_written(storage: Path) -> None:
    with pytest.raises(ValueError, match="subject"):
        store(subject="parcel")
    assert stored_files(storage) == []


def test_a_removed_file_goes_with_the_commit(
    storage: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    document = store()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        services.remove_document(document=document, actor=OWNER, now=NOW)
        assert len(stored_files(storage)) == 1
    assert stored_files(storage) == []
    assert [line.act for line in acts_of("parcel:1")] == ["document.stored", "document.removed"]


def test_the_scanner_is_asked_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert store().is_scanned is False

    def clean(content: bytes) -> bool:
        return True

    def infected(content: bytes) -> bool:
        raise scanner.Infected("Test.Mark")

    def away(content: bytes) -> bool:
        raise scanner.ScannerUnavailable("away")

    monkeypatch.setattr(scanner, "scan", clean)
    assert store().is_scanned is True
    for scan, code in ((infected, "documents.infected"), (away, "documents.scanner_unavailable")):
        monkeypatch.setattr(scanner, "scan", scan)
        with pytest.raises(DocumentRefused, match=code):
            store()
    assert Document.objects.count() == 2


def test_the_owner_downloads_an_attachment_that_no_browser_shows(asking: Callable[[Actor], Client]) -> None:
    document = store(name="बीजक.pdf")
    response = asking(OWNER).get(f"/documents/{document.id}")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == queries.read_bytes(document)  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("actor", [STRANGER, ANONYMOUS])
def test_the_stranger_gets_404_as_for_a_file_that_does_not_exist(
    asking: Callable[[Actor], Client], actor: Actor
) -> None:
    document = store()
    assert asking(actor).get(f"/documents/{document.id}").status_code == 404
    assert asking(actor).get(f"/documents/{uuid.uuid4()}").status_code == 404
    assert queries.document_visible_to(actor, document.id) is None


def test_a_file_that_no_room_owns_is_visible_to_nobody(asking: Callable[[Actor], Client]) -> None:
    document = store(subject="crate:1")
    assert asking(OWNER).get(f"/documents/{document.id}").status_code == 404
    other = store(subject="parcel:2")
    assert asking(OWNER).get(f"/documents/{other.id}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/documents/", "/documents/1", "/documents/%00", "/documents/" + "a" * 5000, "/documents/../x"]
)
def test_other_addresses_are_not_found(asking: Callable[[Actor], Client], path: str) -> None:
    assert asking(OWNER).get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_file_can_only_be_read(asking: Callable[[Actor], Client], method: str) -> None:
    document = store()
    response = getattr(asking(OWNER), method)(f"/documents/{document.id}")
    assert response.status_code == 405
    assert Document.objects.filter(pk=document.pk).exists()


def test_a_file_that_is_gone_from_the_disk_is_not_found(asking: Callable[[Actor], Client], storage: Path) -> None:
    document = store()
    default_storage.delete(str(document.file.name))
    assert asking(OWNER).get(f"/documents/{document.id}").status_code == 404
