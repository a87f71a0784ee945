from __future__ import annotations

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Dashboards of agencies and of the platform: counts, ages, times, revenue. Reads, never writes."""

    name = "udgam.flow.oversight"
    label = "oversight"
