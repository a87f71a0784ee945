"""The page with the token, and the conversation with the signing agent."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from udgam.flow.applications import signing
from udgam.flow.applications.arrangements import is_preferential
from udgam.flow.applications.models import Application, Submission
from udgam.flow.applications.queries import open_discrepancy
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.sections import missing_sections
from udgam.flow.applications.views.checking import draft_content
from udgam.flow.applications.views.finding import application_of, away, is_editable
from udgam.flow.registration import policies
from udgam.flow.registration.reasons import text_of_refusal
from udgam.ground.agreements.queries import agreement_for
from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.lints import lint_application
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

LONGEST_BODY = 120_000
MEDIA_TYPE = "application/json"
CHOSEN = "applications.chosen_certificate"


@requires(Person.Kind.EXPORTER)
@private_page
@opens_agent
@require_GET
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is declared, and the button that opens the agent's window."""
    application = application_of(request, public_id)
    if not is_editable(application) or missing_sections(application):
        return away(application)
    now = timezone.now()
    discrepancy = open_discrepancy(application)
    content = draft_content(application, now)
    if (discrepancy is not None and not discrepancy.answer) or lint_application(
        content, on=indian_date(now), agreement=agreement_for(content)
    ):
        return redirect("applications:check", public_id=public_id)
    context = {
        "application": application,
        "content": content,
        "verdict": policies.may_file(application.exporter, now),
        "agent": {"url": settings.AGENT_URL, "lang": signing.language_of_page()},
    }
    return render(request, "applications/sign.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_POST
def conversation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One message of the page's script, one answer. A refusal says what is wrong and what to do; nothing was changed then."""
    application = application_of(request, public_id)
    try:
        event = _event(request)
        answers = {"open": _open, "certificate": _certificate, "signed": _signed, "stopped": _stopped}
        answer = answers.get(str(event.get("event")))
        if answer is None:
            raise ApplicationRefused("application.conversation_unreadable")
        return JsonResponse(answer(request, application, event))
    except Refused as refused:
        told = text_of_refusal(refused)
        shown = {"reason": told.code, "message": told.message, "advice": told.advice}
        status = 400 if refused.code == "application.conversation_unreadable" else 409
        return JsonResponse({"refused": shown}, status=status)


def _event(request: HttpRequest) -> dict[str, Any]:
    body = request.body
    try:
        event = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (ValueError, RecursionError) as error:
        raise ApplicationRefused("application.conversation_unreadable") from error
    if not isinstance(event, dict):
        raise ApplicationRefused("application.conversation_unreadable")
    return event


def _item(application: Application, submission: Submission) -> dict[str, str]:
    return {
        "id": f"application:{application.public_id}",
        "title": _("Application for a certificate of origin (preferential)")
        if is_preferential(application)
        else _("Application for a certificate of origin (non-preferential)"),
        "number": application.number or "",
        "sha256": submission.sha256,
        "media_type": MEDIA_TYPE,
    }


def _open(request: HttpRequest, application: Application, event: dict[str, Any]) -> dict[str, Any]:
    submission = signing.open_for_signing(
        application=application, person=person_of(request), actor=actor_of(request), now=timezone.now()
    )
    application.refresh_from_db()
    request.session.pop(CHOSEN, None)
    return {"items": [_item(application, submission)]}


def _certificate(request: HttpRequest, application: Application, event: dict[str, Any]) -> dict[str, Any]:
    submission, chosen = signing.choose_certificate(
        application=application, person=person_of(request), certificate=event.get("certificate"), now=timezone.now()
    )
    request.session[CHOSEN] = {"application": str(application.public_id), "sha256": chosen}
    item = _item(application, submission)
    data = base64.b64encode(bytes(submission.content)).decode()
    return {
        "next": {
            "id": item["id"],
            "kind": "data",
            "title": item["title"],
            "number": item["number"],
            "media_type": MEDIA_TYPE,
            "data": data,
            "signed_attributes": None,
        }
    }


def _signed(request: HttpRequest, application: Application, event: dict[str, Any]) -> dict[str, Any]:
    chosen = request.session.get(CHOSEN) or {}
    if chosen.get("application") != str(application.public_id):
        raise ApplicationRefused("application.signature_expected")
    if event.get("id") != f"application:{application.public_id}":
        raise ApplicationRefused("application.conversation_unreadable")
    submitted = signing.submit_signed(
        application=application,
        person=person_of(request),
        result=event.get("result"),
        chosen=str(chosen.get("sha256")),
        actor=actor_of(request),
        now=timezone.now(),
    )
    request.session.pop(CHOSEN, None)
    messages.success(request, _("Submitted. The application has the number %(number)s.") % {"number": submitted.number})
    return {"done": {"location": reverse("applications:detail", args=[application.public_id])}}


def _stopped(request: HttpRequest, application: Application, event: dict[str, Any]) -> dict[str, Any]:
    request.session.pop(CHOSEN, None)
    return {}
