"""Paying one order: the summary, the way to the gateway or the wallet, and how it ended."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from udgam.flow.payments import gateways, queries, services
from udgam.flow.payments.models import Attempt, Order
from udgam.flow.payments.shown import shown_state
from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.payment_gateways import gateway_for
from udgam.ground.pages.limits import Limit, within
from udgam.ground.pages.security import form_leads_to, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.rules.refusals import Refused

# About one trip, however many windows show its result; the page asks on by itself.
ASK_LIMIT = Limit("payment-ask", times=6, seconds=60)


def order_of(request: HttpRequest, public_id: UUID) -> Order:
    """The order at this address, if it is one of the person's firm."""
    found = queries.order_visible_to(actor_of(request), public_id)
    if found is None:
        raise Http404
    return found


def _summary(request: HttpRequest, order: Order, *, page_errors: list[str]) -> HttpResponse:
    may_use_wallet = queries.may_use_wallet(actor_of(request), order)
    balance = queries.wallet_balance(order.exporter, order.agency) if may_use_wallet else 0
    now = timezone.now()
    context: dict[str, Any] = {
        "order": order,
        "state": shown_state(order),
        "is_open": order.state == "open" and order.expires_at > now,
        "is_fee": order.purpose == Order.Purpose.FEE,
        "may_use_wallet": may_use_wallet,
        "balance": balance,
        "is_enough": balance >= order.total_paise,
        "papers": queries.papers_visible_to(actor_of(request)).filter(order=order),
        "refunds": order.refunds.order_by("asked_at"),
        "page_errors": page_errors,
    }
    response = render(request, "payments/order.html", context, status=409 if page_errors else 200)
    return cast(HttpResponse, form_leads_to(response, _origin(order)) if context["is_open"] else response)


def _origin(order: Order) -> str:
    try:
        return gateway_for(order.agency.gateway).page_origin
    except ConnectorFailed:
        return ""


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def order(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is to be paid, or how it stands."""
    return _summary(request, order_of(request, public_id), page_errors=[])


@requires(Person.Kind.EXPORTER)
@private_page
@require_POST
def pay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Go to the gateway's page."""
    found = order_of(request, public_id)
    try:
        page = gateways.page_to_pay(order=found, actor=actor_of(request), now=timezone.now())
    except Refused as refused:
        found.refresh_from_db()
        return _summary(request, found, page_errors=refusal_lines(refused))
    return HttpResponseRedirect(page, status=303)


@requires(Person.Kind.EXPORTER)
@private_page
@require_POST
def pay_from_wallet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Pay at once with what was deposited. A broker finds no such address."""
    found = order_of(request, public_id)
    if not queries.may_use_wallet(actor_of(request), found):
        raise Http404
    try:
        services.pay_from_wallet(order=found, actor=actor_of(request), now=timezone.now())
    except Refused as refused:
        found.refresh_from_db()
        return _summary(request, found, page_errors=refusal_lines(refused))
    messages.success(request, _("The fee is paid from the wallet."))
    return redirect("payments:returned", public_id=found.public_id)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def returned(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How it ended. What the address says is not believed: while nothing was heard, the gateway is asked."""
    found = order_of(request, public_id)
    latest = found.attempts.order_by("-started_at").first()
    answered = True
    if found.state == "open" and latest is not None and latest.page and latest.state == Attempt.State.STARTED:
        if within(ASK_LIMIT, latest.public_id.hex):
            answered = gateways.ask_about(attempt=latest, now=timezone.now())
        found.refresh_from_db()
        latest.refresh_from_db()
    is_waiting = found.state == "open" and latest is not None and latest.state == Attempt.State.STARTED
    context = {
        "order": found,
        "state": shown_state(found),
        "attempt": latest,
        "is_waiting": is_waiting,
        "is_fee": found.purpose == Order.Purpose.FEE,
        "is_answered": answered,
        "papers": queries.papers_visible_to(actor_of(request)).filter(order=found),
        "refunds": found.refunds.order_by("asked_at"),
    }
    return render(request, "payments/result.html", context)
