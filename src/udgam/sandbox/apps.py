"""Django's view of the sandbox. It brings no tables and no pages; its presence under wrong settings stops the start."""

from __future__ import annotations

from django.apps import AppConfig

from udgam.sandbox.guard import refuse_outside_sandbox


class SandboxConfig(AppConfig):
    """Registers the sandbox, and refuses to be registered in production."""

    name = "udgam.sandbox"
    label = "sandbox"

    def ready(self) -> None:
        """Stop Django's start when the settings are not a sandbox's."""
        refuse_outside_sandbox()
