from __future__ import annotations

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    """Registration of exporters and their IEC details."""

    name = "udgam.flow.registration"
    label = "registration"

    def ready(self) -> None:
        from udgam.flow.registration import hooks, queries
        from udgam.ground.documents.owners import register_owner
        from udgam.parties.accounts.landing import register_arrival, register_landing
        from udgam.parties.accounts.models import Person
        from udgam.parties.accounts.personal_data import register_personal_data
        from udgam.parties.accounts.renewal import register_renewal

        exporter = Person.Kind.EXPORTER
        register_arrival(exporter, "registration:arrive")
        register_landing(exporter, "registration:my-iec")
        register_renewal(exporter, hooks.decide_renewal, hooks.renewed_token)
        register_personal_data("registration", export=hooks.export_own_data, erase=hooks.erase_own_data)
        register_owner("near_miss", queries.near_miss_document_visible)
