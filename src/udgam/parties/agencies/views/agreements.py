"""The administrator's pages about agreements: switching on and off, confirming fields, new data, product rules, correlations."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.agreements import queries, services, shown
from udgam.ground.agreements.forms import ConfirmForm, CorrelationForm, FileForm, SwitchForm
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.views.acting import act_by_form
from udgam.parties.agencies.history import history_of_agreements
from udgam.parties.agencies.views.administering import PLATFORM
from udgam.rules.agreements import Agreement, AgreementRefused, open_fields
from udgam.rules.numbers import indian_date


@requires(PLATFORM)
@private_page
@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Every arrangement with its state, what is open in it, and the imported tables."""
    day = indian_date(timezone.now())
    rows = [
        (
            shown.list_row(state),
            len(open_fields(queries.complete_on(state.agreement.code, day))),
            state.agreement.issued,
        )
        for state in queries.agreement_states_on(day)
    ]
    correlations = queries.correlations()
    history = history_of_agreements([row.code for row, _open, _issued in rows], [one.edition for one in correlations])
    context = {"rows": rows, "correlations": correlations, "history": history}
    return render(request, "agencies/agreements.html", context)


def _complete(code: str) -> Agreement:
    try:
        return queries.complete_on(code, indian_date(timezone.now()))
    except AgreementRefused as refused:
        raise Http404 from refused


def _act_by_form(request: HttpRequest, *, code: str = "", **more: Any) -> HttpResponse:
    return act_by_form(
        request, template="agencies/agreement_act.html", back=reverse("agencies:agreements"), code=code, **more
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def switch_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Switch an arrangement on, or off if it is on, with the reason."""
    complete, form = _complete(code), SwitchForm(request.POST or None)
    state = queries.agreement_state_on(code, indian_date(timezone.now()))
    name = _(complete.name)
    on = not state.is_open
    return _act_by_form(
        request,
        form=form,
        act=lambda: services.switch_agreement(
            code=code, on=on, reason=form.cleaned_data["reason"], actor=actor_of(request), now=timezone.now()
        ),
        done=_("The agreement is switched on.") if on else _("The agreement is switched off."),
        title=_("Switch on: %(name)s") % {"name": name} if on else _("Switch off: %(name)s") % {"name": name},
        code=code,
        button=_("Switch on") if on else _("Switch off"),
        about=_("From now on exporters can choose it.")
        if on
        else _("Exporters can no longer choose it. What was submitted is decided; what was issued stays verifiable."),
    )


def _choice(complete: Agreement, path: str, note: str) -> str:
    """A field to be ticked: its name in the reader's language, the rest in the language of the agreement."""
    name, key = shown.field_name(path)
    value = shown.value_of(complete, path)
    return format_html(
        '{} <span lang="en">{}</span>', name, " · ".join(part for part in (key.replace("_", " "), value, note) if part)
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def confirm_agreement(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm fields that were compared with the original."""
    complete = _complete(code)
    waiting = [(path, _choice(complete, path, note)) for path, note in open_fields(complete)]
    form = ConfirmForm(request.POST or None, waiting=waiting)
    return _act_by_form(
        request,
        form=form,
        act=lambda: services.confirm_fields(
            code=code,
            fields=form.cleaned_data["fields_read"],
            source=form.cleaned_data["source"],
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The fields are confirmed. They may decide and be printed from now on."),
        title=_("Confirm fields: %(name)s") % {"name": _(complete.name)},
        code=code,
        button=_("Confirm"),
        about=_(
            "Tick only what you have compared word for word with the notified text. Your name stands in the record."
        )
        if waiting
        else _("Nothing waits for confirmation."),
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def agreement_data(request: HttpRequest, code: str) -> HttpResponse:
    """Put a corrected data file in force from a day on."""
    complete, form = _complete(code), FileForm(request.POST or None, request.FILES or None)
    return _act_by_form(
        request,
        form=form,
        act=lambda: services.record_edition(
            code=code,
            data=form.cleaned_data["file"].read(),
            effective_from=form.cleaned_data["effective_from"],
            source=form.cleaned_data["file"].name,
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The new data are recorded."),
        title=_("New data: %(name)s") % {"name": _(complete.name)},
        code=code,
        button=_("Record"),
        about=_("A whole data file. Earlier days keep what was in force then."),
        is_upload=True,
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def agreement_products(request: HttpRequest, code: str) -> HttpResponse:
    """Import the product rules of an arrangement."""
    complete, form = _complete(code), FileForm(request.POST or None, request.FILES or None)
    return _act_by_form(
        request,
        form=form,
        act=lambda: services.import_product_rules(
            code=code,
            data=form.cleaned_data["file"].read(),
            file_name=form.cleaned_data["file"].name,
            effective_from=form.cleaned_data["effective_from"],
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The product rules are imported."),
        title=_("Product rules: %(name)s") % {"name": _(complete.name)},
        code=code,
        button=_("Import"),
        about=_(
            "A table in this platform’s own format. Rules whose words are not understood are kept and left to a person."
        ),
        is_upload=True,
    )


@requires(PLATFORM, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def correlation(request: HttpRequest) -> HttpResponse:
    """Import a correlation table between editions of the Harmonized System."""
    form = CorrelationForm(request.POST or None, request.FILES or None)
    return _act_by_form(
        request,
        form=form,
        act=lambda: services.import_correlation(
            data=form.cleaned_data["file"].read(),
            file_name=form.cleaned_data["file"].name,
            actor=actor_of(request),
            now=timezone.now(),
        ),
        done=_("The correlation table is imported."),
        title=_("Import a correlation table"),
        button=_("Import"),
        about=_(
            "Goods are coded in HS 2022. With this table product rules written in an earlier edition can be followed."
        ),
        is_upload=True,
    )


@requires(PLATFORM)
@private_page
@require_GET
def agreement_file(request: HttpRequest, code: str) -> HttpResponse:
    """The data file in force, to be corrected and uploaded again."""
    complete = _complete(code)
    response = HttpResponse(
        queries.data_on(code, indian_date(timezone.now())), content_type="application/json; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{complete.code.lower()}.json"'
    return response
