"""The finder: from a product and a destination to the agreements, their rules in plain words, the proof, the agencies and the fee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from udgam.ground.agreements import queries, shown
from udgam.ground.agreements.forms import FinderForm
from udgam.ground.agreements.issuers import Issuer, issuers_of
from udgam.ground.agreements.limits import FINDER, may_ask
from udgam.ground.reference.harmonised_system import HsCode, hs_code, search_hs
from udgam.rules.agreements import Agreement
from udgam.rules.numbers import indian_date

MOST_CODES = 25


@dataclass(frozen=True)
class Found:
    """An arrangement as the finder shows it. ``rule`` and ``rule_where`` are empty for one without preference."""

    agreement: Agreement
    name: str
    rule: list[shown.RuleLine]
    rule_where: SafeString
    is_held: bool
    criteria: list[tuple[str, str]]
    issuers: tuple[Issuer, ...]
    self_declared: bool
    how_declared: SafeString
    documents: list[str]


@require_safe
def finder(request: HttpRequest) -> HttpResponse:
    """One form for both questions; the answer stands below it and has an address of its own."""
    day = indian_date(timezone.now())
    form = FinderForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page_errors, status = [], 200
    if asked and not may_ask(request, FINDER):
        asked, status = {}, 429
        page_errors = [_("Too many questions from here. Wait a minute and ask again.")]
    product, destination = asked.get("product", "").strip(), asked.get("destination", "")
    chosen = hs_code(product) if product.replace(".", "").isdigit() else None
    code = chosen if chosen is not None and chosen.level == 6 else None
    context = {
        "form": form,
        "asked": bool(product or destination),
        "product": product,
        "destination": destination,
        "destination_name": shown.country_name(destination) if destination else "",
        "code": code,
        "codes": _codes(product) if product and code is None else (),
        "found": _found(code, destination, day) if destination else [],
        "closed": _closed(destination, day) if destination else [],
        "page_errors": page_errors,
    }
    return render(request, "agreements/finder.html", context, status=status)


def _codes(product: str) -> tuple[HsCode, ...]:
    return search_hs(product, limit=MOST_CODES)


def _found(code: HsCode | None, destination: str, day: date) -> list[Found]:
    rows = []
    for agreement in queries.agreements_open_on(day):
        if not agreement.admits(destination):
            continue
        data = queries.rule_data_on(agreement.code, day)
        rules = shown.rule_lines(data, code.code if code else "", destination, day, _) if data else []
        reference = data.rules.product_rules if data else None
        rows.append(
            Found(
                agreement=agreement,
                name=_(agreement.name),
                rule=rules,
                rule_where=shown.text_of_rules(reference.where if reference and reference.listed == "yes" else ""),
                is_held=data is not None and data.products is not None,
                criteria=[(one.code, _(one.meaning)) for one in agreement.criteria],
                issuers=issuers_of(agreement.code, day),
                self_declared=agreement.self_declaration.allowed is True,
                how_declared=shown.text_of_rules(agreement.self_declaration.how),
                documents=[_(one.label) for one in agreement.papers],
            )
        )
    # What lowers the duty comes before what only states the origin.
    return sorted(rows, key=lambda row: row.agreement.code == "NP")


def _closed(destination: str, day: date) -> list[shown.ListRow]:
    """Arrangements with that country under which nothing is issued now, so that nobody searches for them in vain."""
    return [
        shown.list_row(state)
        for state in queries.agreement_states_on(day)
        if not state.is_open and destination in queries.complete_on(state.agreement.code, day).partners
    ]


finder.guard = ("all",)  # type: ignore[attr-defined]
