"""The welcome screen and the notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.numbers import indian_date
from udgam.web.notices import archived_notices, current_notices, notices
from udgam.web.views.texts import page_context

NOTICES_ON_HOME = 4


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The welcome screen for all users."""
    today = indian_date(timezone.now())
    return render(request, "site/home.html", {"notices": current_notices(today, notices())[:NOTICES_ON_HOME]})


@open_to_all
@require_safe
def notices_page(request: HttpRequest) -> HttpResponse:
    """Every notice that applies today."""
    today = indian_date(timezone.now())
    context = page_context("notices") | {"notices": current_notices(today, notices())}
    return render(request, "site/pages/notices.html", context)


@open_to_all
@require_safe
def notices_archive(request: HttpRequest) -> HttpResponse:
    """Notices that have expired."""
    today = indian_date(timezone.now())
    context = page_context("notices-archive") | {"notices": archived_notices(today, notices())}
    return render(request, "site/pages/notices_archive.html", context)
