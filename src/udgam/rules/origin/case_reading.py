"""Reading a case, strictly, from plain values: amounts are decimal text, codes are digits, nothing is guessed.

A part that serves several materials may be described once under ``bills`` and named by ``bill``; a bill that contains itself is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, get_args

from udgam.rules.origin.case import INDIA, UNKNOWN, Case, Costs, Material, Product, Role
from udgam.rules.origin.reading import OriginRulesRefused, plain_from_json
from udgam.rules.refusals import Reason, Refused

CASE_REASONS = {
    "case.form": Reason("The case cannot be read: {where} does not hold {expected}.", "Correct it and try again."),
    "case.missing": Reason("The case says nothing about {where}.", "Add it and try again."),
    "case.unknown_field": Reason("The case holds an unknown field {where}.", "Leave it out."),
    "case.amount": Reason("The amount in {where} is not usable: {why}.", "Write it like 12600.00, without sign."),
    "case.hs": Reason("{where}: there is no HS code {code}.", "Look the code up in the Harmonized System of 2022."),
    "case.price": Reason("The product has no price above zero.", "State the FOB value or the ex-works price."),
    "case.price_order": Reason(
        "The ex-works price is higher than the FOB value.",
        "Check both: FOB is the ex-works price and the costs to load.",
    ),
    "case.too_many": Reason("The case lists more than {most} materials.", "Join materials of one code and one origin."),
    "case.too_deep": Reason(
        "Bills of materials are nested more than {most} deep.", "Describe fewer steps of the making."
    ),
    "case.cycle": Reason("The bill of materials {bill} contains itself.", "Correct the list of materials."),
    "case.bill": Reason("There is no bill of materials {bill}.", "Describe it under bills, or leave it out."),
    "case.country": Reason("{where} names no country: {code}.", "Use the ISO code of two letters, IN or unknown."),
    "case.partner": Reason(
        "{country} is no partner of {agreement}.", "Choose the agreement that India has with that country."
    ),
    "case.not_in_force": Reason("{agreement} was not in force on {on}.", "Choose another day or another agreement."),
    "case.agreement": Reason(
        "The case is about {agreement}, the rules are those of {given}.", "Use the rules of the agreement of the case."
    ),
    "case.rule_row": Reason(
        "There is no product rule {row} for this code.", "Choose one of the rows listed for the product."
    ),
}

MOST_MATERIALS = 20_000
DEEPEST_BILL = 12
_LONGEST_TEXT = 2_000
_MOST_LISTED = 100
_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,8})?", re.ASCII)
_HS = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,4}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ZERO = Decimal(0)
_MISSING = object()
_REQUIRED = object()

KnownCodes = Callable[[str], bool]


class CaseRefused(Refused):
    """The case cannot be judged as it stands."""

    reasons: ClassVar = CASE_REASONS


def read_case_json(data: bytes, *, known: KnownCodes, is_country: KnownCodes | None = None) -> Case:
    """Read a case from JSON text. Raises ``CaseRefused``; see ``read_case``."""
    try:
        plain = plain_from_json(data)
    except OriginRulesRefused as fault:
        raise CaseRefused("case.form", where="the text", expected="JSON without fractions or repeated names") from fault
    return read_case(plain, known=known, is_country=is_country)


def read_case(plain: object, *, known: KnownCodes, is_country: KnownCodes | None = None) -> Case:
    """Read a case. ``known`` says whether the Harmonized System has a code of two, four or six digits, and ``is_country`` whether
    ISO 3166 has one of two letters; without it any two letters pass.

    Raises ``CaseRefused`` naming the place of the first fault.
    """
    record = _Record(plain, "the case", {"agreement", "destination", "on", "product", "wholly_obtained", "materials"})
    record.allow("costs", "cumulate_with", "processes", "bills")
    bills = record.get("bills", None)
    if not isinstance(bills, dict | None):
        raise CaseRefused("case.form", where="bills", expected="an object")
    reader = _MaterialReader(known, bills or {})
    case = Case(
        agreement=record.text("agreement", _REQUIRED, longest=40),
        destination=_country(record.text("destination", _REQUIRED), "destination"),
        on=_day(record.get("on", _REQUIRED)),
        product=_product(record.get("product", _REQUIRED), known),
        wholly_obtained=_flag(record.get("wholly_obtained", False), "wholly_obtained"),
        materials=reader.read(record.get("materials", []), "materials", 1, ()),
        costs=_costs(record.get("costs", None)),
        cumulate_with=tuple(
            sorted(
                {_country(code, "cumulate_with") for code in _texts(record.get("cumulate_with", []), "cumulate_with")}
            )
        ),
        processes=_processes(record.get("processes", []), "processes"),
    )
    _check_prices(case.product)
    if is_country is not None:
        _check_countries(case, is_country)
    return case


def _check_countries(case: Case, is_country: KnownCodes) -> None:
    def origins(materials: tuple[Material, ...]) -> Iterator[tuple[str, str]]:
        for material in materials:
            yield "origin", material.origin
            yield from origins(material.materials)

    named = [("destination", case.destination), *(("cumulate_with", code) for code in case.cumulate_with)]
    for where, code in (*named, *origins(case.materials)):
        if code != UNKNOWN and not is_country(code):
            raise CaseRefused("case.country", where=where, code=code)


def case_plain(case: Case) -> dict[str, Any]:
    """The case in its written form, amounts without idle zeros: what its digest is computed over."""
    return {
        "agreement": case.agreement,
        "destination": case.destination,
        "on": case.on.isoformat(),
        "product": {
            "hs": case.product.hs,
            "description": case.product.description,
            "fob": _amount_text(case.product.fob),
            "ex_works": _amount_text(case.product.ex_works),
            "currency": case.product.currency,
            "weight_kg": _amount_text(case.product.weight_kg),
            "rule_row": case.product.rule_row,
        },
        "wholly_obtained": case.wholly_obtained,
        "materials": [_material_plain(material) for material in case.materials],
        "costs": {
            "labour": _amount_text(case.costs.labour),
            "overhead": _amount_text(case.costs.overhead),
            "profit": _amount_text(case.costs.profit),
            "other": _amount_text(case.costs.other),
        },
        "cumulate_with": list(case.cumulate_with),
        "processes": list(case.processes),
    }


def _material_plain(material: Material) -> dict[str, Any]:
    return {
        "description": material.description,
        "hs": material.hs,
        "value": _amount_text(material.value),
        "origin": material.origin,
        "weight_kg": _amount_text(material.weight_kg),
        "value_basis": material.value_basis,
        "role": material.role,
        "materials": [_material_plain(part) for part in material.materials],
        "processes": list(material.processes),
    }


class _Record:
    """An object of the case with its fields, every one of which must be known."""

    def __init__(self, plain: object, where: str, fields: set[str]) -> None:
        _expect(isinstance(plain, dict), where, "an object")
        self._plain: Mapping[str, object] = plain  # type: ignore[assignment]
        self._where = where
        self._fields = set(fields)

    def allow(self, *fields: str) -> None:
        """Further fields that may stand there; what is in neither list is refused."""
        for name in self._plain:
            if name not in self._fields and name not in fields:
                raise CaseRefused("case.unknown_field", where=f"{self._where}: {name[:60]}")

    def get(self, name: str, default: object) -> object:
        value = self._plain.get(name, _MISSING)
        if value is _MISSING:
            if default is _REQUIRED:
                raise CaseRefused("case.missing", where=f"{name} ({self._where})")
            return default
        return value

    def text(self, name: str, default: object, *, longest: int = _LONGEST_TEXT) -> str:
        return _text(self.get(name, default), f"{self._where}: {name}", longest)

    def optional_text(self, name: str) -> str | None:
        value = self.get(name, None)
        return None if value is None else _text(value, f"{self._where}: {name}", _LONGEST_TEXT)

    def optional_amount(self, name: str) -> Decimal | None:
        value = self.get(name, None)
        return None if value is None else _amount(value, f"{self._where}: {name}")


class _MaterialReader:
    def __init__(self, known: KnownCodes, bills: Mapping[str, object]) -> None:
        self._known = known
        self._bills = bills
        self._count = 0

    def read(self, plain: object, where: str, depth: int, within: tuple[str, ...]) -> tuple[Material, ...]:
        _expect(isinstance(plain, list), where, "a list of materials")
        if depth > DEEPEST_BILL:
            raise CaseRefused("case.too_deep", most=str(DEEPEST_BILL))
        parts: list[object] = plain  # type: ignore[assignment]
        self._count += len(parts)
        if self._count > MOST_MATERIALS:
            raise CaseRefused("case.too_many", most=str(MOST_MATERIALS))
        return tuple(self._one(part, f"{where}[{n}]", depth, within) for n, part in enumerate(parts))

    def _one(self, plain: object, where: str, depth: int, within: tuple[str, ...]) -> Material:
        record = _Record(plain, where, {"description", "hs", "value", "origin"})
        record.allow("weight_kg", "value_basis", "role", "materials", "processes", "bill")
        bill = record.optional_text("bill")
        inner = record.get("materials", [])
        if bill is not None:
            if bill in within:
                raise CaseRefused("case.cycle", bill=bill[:60])
            if bill not in self._bills:
                raise CaseRefused("case.bill", bill=bill[:60])
            _expect(inner == [], f"{where}: materials", "nothing when a bill is named")
            inner, within = self._bills[bill], (*within, bill)
        code = record.optional_text("hs")
        role = record.text("role", "material")
        _expect(role in get_args(Role), f"{where}: role", "one of: " + ", ".join(get_args(Role)))
        return Material(
            description=record.text("description", ""),
            hs=None if code is None else _hs(code, where, self._known, shortest=2),
            value=_amount(record.get("value", _REQUIRED), f"{where}: value"),
            origin=_origin(record.text("origin", UNKNOWN), where),
            weight_kg=record.optional_amount("weight_kg"),
            value_basis=record.optional_text("value_basis"),
            role=role,  # type: ignore[arg-type]
            materials=self.read(inner, f"{where}.materials", depth + 1, within),
            processes=_processes(record.get("processes", []), where),
        )


def _product(plain: object, known: KnownCodes) -> Product:
    record = _Record(plain, "product", {"hs", "description", "fob", "ex_works", "currency", "weight_kg"})
    record.allow("rule_row")
    currency = record.text("currency", "USD")
    _expect(_CURRENCY.fullmatch(currency) is not None, "product: currency", "a code of three letters")
    return Product(
        hs=_hs(record.text("hs", _REQUIRED), "product", known, shortest=6),
        description=record.text("description", ""),
        fob=record.optional_amount("fob"),
        ex_works=record.optional_amount("ex_works"),
        currency=currency,
        weight_kg=record.optional_amount("weight_kg"),
        rule_row=record.optional_text("rule_row"),
    )


def _check_prices(product: Product) -> None:
    prices = [price for price in (product.fob, product.ex_works) if price is not None]
    if not prices or not all(prices):
        raise CaseRefused("case.price")
    if product.fob is not None and product.ex_works is not None and product.ex_works > product.fob:
        raise CaseRefused("case.price_order")


def _costs(plain: object) -> Costs:
    record = _Record({} if plain is None else plain, "costs", {"labour", "overhead", "profit", "other"})
    record.allow()
    amounts = {name: record.optional_amount(name) or _ZERO for name in ("labour", "overhead", "profit", "other")}
    return Costs(**amounts)


def _hs(typed: str, where: str, known: KnownCodes, *, shortest: int) -> str:
    code = typed.replace(".", "").replace(" ", "")
    if _HS.fullmatch(code) is None or len(code) < shortest or not known(code[:6]):
        raise CaseRefused("case.hs", where=where, code=typed[:20])
    return code


def _origin(code: str, where: str) -> str:
    return code if code in (UNKNOWN, INDIA) else _country(code, f"{where}: origin")


def _country(code: object, where: str) -> str:
    if not isinstance(code, str) or _COUNTRY.fullmatch(code) is None:
        raise CaseRefused("case.country", where=where, code=str(code)[:20])
    return code


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    _expect(day is not None and day.isoformat() == value, "on", "a date like 2026-11-22")
    return day  # type: ignore[return-value]


def _flag(value: object, where: str) -> bool:
    _expect(isinstance(value, bool), where, "true or false")
    return bool(value)


def _amount(value: object, where: str) -> Decimal:
    _expect(isinstance(value, str), where, 'a decimal number written as text, like "12600.00"')
    text = str(value)
    if text.startswith("-"):
        raise CaseRefused("case.amount", where=where, why="it is negative")
    if _AMOUNT.fullmatch(text) is None:
        raise CaseRefused("case.amount", where=where, why="it is no number of at most 18 digits and 8 decimals")
    return Decimal(text)


def _amount_text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _processes(plain: object, where: str) -> tuple[str, ...]:
    """Codes of processes, in one spelling: small letters, hyphens."""
    return tuple(sorted({"-".join(text.lower().split()) for text in _texts(plain, where)} - {""}))


def _texts(plain: object, where: str) -> list[str]:
    _expect(isinstance(plain, list) and len(plain) <= _MOST_LISTED, where, "a short list")
    return [_text(part, where, _LONGEST_TEXT) for part in plain]  # type: ignore[attr-defined]


def _text(value: object, where: str, longest: int) -> str:
    _expect(isinstance(value, str) and len(value) <= longest, where, "text of reasonable length")
    text = str(value)
    _expect(not any("\ud800" <= sign <= "\udfff" for sign in text), where, "text")
    return text


def _expect(held: bool, where: str, expected: str) -> None:
    if not held:
        raise CaseRefused("case.form", where=where[:120], expected=expected)
