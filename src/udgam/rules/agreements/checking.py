"""Whether the data of an arrangement holds together: what a data type cannot say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from udgam.rules.agreements.agreement import Agreement
from udgam.rules.agreements.withholding import KEYS
from udgam.rules.origin import OriginRulesRefused, check_origin_rules
from udgam.rules.public_fields import COMPARABLE, SHOWABLE

# What a box may be for, and which parts of the content a box may print.
FILLS = frozenset(
    {
        "exporter", "producer", "consignee", "signatory", "signatory-reference", "transport", "port-of-shipment",
        "destination", "official-use", "item-number", "hs", "marks", "goods", "criterion", "quantity", "invoices", "order-number",
        "remarks", "third-party", "true-copy", "not-altered", "roll-up", "shipments", "ticks", "declaration", "certification",
    }
)  # fmt: skip
PARTS = frozenset(
    {
        "party", "transport", "port-of-loading", "destination", "remarks", "number", "marks", "packages", "description", "hs-4", "hs-6",
        "hs-full", "criterion", "gross-weight", "quantity", "fob", "invoice", "ticks", "statement", "third-party", "signatory",
    }
)  # fmt: skip
# These fields say what the file is; the others are facts, and each fact has its evidence. The rules of origin carry theirs inside.
_ABOUT_THE_FILE = frozenset({"format", "version", "sha256", "code", "evidence", "sources", "origin"})


def fault_in(agreement: Agreement) -> str:
    """What is wrong with the data, in words; empty when nothing is."""
    return next(_faults(agreement), "")


def _faults(agreement: Agreement) -> Iterator[str]:
    if not (len(agreement.scheme) == 3 and agreement.scheme.isascii() and agreement.scheme.isdigit()):
        yield "the scheme is not three digits"
    if not agreement.sources:
        yield "it names no source"
    if not agreement.issued and not agreement.off_because:
        yield "it does not say why it is off"
    if agreement.issued:
        yield from _issuing_faults(agreement)
    yield from _form_faults(agreement)
    yield from _public_faults(agreement)
    yield from _evidence_faults(agreement)
    yield from _origin_faults(agreement)


def _issuing_faults(agreement: Agreement) -> Iterator[str]:
    if agreement.required_words.casefold() not in agreement.title.casefold() or not agreement.required_words:
        yield "the title lacks the words it must have"
    if not agreement.partners:
        yield "partners are missing"
    if not agreement.criteria:
        yield "criteria are missing"
    if "{destination}" not in agreement.declaration:
        yield "the declaration does not name the destination"
    if agreement.fee is None:
        yield "the fee is missing"
    if agreement.origin is None:
        yield "the rules of origin are missing"


def _form_faults(agreement: Agreement) -> Iterator[str]:
    numbers = [box.number for box in agreement.boxes]
    if len(set(numbers)) != len(numbers):
        yield "two boxes have one number"
    if numbers != sorted(numbers, key=_order):
        yield "the boxes are not numbered one after the other"
    if len({box.fills for box in agreement.boxes}) != len(numbers):
        yield "two boxes are for the same"
    for box in agreement.boxes:
        if box.fills not in FILLS:
            yield f"no box can be for {box.fills}"
        if not PARTS.issuperset(box.prints):
            yield f"box {box.number} prints an unknown part"
    layout = agreement.layout
    named = [name for row in (*layout.head, *layout.foot) for name in row] + [one.box for one in layout.columns]
    if {name for name in named if name != "ref"} != set(numbers):
        yield "the layout does not place each box"
    for mark in agreement.marks:
        if numbers and mark.box not in numbers:
            yield f"the words for {mark.mark} stand in no box"
        if not mark.text.strip():
            yield f"the words for {mark.mark} are empty"
    if len({mark.mark for mark in agreement.marks}) != len(agreement.marks):
        yield "one statement has two wordings"


def _public_faults(agreement: Agreement) -> Iterator[str]:
    for name in agreement.public.by_number:
        if name not in SHOWABLE:
            yield f"the public view knows no field {name}"
    for name in agreement.public.comparable:
        if name not in COMPARABLE:
            yield f"the comparison knows no field {name}"


def _evidence_faults(agreement: Agreement) -> Iterator[str]:
    keys = [source.key for source in agreement.sources]
    if len(set(keys)) != len(keys):
        yield "two sources have one key"
    fields = [row.field for row in agreement.evidence]
    if len(set(fields)) != len(fields):
        yield "the evidence for one field stands twice"
    for row in agreement.evidence:
        if not _leads_somewhere(agreement, row.field.split(".")):
            yield f"the evidence names the unknown field {row.field}"
        if not set(row.sources) <= set(keys):
            yield f"the evidence for {row.field} cites an unknown source"
        if row.certainty in {"seen", "secondary", "confirmed"} and not row.sources:
            yield f"the evidence for {row.field} cites nothing"
        if row.certainty in {"own", "unverified"} and not row.note:
            yield f"the evidence for {row.field} does not say why"
    for field in dataclasses.fields(agreement):
        if field.name not in _ABOUT_THE_FILE and not _has_evidence(agreement, field.name):
            yield f"the field {field.name} has no evidence"


def _has_evidence(agreement: Agreement, name: str) -> bool:
    value = getattr(agreement, name)
    if agreement.evidence_for(name) is not None or value in (None, (), ""):
        return True
    key = KEYS.get(name)
    if isinstance(value, tuple):
        return all(agreement.evidence_for(f"{name}.{getattr(part, key) if key else part}") for part in value)
    if dataclasses.is_dataclass(value):
        return all(agreement.evidence_for(f"{name}.{part.name}") for part in dataclasses.fields(value))
    return False


def _leads_somewhere(place: Any, path: list[str], above: str = "") -> bool:
    name, *rest = path
    if isinstance(place, tuple):
        key = KEYS.get(above)
        found = [part for part in place if (getattr(part, key) if key else part) == name]
        return bool(found) and (not rest or _leads_somewhere(found[0], rest))
    if not hasattr(place, name) or name in _ABOUT_THE_FILE:
        return False
    return not rest or _leads_somewhere(getattr(place, name), rest, name)


def _origin_faults(agreement: Agreement) -> Iterator[str]:
    origin = agreement.origin
    if origin is None:
        return
    if origin.agreement != agreement.code:
        yield "the rules of origin are another arrangement's"
    if origin.version != agreement.version:
        yield "the rules of origin are of another version"
    if (agreement.issued and origin.partners != agreement.partners) or origin.hs_edition != agreement.hs_edition:
        yield "the rules of origin name other partners or another HS edition"
    if {row.code for row in origin.criteria} != {row.code for row in agreement.criteria}:
        yield "the criteria and their texts for the box do not match"
    try:
        check_origin_rules(origin)
    except OriginRulesRefused as refused:
        yield refused.params.get("detail", refused.message)


def _order(number: str) -> tuple[int, str]:
    digits = "".join(sign for sign in number if sign.isdigit())
    return int(digits) if digits else 0, number
