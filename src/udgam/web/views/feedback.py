"""The feedback form."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.parties.accounts.decorators import open_to_all
from udgam.parties.accounts.visitors import visitor_of
from udgam.web.feedback import FeedbackTooOften, count_feedback, receive_feedback
from udgam.web.forms import FeedbackForm
from udgam.web.views.texts import page_context

SENT = "feedback-reference"


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Take a message for the help desk; afterwards show its reference number."""
    form = FeedbackForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            count_feedback(place=visitor_of(request).network)
        except FeedbackTooOften:
            form.add_error(None, _("Too many messages came from your address. Wait an hour, or call the help desk."))
            status = 429
        else:
            request.session[SENT] = receive_feedback(
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                topic=form.cleaned_data["topic"],
                text=form.cleaned_data["text"],
                to=settings.HELP_DESK_EMAIL,
                language=get_language() or "en",
                now=timezone.now(),
            )
            return HttpResponseRedirect(reverse("feedback-sent"))
    return render(request, "site/pages/feedback.html", page_context("feedback") | {"form": form}, status=status)


@open_to_all
@require_http_methods(["GET", "HEAD"])
def feedback_sent(request: HttpRequest) -> HttpResponse:
    """The reference number of the message just sent in this session."""
    reference = request.session.get(SENT, "")
    if not reference:
        return HttpResponseRedirect(reverse("feedback"))
    return render(request, "site/pages/feedback_sent.html", page_context("feedback") | {"reference": reference})
