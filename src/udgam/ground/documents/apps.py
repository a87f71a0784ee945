from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files of any room."""

    name = "udgam.ground.documents"
    label = "documents"
