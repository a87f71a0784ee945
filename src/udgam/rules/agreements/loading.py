"""Reading the data files of the arrangements, strictly: a file that does not fit is refused, never half used.

A file holds the whole truth about an arrangement, sure and unsure. ``load_agreement`` hands out what may be used: every field
marked "unverified" is withheld, so no decision and no printed box can rest on it. ``load_complete`` hands out everything, for
lists that show each field with its mark, and for the person who confirms one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from udgam.rules.agreements.agreement import Agreement
from udgam.rules.agreements.checking import fault_in
from udgam.rules.agreements.withholding import withheld
from udgam.rules.plain import from_plain
from udgam.rules.refusals import Reason, Refused

REASONS = {
    "agreement.unknown": Reason("There is no arrangement with the code {code}.", "Choose one from the list."),
    "agreement.form": Reason("The data of the arrangement cannot be used: {detail}.", "Correct the data file."),
    "agreement.table_lost": Reason(
        "The signed application names a table that decides the origin of its goods (SHA-256 {table}…), and this installation does not have it.",
        "Without it nothing is decided, and nothing was changed. Tell the operator: the same file, from a backup or its source, is imported under Agreements.",
    ),
    "agreement.table_missing": Reason(
        "The data of {code} name the table of product rules “{table}”, and this installation does not have it.",
        "Without it nothing is decided. Name a table that exists, or install the release that holds it.",
    ),
}

LARGEST_FILE = 1024 * 1024

# The codes in the order of the list: what India issues under first, the others after.
_CODES = (
    "NP", "AIFTA", "IKCEPA", "IJCEPA", "IMCECA", "ISCECA", "ITFTA-EHS", "SAFTA", "SAPTA", "APTA", "ISFTA", "AFGPTA", "CHILE-PTA",
    "MERCOSUR-PTA", "GSTP", "GSP", "CECPA", "UAE-CEPA", "ECTA", "TEPA", "UK-CETA", "OMAN-CEPA",
    "DFTP", "NEPAL-TREATY", "BHUTAN-TREATY", "NZ-FTA", "EU-FTA", "CHILE-CEPA", "PERU-FTA", "EAEU-FTA", "AU-CECA", "US-BTA",
)  # fmt: skip


class AgreementRefused(Refused):
    """No such arrangement, or its data does not hold together."""

    reasons: ClassVar = REASONS


def agreement_codes() -> tuple[str, ...]:
    """The codes of all arrangements, in the order of the list."""
    return _CODES


@cache
def agreement_bytes(code: str) -> bytes:
    """The data file of the arrangement with that code, as it is kept. Raises ``AgreementRefused`` when there is none."""
    if code not in _CODES:
        raise AgreementRefused("agreement.unknown", code=code[:20])
    return resources.files(__package__).joinpath("data", f"{code.lower()}.json").read_bytes()


@cache
def load_agreement(code: str, on: date | None = None) -> Agreement:
    """The arrangement with that code as far as it may be used, on a day (None: as it stands now).

    Raises ``AgreementRefused`` when there is none.
    """
    return read_agreement(agreement_bytes(code), on=on)


@cache
def load_complete(code: str, on: date | None = None) -> Agreement:
    """The arrangement with that code and everything its file says, sure or not: to be shown with its marks, not to be used."""
    return read_complete(agreement_bytes(code), on=on)


def read_agreement(data: bytes, *, on: date | None = None) -> Agreement:
    """Read one data file and withhold what is unverified. Raises ``AgreementRefused`` or ``ShapeRefused``."""
    plain = _plain(data, on)
    _refuse_faults(from_plain(Agreement, plain))
    return from_plain(Agreement, withheld(plain))


def read_complete(data: bytes, *, on: date | None = None) -> Agreement:
    """Read one data file with everything it says. Raises ``AgreementRefused`` or ``ShapeRefused``."""
    agreement = from_plain(Agreement, _plain(data, on))
    _refuse_faults(agreement)
    return agreement


def read_plain(data: bytes) -> dict[str, Any]:
    """The file as plain values, with its history. Raises ``AgreementRefused``."""
    if len(data) > LARGEST_FILE:
        raise AgreementRefused("agreement.form", detail="it is larger than one megabyte")
    try:
        plain = json.loads(data, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as fault:
        raise AgreementRefused("agreement.form", detail="it is not JSON without fractions") from fault
    if not isinstance(plain, dict):
        raise AgreementRefused("agreement.form", detail="it is not one JSON object")
    return plain


def _plain(data: bytes, on: date | None) -> dict[str, Any]:
    plain = read_plain(data)
    if "sha256" in plain:
        raise AgreementRefused("agreement.form", detail="a file does not state its own digest")
    changes = plain.pop("earlier", [])
    if not isinstance(changes, list):
        raise AgreementRefused("agreement.form", detail="its history is not a list")
    for change in changes:
        _undo(plain, change, on)
    return plain | {"sha256": hashlib.sha256(data).hexdigest()}


def _undo(plain: dict[str, Any], change: object, on: date | None) -> None:
    """Put an earlier value back: ``{"until": last day, "field": path, "value": …, "source": key}``."""
    if not isinstance(change, dict) or set(change) != {"until", "field", "value", "source"}:
        raise AgreementRefused("agreement.form", detail="an entry of its history lacks until, field, value or source")
    try:
        until = date.fromisoformat(change["until"])
    except (TypeError, ValueError) as fault:
        raise AgreementRefused("agreement.form", detail="an entry of its history has no date") from fault
    *parents, name = str(change["field"]).split(".")
    place: Any = plain
    for parent in parents:
        place = place.get(parent) if isinstance(place, dict) else None
    if not isinstance(place, dict) or name not in place:
        raise AgreementRefused("agreement.form", detail=f"its history names the unknown field {change['field']}"[:80])
    if on is not None and on <= until:
        place[name] = change["value"]


def _refuse_faults(agreement: Agreement) -> None:
    fault = fault_in(agreement)
    if fault:
        raise AgreementRefused("agreement.form", detail=fault)


def _no_float(text: str) -> Any:
    raise ValueError(text)
