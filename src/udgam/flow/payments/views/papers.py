"""Receipts and credit notes: the list, one on screen and in print, one as PDF."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from udgam.flow.payments import queries
from udgam.flow.payments.forms import PapersForm
from udgam.flow.payments.models import Paper
from udgam.flow.payments.printing import draw_paper
from udgam.flow.payments.shown import shown_paper
from udgam.flow.registration.queries import own_firm_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person

ROWS_ON_A_PAGE = 25


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def receipts(request: HttpRequest) -> HttpResponse:
    """The firm's receipts and credit notes, the newest first."""
    form = PapersForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_papers(
        actor_of(request), search=chosen.get("search", ""), since=chosen.get("since"), until=chosen.get("until")
    )
    parameters = request.GET.copy()
    parameters.pop("page", None)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": page.object_list,
        "filters": parameters.urlencode(),
        "has_wallets": own_firm_of(person_of(request)) is not None,
        "waiting": queries.orders_visible_to(actor_of(request)).filter(state="open", purpose="fee")[:10],
    }
    return render(request, "payments/receipts.html", context)


def _paper(request: HttpRequest, public_id: UUID) -> Paper:
    found = queries.papers_visible_to(actor_of(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@requires(Person.Kind.EXPORTER, Person.Kind.AGENCY_ADMIN)
@private_page
@require_GET
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One paper as it was issued."""
    found = _paper(request, public_id)
    return render(request, "payments/receipt.html", {"paper": found, "shown": shown_paper(found)})


@requires(Person.Kind.EXPORTER, Person.Kind.AGENCY_ADMIN)
@private_page
@require_GET
def receipt_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same paper as a PDF in the reader's language."""
    found = _paper(request, public_id)
    response = HttpResponse(draw_paper(found, get_language() or "en"), content_type="application/pdf")
    name = f"{found.agency.code}-{found.number}".replace("/", "-")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
