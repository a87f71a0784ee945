from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    """The append-only record of acts."""

    name = "udgam.ground.audit"
    label = "audit"

    def ready(self) -> None:
        """Read the acts of every room, so that the registry is complete before the first request."""
        autodiscover_modules("acts")
