"""Mails about money: queued in the transaction of the change they tell about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from udgam.flow.payments.models import Order
from udgam.flow.payments.queries import subject_of
from udgam.flow.registration.queries import members_of
from udgam.ground.messages.services import queue_mail


def tell(*, order: Order, template: str, now: datetime, **context: Any) -> None:
    """Queue a mail to everybody who acts for the firm, in the language of each."""
    address = f"{settings.SITE_ORIGIN}{reverse('payments:order', args=[order.public_id])}"
    for person in members_of(order.exporter):
        if person.email:
            queue_mail(
                to=person.email,
                template=f"payments/{template}",
                context={"order": order, "address": address, **context},
                language=person.language,
                now=now,
                subject_ref=subject_of(order),
            )
