"""Prepaid wallets of the firm: what each agency holds, the statement, deposits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.payments import queries, services
from udgam.flow.payments.forms import DepositForm, PayoutForm
from udgam.flow.payments.shown import exported_statement, shown_statement
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.policies import may_undo
from udgam.flow.registration.queries import own_firm_of
from udgam.ground.pages.exports import KINDS, exported
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.parties.agencies.models import Agency
from udgam.rules.fees import paise_of
from udgam.rules.refusals import Refused

LATEST = 100


def _firm(request: HttpRequest) -> Exporter:
    found = own_firm_of(person_of(request))
    if found is None:
        raise Http404
    return found


def _agency(request: HttpRequest, code: str) -> Agency:
    """An agency that can be paid, or one at which the firm still has money."""
    found = (
        queries.agencies_with_wallets(actor_of(request)).filter(code=code).first()
        if code.isalnum() and len(code) <= 12
        else None
    )
    if found is None:
        raise Http404
    return found


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def wallets(request: HttpRequest) -> HttpResponse:
    """What the firm has prepaid at each agency."""
    firm = _firm(request)
    balances = queries.wallet_balances(firm)
    rows = [(agency, balances.get(agency.id, 0)) for agency in queries.agencies_with_wallets(actor_of(request))]
    return render(request, "payments/wallets.html", {"exporter": firm, "rows": rows})


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def wallet(request: HttpRequest, code: str) -> HttpResponse:
    """One wallet: its latest movements, and the way to add money."""
    firm, agency = _firm(request), _agency(request, code)
    form, page_errors = DepositForm(request.POST or None), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            order = services.open_deposit(
                exporter=firm,
                agency=agency,
                amount_paise=paise_of(form.cleaned_data["amount"]),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            return redirect("payments:order", public_id=order.public_id)
    movements, balance = _movements(request, agency), queries.wallet_balance(firm, agency)
    context: dict[str, Any] = {
        "agency": agency,
        "balance": balance,
        "movements": list(reversed(movements))[:LATEST],
        "is_cut": len(movements) > LATEST,
        "form": form,
        "page_errors": page_errors,
        "may_pay_out": balance > 0 and may_undo(person_of(request), firm, is_signed=True).allowed,
        "may_deposit": queries.takes_fees(agency) and not agency.is_suspended,
    }
    return render(request, "payments/wallet.html", context, status=409 if page_errors else 200)


@requires(Person.Kind.EXPORTER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def payout(request: HttpRequest, code: str) -> HttpResponse:
    """Have money of a wallet sent back to where it came from; after the token was shown."""
    firm, agency, person = _firm(request), _agency(request, code), person_of(request)
    if not may_undo(person, firm, is_signed=True):
        raise Http404
    balance = queries.wallet_balance(firm, agency)
    form = PayoutForm(request.POST or None, initial={"amount": f"{Decimal(balance) / 100:.2f}"})
    page_errors = list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            services.pay_out(
                exporter=firm,
                agency=agency,
                amount_paise=paise_of(form.cleaned_data["amount"]),
                person=person,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("The money is on its way. You are told when it has arrived."))
            return redirect("payments:wallet", code=agency.code)
    context = {"agency": agency, "balance": balance, "form": form, "page_errors": page_errors}
    return render(request, "payments/payout.html", context, status=409 if page_errors else 200)


def _movements(request: HttpRequest, agency: Agency) -> list[Any]:
    row = queries.wallets_visible_to(actor_of(request)).filter(agency=agency).first()
    return shown_statement(queries.statement_of(row)) if row is not None else []


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def statement(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Every movement of one wallet, as a file."""
    _firm(request)
    agency = _agency(request, code)
    if kind not in KINDS:
        raise Http404
    heading, rows = exported_statement(_movements(request, agency))
    return exported(kind=kind, name=f"wallet-{agency.code}", heading=heading, rows=rows)
