from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The outermost room: what joins the others into one site."""

    name = "udgam.web"
    label = "web"
