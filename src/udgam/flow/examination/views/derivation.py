"""The derivations of origin of a case, as they were kept with what the exporter signed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from udgam.flow.applications.views.derivation import (
    derivation_as_bundle,
    derivation_as_file,
    render_derivation,
)
from udgam.flow.examination.views.finding import OFFICER, case_behind
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.decorators import requires


@requires(OFFICER)
@private_page
@require_GET
def derivation(request: HttpRequest, public_id: UUID, version: int, position: int) -> HttpResponse:
    """The derivation of a signed line, to read and to print."""
    application, back = case_behind(request, public_id), reverse("examination:case", args=[public_id])
    return render_derivation(request, application, version, position, room="examination", back=back)


@requires(OFFICER)
@private_page
@require_GET
def derivation_file(request: HttpRequest, public_id: UUID, version: int, position: int) -> HttpResponse:
    """The derivation as JSON, byte for byte as it was kept."""
    return derivation_as_file(case_behind(request, public_id), version, position)


@requires(OFFICER)
@private_page
@require_GET
def derivation_bundle(request: HttpRequest, public_id: UUID, version: int, position: int) -> HttpResponse:
    """The derivation with all that is needed to compute it again, as ZIP."""
    application, back = case_behind(request, public_id), reverse("examination:case", args=[public_id])
    return derivation_as_bundle(request, application, version, position, room="examination", back=back)
