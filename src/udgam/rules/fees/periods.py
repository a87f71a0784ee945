"""Periods and limits that bind everybody who pays. They stand here once, so that no installation can quietly stretch them."""

from __future__ import annotations

from datetime import timedelta

# An order that is not paid ends; the exporter is reminded once before that.
UNPAID_LIFETIME = timedelta(days=30)
REMINDER_BEFORE_END = timedelta(days=5)
# Somebody who has just gone to the gateway is given the time to finish there, although the order would end.
TIME_AT_THE_GATEWAY = timedelta(hours=1)
# Until then the gateway is asked what became of an attempt nobody heard of again.
ATTEMPT_FOLLOWED_FOR = timedelta(days=3)
# A message of the gateway is believed for this long after it was signed.
MESSAGE_LIFETIME = timedelta(minutes=5)
# One deposit into a prepaid wallet.
SMALLEST_DEPOSIT_PAISE = 100_00
LARGEST_DEPOSIT_PAISE = 1_00_000_00
