from __future__ import annotations

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Applications for certificates of origin, from the first draft to the exporter's signature."""

    name = "udgam.flow.applications"
    label = "applications"

    def ready(self) -> None:
        from udgam.flow.applications import own_part
        from udgam.flow.applications.queries import documents_visible
        from udgam.ground.documents.owners import register_owner
        from udgam.parties.accounts.landing import register_landing
        from udgam.parties.accounts.models import Person
        from udgam.parties.accounts.personal_data import register_personal_data

        register_owner("application", documents_visible)
        register_landing(Person.Kind.EXPORTER, "applications:list")
        register_personal_data("applications", export=own_part.export_own_data, erase=own_part.erase_own_data)
