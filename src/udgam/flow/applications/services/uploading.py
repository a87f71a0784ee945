"""Tables of goods: kept, read by the worker, and added in one transaction when every row is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from udgam.flow.applications.cost_sheets import cost_sheet_of
from udgam.flow.applications.models import Application, ApplicationItem, BulkUpload, CostMaterial, CostSheet
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.goods import MAX_ITEMS, material_value, refuse_too_many_materials
from udgam.flow.applications.services.moving import EDITABLE, edit_row
from udgam.ground.tasks import defer
from udgam.parties.accounts.models import Person

_OF_GOODS = ("description", "hs_code", "marks", "packages", "package_kind", "unit", "currency")
_OF_MATERIALS = (
    "description",
    "hs_code",
    "unit",
    "basis",
    "origin",
    "document_number",
    "supplier_name",
    "supplier_address",
    "role",
)


@transaction.atomic
def keep_upload(*, application: Application, person: Person, name: str, content: bytes, now: datetime) -> BulkUpload:
    """Keep a table and have the worker read it. Earlier tables of the application that were not added are dropped."""
    if not Application.objects.filter(id=application.id, state__in=EDITABLE).exists():
        raise ApplicationRefused("application.not_editable")
    application.bulk_uploads.exclude(state=BulkUpload.State.ADDED).delete()
    upload = BulkUpload.objects.create(
        application=application, person=person, name=name[:255], content=content, uploaded_at=now
    )
    defer("applications.read_upload", upload=str(upload.public_id))
    return upload


def note_progress(*, upload: BulkUpload, total: int, done: int) -> None:
    """Say how far the reading is, for the page that shows it."""
    BulkUpload.objects.filter(id=upload.id, state=BulkUpload.State.READING).update(total=total, done=done)


def finish_reading(
    *,
    upload: BulkUpload,
    goods: Sequence[dict[str, Any]],
    materials: Sequence[dict[str, Any]],
    faults: Sequence[str],
    fault_count: int,
) -> None:
    """Keep what the table holds, or what is wrong with it."""
    state = BulkUpload.State.FAULTY if fault_count else BulkUpload.State.READY
    rows = {} if fault_count else {"goods": list(goods), "materials": list(materials)}
    BulkUpload.objects.filter(id=upload.id, state=BulkUpload.State.READING).update(
        state=state, rows=rows, faults=list(faults), fault_count=fault_count, content=b""
    )


@transaction.atomic
def add_upload(*, upload: BulkUpload, application: Application, edit: int, now: datetime) -> int:
    """Add all rows of a table to the application, after the lines that are there; once. Returns how many rows were added."""
    edit_row(application=application, edit=edit, now=now)
    claimed = BulkUpload.objects.filter(id=upload.id, state=BulkUpload.State.READY).update(state=BulkUpload.State.ADDED)
    if claimed != 1:
        raise ApplicationRefused("application.upload_not_ready")
    goods, materials = upload.rows.get("goods", []), upload.rows.get("materials", [])
    present = ApplicationItem.objects.filter(application=application).count()
    if present + len(goods) > MAX_ITEMS:
        raise ApplicationRefused("application.too_many_items", limit=str(MAX_ITEMS))
    refuse_too_many_materials(application=application, more=len(materials))
    invoices = {row.number.casefold(): row.id for row in application.invoices.all()}
    ApplicationItem.objects.bulk_create(
        [
            ApplicationItem(
                application=application,
                position=present + number,
                quantity=Decimal(row["quantity"]),
                gross_weight=Decimal(row["gross_weight"]) if row["gross_weight"] else None,
                fob=Decimal(row["fob"]),
                invoice_id=invoices.get(row["invoice"].casefold()) if row["invoice"] else None,
                **{name: row[name] for name in _OF_GOODS},
            )
            for number, row in enumerate(goods, start=1)
        ],
        batch_size=1000,
    )
    offset = present if goods else 0
    _add_materials(application, materials, offset)
    _add_net_weights(application, goods, present)
    return len(goods) + len(materials)


def _add_materials(application: Application, materials: Sequence[dict[str, Any]], offset: int) -> None:
    by_line: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in materials:
        by_line[offset + int(row["line"])].append(row)
    items = {
        row.position: row for row in ApplicationItem.objects.filter(application=application, position__in=list(by_line))
    }
    if by_line.keys() - items.keys():
        # Lines were removed since the table was read.
        raise ApplicationRefused("application.edited_elsewhere")
    known = {row.item_id: row for row in CostSheet.objects.filter(item__in=items.values())}
    fresh = [CostSheet(item=item) for item in items.values() if item.id not in known]
    sheets = {**known, **{row.item_id: row for row in CostSheet.objects.bulk_create(fresh, batch_size=1000)}}
    made: list[CostMaterial] = []
    parts: list[tuple[CostMaterial, CostMaterial]] = []
    for line, rows in by_line.items():
        sheet = sheets[items[line].id]
        begin = sheet.materials.count() if sheet.item_id in known else 0
        added = [_material(sheet, begin + number, row) for number, row in enumerate(rows, start=1)]
        labels = {row["number"]: one for row, one in zip(rows, added, strict=True) if row.get("number")}
        parts += [(one, labels[row["part_of"]]) for row, one in zip(rows, added, strict=True) if row.get("part_of")]
        made += added
    CostMaterial.objects.bulk_create(made, batch_size=1000)
    for part, whole in parts:
        part.part_of = whole
    CostMaterial.objects.bulk_update([part for part, _whole in parts], ["part_of"], batch_size=1000)
    ApplicationItem.objects.filter(id__in=[item.id for item in items.values()]).update(
        finding_sha256="", finding_qualifies=None
    )


def _add_net_weights(application: Application, goods: Sequence[dict[str, Any]], present: int) -> None:
    """The net weights of the rows stand in their cost sheets."""
    weights = {
        present + number: Decimal(row["net_weight"])
        for number, row in enumerate(goods, start=1)
        if row.get("net_weight")
    }
    items = ApplicationItem.objects.filter(application=application, position__in=list(weights)).select_related(
        "cost_sheet"
    )
    fresh: list[CostSheet] = []
    known: list[CostSheet] = []
    for item in items:
        sheet = cost_sheet_of(item)
        (known if sheet else fresh).append(sheet or CostSheet(item=item))
        (sheet or fresh[-1]).net_weight_kg = weights[item.position]
    CostSheet.objects.bulk_create(fresh, batch_size=1000)
    CostSheet.objects.bulk_update(known, ["net_weight_kg"], batch_size=1000)


def _material(sheet: CostSheet, position: int, row: dict[str, Any]) -> CostMaterial:
    quantity, unit_value = Decimal(row["quantity"]), Decimal(row["unit_value"])
    return CostMaterial(
        sheet=sheet,
        position=position,
        quantity=quantity,
        unit_value=unit_value,
        value=material_value(quantity=quantity, unit_value=unit_value),
        weight_kg=Decimal(row["weight_kg"]) if row["weight_kg"] else None,
        document_date=date.fromisoformat(row["document_date"]) if row["document_date"] else None,
        processes=row.get("processes") or [],
        # A table that was read before roles were known names none.
        **{name: row.get(name, CostMaterial.Role.MATERIAL) if name == "role" else row[name] for name in _OF_MATERIALS},
    )
