"""``udgam recheck``: read everything that was issued again, as a stranger would, and compare it with record, log and lists."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from udgam.flow.issuance.models import RecheckRun

SUMMARY = "check everything that was issued, independently"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which settings, and how to print."""
    add_settings_argument(parser)
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 nothing differs, 1 something does, 2 the settings cannot be used."""
    try:
        with installation(args):
            done, told = _recheck()
    except InputUnusable as fault:
        print_failure(fault, as_json=args.json, answer={"checked": 0})
        return UNUSABLE
    except Refused as refused:
        print_failure(refused, as_json=args.json, answer={"checked": 0})
        return NO
    answer = {"checked": done.checked, "differences": done.differences, "alarms": told}
    lines = [f"Checked: {done.checked}. Differences: {done.differences}."]
    lines += [f"{one['certificate'] or 'The register'}: {one['code']} {one['detail']}".rstrip() for one in told]
    print_answer(answer, as_json=args.json, lines=lines)
    return NO if done.differences or told else YES


def _recheck() -> tuple[RecheckRun, list[dict[str, str | None]]]:
    from django.utils import timezone

    from udgam.flow.issuance.queries import alarms_visible_to, count_issued_after
    from udgam.flow.issuance.upkeep.recheck import ACTOR, recheck

    bar = Bar(count_issued_after(0), "Checking")
    done = recheck(clock=timezone.now, progress=bar.step)
    bar.end()
    open_ones = list(alarms_visible_to(ACTOR).filter(closed_at__isnull=True)[:1000])
    return done, [
        {"certificate": row.certificate.number if row.certificate else None, "code": row.code, "detail": row.detail}
        for row in open_ones
    ]
