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
from udgam.rules.numbers import NumberRefused, parse_certificate_number
from udgam.rules.refusals import Refused


def _page_of(found: Certificate) -> str:
    return reverse("issuance:certificate", args=[found.public_id])


def _refused(request: HttpRequest, template: str, context: dict[str, object], refused: Refused) -> HttpResponse:
    told = words_of(refused)
    return render(request, template, {**context, "page_errors": [f"{told.message} {told.advice}"]}, status=409)


@requires(OFFICER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Cancel a certificate, with the reason, after the token was shown."""
    found = issued_or_404(request, public_id)
    form = CancelForm(request.POST or None)
    context: dict[str, object] = {"form": form, "shown": shown_certificate(found)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "issuance/cancel.html", context, status=422 if form.errors else 200)
    try:
        services.cancel_certificate(
            certificate=found,
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
            **form.cleaned_data,
        )
    except Refused as refused:
        return _refused(request, "issuance/cancel.html", context, refused)
    messages.success(request, _("The certificate is cancelled. Whoever checks it is told so within a minute."))
    return HttpResponseRedirect(_page_of(found))


@requires(OFFICER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def supersede(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Name the certificate that was issued in lieu of this one."""
    found = issued_or_404(request, public_id)
    form = SupersedeForm(request.POST or None)
    context: dict[str, object] = {"form": form, "shown": shown_certificate(found)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "issuance/supersede.html", context, status=422 if form.errors else 200)
    try:
        services.supersede_certificate(
            certificate=found,
            successor=_successor(request, form.cleaned_data["number"]),
            note=form.cleaned_data["note"],
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except NumberRefused as refused:
        told = words_of(refused)
        form.add_error("number", f"{told.message} {told.advice}")
        return render(request, "issuance/supersede.html", context, status=422)
    except Refused as refused:
        return _refused(request, "issuance/supersede.html", context, refused)
    messages.success(request, _("The certificate is replaced. Whoever checks it is told so within a minute."))
    return HttpResponseRedirect(_page_of(found))


def _successor(request: HttpRequest, claimed: str) -> Certificate:
    number = str(parse_certificate_number(claimed))
    found = queries.issued_number_visible_to(actor_of(request), number)
    if found is None:
        raise IssueRefused("ending.unknown_number", number=number)
    return found


@requires(EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The exporter asks the office for a corrected certificate, a true copy, or cancelling."""
    found = issued_or_404(request, public_id)
    form = AskForm(request.POST or None)
    context: dict[str, object] = {"form": form, "shown": shown_certificate(found)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "issuance/ask.html", context, status=422 if form.errors else 200)
    try:
        services.ask_office(
            certificate=found,
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
            **form.cleaned_data,
        )
    except Refused as refused:
        return _refused(request, "issuance/ask.html", context, refused)
    messages.success(request, _("The office has your request. We write to you when it has answered."))
    return HttpResponseRedirect(_page_of(found))


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
    """Answer one request."""
    found = _request_row(request, public_id)
    form = AnswerForm(request.POST or None)
    context: dict[str, object] = {"form": form, "row": found, "shown": shown_certificate(found.certificate)}
    if request.method == "GET" or not form.is_valid():
        return render(request, "issuance/decide.html", context, status=422 if form.errors else 200)
    granted = form.cleaned_data["decision"] == "grant"
    try:
        services.answer_request(
            request_row=found,
            granted=granted,
            answer=form.cleaned_data["answer"],
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, "issuance/decide.html", context, refused)
    messages.success(request, _("The exporter is told that the request was granted.") if granted else _("The exporter is told that the request was refused."))  # fmt: skip
    if granted and found.kind == CertificateRequest.Kind.CANCEL:
        return HttpResponseRedirect(reverse("issuance:cancel", args=[found.certificate.public_id]))
    return HttpResponseRedirect(reverse("issuance:requests"))
