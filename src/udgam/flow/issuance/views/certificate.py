"""An issued certificate for those who may see it: its page with what became of it, its files, the list of the office."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from udgam.flow.issuance import queries
from udgam.flow.issuance.forms import IssuedFilter
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.policies import can_end
from udgam.flow.issuance.shown import copy_names, history_of, shown_certificate
from udgam.flow.issuance.upkeep import evidence
from udgam.flow.registration.policies import may_undo
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person

OFFICER = Person.Kind.OFFICER
EXPORTER = Person.Kind.EXPORTER
ROWS_ON_A_PAGE = 25


def issued_or_404(request: HttpRequest, public_id: UUID) -> Certificate:
    """An issued certificate that the visitor may see; everything else does not exist."""
    found = queries.issued_file_visible_to(actor_of(request), public_id)
    if found is None:
        raise Http404
    return found


@requires(EXPORTER, OFFICER)
@private_page
@require_GET
def certificate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was issued, what became of it, its files, and what can be done about it."""
    found = issued_or_404(request, public_id)
    actor = actor_of(request)
    requests = list(queries.requests_visible_to(actor).filter(certificate=found))
    context = {
        "shown": shown_certificate(found),
        "history": history_of(found),
        "copies": copy_names(found) if found.state == "issued" else (),
        "sent": queries.dispatch_of(found),
        "requests": requests,
        "request_waits": any(row.state == "waiting" for row in requests),
        "may_end": can_end(person_of(request), found, timezone.now()),
        "may_ask": found.state == "issued" and _may_undo(request, found),
        "may_withdraw_request": _may_undo(request, found),
    }
    return render(request, "issuance/certificate.html", context)


def _may_undo(request: HttpRequest, certificate: Certificate) -> bool:
    """Whether somebody of the firm may ask the office to correct, copy or cancel it. Officers ask nobody."""
    person = person_of(request)
    return person.kind == EXPORTER and may_undo(person, certificate.application.exporter, is_signed=True).allowed


@requires(OFFICER)
@private_page
@require_GET
def issued(request: HttpRequest) -> HttpResponse:
    """What the office has issued, the latest first."""
    form = IssuedFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.issued_by_office(actor_of(request), **chosen)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    waiting = queries.requests_visible_to(actor_of(request)).filter(state="waiting").count()
    context = {
        "form": form,
        "waiting": waiting,
        "to_post": queries.postal_list(actor_of(request), sent=False).count(),
        "page": page,
        "rows": [shown_certificate(row) for row in page],
        "filters": kept.urlencode() if form.is_valid() else "",
    }
    return render(request, "issuance/issued.html", context)


@requires(EXPORTER, OFFICER)
@private_page
@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The issued certificate, for the exporter and the office. A stranger learns nothing."""
    found = issued_or_404(request, public_id)
    name = f"{found.number.replace('/', '-')}.pdf"
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# What can be downloaded beside the PDF, with its media type.
_OTHER_FILES = {
    "code.txt": "text/plain; charset=us-ascii",
    "code.svg": "image/svg+xml",
    "credential.jwt": "application/vc+jwt",
    "evidence.zip": "application/zip",
}


@requires(EXPORTER, OFFICER)
@private_page
@require_safe
def other_file(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """The certificate as a code, as a credential, or with everything that proves it when this site is gone."""
    found = issued_or_404(request, public_id)
    if name not in _OTHER_FILES or (name != "evidence.zip" and not found.code):
        raise Http404
    try:
        data = evidence.file_of(found, name)
    except OSError as error:
        raise Http404 from error
    response = HttpResponse(data, content_type=_OTHER_FILES[name])
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number.replace("/", "-")}-{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
