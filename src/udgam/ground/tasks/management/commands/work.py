"""`manage.py work`: the worker that runs deferred tasks."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from udgam.ground.settling import settle


class Command(BaseCommand):
    """Run deferred tasks until told to stop (SIGTERM or SIGINT); a running task is finished first."""

    help = "Run deferred and periodic tasks until told to stop; a running task is finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="stop when nothing is left to do")
        parser.add_argument("--concurrency", type=int, default=1, help="tasks at a time (default 1)")
        parser.add_argument("--grace", type=float, default=60.0, help="seconds a running task gets to finish on stop")

    def handle(self, *args: Any, **options: Any) -> None:
        # The worker needs a connection of its own that can wait for news; Django's serves the tasks themselves.
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        settle()
        with app.replace_connector(connector) as working:
            working.run_worker(
                wait=not options["until_idle"],
                concurrency=options["concurrency"],
                shutdown_graceful_timeout=options["grace"],
                delete_jobs="successful",
                install_signal_handlers=True,
            )
