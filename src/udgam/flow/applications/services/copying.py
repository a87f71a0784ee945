"""A new application out of an earlier one. Invoice, dates and papers belong to one consignment, so they are entered anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.applications.models import Application, ApplicationItem, CostMaterial, CostSheet
from udgam.flow.applications.services.moving import subject_of
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.parties.accounts.models import Person

_COPIED = (
    "agreement",
    "office_id",
    "postal_delivery",
    "branch_id",
    "consignee_name",
    "consignee_address",
    "consignee_country",
    "destination",
    "producer_kind",
    "producer_name",
    "producer_address",
    "producer_country",
    "third_party_name",
    "third_party_address",
    "third_party_country",
    "transport_mode",
    "port_of_loading",
    "port_of_loading_code",
    "port_of_discharge",
    "port_of_discharge_code",
    "route",
    "goods_at",
    "grounds",
    "place",
    "declarant_name",
    "declarant_designation",
)
_OF_A_LINE = (
    "position",
    "marks",
    "packages",
    "package_kind",
    "description",
    "hs_code",
    "quantity",
    "unit",
    "gross_weight",
    "fob",
    "currency",
    "criterion",
    "criterion_text",
)
_OF_A_SHEET = (
    "wholly_obtained",
    "ex_works",
    "labour",
    "overhead",
    "profit",
    "other",
    "cumulate_with",
    "processes",
    "net_weight_kg",
)
_OF_A_MATERIAL = (
    "position",
    "description",
    "hs_code",
    "quantity",
    "unit",
    "unit_value",
    "value",
    "basis",
    "origin",
    "weight_kg",
    "document_number",
    "document_date",
    "supplier_name",
    "supplier_address",
    "role",
    "processes",
)


@transaction.atomic
def copy_application(*, application: Application, person: Person, actor: Actor, now: datetime) -> Application:
    """Begin a draft with the lasting answers of an earlier application: parties, goods, cost sheets, ports, declaration.

    Not copied: invoices, shipping bills, transport document, vessel, dates, papers, ticks, what it replaces, and what was found of
    the origin, which has to be computed by the rules of the day.
    """
    copy = Application.objects.create(
        exporter=application.exporter,
        created_by=person,
        copied_from=application,
        created_at=now,
        changed_at=now,
        **{name: getattr(application, name) for name in _COPIED},
    )
    lines = list(application.items.select_related("cost_sheet").prefetch_related("cost_sheet__materials"))
    made = ApplicationItem.objects.bulk_create(
        [ApplicationItem(application=copy, **{name: getattr(row, name) for name in _OF_A_LINE}) for row in lines]
    )
    for old, new in zip(lines, made, strict=True):
        sheet: CostSheet | None = getattr(old, "cost_sheet", None)
        if sheet is not None:
            copy_sheet(sheet=sheet, item=new)
    record(
        act="application.started",
        subject=subject_of(copy),
        actor=actor,
        now=now,
        details={"agreement": copy.agreement, "copied_from": str(application.public_id)},
    )
    return copy


def copy_sheet(*, sheet: CostSheet, item: ApplicationItem) -> None:
    """Give a line the cost sheet of another, with all materials; in the caller's transaction."""
    copy = CostSheet.objects.create(item=item, **{name: getattr(sheet, name) for name in _OF_A_SHEET})
    rows = list(sheet.materials.all())
    made = CostMaterial.objects.bulk_create(
        [CostMaterial(sheet=copy, **{name: getattr(row, name) for name in _OF_A_MATERIAL}) for row in rows]
    )
    copies = {row.id: new for row, new in zip(rows, made, strict=True)}
    parts = [copies[row.id] for row in rows if row.part_of_id]
    for row in rows:
        if row.part_of_id:
            copies[row.id].part_of = copies[row.part_of_id]
    CostMaterial.objects.bulk_update(parts, ["part_of"], batch_size=1000)
