"""Cancelling and superseding by the issuing office, and its queue of what exporters ask for."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.flow.issuance import queries, services
from udgam.flow.issuance.forms import AnswerForm, AskForm, CancelForm, SupersedeForm
from udgam.flow.issuance.models import Certificate, CertificateRequest
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.shown import shown_certificate
from udgam.flow.issuance.views.certificate import EXPORTER, OFFICER, ROWS_ON_A_PAGE, issued_or_404
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.reasons import words_of
from udgam.parties.accounts.views.acting import act_by_form
from udgam.rules.refusals import Refused


def _page_of(found: Certificate) -> str:
    return reverse("issuance:certificate", args=[found.public_id])


@requires(OFFICER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Cancel a certificate, with the reason, after the token was shown."""
    found, form = issued_or_404(request, public_id), CancelForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.cancel_certificate(
            certificate=found,
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
            **form.cleaned_data,
        ),
        template="issuance/cancel.html",
        done=_("The certificate is cancelled. Whoever checks it is told so within a minute."),
        back=_page_of(found),
        shown=shown_certificate(found),
    )


@requires(OFFICER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def supersede(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Name the certificate that was issued in lieu of this one."""
    found, form = issued_or_404(request, public_id), SupersedeForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.supersede_certificate(
            certificate=found,
            successor=_successor(request, form.cleaned_data["number"]),
            note=form.cleaned_data["note"],
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
        ),
        template="issuance/supersede.html",
        done=_("The certificate is replaced. Whoever checks it is told so within a minute."),
        back=_page_of(found),
        shown=shown_certificate(found),
    )


def _successor(request: HttpRequest, number: str) -> Certificate:
    found = queries.issued_number_visible_to(actor_of(request), number)
    if found is None:
        raise IssueRefused("ending.unknown_number", number=number)
    return found


@requires(EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The exporter asks the office for a corrected certificate, a true copy, or cancelling."""
    found, form = issued_or_404(request, public_id), AskForm(request.POST or None)
    return act_by_form(
        request,
        form=form,
        act=lambda: services.ask_office(
            certificate=found,
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
            **form.cleaned_data,
        ),
        template="issuance/ask.html",
        done=_("The office has your request. We write to you when it has answered."),
        back=_page_of(found),
        shown=shown_certificate(found),
    )


def _request_row(request: HttpRequest, public_id: UUID) -> CertificateRequest:
    found = queries.requests_visible_to(actor_of(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@requires(EXPORTER)
@private_page
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a waiting request back."""
    found = _request_row(request, public_id)
    try:
        services.withdraw_request(
            request_row=found, person=person_of(request), actor=actor_of(request), now=timezone.now()
        )
    except Refused as refused:
        told = words_of(refused)
        messages.error(request, f"{told.message} {told.advice}")
    else:
        messages.success(request, _("The request is withdrawn."))
    return HttpResponseRedirect(_page_of(found.certificate))


@requires(OFFICER)
@private_page
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What exporters ask the office for, those that wait longest first."""
    rows = queries.requests_visible_to(actor_of(request)).filter(state="waiting")
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "issuance/requests.html", {"page": page})


@requires(OFFICER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer one request. Granted cancelling goes on to the page where the officer cancels."""
    found, form = _request_row(request, public_id), AnswerForm(request.POST or None)
    granted = request.POST.get("decision") == "grant"
    cancels = granted and found.kind == CertificateRequest.Kind.CANCEL
    return act_by_form(
        request,
        form=form,
        act=lambda: services.answer_request(
            request_row=found,
            granted=form.cleaned_data["decision"] == "grant",
            answer=form.cleaned_data["answer"],
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
        ),
        template="issuance/decide.html",
        done=_("The exporter is told that the request was granted.")
        if granted
        else _("The exporter is told that the request was refused."),
        back=reverse("issuance:cancel", args=[found.certificate.public_id])
        if cancels
        else reverse("issuance:requests"),
        row=found,
        shown=shown_certificate(found.certificate),
    )
