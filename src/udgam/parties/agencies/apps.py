from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Issuing agencies, their offices and officers, and what each office may issue."""

    name = "udgam.parties.agencies"
    label = "agencies"

    def ready(self) -> None:
        from udgam.parties.accounts.standing import register_standing
        from udgam.parties.agencies.queries import office_code_of

        register_standing(office_code_of)
