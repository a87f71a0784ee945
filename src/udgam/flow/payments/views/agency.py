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
from udgam.parties.agencies.services import set_fee_account
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
    """Say where the agency's fees go."""
    agency = _own(request)
    known = {name: getattr(agency, name) for name in ("state_code", "gstin", "billing_address", "gateway")}
    form, page_errors = (
        FeeAccountForm(request.POST or None, initial=known, accounts=account_names(agency.code)),
        list[str](),
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_fee_account(agency=agency, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            page_errors = refusal_lines(refused)
        else:
            messages.success(request, _("The fee account is saved. It counts for orders opened from now on."))
            return redirect("payments:agency-account")
    context = {"agency": agency, "form": form, "page_errors": page_errors}
    return render(request, "payments/fee_account.html", context, status=409 if page_errors else 200)
