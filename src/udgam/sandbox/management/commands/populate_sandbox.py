"""Put the cast into an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from udgam.sandbox.guard import refuse_outside_sandbox
from udgam.sandbox.populate import give_fee_account, populate


class Command(BaseCommand):
    """Safe to run at every start: what is there already stays as it is."""

    help = "Put the fictional cast of the sandbox into the database, unless it is there."

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_outside_sandbox()
        if populate(now=timezone.now()):
            self.stdout.write("The cast is in place.")
        give_fee_account(now=timezone.now())
