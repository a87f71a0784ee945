from __future__ import annotations

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The arrangements in force: switched on and off, confirmed, with imported product rules; the public finder and calculator."""

    name = "udgam.ground.agreements"
    label = "agreements"
