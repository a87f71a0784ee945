"""Ask the gateways about everything of which nothing was heard, and say how the books stand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from udgam.flow.payments import gateways
from udgam.flow.payments.queries import books_state


class Command(BaseCommand):
    """Safe at any time; what is known already changes nothing. Ends with 1 when the books do not add up."""

    help = "Ask the payment gateways about unfinished payments and refunds, then add up the books."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        heard, returned = gateways.follow_attempts(now=now), gateways.follow_refunds(now=now)
        state = books_state(now)
        self.stdout.write(f"payments the gateways answered about: {heard}; refunds: {returned}")
        for name, count in vars(state).items():
            self.stdout.write(f"{name.replace('_', ' ')}: {count}")
        if state.unbalanced_entries or state.wrong_wallets or state.paid_without_receipt or state.paid_without_entry:
            raise CommandError("The books do not add up.")
