"""The cost sheet of a line of goods: costs, materials, and what is claimed of the origin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.flow.applications import services
from udgam.flow.applications.arrangements import criteria_choices, partner_choices, process_choices
from udgam.flow.applications.content import item_finding
from udgam.flow.applications.cost_sheets import cost_sheet_of, material_lines, sheet_totals
from udgam.flow.applications.forms import ClaimForm, CostSheetForm, EditForm, MaterialForm
from udgam.flow.applications.models import Application, ApplicationItem, CostMaterial
from udgam.flow.applications.origin import claim_fault
from udgam.flow.applications.views.finding import CONFLICT, application_of, away, is_editable, saved, status_of
from udgam.flow.applications.views.origin import shown_origin
from udgam.flow.registration.reasons import text_of_refusal
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.rules.content import OriginClaim
from udgam.rules.numbers import indian_date

COSTS = (
    "wholly_obtained",
    "labour",
    "overhead",
    "other",
    "profit",
    "ex_works",
    "net_weight_kg",
    "cumulate_with",
    "processes",
)
# So many materials are offered as what another went into; more are joined by a table.
MOST_WHOLES = 300
MATERIAL = (
    "description",
    "hs_code",
    "quantity",
    "unit",
    "unit_value",
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
REPEATED = ("unit", "basis", "origin", "supplier_name", "supplier_address", "document_number", "document_date")


def _as_typed(value: Any) -> Any:
    """An amount without the zeros that the database adds."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _line(application: Application, position: int) -> ApplicationItem:
    row = application.items.select_related("cost_sheet").filter(position=position).first()
    if row is None:
        raise Http404
    return row


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def cost_sheet(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Costs and statements, the materials so far, and the claim."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    item = _line(application, position)
    sheet = cost_sheet_of(item)
    initial: dict[str, Any] = {"edit": application.edit}
    if sheet is not None:
        initial |= {name: _as_typed(getattr(sheet, name)) for name in COSTS}
    if item.unit == "KGM" and not initial.get("net_weight_kg"):
        initial["net_weight_kg"] = _as_typed(item.quantity)
    form = CostSheetForm(
        request.POST or None,
        partners=partner_choices(application),
        processes=process_choices(application),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()

        def save() -> None:
            services.save_cost_sheet(
                application=application,
                edit=form.cleaned_data["edit"],
                position=position,
                values=form.values(),
                now=now,
            )

        if saved(form, application, save):
            following = "applications:material-add" if "another" in request.POST else "applications:claim"
            return redirect(following, public_id=public_id, position=position)
    context = {
        "application": application,
        "item": item,
        "sheet": sheet,
        "materials": (lines := material_lines(sheet)),
        "has_parts": any(line.whole for line in lines),
        "totals": sheet_totals(item),
        "form": form,
        "origin": shown_origin(item, indian_date(timezone.now()), others=True),
    }
    return render(request, "applications/cost_sheet.html", context, status=status_of(form))


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def add_material(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """A new material; what is usually the same as in the one before is filled in."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    item = _line(application, position)
    sheet = cost_sheet_of(item)
    last = sheet.materials.last() if sheet else None
    initial: dict[str, Any] = {"basis": CostMaterial.Basis.CIF}
    if last:
        initial = {name: getattr(last, name) for name in REPEATED}
    initial["part_of"] = request.GET.get("part_of", "")
    return _material(request, application, item, None, initial)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, public_id: UUID, position: int, number: int) -> HttpResponse:
    """Change a material."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    item = _line(application, position)
    row = _row(item, number)
    initial = {name: _as_typed(getattr(row, name)) for name in MATERIAL}
    initial["part_of"] = row.part_of.position if row.part_of else ""
    return _material(request, application, item, row, initial)


def _row(item: ApplicationItem, number: int) -> CostMaterial:
    sheet = cost_sheet_of(item)
    row = sheet.materials.filter(position=number).first() if sheet else None
    if row is None:
        raise Http404
    return row


def _material(
    request: HttpRequest,
    application: Application,
    item: ApplicationItem,
    row: CostMaterial | None,
    initial: dict[str, Any],
) -> HttpResponse:
    now = timezone.now()
    form = MaterialForm(
        request.POST or None,
        today=indian_date(now),
        wholes=_wholes(item, row),
        processes=process_choices(application),
        initial={"edit": application.edit, **initial},
    )
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            services.save_material(
                application=application,
                edit=form.cleaned_data["edit"],
                position=item.position,
                material=row.position if row else None,
                values=form.values(),
                now=now,
            )

        if saved(form, application, save):
            following = "applications:material-add" if "another" in request.POST else "applications:cost-sheet"
            return redirect(following, public_id=application.public_id, position=item.position)
    context = {"application": application, "item": item, "row": row, "form": form}
    return render(request, "applications/material.html", context, status=status_of(form))


def _wholes(item: ApplicationItem, row: CostMaterial | None) -> list[tuple[int, str]]:
    """The materials of which one can be a part: all but itself and its own parts, and only those whose origin parts decide."""
    lines = material_lines(cost_sheet_of(item))
    below: set[int] = {row.position} if row else set()
    for line in lines:
        if line.whole in below:
            below.add(line.row.position)
    return [
        (line.row.position, f"{line.row.position}. {line.row.description[:60]}")
        for line in lines
        if line.row.position not in below and (line.may_have_parts or (row and line.row.id == row.part_of_id))
    ][:MOST_WHOLES]


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def remove_material(request: HttpRequest, public_id: UUID, position: int, number: int) -> HttpResponse:
    """Remove a material, after a question."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    row = _row(_line(application, position), number)
    form = EditForm(request.POST or None, initial={"edit": application.edit})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()

        def remove() -> None:
            edit = form.cleaned_data["edit"]
            services.remove_material(application=application, edit=edit, position=position, material=number, now=now)

        if saved(form, application, remove):
            return redirect("applications:cost-sheet", public_id=public_id, position=position)
    context = {
        "application": application,
        "form": form,
        "title": _("Remove this material and its parts?") if row.parts.exists() else _("Remove this material?"),
        "what": row.description,
        "back": "applications:cost-sheet",
        "back_position": position,
        "back_label": _("Cost sheet"),
    }
    return render(request, "applications/remove_row.html", context, status=CONFLICT if form.errors else 200)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """The criterion under which the line is claimed to originate."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    item = _line(application, position)
    now = timezone.now()
    found = item_finding(item, on=indian_date(now))
    proposed = found.finding
    initial = {
        "edit": application.edit,
        "criterion": item.criterion or (proposed.criterion_code if proposed else ""),
        "text": item.criterion_text or ((proposed.box_text if proposed else "") if not item.criterion else ""),
        "reason": item.claim_reason,
    }
    form = ClaimForm(request.POST or None, criteria=criteria_choices(application), initial=initial)
    if request.method == "POST" and form.is_valid():
        claimed = form.cleaned_data
        fault = claim_fault(_claimed(item, claimed), found)
        if fault is not None:
            form.add_error("reason", str(text_of_refusal(fault)))
    if request.method == "POST" and form.is_valid():

        def save() -> None:
            services.save_claim(
                application=application,
                edit=claimed["edit"],
                position=position,
                criterion=claimed["criterion"],
                text=claimed["text"],
                finding_sha256=found.sha256 or "",
                qualifies=found.qualifies,
                reason=claimed["reason"],
                now=now,
            )

        if saved(form, application, save):
            return redirect("applications:items", public_id=public_id)
    context = {"application": application, "item": item, "form": form, "origin": shown_origin(item, indian_date(now))}
    return render(request, "applications/claim.html", context, status=status_of(form))


def _claimed(item: ApplicationItem, typed: dict[str, Any]) -> OriginClaim:
    """What was typed as a claim, before it is saved."""
    return OriginClaim(
        item=item.position,
        criterion=typed["criterion"],
        text=typed["text"],
        finding_sha256=None,
        qualifies=None,
        reason=typed["reason"],
    )
