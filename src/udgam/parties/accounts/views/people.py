"""The administrators' list of accounts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from udgam.ground.pages.security import private_page
from udgam.parties.accounts import queries
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.forms import PeopleForm
from udgam.parties.accounts.models import Person


@requires(Person.Kind.ADMINISTRATOR)
@private_page
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Who has an account, with masked names and addresses; searched by user name or name."""
    form = PeopleForm(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {"search": "", "kind": ""}
    rows = queries.people_visible_to(actor_of(request), **wanted)
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": [queries.person_line(row) for row in page], **wanted}
    return render(request, "accounts/people.html", context)
