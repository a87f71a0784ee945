"""``udgam doctor``: checks an installation and says what is wrong, and what to do about it."""

from __future__ import annotations

import argparse
import json
import sys

from udgam.web.commands.installation import add_settings_argument, set_up
from udgam.web.commands.trust_arguments import InputUnusable

SUMMARY = "check this installation and say what is wrong"
_SIGNS = {"ok": "✓", "warning": "!", "fail": "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which settings, and how to print."""
    add_settings_argument(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(arguments: argparse.Namespace) -> int:
    """Exit status: 0 everything needed works, 1 something fails, 2 the settings cannot be loaded."""
    try:
        set_up(arguments)
    except InputUnusable as fault:
        return _unusable(str(fault), as_json=arguments.json)
    from udgam.web.doctor.checks import examine

    findings = examine()
    healthy = all(finding.outcome != "fail" for finding in findings)
    if arguments.json:
        rows = [
            {
                "check": row.name,
                "outcome": row.outcome,
                "detail": row.detail,
                "advice": row.advice if row.outcome != "ok" else "",
            }
            for row in findings
        ]
        sys.stdout.write(json.dumps({"healthy": healthy, "checks": rows}, ensure_ascii=False) + "\n")
        return 0 if healthy else 1
    for row in findings:
        sys.stdout.write(f"{_SIGNS[row.outcome]} {row.name}: {row.detail}\n")
        if row.advice and row.outcome != "ok":
            sys.stdout.write(f"    {row.advice}\n")
    sys.stdout.write("\nEverything that is needed works.\n" if healthy else "\nSomething needs attention.\n")
    return 0 if healthy else 1


def _unusable(reason: str, *, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps({"healthy": False, "reason": reason, "checks": []}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"udgam doctor: {reason}\n")
    return 2
