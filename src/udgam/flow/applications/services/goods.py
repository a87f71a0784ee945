"""The lines of goods: what they are, what they are made of, what is claimed of their origin."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from udgam.flow.applications.cost_sheets import cost_sheet_of
from udgam.flow.applications.models import Application, ApplicationItem, CostMaterial, CostSheet
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.copying import copy_sheet
from udgam.flow.applications.services.moving import edit_row

# Goods and materials of one application together. More lines than this no customs office reads on one certificate.
MAX_ITEMS = 10_000
MAX_MATERIALS = 10_000
_PAISA = Decimal("0.01")
# Sixteen digits before the point are kept of an amount.
_TOO_LARGE = Decimal(10) ** 16
# A finding was made from these; when they change it says nothing any more.
_NO_FINDING: dict[str, Any] = {"finding_sha256": "", "finding_qualifies": None}


@transaction.atomic
def save_item(
    *,
    application: Application,
    edit: int,
    position: int | None,
    values: dict[str, Any],
    now: datetime,
    like: ApplicationItem | None = None,
) -> None:
    """Add a line of goods, or change the line at `position`. What was found of its origin no longer counts.

    A new line `like` an earlier one of the firm gets a copy of its cost sheet.
    """
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationItem.objects.filter(application=application)
    if position is not None:
        if rows.filter(position=position).update(**values, **_NO_FINDING) != 1:
            raise ApplicationRefused("application.edited_elsewhere")
        return
    count = rows.count()
    if count >= MAX_ITEMS:
        raise ApplicationRefused("application.too_many_items", limit=str(MAX_ITEMS))
    item = ApplicationItem.objects.create(application=application, position=count + 1, **values)
    sheet = cost_sheet_of(like) if like is not None else None
    if sheet is not None:
        refuse_too_many_materials(application=application, more=sheet.materials.count())
        copy_sheet(sheet=sheet, item=item)


@transaction.atomic
def remove_item(*, application: Application, edit: int, position: int, now: datetime) -> None:
    """Remove a line; the lines after it move up, so that they stay numbered without a gap."""
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationItem.objects.filter(application=application)
    rows.filter(position=position).delete()
    rows.filter(position__gt=position).update(position=F("position") - 1)


@transaction.atomic
def save_cost_sheet(
    *, application: Application, edit: int, position: int, values: dict[str, Any], now: datetime
) -> CostSheet:
    """Save costs and statements of a line's cost sheet; the materials stay. Begins the sheet when there is none."""
    item = _item(application, edit, position, now)
    sheet, _ = CostSheet.objects.update_or_create(item=item, defaults=values)
    return sheet


@transaction.atomic
def save_material(
    *,
    application: Application,
    edit: int,
    position: int,
    material: int | None,
    values: dict[str, Any],
    now: datetime,
) -> None:
    """Add a material to a line's cost sheet, or change the one at `material`. Its value is quantity times unit value.

    `part_of` among the values is the number of the material that it went into.
    """
    item = _item(application, edit, position, now)
    sheet, _ = CostSheet.objects.get_or_create(item=item)
    rows = CostMaterial.objects.filter(sheet=sheet)
    computed = {
        **values,
        "value": material_value(quantity=values["quantity"], unit_value=values["unit_value"]),
        "part_of": _whole(rows, values.get("part_of"), material),
    }
    if material is not None:
        if rows.filter(position=material).update(**computed) != 1:
            raise ApplicationRefused("application.edited_elsewhere")
        return
    refuse_too_many_materials(application=application, more=1)
    CostMaterial.objects.create(sheet=sheet, position=rows.count() + 1, **computed)


def refuse_too_many_materials(*, application: Application, more: int) -> None:
    """Raise `application.too_many_materials` when the cost sheets of all lines would hold too many; the row must be locked."""
    if more and CostMaterial.objects.filter(sheet__item__application=application).count() + more > MAX_MATERIALS:
        raise ApplicationRefused("application.too_many_materials", limit=str(MAX_MATERIALS))


@transaction.atomic
def remove_material(*, application: Application, edit: int, position: int, material: int, now: datetime) -> None:
    """Remove a material with its parts; those after it move up."""
    item = _item(application, edit, position, now)
    rows = CostMaterial.objects.filter(sheet__item=item)
    removed, _ = rows.filter(position=material).delete()
    if removed == 1:
        rows.filter(position__gt=material).update(position=F("position") - 1)
        return
    left = list(rows.order_by("position"))
    for number, row in enumerate(left, start=1):
        row.position = number
    CostMaterial.objects.bulk_update(left, ["position"], batch_size=1000)


@transaction.atomic
def save_claim(
    *,
    application: Application,
    edit: int,
    position: int,
    criterion: str,
    text: str,
    finding_sha256: str,
    qualifies: bool | None,
    reason: str,
    now: datetime,
) -> None:
    """Save what the exporter claims of a line's origin and the finding that was shown beside it."""
    item = _item(application, edit, position, now)
    ApplicationItem.objects.filter(id=item.id).update(
        criterion=criterion,
        criterion_text=text,
        finding_sha256=finding_sha256,
        finding_qualifies=qualifies,
        claim_reason=reason,
    )


def material_value(*, quantity: Decimal, unit_value: Decimal) -> Decimal:
    """Quantity times unit value, to two places, half up. Raises `ApplicationRefused` where no amount can be that large."""
    with localcontext(prec=60):
        value = (quantity * unit_value).quantize(_PAISA, rounding=ROUND_HALF_UP)
    if value >= _TOO_LARGE:
        raise ApplicationRefused("application.value_too_large")
    return value


def _whole(rows: QuerySet[CostMaterial], number: int | None, material: int | None) -> CostMaterial | None:
    """The material at `number`, of which the one at `material` (None: a new one) shall be a part."""
    if number is None:
        return None
    known = {row.id: row for row in rows.only("id", "position", "part_of_id")}
    found = next((row for row in known.values() if row.position == number), None)
    if found is None:
        raise ApplicationRefused("application.part_of_nothing")
    above: CostMaterial | None = found
    while above is not None:
        if above.position == material:
            raise ApplicationRefused("application.part_of_itself")
        above = known.get(above.part_of_id) if above.part_of_id else None
    return found


def _item(application: Application, edit: int, position: int, now: datetime) -> ApplicationItem:
    """The line at `position`, about to be changed."""
    edit_row(application=application, edit=edit, now=now)
    item = ApplicationItem.objects.filter(application=application, position=position).first()
    if item is None:
        raise ApplicationRefused("application.edited_elsewhere")
    ApplicationItem.objects.filter(id=item.id).update(**_NO_FINDING)
    return item
