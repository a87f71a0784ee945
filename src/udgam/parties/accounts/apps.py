from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: who they are and how they sign in."""

    name = "udgam.parties.accounts"
    label = "accounts"

    def ready(self) -> None:
        from udgam.ground.audit.actors import register_actor_reader
        from udgam.parties.accounts.actors import actor_of
        from udgam.parties.accounts.own_part import erase, export, objections
        from udgam.parties.accounts.personal_data import register_personal_data

        register_actor_reader(actor_of)
        register_personal_data("accounts", export=export, erase=erase, objections=objections)
