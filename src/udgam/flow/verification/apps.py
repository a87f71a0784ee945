from __future__ import annotations

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Anybody checks a certificate: by its number, by the key in its code, or by the file itself. Writes nothing."""

    name = "udgam.flow.verification"
    label = "verification"
