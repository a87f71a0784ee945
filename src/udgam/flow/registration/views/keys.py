"""The firm's keys for programs: listed, made, revoked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.flow.registration import policies, queries, services
from udgam.flow.registration.forms import KeyForm
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.reasons import text_of_refusal
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused

EXPORTER = Person.Kind.EXPORTER


def _managed_firm(request: HttpRequest) -> Exporter:
    person = person_of(request)
    exporter = queries.own_firm_of(person)
    if exporter is None or not policies.may_manage_people(person, exporter):
        raise Http404
    return exporter


@requires(EXPORTER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys, and a form for another one. A new key is shown once, on the page that answers the form."""
    exporter, now = _managed_firm(request), timezone.now()
    form = KeyForm(request.POST or None, initial={"scope": "read"})
    made, secret, page_errors = None, "", []
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.make_key(
                exporter=exporter, **form.cleaned_data, person=person_of(request), actor=actor_of(request), now=now
            )
        except Refused as refused:
            page_errors = [str(text_of_refusal(refused))]
        else:
            form = KeyForm(initial={"scope": "read"})
    context = {
        "exporter": exporter,
        "form": form,
        "rows": queries.keys_visible_to(actor_of(request)),
        "now": now,
        "made": made,
        "secret": secret,
        "page_errors": page_errors,
    }
    return render(request, "registration/keys.html", context, status=409 if page_errors else 200)


@requires(EXPORTER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Revoke a key, after asking."""
    exporter = _managed_firm(request)
    row = queries.keys_visible_to(actor_of(request)).filter(public_id=public_id, revoked_at__isnull=True).first()
    if row is None:
        raise Http404
    page_errors: list[str] = []
    if request.method == "POST":
        try:
            services.revoke_key(key=row, person=person_of(request), actor=actor_of(request), now=timezone.now())
        except Refused as refused:
            page_errors = [str(text_of_refusal(refused))]
        else:
            messages.success(request, _("The key no longer works."))
            return redirect("registration:keys")
    context = {"exporter": exporter, "row": row, "page_errors": page_errors}
    return render(request, "registration/key_revoke.html", context, status=409 if page_errors else 200)
