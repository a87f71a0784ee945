"""Talks with gateways, strung together: one transaction, the call, one transaction. Never called inside a transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from udgam.flow.payments import services
from udgam.flow.payments.models import Attempt, Order
from udgam.flow.payments.queries import attempts_to_follow, refunds_to_follow
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.audit.actors import Actor, SystemActor
from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.payment_gateways import (
    MessageForged,
    MessageStale,
    RefundFacts,
    RefusedForGood,
    gateway_for,
)

log = logging.getLogger("udgam.payments")
GATEWAY = SystemActor("payments.gateway")
# Nobody asks about a trip before this: people need a moment to pay.
PATIENCE = timedelta(minutes=2)
# A call to a gateway takes seconds; a refund that was tried this long ago is free again.
TRY_AGAIN_AFTER = timedelta(minutes=2)


def page_to_pay(*, order: Order, actor: Actor, now: datetime) -> str:
    """The address of the gateway's page for this order. Raises `PaymentRefused`; then nothing was charged."""
    attempt = services.begin_attempt(order=order, actor=actor, now=now)
    if attempt.page:
        return attempt.page
    page, failure = "", ""
    try:
        page = gateway_for(attempt.account).open_page(
            reference=attempt.public_id.hex,
            amount_paise=attempt.amount_paise,
            description=order.about,
            return_url=f"{settings.SITE_ORIGIN}{reverse('payments:returned', args=[order.public_id])}",
            notify_url=f"{settings.SITE_ORIGIN}{reverse('api:payment-message', args=[attempt.account])}",
        )
    except ConnectorFailed as error:
        failure = error.reason
        log.warning("gateway unavailable", extra={"service": "payment-gateway", "reason": failure})
    services.finish_attempt(attempt=attempt, page=page, failure=failure, now=now)
    if not page:
        raise PaymentRefused("payment.gateway_unavailable")
    return page


def ask_about(*, attempt: Attempt, now: datetime) -> bool:
    """Ask the gateway what became of a trip and take it over; False when it does not answer."""
    try:
        facts = gateway_for(attempt.account).attempt(reference=attempt.public_id.hex)
    except ConnectorFailed as error:
        log.warning("gateway unavailable", extra={"service": "payment-gateway", "reason": error.reason})
        return False
    services.apply_attempt(account=attempt.account, facts=facts, actor=GATEWAY, now=now)
    return True


def follow_attempts(*, now: datetime) -> int:
    """Ask about every trip of which nothing was heard; answers about how many the gateway answered."""
    return sum(ask_about(attempt=row, now=now) for row in attempts_to_follow(now, begun_before=now - PATIENCE))


def send_refund(*, refund_id: str, now: datetime) -> bool:
    """Have the gateway pay back; the same refund is paid back once however often it is asked. False: to be tried again later."""
    asked = services.begin_refund(refund_id=refund_id, tried_before=now - TRY_AGAIN_AFTER, now=now)
    if asked is None:
        return True
    try:
        facts = gateway_for(asked.account).pay_back(
            reference=asked.reference, payment_id=asked.payment_id, amount_paise=asked.amount_paise
        )
    except RefusedForGood as error:
        facts = RefundFacts(reference=asked.reference, state="refused", failure=error.reason)
    except ConnectorFailed as error:
        log.warning("gateway unavailable", extra={"service": "payment-gateway", "reason": error.reason})
        return False
    services.finish_refund(account=asked.account, facts=facts, actor=GATEWAY, now=now)
    return True


def follow_refunds(*, now: datetime) -> int:
    """Try every unfinished refund again; answers how many the gateway answered."""
    waiting = refunds_to_follow(tried_before=now - TRY_AGAIN_AFTER).values_list("public_id", flat=True)
    return sum(send_refund(refund_id=str(public_id), now=now) for public_id in waiting)


def take_message(*, account: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Check a message of a gateway and take it; False when it came before. Raises `PaymentRefused` and changes nothing otherwise."""
    try:
        message = gateway_for(account).read_message(headers=headers, body=body, now=now)
    except MessageForged as error:
        log.warning("message refused", extra={"service": "payment-gateway", "reason": error.reason})
        raise PaymentRefused("payment.message_forged") from error
    except MessageStale as error:
        log.warning("message refused", extra={"service": "payment-gateway", "reason": error.reason})
        raise PaymentRefused("payment.message_stale") from error
    except ConnectorFailed as error:
        # Also an account that does not exist: whoever asks learns nothing about which there are.
        log.warning("message refused", extra={"service": "payment-gateway", "reason": error.reason})
        raise PaymentRefused("payment.message_unreadable") from error
    return services.receive_message(account=account, message=message, actor=GATEWAY, now=now)
