"""The queue of the office, and what each colleague has on the desk."""

from __future__ import annotations

from datetime import datetime, time

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from udgam.flow.examination import queries
from udgam.flow.examination.forms import DeskFilter
from udgam.flow.examination.shown import country_name
from udgam.flow.examination.views.finding import OFFICER, chosen, filters_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.reasons import words_of_answer
from udgam.parties.agencies.policies import why_not_at_work
from udgam.parties.agencies.posts import posts_on
from udgam.rules.numbers import INDIA, indian_date

ROWS_ON_A_PAGE = 25


@requires(OFFICER)
@private_page
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The office's queue, what is due first on top."""
    actor, now = actor_of(request), timezone.now()
    form = DeskFilter(request.GET)
    rows = queries.desk(actor, **chosen(form))
    size = int(form.cleaned_data.get("rows") or ROWS_ON_A_PAGE) if form.is_valid() else ROWS_ON_A_PAGE
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    posts = posts_on(person_of(request), indian_date(now))
    stopped = why_not_at_work(posts, indian_date(now))
    context = {
        "stopped": words_of_answer(stopped) if stopped is not None else None,
        "form": form,
        "page": page,
        "rows": [(row, country_name(row.consignee_country)) for row in queries.with_item_counts(page.object_list)],
        "filters": filters_of(request),
        "counts": queries.counts_on_desk(actor, now),
        "posts": posts,
        "now": now,
    }
    return render(request, "examination/queue.html", context)


@requires(OFFICER)
@private_page
@require_GET
def colleagues(request: HttpRequest) -> HttpResponse:
    """What each officer of the office has on the desk, and has decided today."""
    now = timezone.now()
    midnight = datetime.combine(indian_date(now), time(), INDIA)
    context = {"colleagues": queries.workload(actor_of(request), now=now, since=midnight)}
    return render(request, "examination/colleagues.html", context)
