"""Files of certificates: written under a fresh random name before the row that names them, and removed when that row was not written."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.db import models


def write_file(*, field: models.fields.files.FieldFile, data: bytes) -> str:
    """Write a file under a fresh random name and answer the name; no row knows it yet."""
    path = field.field.generate_filename(field.instance, "")
    return str(field.storage.save(path, ContentFile(data)))


class file_or_nothing:  # noqa: N801 - reads as the statement that it is
    """Remove the file again when the row that should name it was not written."""

    def __init__(self, field: models.fields.files.FieldFile, name: str) -> None:
        self._storage, self._name = field.storage, name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None:
            self._storage.delete(self._name)
