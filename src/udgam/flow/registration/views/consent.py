"""The firm's agreement to the declaration: read it again, withdraw it, agree again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.flow.registration import declarations, queries, services
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.reasons import RegistrationRefused, text_of_refusal
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """Withdrawing takes as many clicks as agreeing."""
    exporter = queries.own_firm_of(person_of(request))
    if exporter is None:
        raise Http404
    problem: RegistrationRefused | None = None
    if request.method == "POST":
        try:
            _decide(request, exporter)
        except RegistrationRefused as refused:
            problem = refused
        else:
            return redirect("registration:my-iec")
    shown = declarations.declaration_for(get_language() or "en", now=timezone.now())
    consents = queries.consents_of(exporter)
    context = {
        "exporter": exporter,
        "declaration": shown,
        "consents": consents,
        "in_force": any(row.withdrawn_at is None and row.version == shown.version for row in consents),
        "form_token": services.make_form_token(purpose="consent", subject=f"exporter:{exporter.public_id}"),
        "problem": text_of_refusal(problem) if problem else None,
    }
    return render(request, "registration/consent.html", context)


def _decide(request: HttpRequest, exporter: Exporter) -> None:
    now, actor = timezone.now(), actor_of(request)
    if request.POST.get("do") == "withdraw":
        if services.withdraw_consent(exporter=exporter, actor=actor, now=now):
            messages.info(request, _("The agreement is withdrawn. The firm can file no further applications."))
        return
    read = declarations.declaration_for(request.POST.get("read_in", ""), now=now)
    services.agree_again(
        exporter=exporter,
        is_agreed=request.POST.get("agree") == "yes",
        version=request.POST.get("version", ""),
        form_token=request.POST.get("form_token", ""),
        language=read.language,
        text_sha256=read.sha256,
        notice_version=declarations.NOTICE,
        actor=actor,
        now=now,
    )
    messages.success(request, _("The agreement is recorded."))
