"""The agency's own account: what was paid to it, what is owed back, the settlement as a file, where its fees go."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.payments import queries
from udgam.flow.payments.forms import FeeAccountForm, PeriodForm
from udgam.flow.payments.shown import exported_settlement
from udgam.ground.connectors.payment_gateways import account_names
from udgam.ground.pages.exports import KINDS, exported
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.queries import fee_account_waiting_for, last_fee_account_answer
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.parties.agencies.services import FEE_ACCOUNT_FIELDS, propose_fee_account, withdraw_fee_account
from udgam.parties.agencies.shown import fee_account_rows
from udgam.rules.refusals import Refused

ADMIN = Person.Kind.AGENCY_ADMIN
ROWS_ON_A_PAGE = 50


def _own(request: HttpRequest) -> Agency:
    found = queries.administered_agency(actor_of(request))
    if found is None:
        raise Http404
    return found


def _period(request: HttpRequest) -> tuple[PeriodForm, date | None, date | None]:
    form = PeriodForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    return form, chosen.get("since"), chosen.get("until")


@requires(ADMIN)
@private_page
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """What the books say, and every receipt and credit note of a period."""
    agency = _own(request)
    form, since, until = _period(request)
    papers = queries.list_papers(actor_of(request), search="", since=since, until=until)
    parameters = request.GET.copy()
    parameters.pop("page", None)
    page = Paginator(papers, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "is_ready": queries.takes_fees(agency),
        "change": fee_account_waiting_for(agency),
        "answer": last_fee_account_answer(agency),
        "balances": queries.balances_of(agency),
        "revenue": queries.revenue_of(actor_of(request), since, until),
        "form": form,
        "page": page,
        "rows": page.object_list,
        "filters": parameters.urlencode(),
    }
    return render(request, "payments/agency_account.html", context)


@requires(ADMIN)
@private_page
@require_GET
def settlement(request: HttpRequest, kind: str) -> HttpResponse:
    """Every movement of the agency's books in a period, as a file."""
    agency = _own(request)
    if kind not in KINDS:
        raise Http404
    _form, since, until = _period(request)
    heading, rows = exported_settlement(queries.entries_visible_to(actor_of(request), since, until))
    return exported(kind=kind, name=f"settlement-{agency.code}", heading=heading, rows=rows)


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def fee_account(request: HttpRequest) -> HttpResponse:
    """Propose where the agency's fees shall go, or take the proposal back; the platform confirms it."""
    agency, actor, now = _own(request), actor_of(request), timezone.now()
    change = fee_account_waiting_for(agency)
    known = {name: getattr(change or agency, name) for name in FEE_ACCOUNT_FIELDS}
    takes_back = "withdraw" in request.POST
    typed = request.POST if request.method == "POST" and not takes_back else None
    form = FeeAccountForm(typed, initial=known, accounts=account_names(agency.code))
    page_errors = list[str]()
    try:
        if takes_back:
            if change is None:
                raise AgencyRefused("agency.fee_account_decided")
            withdraw_fee_account(change=change, actor=actor, now=now)
            messages.success(request, _("The change is taken back. Fees go on as before."))
            return redirect("payments:agency-account")
        if form.is_valid():
            propose_fee_account(agency=agency, actor=actor, now=now, **form.cleaned_data)
            messages.success(
                request, _("The change waits for the administrator of the platform. Until then fees go on as before.")
            )
            return redirect("payments:agency-account")
    except Refused as refused:
        page_errors = refusal_lines(refused)
    rows = fee_account_rows(agency, change) if change else []
    context = {"agency": agency, "form": form, "page_errors": page_errors, "change": change, "rows": rows}
    return render(request, "payments/fee_account.html", context, status=409 if page_errors else 200)
