"""The calculator: whether goods originate, under every agreement with the destination. It works signed out and keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from udgam.ground.agreements import queries
from udgam.ground.agreements.forms import CalculatorForm, MaterialForm
from udgam.ground.agreements.limits import CALCULATOR, may_ask
from udgam.ground.agreements.shown import sentence
from udgam.ground.reference.countries import country
from udgam.ground.reference.harmonised_system import hs_code
from udgam.rules.numbers import indian_date
from udgam.rules.origin import CaseRefused, Finding, compare, explanation_of, read_case

FIRST_ROWS = 3
MOST_ROWS = 60
# Each change is tried by the engine itself, so the effort grows with the square of the rows; anybody may ask here.
MOST_ROWS_WITH_CHANGE = 15


@dataclass(frozen=True)
class Shown:
    """A finding in the reader's language."""

    code: str
    name: str
    outcome: str
    colour: str
    label: str
    box_text: str
    explanation: list[str]
    needs: list[str]
    warnings: list[str]
    change: str


@never_cache
@require_http_methods(["GET", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """The form, with more rows when asked for, and the findings below it. Nothing that is typed is stored or logged."""
    day = indian_date(timezone.now())
    rows = _rows_wanted(request)
    form, materials = _forms(request, rows)
    findings: list[Shown] | None = None
    page_errors: list[str] = []
    status = 200
    if request.method == "POST" and "calculate" in request.POST and form.is_valid() and materials.is_valid():
        if not may_ask(request, CALCULATOR):
            status, page_errors = (
                429,
                [_("Too many calculations from here. Wait ten minutes; what you typed is still here.")],
            )
        else:
            try:
                findings = [_shown(one) for one in _findings(form.cleaned_data, materials, day)]
            except CaseRefused as refused:
                page_errors = [_(type(refused).reasons[refused.code].message).format_map(refused.params)]
    context = {"form": form, "materials": materials, "findings": findings, "page_errors": page_errors, "rows": rows}
    return render(request, "agreements/calculator.html", context, status=status)


def _rows_wanted(request: HttpRequest) -> int:
    typed = request.POST.get("rows", "")
    rows = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else FIRST_ROWS
    return min(max(rows, 1) + (3 if "more" in request.POST else 0), MOST_ROWS)


def _forms(request: HttpRequest, rows: int) -> tuple[CalculatorForm, BaseFormSet[MaterialForm]]:
    kind = formset_factory(MaterialForm, extra=rows, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    if request.method != "POST":
        initial = {
            "destination": request.GET.get("destination", ""),
            "hs_code": request.GET.get("hs", ""),
            "currency": "USD",
        }
        return CalculatorForm(initial=initial), kind(prefix="m")
    sent = request.POST.copy()
    sent["m-TOTAL_FORMS"], sent["m-INITIAL_FORMS"] = str(rows), "0"
    if "calculate" in request.POST:
        return CalculatorForm(sent), kind(sent, prefix="m")
    # More rows were asked for: what was typed stays, and nothing is called wrong yet.
    typed: list[dict[str, Any]] = [
        {name: sent.get(f"m-{n}-{name}", "") for name in ("description", "hs_code", "value", "origin")}
        for n in range(rows)
    ]
    filled = formset_factory(MaterialForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    names = CalculatorForm.base_fields
    return CalculatorForm(initial={name: sent.get(name, "") for name in names}), filled(prefix="m", initial=typed)


def _findings(asked: dict[str, Any], materials: BaseFormSet[MaterialForm], day: date) -> tuple[Finding, ...]:
    destination = asked["destination"]
    arrangements = [
        data
        for agreement in queries.agreements_open_on(day)
        if agreement.admits(destination) and (data := queries.rule_data_on(agreement.code, day)) is not None
    ]
    rows = [one.cleaned_data for one in materials if one.cleaned_data.get("value") is not None]
    plain = {
        "agreement": "any",
        "destination": destination,
        "on": day.isoformat(),
        "product": {
            "hs": asked["hs_code"],
            "description": "",
            "fob": _text(asked["fob"]),
            "ex_works": _text(asked["ex_works"]) if asked["ex_works"] is not None else None,
            "currency": asked["currency"],
        },
        "wholly_obtained": asked["wholly_obtained"],
        "materials": [
            {
                "description": row["description"] or f"{n}",
                "hs": row["hs_code"] or None,
                "value": _text(row["value"]),
                "origin": row["origin"] or "unknown",
            }
            for n, row in enumerate(rows, start=1)
        ],
        "costs": {name: _text(asked[name] or Decimal(0)) for name in ("labour", "overhead", "profit", "other")},
        "cumulate_with": [destination] if asked["cumulate"] else [],
    }
    case = read_case(
        plain, known=lambda code: hs_code(code) is not None, is_country=lambda code: country(code) is not None
    )
    return compare(case, arrangements, with_change=len(rows) <= MOST_ROWS_WITH_CHANGE)


def _shown(finding: Finding) -> Shown:
    outcome, colour, label = {
        True: ("yes", "green", _("Originates")),
        False: ("no", "red", _("Does not originate")),
        None: ("unsure", "yellow", _("A person must decide")),
    }[finding.qualifies]
    agreement = queries.agreement_on(finding.data.rules.agreement, finding.case.on)
    return Shown(
        code=agreement.code,
        name=_(agreement.name),
        outcome=outcome,
        colour=colour,
        label=label,
        box_text=finding.box_text or "",
        explanation=[sentence(one) for one in explanation_of(finding)],
        needs=[sentence(one) for one in finding.needs_person],
        warnings=[sentence(one) for one in finding.warnings],
        change=sentence(finding.change.sentence) if finding.change else "",
    )


def _text(amount: Decimal) -> str:
    return format(amount, "f")


calculator.guard = ("all",)  # type: ignore[attr-defined]
