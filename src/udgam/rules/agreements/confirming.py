"""Confirming what nobody had read: an operator compares a field with the original, and the data get an edition that says so."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from udgam.rules.agreements.agreement import Agreement
from udgam.rules.agreements.loading import read_complete, read_plain
from udgam.rules.refusals import Reason, Refused

CONFIRMING_REASONS = {
    "confirm.unknown_field": Reason(
        "The field {field} does not wait for confirmation.", "Choose from the fields that are listed as unverified."
    ),
    "confirm.nothing": Reason("No field was chosen.", "Tick each field that you have compared with the original."),
}


class ConfirmationRefused(Refused):
    """What was to be confirmed does not wait for it."""

    reasons: ClassVar = CONFIRMING_REASONS


def open_fields(agreement: Agreement) -> tuple[tuple[str, str], ...]:
    """The paths of all fields that wait for confirmation, with what is known about each: note or citation."""
    rows = [(row.field, row.note) for row in agreement.evidence if row.certainty == "unverified"]
    origin = agreement.origin
    if origin is None:
        return tuple(rows)
    places = [(f"origin.general.{n}", one.source) for n, one in enumerate(origin.general)]
    places += [(f"origin.tolerance.{n}", one.source) for n, one in enumerate(origin.tolerance)]
    places += [(f"origin.cumulation.{n}", one.source) for n, one in enumerate(origin.cumulation)]
    places += [(f"origin.criteria.{n}", one.source) for n, one in enumerate(origin.criteria)]
    places += [
        ("origin.percent", origin.percent.source),
        ("origin.side_materials", origin.side_materials.source),
        ("origin.product_rules", origin.product_rules.source),
        ("origin.wholly_obtained", origin.wholly_obtained),
    ]
    if any(one.source.evidence == "unverified" for one in origin.minimal_operations):
        rows.append(("origin.minimal_operations", origin.minimal_operations[0].source.citation))
    rows += [(path, source.citation) for path, source in places if source.evidence == "unverified"]
    return tuple(rows)


def confirmed_data(data: bytes, fields: tuple[str, ...], *, source: str, version: str) -> bytes:
    """The file with those fields confirmed on the strength of ``source``, as a new version. Raises ``ConfirmationRefused``."""
    waiting = dict(open_fields(read_complete(data)))
    if not fields:
        raise ConfirmationRefused("confirm.nothing")
    for field in fields:
        if field not in waiting:
            raise ConfirmationRefused("confirm.unknown_field", field=field[:80])
    plain = read_plain(data)
    key = f"C{sum(one['key'].startswith('C') for one in plain['sources']) + 1}"
    plain["sources"].append({"key": key, "text": source})
    for row in plain["evidence"]:
        if row["field"] in fields and row["certainty"] == "unverified":
            row.update(certainty="confirmed", sources=[key])
    for field in fields:
        if field.startswith("origin."):
            _confirm_origin(_place(plain, field), source)
    plain["version"] = version
    if plain["origin"] is not None:
        plain["origin"]["version"] = version
    return json.dumps(plain, ensure_ascii=False, indent=2).encode()


def _place(plain: Any, path: str) -> Any:
    for name in path.split("."):
        plain = plain[int(name)] if isinstance(plain, list) else plain[name]
    return plain


def _confirm_origin(value: Any, source: str) -> None:
    """Every source inside says that an operator has compared it."""
    if isinstance(value, list):
        for part in value:
            _confirm_origin(part, source)
    elif isinstance(value, dict):
        if set(value) == {"citation", "evidence"}:
            if value["evidence"] == "unverified":
                value.update(citation=f"Confirmed by the operator: {source}", evidence="seen")
        else:
            for part in value.values():
                _confirm_origin(part, source)
