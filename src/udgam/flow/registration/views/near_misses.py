"""The administrators' queue of near misses."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.registration import queries, services
from udgam.flow.registration.forms import NearMissForm, refusal
from udgam.flow.registration.models import NearMiss
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.ground.documents.refusals import DocumentRefused
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.firm import FirmRecord


@requires(Person.Kind.ADMINISTRATOR)
@private_page
@require_GET
def near_misses(request: HttpRequest) -> HttpResponse:
    """All of them, or those in one state."""
    state = request.GET.get("state", NearMiss.State.WAITING)
    chosen = state if state in NearMiss.State.values else ""
    rows = queries.near_misses(actor=actor_of(request), state=chosen or None)
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    context = {"page": page, "state": chosen or "all", "states": NearMiss.State.choices}
    return render(request, "registration/near_misses.html", context)


@requires(Person.Kind.ADMINISTRATOR, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def near_miss(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One near miss with both names, the certificate and the record; open or decline it, with a reason and evidence."""
    row = queries.near_misses(actor=actor_of(request)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    form = NearMissForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _decided(request, row, form):
        return redirect("registration:near-misses")
    copy = queries.local_copy(row.iec)
    context = {
        "row": row,
        "form": form,
        "facts": queries.facts_of(row.evidence),
        "record": FirmRecord.from_json(copy.record) if copy else None,
        "is_waiting": row.state == NearMiss.State.WAITING,
    }
    return render(request, "registration/near_miss.html", context)


def _decided(request: HttpRequest, row: NearMiss, form: NearMissForm) -> bool:
    opens = request.POST.get("decision") == "open"
    decide = services.open_near_miss if opens else services.decline_near_miss
    try:
        decide(
            near_miss_id=row.public_id,
            reason=form.cleaned_data["reason"],
            upload=form.cleaned_data["document"],
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except RegistrationRefused as refused:
        form.add_error("document" if refused.code == "near_miss.no_evidence" else None, refusal(refused))
        return False
    except DocumentRefused as refused:
        form.add_error("document", f"{refused.message} {refused.advice}")
        return False
    messages.success(
        request, _("The decision is recorded.") if not opens else _("The near miss is open; the firm was told.")
    )
    return True
