"""``udgam agreements``: the list of arrangements, or one of them with the mark and source of every field."""

from __future__ import annotations

import argparse
from typing import Any

from udgam.rules.agreements import Agreement, agreement_codes, load_agreement, load_complete, open_fields
from udgam.rules.plain import to_plain
from udgam.rules.refusals import Refused
from udgam.web.commands.trust_arguments import UNUSABLE, YES, add_json_argument, print_answer, print_failure

NAME = "agreements"
SUMMARY = "list the agreements, or show one with the source of every field"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """An optional code."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="show this agreement; without it all are listed")
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 shown, 2 there is no such code."""
    try:
        answer = _list() if args.code is None else _one(args.code.upper())
    except Refused as fault:
        print_failure(fault, as_json=args.json, answer={})
        return UNUSABLE
    print_answer(answer, as_json=args.json, lines=_list_lines(answer) if args.code is None else _lines(answer))
    return YES


def _list() -> dict[str, Any]:
    return {"agreements": [_row(load_complete(code), load_agreement(code)) for code in agreement_codes()]}


def _row(complete: Agreement, usable: Agreement) -> dict[str, Any]:
    return {
        "code": complete.code,
        "name": complete.name,
        "status": complete.status,
        "issued_in_india": complete.issued,
        "on": complete.issued and not complete.off_because and not usable.wants,
        "off_because": complete.off_because,
        "wants": list(usable.wants) if complete.issued else [],
        "partners": list(complete.partners),
        "form": complete.form_name,
        "boxes": len(complete.boxes),
        "unverified": len(open_fields(complete)),
        "version": complete.version,
        "sha256": complete.sha256,
    }


def _one(code: str) -> dict[str, Any]:
    complete = load_complete(code)
    plain: dict[str, Any] = to_plain(complete)
    return {
        **_row(complete, load_agreement(code)),
        "data": plain,
        "open_fields": [{"field": field, "note": note} for field, note in open_fields(complete)],
    }


def _list_lines(answer: dict[str, Any]) -> list[str]:
    rows = answer["agreements"]
    lines = [f"{'CODE':<15}{'ON':<5}{'STATUS':<16}{'FORM':<34}{'OPEN':>5}  NAME"]
    lines += [
        f"{row['code']:<15}{'yes' if row['on'] else 'no':<5}{row['status']:<16}{row['form'][:32]:<34}{row['unverified']:>5}  {row['name']}"
        for row in rows
    ]
    off = [row for row in rows if not row["on"]]
    lines += ["", f"{len(rows)} arrangements; {len(rows) - len(off)} on as they are delivered. Off, and why:"]
    return [*lines, *(f"  {row['code']}: {row['off_because']}" for row in off)]


def _lines(answer: dict[str, Any]) -> list[str]:
    data = answer["data"]
    sources = {row["key"]: row["text"] for row in data["sources"]}
    lines = [
        f"{answer['code']}: {answer['name']}",
        f"  {'on' if answer['on'] else 'off'}, {answer['status']}, version {answer['version']}, SHA-256 {answer['sha256']}",
    ]
    if answer["off_because"]:
        lines.append(f"  {answer['off_because']}")
    lines += ["", "Fields"]
    for row in data["evidence"]:
        cited = ", ".join(row["sources"]) or "-"
        lines.append(
            f"  {row['certainty']:<11}{row['field']:<26}{_shown(_value(data, row['field']))}  [{cited}] {row['note']}".rstrip()
        )
    origin = data["origin"]
    if origin is not None:
        lines += ["", "Rules of origin"]
        lines += [
            f"  {row['source']['evidence']:<11}{row['effective']} – {row['expires'] or ''}: {row['text']} [{row['source']['citation']}]"
            for row in origin["general"]
        ]
        lines += [
            f"  {row['source']['evidence']:<11}criterion {row['code']} ({row['when']}): {row['box']} [{row['source']['citation']}]"
            for row in origin["criteria"]
        ]
    lines += ["", "Sources", *(f"  {key}: {text}" for key, text in sources.items())]
    return lines


def _value(data: dict[str, Any], field: str) -> Any:
    keys = {"boxes": "number", "criteria": "code", "marks": "mark", "documents": "kind"}
    value: Any = data
    above = ""
    for name in field.split("."):
        if isinstance(value, list):
            key = keys.get(above)
            value = next((part for part in value if (part[key] if key else part) == name), None)
        else:
            value = value[name]
        above = name
    return value


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return (
            f"{len(value)} entries"
            if value and isinstance(value[0], dict)
            else ", ".join(str(part) for part in value)[:70]
        )
    if isinstance(value, dict):
        return "; ".join(f"{name}: {part}" for name, part in value.items() if part not in (None, "", []))[:90]
    return str(value)[:70]
