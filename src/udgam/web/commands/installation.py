"""What the commands that work on an installation have in common: its settings, set up once, with a reason when that fails."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import SubprocessError

from udgam.web.commands.trust_arguments import InputUnusable

SANDBOX = "udgam.web.settings.sandbox"


def add_settings_argument(parser: argparse.ArgumentParser) -> None:
    """--settings."""
    parser.add_argument(
        "--settings", help="settings module; default: DJANGO_SETTINGS_MODULE, else the sandbox that was made here"
    )


def set_up(arguments: argparse.Namespace) -> None:
    """Load the settings and the rooms. A sandbox is not made by the way. Raises ``InputUnusable``."""
    if arguments.settings:
        os.environ["DJANGO_SETTINGS_MODULE"] = arguments.settings
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        _require_sandbox()
        os.environ["DJANGO_SETTINGS_MODULE"] = SANDBOX
    from django.core.exceptions import ImproperlyConfigured

    try:
        import django

        django.setup()
    except (ImproperlyConfigured, ImportError) as error:
        raise InputUnusable("settings.unusable", f"The settings cannot be loaded: {error}") from error
    except (OSError, RuntimeError, SubprocessError) as error:
        # The sandbox's settings make its secret and start its database.
        raise InputUnusable("settings.unusable", f"The settings cannot be loaded: {_said(error)}") from error


@contextmanager
def installation(arguments: argparse.Namespace) -> Iterator[None]:
    """Set up, see that the database answers before anything is made, and tell of what it refuses. Raises ``InputUnusable``."""
    set_up(arguments)
    from django.db import Error, connection

    try:
        connection.ensure_connection()
        yield
    except Error as error:
        raise InputUnusable("database.unusable", f"The database cannot be used: {_said(error)}") from error


def _require_sandbox() -> None:
    from udgam.web.settings.shared import VAR

    if not (VAR / "sandbox" / "secret-key").is_file():
        raise InputUnusable(
            "settings.missing",
            "Name the settings with --settings or in DJANGO_SETTINGS_MODULE; there is no sandbox here to fall back on.",
        )


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
