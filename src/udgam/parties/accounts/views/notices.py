"""What a person is told on the site, and by which other ways."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.ground.pages.security import private_page
from udgam.parties.accounts import queries, services
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.forms import WaysForm
from udgam.parties.accounts.landing import safe_next

ROWS_ON_A_PAGE = 25


@requires()
@private_page
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The notices, newest first."""
    person = person_of(request)
    page = Paginator(queries.notices_of(person), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    hindi = (get_language() or "").startswith("hi")
    rows = [(row, row.hindi if hindi else row.english) for row in page]
    context = {"page": page, "rows": rows, "unread": queries.unread_notices(person)}
    return render(request, "accounts/notices.html", context)


@requires()
@private_page
@require_POST
def open_notice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark a notice as read and go where it leads. Somebody else's is not found."""
    path = services.mark_read(person=person_of(request), public_id=str(public_id), now=timezone.now())
    if not path:
        raise Http404
    return HttpResponseRedirect(safe_next(path) or reverse("accounts:notices"))


@requires()
@private_page
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    services.mark_read(person=person_of(request), public_id=None, now=timezone.now())
    return HttpResponseRedirect(reverse("accounts:notices"))


@requires()
@private_page
@require_http_methods(["GET", "POST"])
def ways(request: HttpRequest) -> HttpResponse:
    """Choose whether changes are also told by mail and by text message."""
    person = person_of(request)
    present = queries.ways_of_telling(person)
    form = WaysForm(
        request.POST if request.method == "POST" else None,
        initial={"by_mail": present.by_mail, "by_text": present.by_text},
    )
    if request.method == "POST" and form.is_valid():
        services.choose_ways(person=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("accounts:profile"))
    return render(request, "accounts/ways.html", {"form": form, "person": person})
