"""``udgam reseal``: revoke a key, and sign anew with the present one everything that still counts."""

from __future__ import annotations

import argparse
from typing import Any

from udgam.rules.refusals import Refused
from udgam.web.commands.installation import add_settings_argument, installation
from udgam.web.commands.progress import Bar
from udgam.web.commands.trust_arguments import (
    NO,
    UNUSABLE,
    YES,
    InputUnusable,
    add_json_argument,
    print_answer,
    print_failure,
)

SUMMARY = "revoke a key and sign anew everything that still counts"
REASONS = ("key-compromise", "superseded", "cessation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The key, the reason, and how many at most."""
    parser.add_argument(
        "key", help="SHA-256 of a seal's certificate, or the id of a key of codes, as the trust list names it"
    )
    parser.add_argument("--reason", choices=REASONS, default="key-compromise", help="why it is revoked")
    parser.add_argument("--limit", type=int, metavar="N", help="stop after so many; begin again to go on")
    add_settings_argument(parser)
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 everything is signed anew, 1 something is left or was refused, 2 the input could not be used."""
    try:
        if args.limit is not None and args.limit < 1:
            raise InputUnusable("limit.malformed", "--limit is a whole number above nought.")
        with installation(args):
            answer = _reseal(args)
    except InputUnusable as fault:
        print_failure(fault, as_json=args.json, answer={"finished": False})
        return UNUSABLE
    except Refused as refused:
        print_failure(refused, as_json=args.json, answer={"finished": False})
        return UNUSABLE if refused.code == "resealing.unknown_key" else NO
    lines = [
        f"Signed anew: {answer['done']} of {answer['total']}, {answer['rate']} a second.",
        *(f"Not signed anew: {number} ({reason})" for number, reason in answer["failed"].items()),
        "Everything that counts is signed anew; the register tells of the revoked key."
        if answer["finished"]
        else "Something is left. Begin the command again to go on.",
    ]
    print_answer(answer, as_json=args.json, lines=lines)
    return YES if answer["finished"] else NO


def _reseal(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from udgam.flow.issuance.queries import count_to_reseal
    from udgam.flow.issuance.register import publishing
    from udgam.flow.issuance.upkeep import resealing
    from udgam.ground.audit.actors import SystemActor
    from udgam.rules.numbers import indian_date

    actor = SystemActor("udgam.reseal")
    now = timezone.now()
    begun = resealing.begin(key=args.key, reason=args.reason, actor=actor, now=now)
    # Whoever checks must learn of the revoked key before anything else happens.
    publishing.publish(now=now)
    left = count_to_reseal(begun, today=indian_date(now))
    bar = Bar(min(left, args.limit) if args.limit is not None else left, "Signing anew")
    outcome = resealing.run(begun, clock=timezone.now, actor=actor, progress=bar.step, limit=args.limit)
    bar.end()
    publishing.publish(now=timezone.now())
    begun.refresh_from_db()
    if args.limit is not None and count_to_reseal(begun, today=indian_date(timezone.now())) == 0:
        resealing.run(begun, clock=timezone.now, actor=actor)
        begun.refresh_from_db()
    return {
        "key": args.key,
        "total": begun.total,
        "done": begun.done,
        "this_run": outcome.done,
        "failed": outcome.failed,
        "rate": f"{bar.rate:.1f}",
        "finished": begun.finished_at is not None,
    }
