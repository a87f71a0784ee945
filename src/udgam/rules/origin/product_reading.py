"""Reading and writing tables of product rules in our own format, JSON or CSV.

The JSON is udgam.product-rules/1, described in ``docs/mechanisms/origin.md``. The CSV has the same rows; its first lines, which begin
with "#", hold the fields of the table as ``# name: value``. In both a rule is one line of the notation.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Any, ClassVar, get_args

from udgam.rules.origin.data import products_plain
from udgam.rules.origin.notation import read_rule
from udgam.rules.origin.product_rules import TABLE_FORMAT, ProductRule, ProductRules
from udgam.rules.origin.reading import OriginRulesRefused, check_rule, plain_from_json
from udgam.rules.origin.rule import Evidence, Source
from udgam.rules.origin.rules import HsEdition
from udgam.rules.refusals import Reason, Refused

PRODUCT_REASONS = {
    "products.form": Reason(
        "The product rules cannot be used: {where} does not hold {expected}.",
        "Correct the file as the format of product rules describes.",
    ),
}

_COLUMNS = ("first", "last", "heading", "goods", "partial", "effective", "expires", "text", "rule")
_TABLE_FIELDS = ("format", "agreement", "version", "hs_edition", "citation", "evidence", "licence")
_MOST_ROWS = 50_000
_LONGEST = 4_000
_TEN_DIGITS = re.compile(r"[0-9]{10}", re.ASCII)


class ProductRulesRefused(Refused):
    """The table of product rules cannot be read."""

    reasons: ClassVar = PRODUCT_REASONS


def read_product_rules(data: bytes) -> ProductRules:
    """Read a table from JSON, or from CSV when it begins with "#". Raises ``ProductRulesRefused`` or ``NotationRefused``."""
    if data.lstrip(b"\xef\xbb\xbf").startswith(b"#"):
        return _from_csv(data)
    try:
        plain = plain_from_json(data)
    except OriginRulesRefused as fault:
        raise _refused("the file", "JSON without fractions, or CSV that begins with #") from fault
    fields = _fields(plain, "the file", {*_TABLE_FIELDS, "source", "rules"} - {"citation", "evidence"})
    source = _fields(fields["source"], "source", {"citation", "evidence"})
    rows = fields["rules"]
    if not isinstance(rows, list) or len(rows) > _MOST_ROWS:
        raise _refused("rules", f"a list of at most {_MOST_ROWS} rules")
    return _table({**fields, **source}, [_fields(row, f"rules[{n}]", set(_COLUMNS)) for n, row in enumerate(rows)])


def write_csv(table: ProductRules) -> bytes:
    """The table as CSV in UTF-8; reading it gives the same table."""
    plain = products_plain(table)
    out = io.StringIO(newline="")
    head = {**plain, **plain["source"]}
    for name in _TABLE_FIELDS:
        out.write(f"# {name}: {head[name]}\n")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in plain["rules"]:
        writer.writerow({**row, "partial": "yes" if row["partial"] else "no"})
    return out.getvalue().encode()


def _from_csv(data: bytes) -> ProductRules:
    try:
        lines = data.decode("utf-8-sig").splitlines(keepends=True)
        head = [line[1:].partition(":") for line in lines if line.startswith("#")]
        text = "".join(line for line in lines if not line.startswith("#"))
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise _refused("the file", "CSV in UTF-8") from fault
    fields = _fields({name.strip(): value.strip() for name, _, value in head}, "the first lines", set(_TABLE_FIELDS))
    if len(rows) > _MOST_ROWS:
        raise _refused("the file", f"at most {_MOST_ROWS} rules")
    plain = []
    for number, row in enumerate(rows, start=1):
        where = f"row {number}"
        read = _fields(row, where, set(_COLUMNS))
        if read["partial"] not in ("yes", "no"):
            raise _refused(f"{where}: partial", "yes or no")
        plain.append(
            {
                **read,
                "partial": read["partial"] == "yes",
                "effective": read["effective"] or None,
                "expires": read["expires"] or None,
            }
        )
    return _table(fields, plain)


def _table(fields: dict[str, Any], rows: list[dict[str, Any]]) -> ProductRules:
    if fields["format"] != TABLE_FORMAT:
        raise _refused("format", TABLE_FORMAT)
    for name in ("agreement", "version", "citation", "licence"):
        _text(fields[name], name)
    if fields["evidence"] not in get_args(Evidence):
        raise _refused("evidence", "one of: " + ", ".join(get_args(Evidence)))
    if fields["hs_edition"] not in get_args(HsEdition):
        raise _refused("hs_edition", "one of: " + ", ".join(get_args(HsEdition)))
    source = Source(citation=fields["citation"], evidence=fields["evidence"])
    return ProductRules(
        agreement=fields["agreement"],
        version=fields["version"],
        hs_edition=fields["hs_edition"],
        source=source,
        licence=fields["licence"],
        rules=tuple(_rule(row, f"rule {n}", source) for n, row in enumerate(rows, start=1)),
    )


def _rule(row: dict[str, Any], where: str, source: Source) -> ProductRule:
    for name in ("first", "last", "heading", "goods", "text", "rule"):
        _text(row[name], f"{where}: {name}")
    first, last = row["first"], row["last"]
    if not (_TEN_DIGITS.fullmatch(first) and _TEN_DIGITS.fullmatch(last) and first <= last):
        raise _refused(where, "a range of codes of ten digits")
    if not isinstance(row["partial"], bool):
        raise _refused(f"{where}: partial", "true or false")
    rule = read_rule(row["rule"], source=source, text=row["text"])
    check_rule(rule)
    return ProductRule(
        first=first,
        last=last,
        heading=row["heading"],
        goods=row["goods"],
        partial=row["partial"],
        effective=_day(row["effective"], where),
        expires=_day(row["expires"], where),
        text=row["text"],
        rule=rule,
    )


def _fields(value: object, where: str, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != names:
        raise _refused(where, "exactly the fields " + ", ".join(sorted(names)))
    return value


def _text(value: object, where: str) -> None:
    if not isinstance(value, str) or len(value) > _LONGEST or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise _refused(where, "text of reasonable length")


def _day(value: object, where: str) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise _refused(where, "a date like 2026-11-22, or nothing")
    return day


def _refused(where: str, expected: str) -> ProductRulesRefused:
    return ProductRulesRefused("products.form", where=where[:80], expected=expected)
