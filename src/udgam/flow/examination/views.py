"""The pages of the desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import application_visible_to, same_invoice_elsewhere
from udgam.flow.examination import queries, services
from udgam.flow.examination.forms import DeskFilter, DiscrepancyForm, RefusalForm
from udgam.flow.examination.policies import acts_open_to, may_decide
from udgam.ground.audit.queries import acts_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.reasons import words_of, words_of_answer
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

OFFICER = Person.Kind.OFFICER
DONE = {
    "take_up": gettext_lazy("You have taken the case up."),
    "put_back": gettext_lazy("The case is back in the queue."),
    "approve": gettext_lazy("Approved. A signing officer can now certify it."),
    "send_back": gettext_lazy("The case is back in examination."),
}


def _case(request: HttpRequest, public_id: UUID) -> Application:
    application = application_visible_to(actor_of(request), public_id)
    if application is None:
        raise Http404
    return application


@requires(OFFICER)
@private_page
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The office's queue, those that wait longest first."""
    actor = actor_of(request)
    form = DeskFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.desk(
        actor, state=chosen.get("state", ""), search=chosen.get("search", ""), mine=bool(chosen.get("mine"))
    )
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "filters": parameters.urlencode(),
        "counts": queries.counts_on_desk(actor),
        "now": timezone.now(),
    }
    return render(request, "examination/queue.html", context)


@requires(OFFICER)
@private_page
@require_GET
def case(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One case: the signed data beside the papers, what the rules find, what was done, and what can be done now."""
    return _render_case(request, _case(request, public_id))


def _render_case(request: HttpRequest, application: Application, *, status: int = 200, **more: object) -> HttpResponse:
    now = timezone.now()
    person = person_of(request)
    found = queries.case_of(application, indian_date(now))
    if found is None:
        raise Http404
    answer, post = may_decide(person, application, now)
    rows = list(queries.desk(actor_of(request))[:200])
    before, after = queries.neighbours(rows, application)
    invoices = [(invoice, same_invoice_elsewhere(application, invoice.number)) for invoice in found.content.invoices]
    context = {
        "application": application,
        "case": found,
        "content": found.content,
        "invoices": invoices,
        "state_label": APPLICATION.label(application.state),
        "documents": application.documents.select_related("document"),
        "discrepancies": application.discrepancies.select_related("raised_by"),
        "timeline": acts_of(f"application:{application.public_id}", newest_first=True, limit=50),
        "acts": acts_open_to(person, application) if answer.allowed else (),
        "refused_duty": None if answer.allowed else words_of_answer(answer),
        "post": post,
        "previous": before,
        "next": after,
        "discrepancy_form": DiscrepancyForm(),
        "refusal_form": RefusalForm(),
        **more,
    }
    return render(request, "examination/case.html", context, status=status)


@requires(OFFICER)
@require_POST
def act(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """Take up, put back, approve or send back."""
    verbs = {
        "take_up": services.take_up,
        "put_back": services.put_back,
        "approve": services.approve,
        "send_back": services.send_back,
    }
    if name not in verbs:
        raise Http404
    application = _case(request, public_id)
    try:
        verbs[name](application=application, person=person_of(request), actor=actor_of(request), now=timezone.now())
    except Refused as refused:
        told = words_of(refused)
        return _render_case(
            request, _case(request, public_id), status=409, page_errors=[f"{told.message} {told.advice}"]
        )
    messages.success(request, DONE[name])
    return HttpResponseRedirect(reverse("examination:case", args=[public_id]))


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def discrepancy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask the exporter."""
    return _with_words(request, public_id, DiscrepancyForm, "examination/discrepancy.html")


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Refuse, with the reason."""
    return _with_words(request, public_id, RefusalForm, "examination/refuse.html")


def _with_words(
    request: HttpRequest, public_id: UUID, form_class: type[DiscrepancyForm] | type[RefusalForm], template: str
) -> HttpResponse:
    application = _case(request, public_id)
    form = form_class(request.POST or None)
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        verb = services.raise_discrepancy if form_class is DiscrepancyForm else services.refuse
        try:
            verb(
                application=application,
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            told = words_of(refused)
            page_errors = [f"{told.message} {told.advice}"]
        else:
            sent = _("Your question was sent.") if form_class is DiscrepancyForm else _("The application was refused.")
            messages.success(request, sent)
            return HttpResponseRedirect(reverse("examination:queue"))
    context = {"form": form, "application": application, "page_errors": page_errors}
    status = 409 if page_errors else 200
    return render(request, template, context, status=status)
