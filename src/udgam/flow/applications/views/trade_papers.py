"""Invoices and shipping bills: lists, and a page for each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.applications import services
from udgam.flow.applications.arrangements import admits_third_party
from udgam.flow.applications.forms import EditForm, InvoiceForm, ShippingBillForm
from udgam.flow.applications.models import Application, ApplicationShippingBill
from udgam.flow.applications.sections import BY_NAME, section_after
from udgam.flow.applications.views.finding import CONFLICT, application_of, away, is_editable, saved, status_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.rules.numbers import indian_date


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def invoices(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The invoices so far."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    context = {
        "application": application,
        "section": BY_NAME["invoice"],
        "rows": application.invoices.all(),
        "after": section_after("invoice", application),
    }
    return render(request, "applications/invoices.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def add_invoice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more invoice."""
    return _invoice(request, public_id, None)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def invoice(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Change an invoice."""
    return _invoice(request, public_id, position)


def _invoice(request: HttpRequest, public_id: UUID, position: int | None) -> HttpResponse:
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    initial: dict[str, Any] = {"edit": application.edit, "issuer": "exporter"}
    if position is not None:
        row = application.invoices.filter(position=position).first()
        if row is None:
            raise Http404
        initial |= {"number": row.number, "date": row.date, "issuer": row.issuer}
    now = timezone.now()
    form = InvoiceForm(
        request.POST or None,
        today=indian_date(now),
        third_party=admits_third_party(application),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        edit, values = form.cleaned_data["edit"], form.values()

        def save() -> None:
            services.save_invoice(application=application, edit=edit, now=now, position=position, **values)

        if saved(form, application, save):
            return redirect("applications:invoices", public_id=public_id)
    context = {"application": application, "form": form, "position": position}
    return render(request, "applications/invoice.html", context, status=status_of(form))


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def remove_invoice(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Remove an invoice, after a question."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    row = application.invoices.filter(position=position).first()
    if row is None:
        raise Http404
    form = EditForm(request.POST or None, initial={"edit": application.edit})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()

        def remove() -> None:
            services.remove_invoice(application=application, edit=form.cleaned_data["edit"], position=position, now=now)

        if saved(form, application, remove):
            return redirect("applications:invoices", public_id=public_id)
    context = {
        "application": application,
        "form": form,
        "title": _("Remove this invoice?"),
        "what": row.number,
        "note": _("Lines of goods that stand on it stand on the first invoice then."),
        "back": "applications:invoices",
        "back_label": _("Invoices"),
    }
    return render(request, "applications/remove_row.html", context, status=CONFLICT if form.errors else 200)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def shipping_bills(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The shipping bills so far; there may be none yet."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    context = {
        "application": application,
        "section": BY_NAME["shipping-bills"],
        "rows": application.shipping_bills.all(),
        "after": section_after("shipping-bills", application),
    }
    return render(request, "applications/shipping_bills.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def add_shipping_bill(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One more shipping bill."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    return _shipping_bill(request, application, None)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def shipping_bill(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Change a shipping bill."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    return _shipping_bill(request, application, _bill(application, position))


def _bill(application: Application, position: int) -> ApplicationShippingBill:
    row = application.shipping_bills.filter(position=position).first()
    if row is None:
        raise Http404
    return row


def _shipping_bill(request: HttpRequest, application: Application, row: ApplicationShippingBill | None) -> HttpResponse:
    initial: dict[str, Any] = {"edit": application.edit}
    if row is not None:
        initial |= {"number": row.number, "date": row.date, "port": row.port, "invoice": row.invoice}
    now = timezone.now()
    form = ShippingBillForm(request.POST or None, today=indian_date(now), initial=initial)
    if request.method == "POST" and form.is_valid():
        edit, position = form.cleaned_data["edit"], row.position if row else None

        def save() -> None:
            services.save_shipping_bill(
                application=application, edit=edit, position=position, values=form.values(), now=now
            )

        if saved(form, application, save):
            return redirect("applications:shipping-bills", public_id=application.public_id)
    context = {"application": application, "form": form, "row": row}
    return render(request, "applications/shipping_bill.html", context, status=status_of(form))


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def remove_shipping_bill(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Remove a shipping bill, after a question."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    row = _bill(application, position)
    form = EditForm(request.POST or None, initial={"edit": application.edit})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()

        def remove() -> None:
            edit = form.cleaned_data["edit"]
            services.remove_shipping_bill(application=application, edit=edit, position=position, now=now)

        if saved(form, application, remove):
            return redirect("applications:shipping-bills", public_id=public_id)
    context = {
        "application": application,
        "form": form,
        "title": _("Remove this shipping bill?"),
        "what": row.number,
        "back": "applications:shipping-bills",
        "back_label": _("Shipping bills"),
    }
    return render(request, "applications/remove_row.html", context, status=CONFLICT if form.errors else 200)
