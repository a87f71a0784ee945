"""What the commands that work on an installation have in common: its settings, set up once, with a reason when that fails."""

from __future__ import annotations

import argparse
import os

from udgam.web.commands.trust_arguments import InputUnusable


def add_settings_argument(parser: argparse.ArgumentParser) -> None:
    """--settings."""
    parser.add_argument("--settings", help="settings module; default: DJANGO_SETTINGS_MODULE, else the sandbox's")


def set_up(arguments: argparse.Namespace) -> None:
    """Load the settings and the rooms. Raises ``InputUnusable``."""
    if arguments.settings:
        os.environ["DJANGO_SETTINGS_MODULE"] = arguments.settings
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "udgam.web.settings.sandbox")
    from django.core.exceptions import ImproperlyConfigured

    try:
        import django

        django.setup()
    except (ImproperlyConfigured, ImportError) as error:
        raise InputUnusable("settings.unusable", f"The settings cannot be loaded: {error}") from error
