from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The design system."""

    name = "udgam.ground.pages"
    label = "pages"
