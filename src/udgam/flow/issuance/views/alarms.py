"""What administrators must see: alarms of the re-check, silent services, re-sealings."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.issuance import queries, services
from udgam.flow.issuance.forms import CloseAlarmForm
from udgam.flow.issuance.shown import shown_alarm
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.acting import act_by_form

PLATFORM = Person.Kind.ADMINISTRATOR
ROWS_ON_A_PAGE = 25


@requires(PLATFORM)
@private_page
@require_GET
def alarms(request: HttpRequest) -> HttpResponse:
    """Open alarms first, with the last re-checks, outages and re-sealings."""
    page = Paginator(queries.alarms_visible_to(actor_of(request)), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [shown_alarm(row) for row in page],
        "runs": queries.recheck_runs(),
        "outages": queries.outages_since(),
        "resealings": queries.resealings(),
    }
    return render(request, "issuance/alarms.html", context)


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def alarm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One alarm, and closing it with a note."""
    found = queries.alarms_visible_to(actor_of(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    form = CloseAlarmForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.close_alarm(
            alarm=found,
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
            **form.cleaned_data,
        ),
        template="issuance/alarm.html",
        done=_("The alarm is closed. The next re-check raises it again if the difference is still there."),
        back=reverse("issuance:alarms"),
        shown=shown_alarm(found),
    )
