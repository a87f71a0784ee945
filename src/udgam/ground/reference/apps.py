from __future__ import annotations

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """Lists that the world agrees on, and number series."""

    name = "udgam.ground.reference"
    label = "reference"
