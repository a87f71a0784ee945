"""Invoices and shipping bills of the consignment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from udgam.flow.applications.models import Application, ApplicationInvoice, ApplicationShippingBill
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.services.moving import edit_row

MAX_INVOICES = 100
MAX_SHIPPING_BILLS = 100


@transaction.atomic
def save_invoice(
    *,
    application: Application,
    edit: int,
    number: str,
    date: date,
    now: datetime,
    position: int | None = 1,
    issuer: str = ApplicationInvoice.Issuer.EXPORTER,
) -> None:
    """Save the invoice at `position`, by default the first; None adds another."""
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationInvoice.objects.filter(application=application)
    if position not in {None, 1} and not rows.filter(position=position).exists():
        raise ApplicationRefused("application.edited_elsewhere")
    count = rows.count()
    place = position or count + 1
    if rows.filter(number__iexact=number).exclude(position=place).exists():
        raise ApplicationRefused("application.invoice_twice", number=number)
    if place > MAX_INVOICES:
        raise ApplicationRefused("application.too_many_invoices", limit=str(MAX_INVOICES))
    ApplicationInvoice.objects.update_or_create(
        application=application, position=place, defaults={"number": number, "date": date, "issuer": issuer}
    )


@transaction.atomic
def remove_invoice(*, application: Application, edit: int, position: int, now: datetime) -> None:
    """Remove an invoice; lines of goods that stood on it stand on the first one then."""
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationInvoice.objects.filter(application=application)
    rows.filter(position=position).delete()
    # The numbers move up one by one, because each must stay unique.
    for row in rows.filter(position__gt=position).order_by("position"):
        rows.filter(id=row.id).update(position=F("position") - 1)


@transaction.atomic
def save_shipping_bill(
    *, application: Application, edit: int, position: int | None, values: dict[str, Any], now: datetime
) -> None:
    """Save the shipping bill at `position`; None adds another."""
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationShippingBill.objects.filter(application=application)
    if position is not None:
        if rows.filter(position=position).update(**values) != 1:
            raise ApplicationRefused("application.edited_elsewhere")
        return
    count = rows.count()
    if count >= MAX_SHIPPING_BILLS:
        raise ApplicationRefused("application.too_many_shipping_bills", limit=str(MAX_SHIPPING_BILLS))
    ApplicationShippingBill.objects.create(application=application, position=count + 1, **values)


@transaction.atomic
def remove_shipping_bill(*, application: Application, edit: int, position: int, now: datetime) -> None:
    """Remove a shipping bill; those after it move up."""
    edit_row(application=application, edit=edit, now=now)
    rows = ApplicationShippingBill.objects.filter(application=application)
    rows.filter(position=position).delete()
    for row in rows.filter(position__gt=position).order_by("position"):
        rows.filter(id=row.id).update(position=F("position") - 1)
