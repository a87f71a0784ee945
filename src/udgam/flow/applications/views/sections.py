"""The sections of one form each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from udgam.flow.applications import services
from udgam.flow.applications.forms import (
    BranchForm,
    ConsigneeForm,
    DeclarationForm,
    EditForm,
    InvoiceForm,
    OfficeForm,
    TransportForm,
)
from udgam.flow.applications.models import Application
from udgam.flow.applications.sections import BY_NAME, section_after
from udgam.flow.applications.views.finding import application_of, away, is_editable, saved, status_of
from udgam.flow.registration.queries import branches_of, firm_record
from udgam.flow.registration.views.shown_record import shown_branches
from udgam.ground.pages.security import private_page
from udgam.ground.reference.countries import country
from udgam.ground.reference.ports import ports
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import published_offices_for
from udgam.rules.agreements import load_agreement
from udgam.rules.firm import Address
from udgam.rules.numbers import indian_date

Data = QueryDict | None
Made = tuple[EditForm, dict[str, Any]]


def _of_row(application: Application, form_class: type[EditForm]) -> dict[str, Any]:
    names = [name for name in form_class.base_fields if name != "edit"]
    return {"edit": application.edit, **{name: getattr(application, name) for name in names}}


def _office(application: Application, data: Data, now: datetime) -> Made:
    offices = published_offices_for(application.agreement, indian_date(now))
    is_hindi = (get_language() or "").startswith("hi")
    grouped: dict[str, list[tuple[int, str]]] = {}
    for office in offices:
        agency = (office.agency.name_hindi if is_hindi else "") or office.agency.name
        grouped.setdefault(agency, []).append((office.id, (office.name_hindi if is_hindi else "") or office.name))
    form = OfficeForm(data, offices=list(grouped.items()), initial=_of_row(application, OfficeForm))
    return form, {"offices": len(grouped), "agreement": load_agreement(application.agreement)}


def _exporter(application: Application, data: Data, now: datetime) -> Made:
    record = firm_record(application.exporter)
    places = {place.code: place for place in shown_branches(application.exporter)}
    choices, waiting = [], []
    for branch in branches_of(application.exporter):
        address = str(Address(**branch.address)) if branch.code else str(record.registered_office)
        place = places.get(branch.code)
        if branch.gstin:
            choices.append((branch.id, f"{address} · GSTIN {branch.gstin}"))
        elif branch.is_sez:
            choices.append((branch.id, f"{address} · SEZ, {place.sez_state if place else branch.sez_state_code}"))
        else:
            waiting.append(address)
    initial = _of_row(application, BranchForm)
    if initial["branch_id"] is None and len(choices) == 1:
        initial["branch_id"] = choices[0][0]
    form = BranchForm(data, branches=choices, initial=initial)
    return form, {"record": record, "exporter": application.exporter, "waiting": waiting, "ready": len(choices)}


def _consignee(application: Application, data: Data, now: datetime) -> Made:
    return ConsigneeForm(data, initial=_of_row(application, ConsigneeForm)), {}


def _transport(application: Application, data: Data, now: datetime) -> Made:
    form = TransportForm(data, today=indian_date(now), initial=_of_row(application, TransportForm))
    return form, {"ports": [f"{port.name} ({port.locode})" for port in ports()]}


def _invoice(application: Application, data: Data, now: datetime) -> Made:
    invoice = application.invoices.first()
    initial: dict[str, Any] = {"edit": application.edit}
    if invoice is not None:
        initial |= {"number": invoice.number, "date": invoice.date}
    return InvoiceForm(data, today=indian_date(now), initial=initial), {}


def _declaration(application: Application, data: Data, now: datetime) -> Made:
    destination = country(application.destination) if application.destination else None
    text = load_agreement(application.agreement).declaration
    shown = text.format(destination=destination.name if destination else "…")
    return DeclarationForm(data, initial=_of_row(application, DeclarationForm)), {"declaration": shown}


FORMS: dict[str, Callable[[Application, Data, datetime], Made]] = {
    "office": _office,
    "exporter": _exporter,
    "consignee": _consignee,
    "transport": _transport,
    "invoice": _invoice,
    "declaration": _declaration,
}
OWN_PAGES = {"items": "applications:items", "documents": "applications:documents"}


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, public_id: UUID, name: str) -> HttpResponse:
    """Show a section, or save it and go on to the next."""
    application = application_of(request, public_id)
    if name not in BY_NAME:
        raise Http404
    if name in OWN_PAGES:
        return redirect(OWN_PAGES[name], public_id=public_id)
    if not is_editable(application):
        return away(application)
    now = timezone.now()
    form, more = FORMS[name](application, request.POST if request.method == "POST" else None, now)
    if (
        request.method == "POST"
        and form.is_valid()
        and saved(form, application, lambda: _save(application, name, form, now))
    ):
        after = section_after(name)
        if "return" in request.POST or after is None:
            return away(application)
        return redirect("applications:section", public_id=public_id, name=after.name)
    context = {"application": application, "section": BY_NAME[name], "form": form, **more}
    return render(request, f"applications/sections/{name}.html", context, status=status_of(form))


def _save(application: Application, name: str, form: EditForm, now: datetime) -> None:
    edit, values = form.cleaned_data["edit"], form.values()
    if name == "invoice":
        services.save_invoice(application=application, edit=edit, now=now, **values)
    else:
        services.save_section(application=application, edit=edit, values=values, now=now)
