"""The messages that could not be delivered, for administrators: look at them and send them again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from udgam.ground.messages.queries import dead_letters, waiting_messages
from udgam.ground.messages.services import MessageNotDead, retry_dead
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person

MOST_AT_ONCE = 100


@requires(Person.Kind.ADMINISTRATOR)
@private_page
@require_http_methods(["GET", "POST"])
def outbox(request: HttpRequest) -> HttpResponse:
    """What was given up, newest first, with the kind of the failure; addresses stay masked."""
    if request.method == "POST":
        sent = _send_again(request, request.POST.getlist("message")[:MOST_AT_ONCE])
        if sent:
            text = ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", sent) % {"n": sent}
            messages.success(request, text)
        else:
            messages.warning(request, _("Nothing was sent. Choose messages that are listed here."))
        return HttpResponseRedirect(reverse("accounts:outbox"))
    context = {"rows": dead_letters(limit=MOST_AT_ONCE), "waiting": waiting_messages(), "most": MOST_AT_ONCE}
    return render(request, "accounts/outbox.html", context)


def _send_again(request: HttpRequest, chosen: list[str]) -> int:
    sent = 0
    for text in chosen:
        try:
            retry_dead(message_id=UUID(text), actor=actor_of(request), now=timezone.now())
        except (ValueError, MessageNotDead):
            # A made-up identifier, or a message that somebody else has sent again meanwhile.
            continue
        sent += 1
    return sent
