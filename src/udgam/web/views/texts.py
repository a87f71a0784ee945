"""Pages that are text: manuals, policies, contact, questions and answers, the site map."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from udgam.parties.accounts.decorators import open_to_all
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
    more = {"retention": settings.SESSION_COOKIE_AGE // 60, "checker": agent_file(settings.DOWNLOADS / "verify")}
    return render(request, site_page(name).template, page_context(name) | more)


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
