"""The pages about one officer: suspension, leave, the picture of the signature."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.documents.services import examine_upload
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.views.acting import act_by_form
from udgam.parties.agencies import queries, services
from udgam.parties.agencies.forms import ImageForm, LeaveForm
from udgam.parties.agencies.models import Officer
from udgam.parties.agencies.views.administering import ADMIN
from udgam.rules.numbers import indian_date


def _officer(request: HttpRequest, officer_id: int) -> Officer:
    found = queries.officers_visible_to(actor_of(request)).filter(id=officer_id, ended_at__isnull=True).first()
    if found is None:
        raise Http404
    return found


def _back(found: Officer) -> str:
    return reverse("agencies:officer", args=[found.id])


def _ask(request: HttpRequest, found: Officer, form: forms.Form, **more: Any) -> HttpResponse:
    return act_by_form(
        request,
        form=form,
        template="agencies/ask.html",
        back=_back(found),
        caption=f"{found.person.name} · {found.office.shown_name}",
        **more,
    )


@requires(ADMIN)
@private_page
@require_GET
def officer(request: HttpRequest, officer_id: int) -> HttpResponse:
    """One officer: post, leaves, signature, and what can be done."""
    found = _officer(request, officer_id)
    context = {
        "officer": found,
        "leaves": queries.leaves_of(found, indian_date(timezone.now())),
        "signature": queries.image_of(officer=found),
    }
    return render(request, "agencies/officer.html", context)


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def suspend_officer(request: HttpRequest, officer_id: int) -> HttpResponse:
    """Suspend a post, or reinstate it, after asking."""
    found = _officer(request, officer_id)
    suspends = found.suspended_at is None
    return _ask(
        request,
        found,
        forms.Form(request.POST) if request.method == "POST" else forms.Form(),
        act=lambda: services.suspend_officer(
            officer=found, suspended=suspends, actor=actor_of(request), now=timezone.now()
        ),
        done=_("The post is suspended.") if suspends else _("The post is active again."),
        title=_("Suspend the post?") if suspends else _("Reinstate the post?"),
        lead=_(
            "From now on the officer can neither decide nor sign. What the officer has taken up goes back to the queue. What was "
            "signed stays valid. The officer is told by mail."
        )
        if suspends
        else _("The officer can decide and sign again at once, and is told by mail."),
        button=_("Suspend") if suspends else _("Reinstate"),
        warns=suspends,
    )


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def enter_leave(request: HttpRequest, officer_id: int) -> HttpResponse:
    """Enter days on which the officer is away."""
    found = _officer(request, officer_id)
    others = queries.officers_visible_to(actor_of(request)).filter(ended_at__isnull=True, suspended_at__isnull=True)
    by_id = {str(row.id): row for row in others.exclude(id=found.id).exclude(role=Officer.Role.ADMINISTRATOR)}
    names = [
        (key, f"{row.person.name}, {row.get_role_display()}, {row.office.shown_name}") for key, row in by_id.items()
    ]
    form = LeaveForm(request.POST or None, colleagues=names)
    return _ask(
        request,
        found,
        form,
        act=lambda: services.enter_leave(
            officer=found,
            actor=actor_of(request),
            now=timezone.now(),
            **{**form.cleaned_data, "stand_in": by_id.get(form.cleaned_data["stand_in"])},
        ),
        done=_("The leave is entered."),
        title=_("Enter a leave"),
        lead=_(
            "During these days the officer can neither decide nor sign. Whoever stands in works for this office too, and never with "
            "a greater duty than the own one: only a signing officer signs."
        ),
        button=_("Enter the leave"),
    )


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def cancel_leave(request: HttpRequest, leave_id: int) -> HttpResponse:
    """End a leave, after asking."""
    leave = queries.leaves_visible_to(actor_of(request)).filter(id=leave_id, cancelled_at__isnull=True).first()
    if leave is None or leave.officer.ended_at is not None:
        raise Http404
    return _ask(
        request,
        leave.officer,
        forms.Form(request.POST) if request.method == "POST" else forms.Form(),
        act=lambda: services.cancel_leave(leave=leave, actor=actor_of(request), now=timezone.now()),
        done=_("The leave has ended."),
        title=_("End the leave?"),
        lead=_("The officer works again at once, and nobody stands in any more."),
        button=_("End the leave"),
        warns=True,
    )


@requires(ADMIN, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def keep_signature(request: HttpRequest, officer_id: int) -> HttpResponse:
    """Take in the picture of the officer's signature."""
    found = _officer(request, officer_id)
    form = ImageForm(request.POST or None, request.FILES or None)
    return _ask(
        request,
        found,
        form,
        act=lambda: services.keep_signature(
            officer=found,
            examined=examine_upload(upload=form.cleaned_data["file"], allowed=("jpeg", "png")),
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The picture is kept."),
        title=_("Picture of the signature"),
        lead=_(
            "It is printed on certificates whose agreement wants it. The picture proves nothing by itself: the token's signature does."
        ),
        button=_("Keep the picture"),
        has_file=True,
    )
