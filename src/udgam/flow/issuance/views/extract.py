"""The exporter chooses what a bank or a customer sees of a certificate, and downloads that as an extract which proves itself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from udgam.flow.issuance.forms import ExtractForm
from udgam.flow.issuance.shown import shown_certificate
from udgam.flow.issuance.upkeep.extract import make_extract
from udgam.flow.issuance.views.certificate import EXPORTER, issued_or_404
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.reasons import words_of
from udgam.rules.refusals import Refused


@requires(EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def extract(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is to be shown is ticked; the answer is the file."""
    found, form, status = issued_or_404(request, public_id), ExtractForm(request.POST or None), 200
    if request.method == "POST":
        # Nothing ticked is a choice too: then only what always stands in it is shown.
        form, status = ExtractForm(request.POST), 422
        if form.is_valid():
            try:
                text = make_extract(
                    certificate=found,
                    shown=frozenset(form.cleaned_data["shown"]),
                    actor=actor_of(request),
                    now=timezone.now(),
                )
            except Refused as refused:
                told = words_of(refused)
                form.add_error(None, f"{told.message} {told.advice}")
                status = 409
            else:
                response = HttpResponse(text, content_type="application/dc+sd-jwt")
                name = f"{found.number.replace('/', '-')}-extract.jwt"
                response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
                response.headers["X-Content-Type-Options"] = "nosniff"
                return response
    return render(request, "issuance/extract.html", {"form": form, "shown": shown_certificate(found)}, status=status)
