"""The one door of the sandbox: it stays shut wherever real certificates are made."""

from __future__ import annotations

import os
import sys

_REAL = {"production", "prod", "live"}


class SandboxRefused(RuntimeError):
    """A part of the sandbox was asked to start where it must not, or with a state it cannot use."""


def refuse_outside_sandbox() -> None:
    """Return quietly in a sandbox or a test; raise `SandboxRefused` under production settings.

    Three signs are looked at, because a stand-in may be started with or without Django: the variable `UDGAM_ENV`, the
    name of the settings module, and, once Django's settings are loaded, that they say `SANDBOX = True`.
    """
    if os.environ.get("UDGAM_ENV", "").strip().lower() in _REAL:
        raise SandboxRefused("UDGAM_ENV names a production installation. The sandbox starts on test machines only.")
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "").rpartition(".")[2].lower()
    if module in _REAL:
        raise SandboxRefused(
            "DJANGO_SETTINGS_MODULE names production settings. The sandbox starts on test machines only."
        )
    # Django is asked only when somebody else has loaded it: the stand-ins themselves run without it.
    configuration = sys.modules.get("django.conf")
    settings = getattr(configuration, "settings", None)
    if settings is not None and settings.configured and getattr(settings, "SANDBOX", False) is not True:
        raise SandboxRefused("The loaded settings do not say SANDBOX = True. The sandbox starts on test machines only.")
