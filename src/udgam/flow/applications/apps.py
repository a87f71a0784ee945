from __future__ import annotations

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Applications for certificates of origin, from the first draft to the exporter's signature."""

    name = "udgam.flow.applications"
    label = "applications"

    def ready(self) -> None:
        from udgam.flow.applications.queries import documents_visible
        from udgam.ground.documents.owners import register_owner

        register_owner("application", documents_visible)
