"""Files that people hand in or the platform keeps."""

from __future__ import annotations

import uuid

from django.db import models


def random_path(document: models.Model, filename: str) -> str:
    """Where the bytes lie: a random name that says nothing and keeps nothing of the uploader's file name."""
    name = uuid.uuid4().hex
    return f"documents/{name[:2]}/{name}"


class Document(models.Model):
    """One file, checked and stored. It belongs to the subject of another room, which decides who may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As the audit names it: "application:3f0c". The part before the colon names the owner that is asked who may read.
    owner_subject = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    # Of the bytes as stored; a picture is encoded anew, so this is not the hash of what was sent.
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=random_path, max_length=200, unique=True)
    stored_at = models.DateTimeField()
    is_scanned = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["owner_subject", "stored_at"], name="document_by_owner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Drawn(models.Model):
    """The pages of a document as pictures, and its text for searching. Made anew when it is lost: the document itself counts."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="drawn")
    # The folder with the pictures, "1.jpg" and on; empty when nothing could be drawn.
    folder = models.CharField(max_length=80, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    # Why nothing was drawn: "time", "memory" or "unreadable".
    failure = models.CharField(max_length=12, blank=True)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id}: {self.pages}"
