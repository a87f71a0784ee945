"""Pages that are text: manuals, policies, contact, questions and answers, the site map."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from udgam.flow.issuance.register.trust_file import offered_pins
from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.refusals import Refused
from udgam.signing.proof.pins import Pin
from udgam.web.agent_file import agent_file
from udgam.web.questions import QUESTIONS
from udgam.web.site_pages import GROUPS, PAGES, parents_of, site_page


def page_context(name: str) -> dict[str, Any]:
    """What `site/page.html` needs: the page and the way to it from the start page."""
    page = site_page(name)
    return {"page": page, "parents": parents_of(page)}


@open_to_all
@require_safe
def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """A page whose text stands in its template."""
    more: dict[str, Any] = {"retention": settings.SESSION_COOKIE_AGE // 60}
    if name == "manual-verify":
        more |= {"checker": agent_file(settings.DOWNLOADS / "verify"), "pins": _pins()}
    return render(request, site_page(name).template, page_context(name) | more)


def _pins() -> tuple[Pin, ...]:
    """What the offered trust folder makes a checker believe; nothing while none can be offered."""
    try:
        pins = offered_pins()
    except Refused:
        return ()
    return pins if any(pin.kind == "register" for pin in pins) else ()


@open_to_all
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Answers to what people really met."""
    return render(request, "site/pages/faq.html", page_context("faq") | {"questions": QUESTIONS})


@open_to_all
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page that is open to all, by group."""
    groups = [(title, [page for page in PAGES if page.group == key]) for key, title in GROUPS.items()]
    return render(request, "site/pages/site_map.html", page_context("site-map") | {"groups": groups})
