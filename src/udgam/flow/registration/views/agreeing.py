"""Step 3: the declaration."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from udgam.flow.registration import declarations, services
from udgam.flow.registration.models import Registration
from udgam.flow.registration.reasons import RegistrationRefused, text_of_refusal
from udgam.flow.registration.stages import Stage
from udgam.flow.registration.subjects import subject_of
from udgam.flow.registration.views.way import earned
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all


@open_to_all
@private_page
@require_http_methods(["GET", "POST"])
@earned(Stage.CONTACT_PROVED)
def declaration(request: HttpRequest, attempt: Registration) -> HttpResponse:
    """Read to the end, tick, Save & Next."""
    shown = declarations.declaration_for(get_language() or "en", now=timezone.now())
    problem: RegistrationRefused | None = None
    if request.method == "POST":
        if "back" in request.POST:
            return redirect("registration:contact")
        # The digest is taken from the language in which the form was shown, which the form names.
        read = declarations.declaration_for(request.POST.get("read_in", ""), now=timezone.now())
        try:
            services.agree_to_declaration(
                attempt_id=attempt.public_id,
                is_agreed=request.POST.get("agree") == "yes",
                version=request.POST.get("version", ""),
                form_token=request.POST.get("form_token", ""),
                language=read.language,
                text_sha256=read.sha256,
                notice_version=declarations.NOTICE,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except RegistrationRefused as refused:
            problem = refused
        else:
            return redirect("registration:details")
    context = {
        "step": 3,
        "attempt": attempt,
        "declaration": shown,
        "form_token": services.make_form_token(purpose="declaration", subject=subject_of(attempt)),
        "problem": text_of_refusal(problem) if problem else None,
        "is_agreed": attempt.stage == Stage.AGREED,
    }
    return render(request, "registration/declaration.html", context)
