from __future__ import annotations

from django.apps import AppConfig


class IssuanceConfig(AppConfig):
    """The issuing cycle: from an approved application to a sealed certificate that the public can check."""

    name = "udgam.flow.issuance"
    label = "issuance"
