"""``udgam product-rules``: brings a table of product rules into the platform's format and says what it can decide."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, get_args

from udgam.rules.content.canonical import canonical_json
from udgam.rules.origin import (
    ImportReport,
    ProductRules,
    Source,
    import_uk_tariff,
    products_digest,
    products_plain,
    read_product_rules,
    report_on,
    restated,
    write_csv,
)
from udgam.rules.origin.rules import HsEdition
from udgam.rules.refusals import Refused
from udgam.web.commands.trust_arguments import (
    UNUSABLE,
    YES,
    InputUnusable,
    add_json_argument,
    print_answer,
    print_failure,
    read_file,
)

NAME = "product-rules"
SUMMARY = "import product rules and report what they decide"
_LARGEST = 32 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, what it holds, and where to write it."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="UK Trade Tariff rule sets, or the platform's own JSON or CSV"
    )
    parser.add_argument("--agreement", default="", metavar="CODE", help="the agreement of a foreign file")
    parser.add_argument(
        "--version", default="1", metavar="TEXT", help="the state of a foreign file, as its publisher names it"
    )
    parser.add_argument(
        "--hs-edition", choices=get_args(HsEdition), default="2022", help="edition of a foreign file's codes"
    )
    parser.add_argument("--source", default="", metavar="TEXT", help="where a foreign file comes from")
    parser.add_argument("--licence", default="", metavar="TEXT", help="under which terms its texts may be used")
    parser.add_argument(
        "--own-words",
        action="store_true",
        help="write each rule in the platform's words, without the publisher's texts",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table there: CSV for .csv, else JSON")
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 read, 2 the input could not be used. Writes only what ``--out`` names, and only after reading all."""
    try:
        table, report = _read(args)
        if args.own_words:
            table = restated(table)
        if args.out is not None:
            _write(args.out, table)
    except (Refused, InputUnusable) as fault:
        print_failure(fault, as_json=args.json, answer={})
        return UNUSABLE
    answer = {
        "agreement": table.agreement,
        "version": table.version,
        "sha256": products_digest(table),
        "rules": report.rules,
        "rules_decided": report.rules_decided,
        "sets": report.sets,
        "sets_decided": report.sets_decided,
        "left": {reason: list(where) for reason, where in report.left.items()},
    }
    print_answer(answer, as_json=args.json, lines=report.lines())
    return YES


def _read(args: argparse.Namespace) -> tuple[ProductRules, ImportReport]:
    data = read_file(args.file, largest=_LARGEST)
    if not _is_foreign(data):
        table = read_product_rules(data)
        return table, report_on(table)
    if not args.agreement or not args.source:
        raise InputUnusable("products.unnamed", "Name --agreement and --source of a file in a foreign format.")
    return import_uk_tariff(
        data,
        agreement=args.agreement,
        version=args.version,
        hs_edition=args.hs_edition,
        source=Source(citation=args.source, evidence="seen"),
        licence=args.licence,
    )


def _is_foreign(data: bytes) -> bool:
    try:
        plain: Any = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(plain, dict) and "rule_sets" in plain


def _write(path: Path, table: ProductRules) -> None:
    data = write_csv(table) if path.suffix == ".csv" else canonical_json(products_plain(table)) + b"\n"
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputUnusable("file.unwritable", f"{path} cannot be written: {error.strerror}.") from error
