"""The signing pages: the list, the run, the talk with the signing agent, the draft."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from udgam.flow.issuance import conversation as talk
from udgam.flow.issuance import queries, services
from udgam.flow.issuance.forms import ChoiceToSign
from udgam.flow.issuance.models import SigningRun
from udgam.flow.issuance.policies import token_to_use
from udgam.flow.issuance.preview import draft_of
from udgam.flow.issuance.shown import shown_entries
from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts import sessions
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.reasons import words_of, words_of_answer
from udgam.parties.agencies.policies import why_not_at_work
from udgam.parties.agencies.posts import post_of, posts_on
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

OFFICER = Person.Kind.OFFICER
LARGEST_EVENT = 160 * 1024
AGENT_MINIMUM = "0.1.0"


@requires(OFFICER)
@private_page
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What the office has approved and somebody must sign."""
    return _queue(request)


def _queue(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    today = indian_date(timezone.now())
    post = post_of(person_of(request), today)
    stopped = why_not_at_work(posts_on(person_of(request), today), today)
    lines = _lines(request)
    context = {
        "stopped": words_of_answer(stopped) if stopped is not None else None,
        "post": post,
        "lines": lines,
        "runs": queries.unfinished_runs(actor_of(request)),
        "voided": [
            (row, services.VOID_REASONS.get(row.void_reason, row.void_reason))
            for row in (queries.recently_voided(post.office_id) if post and not post.is_suspended else [])
        ],
        **more,
    }
    return render(request, "issuance/queue.html", context, status=status)


def _lines(request: HttpRequest) -> list[queries.ToSign]:
    """What waits in the officer's own office, and in those for which the officer stands in today; nothing for who is suspended."""
    posts = posts_on(person_of(request), indian_date(timezone.now()))
    return [line for post in posts if not post.is_suspended for line in queries.list_to_sign(post.office_id)]


@requires(OFFICER)
@private_page
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Prepare what was ticked, and go to the page on which it is signed."""
    person, now = person_of(request), timezone.now()
    lines = _lines(request)
    by_id = {str(line.application.public_id): line.application for line in lines}
    form = ChoiceToSign(request.POST, offered=list(by_id))
    if not form.is_valid():
        return _queue(request, status=422, page_errors=[str(error) for error in form.errors["application"]])
    try:
        run = services.begin_run(
            applications=[by_id[one] for one in dict.fromkeys(form.cleaned_data["application"])],
            person=person,
            token_sha256=token_to_use(person, sessions.token_sha256(request)),
            actor=actor_of(request),
            now=now,
        )
    except Refused as refused:
        told = words_of(refused)
        return _queue(request, status=409, page_errors=[f"{told.message} {told.advice}"])
    return HttpResponseRedirect(reverse("issuance:run", args=[run.public_id]))


def _run(request: HttpRequest, public_id: UUID) -> SigningRun:
    found = queries.run_visible_to(actor_of(request), public_id)
    if found is None:
        raise Http404
    return found


@requires(OFFICER)
@opens_agent
@private_page
@require_GET
def run(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The run: what waits for the token, what the platform is completing, what is issued."""
    now = timezone.now()
    found = _run(request, public_id)
    entries = shown_entries(found, now)
    items = talk.items_of(found, now)
    context = {
        "run": found,
        "entries": entries,
        "items": items,
        "counts": {
            "all": len(entries),
            "issued": sum(entry.stage == "issued" for entry in entries),
            "completing": sum(entry.stage == "completing" for entry in entries),
        },
        "agent_minimum": AGENT_MINIMUM,
    }
    return render(request, "issuance/run.html", context)


@requires(OFFICER)
@private_page
@require_POST
def conversation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One event of the signing agent, as JSON; the answer says what comes next."""
    found = _run(request, public_id)
    event = _event(request)
    if event is None:
        return JsonResponse({"refused": _unreadable()}, status=400)
    try:
        given = talk.answer(run=found, event=event, actor=actor_of(request), now=timezone.now())
    except Refused as refused:
        told = words_of(refused)
        return JsonResponse(
            {"refused": {"reason": refused.code, "message": told.message, "advice": told.advice}}, status=409
        )
    return JsonResponse(given)


def _event(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > LARGEST_EVENT:
        return None
    try:
        event = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _unreadable() -> dict[str, str]:
    return {
        "reason": "issuance.unreadable",
        "message": _("What the token's program sent cannot be read."),
        "advice": _("Start the signing agent again. If it happens again, tell the help desk."),
    }


@requires(OFFICER)
@require_POST
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Void what was prepared in this run and is not signed; the applications go back to the list."""
    found = _run(request, public_id)
    count = services.take_back_run(run=found, actor=actor_of(request), now=timezone.now())
    messages.success(
        request,
        ngettext("%(n)s number was voided.", "%(n)s numbers were voided.", count) % {"n": count},
    )
    return HttpResponseRedirect(reverse("issuance:queue"))


@requires(OFFICER)
@private_page
@require_safe
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the certificate will look like: marked as a draft, without code and signatures."""
    certificate = queries.certificate_visible_to(actor_of(request), public_id)
    if certificate is None:
        raise Http404
    try:
        drawn = draft_of(certificate)
    except Refused as refused:
        told = words_of(refused)
        return _queue(request, status=409, page_errors=[f"{told.message} {told.advice}"])
    response = HttpResponse(drawn, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="draft.pdf"'
    return response
