"""The sections of one form each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from udgam.flow.applications import services
from udgam.flow.applications.arrangements import admits_third_party, arrangement_of, offered
from udgam.flow.applications.forms import (
    BranchForm,
    ConsigneeForm,
    DeclarationForm,
    EditForm,
    InvoiceForm,
    KindForm,
    OfficeForm,
    ProducerForm,
    ThirdPartyForm,
    TransportForm,
)
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import book_of, chosen_from_book, earlier_consignees
from udgam.flow.applications.sections import BY_NAME, section_after
from udgam.flow.applications.views.finding import application_of, away, is_editable, saved, status_of, tell
from udgam.flow.registration.queries import branches_of, firm_record
from udgam.flow.registration.views.shown_record import shown_branches
from udgam.ground.audit.actors import Actor
from udgam.ground.pages.security import private_page
from udgam.ground.reference.countries import country
from udgam.ground.reference.locations import search_locations
from udgam.ground.reference.ports import ports
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import published_offices_for
from udgam.rules.firm import Address
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

Made = tuple[EditForm, dict[str, Any]]
LONGEST_SEARCH = 80
CONSIGNEE_FIELDS = ("consignee_name", "consignee_address", "consignee_country", "destination")
# Of the firm's book, what stands on the page itself; the rest is found in the book.
MOST_OFFERED = 20
PORT_FIELDS = ("port_of_loading", "port_of_discharge")


@dataclass(frozen=True)
class Asked:
    """What came with the request: the form to be saved, or what was typed while something is looked for."""

    data: QueryDict | None
    form: QueryDict
    query: QueryDict
    actor: Actor
    kept: dict[str, str]
    is_searching: bool
    now: datetime

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Pressing “search” or choosing from what was found saves nothing and loses nothing."""
        is_search, chosen = "find" in request.POST, request.POST.get("choose", "")[:150]
        is_saving = request.method == "POST" and not is_search and not chosen
        kept: dict[str, str] = {}
        if request.method == "POST" and not is_saving:
            kept = {name: str(value)[:2000].replace("\x00", "") for name, value in request.POST.items()}
            if chosen and kept.get("port_of") in PORT_FIELDS:
                kept[kept["port_of"]] = chosen.replace("\x00", "")
        return cls(
            data=request.POST if is_saving else None,
            form=request.POST,
            query=request.GET,
            actor=actor_of(request),
            kept=kept,
            is_searching=is_search,
            now=timezone.now(),
        )


def values_asked(values: Mapping[str, str], *, edit: int, actor: Actor, now: datetime) -> Asked:
    """The same from a program that sends the values of a section."""
    data = QueryDict(mutable=True)
    data.update({**values, "edit": str(edit)})
    return Asked(data=data, form=data, query=QueryDict(), actor=actor, kept={}, is_searching=False, now=now)


def _of_row(application: Application, form_class: type[EditForm]) -> dict[str, Any]:
    names = [name for name in form_class.base_fields if name != "edit"]
    return {"edit": application.edit, **{name: getattr(application, name) for name in names}}


def _kind(application: Application, asked: Asked) -> Made:
    agreements = offered(indian_date(asked.now))
    present = arrangement_of(application)
    form = KindForm(asked.data, agreements=agreements, present=present, initial=_of_row(application, KindForm))
    return form, {}


def _office(application: Application, asked: Asked) -> Made:
    """Agency, then regional office, then the office that issues: each choice narrows the list, and none of them is needed."""
    offices = list(published_offices_for(application.agreement, indian_date(asked.now)))
    agencies = {office.agency_id: office.agency.shown_name for office in offices}
    agency = _choice(asked.query.get("agency", ""), agencies)
    regions = {
        (office.region or office).id: (office.region or office).shown_name
        for office in offices
        if agency in {None, office.agency_id}
    }
    region = _choice(asked.query.get("region", ""), regions)
    grouped: dict[str, list[tuple[int, str]]] = {}
    for office in offices:
        if agency in {None, office.agency_id} and region in {None, (office.region or office).id}:
            group = office.agency.shown_name + (f" · {office.region.shown_name}" if office.region else "")
            grouped.setdefault(group, []).append((office.id, office.shown_name))
    form = OfficeForm(asked.data, offices=list(grouped.items()), initial=_of_row(application, OfficeForm))
    return form, {
        "offices": len(offices),
        "agencies": sorted(agencies.items(), key=lambda row: row[1]),
        "chosen_agency": agency,
        # Without an office that belongs to another there is nothing to narrow.
        "regions": sorted(regions.items(), key=lambda row: row[1]) if any(row.region for row in offices) else [],
        "chosen_region": region,
        "agreement": arrangement_of(application),
    }


def _choice(typed: str, known: Mapping[int, str]) -> int | None:
    """The identifier that was chosen in the address; None for none, and for one that is not in the list."""
    chosen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
    return chosen if chosen in known else None


def _exporter(application: Application, asked: Asked) -> Made:
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
    form = BranchForm(asked.data, branches=choices, initial=initial)
    return form, {"record": record, "exporter": application.exporter, "waiting": waiting, "ready": len(choices)}


