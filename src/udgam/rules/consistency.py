"""Whether what an application says fits together: sums, dates, codes. Asked before anybody pays.

A doubt that ``stops`` is surely a mistake, and the application cannot be signed with it; the others are shown, because they may
have a reason that only the exporter knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from udgam.rules.content.application import ApplicationContent, CostSheet
from udgam.rules.content.parts import Item
from udgam.rules.refusals import Reason

# Cost sheets round each row; a difference below this share of the FOB value says nothing.
_ROUNDING = Decimal("0.005")

REASONS = {
    "consistency.hs_unknown": Reason(
        "HS 2022 has no subheading for the code {code} of line {line}.", "Look for the right code with the search."
    ),
    "consistency.materials_exceed_value": Reason(
        "The materials of line {line} are worth {materials} and so more than its FOB value, {fob}.",
        "Correct quantity, unit value or currency of the materials, or the FOB value.",
    ),
    "consistency.sheet_does_not_add_up": Reason(
        "Materials, costs and profit of line {line} add up to {total}; its FOB value is {fob}.",
        "Enter what is missing under other costs or profit, or correct the value.",
    ),
    "consistency.ex_works_above_fob": Reason(
        "The ex-works price of line {line} is higher than its FOB value.",
        "The FOB value contains the way to the port; correct one of the two.",
    ),
    "consistency.obtained_with_foreign": Reason(
        "Line {line} is said to be wholly obtained, but a material comes from another country.",
        "Take back the statement, or correct the origin of the material.",
    ),
    "consistency.invoice_after_departure": Reason(
        "Invoice {number} is dated after the goods left India.", "Check the date of the invoice and the departure."
    ),
    "consistency.parts_exceed_material": Reason(
        "The parts of material {n} of line {line} are worth {parts} and so more than the material itself, {value}.",
        "Check the values; the material contains its parts.",
    ),
    "consistency.bill_of_other_invoice": Reason(
        "The shipping bill {number} states the invoice {stated}, which is none of this application’s invoices.",
        "Compare both papers and correct the number that was typed wrong, or add the invoice.",
    ),
    "consistency.invoice_without_bill": Reason(
        "None of the shipping bills states the invoice {number}.",
        "Add the shipping bill that states it, or check which invoice each bill states.",
    ),
    "consistency.gross_weight_below_net": Reason(
        "The gross weight of line {line} is below its quantity in kilograms.", "Correct the weight or the quantity."
    ),
    "consistency.net_weight_above_gross": Reason(
        "The net weight in the cost sheet of line {line} is above its gross weight.", "Correct one of the two weights."
    ),
    "consistency.departure_passed": Reason(
        "The day of departure has passed, but the application is made before the shipment.",
        "Choose “After shipment”, or correct the day.",
    ),
}


@dataclass(frozen=True)
class Doubt:
    """Something that does not fit. ``where`` is a path in the content, as in the findings of lints."""

    code: str
    where: str
    params: Mapping[str, str] = field(default_factory=dict)
    stops: bool = False


def doubts_about(content: ApplicationContent, *, is_hs_code: Callable[[str], bool]) -> tuple[Doubt, ...]:
    """Everything that does not fit together, line by line. ``is_hs_code`` says whether six digits are a subheading."""
    sheets = {sheet.item: sheet for sheet in content.cost_sheets}
    found: list[Doubt] = []
    for n, item in enumerate(content.items):
        found += _of_line(n, item, is_hs_code)
        if item.number in sheets:
            found += _of_sheet(n, item, sheets[item.number])
    found += _of_bills(content)
    departure = content.transport.departure
    if departure is not None:
        for n, invoice in enumerate(content.invoices):
            if invoice.date > departure:
                told = {"number": invoice.number}
                found.append(Doubt("consistency.invoice_after_departure", f"invoices[{n}].date", told))
        if content.transport.shipment == "before" and departure < content.declaration.date:
            found.append(Doubt("consistency.departure_passed", "transport.departure", stops=True))
    return tuple(found)


def _of_bills(content: ApplicationContent) -> Iterator[Doubt]:
    """The invoice that customs know and the one that the certificate will name are the same.

    Source: DGFT's reminder to the agencies of Appendix 2E that invoice numbers of certificate and shipping bill agree.
    """
    numbers = {_folded(invoice.number) for invoice in content.invoices}
    stated = {_folded(bill.invoice) for bill in content.shipping_bills if bill.invoice}
    for n, bill in enumerate(content.shipping_bills):
        if bill.invoice and _folded(bill.invoice) not in numbers:
            told = {"number": bill.number, "stated": bill.invoice}
            yield Doubt("consistency.bill_of_other_invoice", f"shipping_bills[{n}].invoice", told, stops=True)
    # Only when every bill says its invoice can one be missed.
    if stated and all(bill.invoice for bill in content.shipping_bills):
        for n, invoice in enumerate(content.invoices):
            if _folded(invoice.number) not in stated:
                yield Doubt("consistency.invoice_without_bill", f"invoices[{n}].number", {"number": invoice.number})


def _folded(number: str) -> str:
    """An invoice number as customs write it: capital letters, no spaces."""
    return "".join(number.split()).upper()


def _of_line(n: int, item: Item, is_hs_code: Callable[[str], bool]) -> Iterator[Doubt]:
    line = str(item.number)
    if not is_hs_code(item.hs_code[:6]):
        yield Doubt("consistency.hs_unknown", f"items[{n}].hs_code", {"line": line, "code": item.hs_code}, stops=True)
    if item.unit == "KGM" and item.gross_weight is not None and item.gross_weight < item.quantity:
        yield Doubt("consistency.gross_weight_below_net", f"items[{n}].gross_weight", {"line": line})


def _of_sheet(n: int, item: Item, sheet: CostSheet) -> Iterator[Doubt]:
    line, where = str(item.number), f"items[{n}].cost_sheet"
    materials = sum((row.value for row in sheet.of_the_goods), Decimal(0))
    total = materials + sheet.labour + sheet.overhead + sheet.other + sheet.profit
    amounts = {"line": line, "materials": f"{materials:.2f}", "total": f"{total:.2f}", "fob": f"{item.fob:.2f}"}
    if materials > item.fob:
        yield Doubt("consistency.materials_exceed_value", where, amounts, stops=True)
    elif total and abs(total - item.fob) > item.fob * _ROUNDING:
        yield Doubt("consistency.sheet_does_not_add_up", where, amounts)
    if sheet.ex_works is not None and sheet.ex_works > item.fob:
        yield Doubt("consistency.ex_works_above_fob", where, {"line": line})
    # Fuel, tools and packing do not take from goods that they were obtained in India.
    if sheet.wholly_obtained and any(row.origin != "IN" and row.role == "material" for row in sheet.materials):
        yield Doubt("consistency.obtained_with_foreign", where, {"line": line}, stops=True)
    if sheet.net_weight_kg is not None and item.gross_weight is not None and sheet.net_weight_kg > item.gross_weight:
        yield Doubt("consistency.net_weight_above_gross", where, {"line": line})
    for whole, parts in _values_of_parts(sheet).items():
        value = sheet.materials[whole - 1].value
        if parts > value:
            told = {"line": line, "n": str(whole), "parts": f"{parts:.2f}", "value": f"{value:.2f}"}
            yield Doubt("consistency.parts_exceed_material", where, told)


def _values_of_parts(sheet: CostSheet) -> dict[int, Decimal]:
    """What the parts of each intermediate material are worth together, by the material's number."""
    values: dict[int, Decimal] = {}
    for row in sheet.materials:
        if row.part_of is not None:
            values[row.part_of] = values.get(row.part_of, Decimal(0)) + row.value
    return values
