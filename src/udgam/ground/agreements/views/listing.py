"""The list of agreements, and one of them with the mark and source of every field."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from udgam.ground.agreements import queries, shown
from udgam.ground.agreements.issuers import issuers_of
from udgam.rules.agreements import AgreementRefused
from udgam.rules.numbers import indian_date


@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Every arrangement: open ones first, then those that are off with the reason."""
    states = queries.agreement_states_on(indian_date(timezone.now()))
    rows = [shown.list_row(state) for state in states]
    context = {
        "open_rows": [row for row in rows if row.is_open],
        "closed_rows": [row for row in rows if not row.is_open],
    }
    return render(request, "agreements/list.html", context)


@require_safe
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """One arrangement, field by field, with its history."""
    day = indian_date(timezone.now())
    try:
        state, complete = queries.agreement_state_on(code, day), queries.complete_on(code, day)
    except AgreementRefused as refused:
        raise Http404 from refused
    context = {
        "row": shown.list_row(state),
        "agreement": complete,
        "rows": shown.field_rows(complete),
        "issuers": issuers_of(code, day),
        "switches": queries.switches_of(code),
        "editions": queries.editions_of(code),
        "tables": queries.tables_of(code),
    }
    return render(request, "agreements/detail.html", context)


agreements.guard = ("all",)  # type: ignore[attr-defined]
agreement.guard = ("all",)  # type: ignore[attr-defined]
