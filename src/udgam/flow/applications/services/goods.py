"""The lines of goods: what they are, what they are made of, what is claimed of their origin."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from udgam.flow.applications.models import Application, ApplicationItem, CostMaterial, CostSheet
from udgam.flow.applications.queries import cost_sheet_of
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.copying import copy_sheet
from udgam.flow.applications.services.moving import edit_row

# Goods and materials of one application together. More lines than this no customs office reads on one certificate.
MAX_ITEMS = 10_000
MAX_MATERIALS = 10_000
_PAISA = Decimal("0.01")
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
    """Add a material to a line's cost sheet, or change the one at `material`. Its value is quantity times unit value."""
    item = _item(application, edit, position, now)
    sheet, _ = CostSheet.objects.get_or_create(item=item)
    rows = CostMaterial.objects.filter(sheet=sheet)
    computed = {**values, "value": material_value(quantity=values["quantity"], unit_value=values["unit_value"])}
    if material is not None:
        if rows.filter(position=material).update(**computed) != 1:
            raise ApplicationRefused("application.edited_elsewhere")
        return
    count = rows.count()
    if count >= MAX_MATERIALS:
        raise ApplicationRefused("application.too_many_materials", limit=str(MAX_MATERIALS))
    CostMaterial.objects.create(sheet=sheet, position=count + 1, **computed)


@transaction.atomic
def remove_material(*, application: Application, edit: int, position: int, material: int, now: datetime) -> None:
    """Remove a material; those after it move up."""
    item = _item(application, edit, position, now)
    rows = CostMaterial.objects.filter(sheet__item=item)
    rows.filter(position=material).delete()
    rows.filter(position__gt=material).update(position=F("position") - 1)


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
    """Quantity times unit value, to two places, half up."""
    return (quantity * unit_value).quantize(_PAISA, rounding=ROUND_HALF_UP)


def _item(application: Application, edit: int, position: int, now: datetime) -> ApplicationItem:
    """The line at `position`, about to be changed."""
    edit_row(application=application, edit=edit, now=now)
    item = ApplicationItem.objects.filter(application=application, position=position).first()
    if item is None:
        raise ApplicationRefused("application.edited_elsewhere")
    ApplicationItem.objects.filter(id=item.id).update(**_NO_FINDING)
    return item
