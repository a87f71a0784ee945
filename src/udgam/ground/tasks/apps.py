from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Background work by registered name."""

    name = "udgam.ground.tasks"
    label = "tasks"