def _consignee(application: Application, asked: Asked) -> Made:
    initial = _of_row(application, ConsigneeForm)
    earlier = earlier_consignees(application)
    like = next((row for row in earlier if str(row.public_id) == asked.query.get("like", "")), None)
    if like is not None:
        initial |= {name: getattr(like, name) for name in CONSIGNEE_FIELDS}
    chosen = chosen_from_book(asked.actor, "consignees", application, asked.query.get("entry", ""))
    if chosen is not None:
        initial |= {name: getattr(chosen, name) for name in CONSIGNEE_FIELDS}
    book = book_of(asked.actor, "consignees", exporter=application.exporter)[:MOST_OFFERED]
    return ConsigneeForm(asked.data, initial=initial), {
        "earlier": earlier,
        "book": book,
        "keep": "keep" in asked.form,
        "taken": chosen or like,
    }


def _transport(application: Application, asked: Asked) -> Made:
    initial = {**_of_row(application, TransportForm), **asked.kept}
    form = TransportForm(
        asked.data, today=indian_date(asked.now), shipment=application.shipment or "before", initial=initial
    )
    words, way = asked.form.get("port_words", "")[:LONGEST_SEARCH].replace("\x00", ""), asked.form.get("port_of", "")
    return form, {
        "ports": [f"{port.name} ({port.locode})" for port in ports()],
        "port_words": words,
        "port_of": way if way in PORT_FIELDS else "port_of_discharge",
        "searched": asked.is_searching,
        "found": search_locations(words) if asked.is_searching else (),
    }


def _producer(application: Application, asked: Asked) -> Made:
    initial = _of_row(application, ProducerForm)
    initial["producer_country"] = initial["producer_country"] or "IN"
    return ProducerForm(asked.data, initial=initial), {}


def _third_party(application: Application, asked: Asked) -> Made:
    return ThirdPartyForm(asked.data, initial=_of_row(application, ThirdPartyForm)), {}


def _invoice(application: Application, asked: Asked) -> Made:
    invoice = application.invoices.first()
    initial: dict[str, Any] = {"edit": application.edit, "issuer": "exporter"}
    if invoice is not None:
        initial |= {"number": invoice.number, "date": invoice.date, "issuer": invoice.issuer}
    third_party = admits_third_party(application)
    return InvoiceForm(asked.data, today=indian_date(asked.now), third_party=third_party, initial=initial), {}


def _declaration(application: Application, asked: Asked) -> Made:
    destination = country(application.destination) if application.destination else None
    text = arrangement_of(application).declaration
    shown = text.format(destination=destination.name if destination else "…")
    return DeclarationForm(asked.data, initial=_of_row(application, DeclarationForm)), {"declaration": shown}


FORMS: dict[str, Callable[[Application, Asked], Made]] = {
    "certificate": _kind,
    "office": _office,
    "exporter": _exporter,
    "producer": _producer,
    "consignee": _consignee,
    "third-party": _third_party,
    "transport": _transport,
    "invoice": _invoice,
    "declaration": _declaration,
}
OWN_PAGES = {
    "items": "applications:items",
    "documents": "applications:documents",
    "shipping-bills": "applications:shipping-bills",
}


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
    if not is_editable(application) or not BY_NAME[name].applies(application):
        return away(application)
    if name == "invoice" and request.method == "GET" and application.invoices.exists():
        return redirect("applications:invoices", public_id=public_id)
    asked = Asked.of(request)
    form, more = FORMS[name](application, asked)
    if (
        asked.data is not None
        and form.is_valid()
        and saved(form, application, lambda: save_form(application, name, form, asked.now))
    ):
        if name == "consignee" and "keep" in request.POST:
            _keep_consignee(request, application)
        after = section_after(name, application)
        if "return" in request.POST or after is None:
            return away(application)
        if "another" in request.POST:
            return redirect("applications:invoice-add", public_id=public_id)
        return redirect("applications:section", public_id=public_id, name=after.name)
    context = {"application": application, "section": BY_NAME[name], "form": form, **more}
    template = name.replace("-", "_")
    return render(request, f"applications/sections/{template}.html", context, status=status_of(form))


def _keep_consignee(request: HttpRequest, application: Application) -> None:
    """Put the consignee just saved into the firm's book. A refusal is told; the section itself is saved."""
    application.refresh_from_db()
    try:
        services.keep_consignee(
            application=application, person=person_of(request), actor=actor_of(request), now=timezone.now()
        )
    except Refused as refused:
        tell(request, refused)


def save_form(application: Application, name: str, form: EditForm, now: datetime) -> None:
    """Save what a section's form holds. Raises `ApplicationRefused`."""
    edit, values = form.cleaned_data["edit"], form.values()
    if name == "invoice":
        services.save_invoice(application=application, edit=edit, now=now, **values)
    elif name == "certificate":
        agreement = values.pop("agreement")
        offices = set(published_offices_for(agreement, indian_date(now)).values_list("id", flat=True))
        services.save_kind(
            application=application, edit=edit, agreement=agreement, values=values, offices=offices, now=now
        )
        application.refresh_from_db()
    else:
        services.save_section(application=application, edit=edit, values=values, now=now)
