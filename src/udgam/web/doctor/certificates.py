"""What was issued: whether it is still as it must be, and published."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from udgam.flow.issuance.queries import open_alarms, open_outage, recheck_runs
from udgam.flow.issuance.register.keys import register_keys
from udgam.flow.issuance.register.rows import published_size, waiting_entries
from udgam.rules.numbers import INDIA
from udgam.rules.refusals import Refused
from udgam.web.doctor.findings import Finding

_ADVICE = "Sign in as administrator and open Alarms; docs/operate/register.md says what each means."


def recheck() -> Finding:
    """The nightly re-check runs, and found nothing different."""
    try:
        alarms, runs = open_alarms(), recheck_runs()
    except DatabaseError:
        return Finding("Re-check", "fail", "it cannot be read", "Mend the database first.")
    if alarms:
        return Finding("Re-check", "fail", f"open alarms: {alarms}", _ADVICE)
    done = next((run for run in runs if run.finished_at), None)
    if done is None or done.finished_at is None:
        empty = published_size() == 0
        return Finding("Re-check", "ok" if empty else "warning", "it has not run yet", "Run: udgam recheck")
    if timezone.now() - done.finished_at > timedelta(days=2):
        return Finding(
            "Re-check", "warning", f"last on {done.finished_at.astimezone(INDIA):%Y-%m-%d}", "See that the worker runs."
        )
    return Finding(
        "Re-check", "ok", f"{done.checked} checked on {done.finished_at.astimezone(INDIA):%Y-%m-%d}, nothing differs"
    )


def register() -> Finding:
    """The register's keys open, and nothing waits to be published."""
    try:
        register_keys()
    except Refused as refused:
        return Finding("Register", "fail", refused.message, "docs/operate/register.md, Its keys")
    try:
        waiting, outage = len(waiting_entries(1000)), open_outage("time-stamps")
    except DatabaseError:
        return Finding("Register", "fail", "it cannot be read", "Mend the database first.")
    if outage is not None:
        return Finding(
            "Register",
            "warning",
            f"the time-stamp service is silent since {outage.began_at.astimezone(INDIA):%Y-%m-%d %H:%M} IST",
            "Issuing goes on without stamps for four hours only.",
        )
    if waiting:
        return Finding(
            "Register", "warning", f"entries that wait to be published: {waiting}", "See that the worker runs."
        )
    return Finding("Register", "ok", f"entries in the log: {published_size()}")
