"""News about money: told in the transaction of the change they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from udgam.flow.payments.models import Order
from udgam.flow.payments.queries import subject_of
from udgam.flow.registration.queries import members_of
from udgam.parties.accounts.services import tell_people


def tell(*, order: Order, template: str, now: datetime, **context: Any) -> None:
    """Tell everybody who acts for the firm, each in the chosen ways and language."""
    path = reverse("payments:order", args=[order.public_id])
    tell_people(
        people=members_of(order.exporter_id),
        template=f"payments/{template}",
        context={"order": order, "address": settings.SITE_ORIGIN + path, **context},
        path=path,
        now=now,
        subject_ref=subject_of(order),
    )
