from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Issuing agencies, their offices and officers, and what each office may issue."""

    name = "udgam.parties.agencies"
    label = "agencies"

    def ready(self) -> None:
        from udgam.ground.agreements.issuers import register_issuer_reader
        from udgam.ground.documents.owners import register_owner
        from udgam.parties.accounts.landing import register_landing
        from udgam.parties.accounts.models import Person
        from udgam.parties.accounts.personal_data import register_personal_data
        from udgam.parties.accounts.renewal import register_renewal
        from udgam.parties.accounts.standing import register_standing
        from udgam.parties.agencies import own_part
        from udgam.parties.agencies.queries import (
            image_visible_to,
            letter_visible_to,
            office_code_of,
            published_issuers_for,
        )
        from udgam.parties.agencies.renewal import decide_renewal

        register_owner("agency-request", letter_visible_to)
        register_owner("office-image", image_visible_to)
        register_standing(office_code_of)
        register_issuer_reader(published_issuers_for)
        register_landing(Person.Kind.AGENCY_ADMIN, "agencies:overview")
        register_landing(Person.Kind.ADMINISTRATOR, "agencies:agencies")
        register_renewal(Person.Kind.OFFICER, decide_renewal)
        register_renewal(Person.Kind.AGENCY_ADMIN, decide_renewal)
        register_personal_data(
            "agencies",
            export=own_part.export_own_data,
            erase=own_part.erase_own_data,
            objections=own_part.objections_to_erasure,
        )
