from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: who they are and how they sign in."""

    name = "udgam.parties.accounts"
    label = "accounts"
