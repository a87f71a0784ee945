"""Where the register is written, and under which address it is read."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def register_folder() -> Path:
    """Where the files of the register are written."""
    return Path(settings.REGISTER_FOLDER)


def register_base() -> str:
    """The public address of the register, without a closing slash."""
    return f"{settings.SITE_ORIGIN}/published"
