"""The whole way over real HTTP: the platform against the sandbox's gateway, and the gateway's messages against the platform."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.rooms.accounts.people import sign_in
from tests.rooms.payments.purse import ACTOR, Payer, assert_books_balance, books, jobs
from tests.rooms.payments.test_awkward import added, rows
from udgam.flow.payments import gateways, services
from udgam.flow.payments.models import Attempt, Capture, Order, Refund
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.connectors import hosted_page, http
from udgam.ground.connectors.payment_gateways import gateway_for
from udgam.parties.agencies.models import Agency
from udgam.sandbox import gateway
from udgam.sandbox.gateway.ways import WAYS
from udgam.sandbox.guard import SandboxRefused

# The gateway answers from other connections, so everything here is committed.
pytestmark = pytest.mark.django_db(transaction=True)
TOTAL = 236_00


@pytest.fixture
def bank(settings: Settings, tmp_path: Path, live_server: Any) -> Iterator[gateway.GatewayHandle]:
    handle = gateway.start(folder=tmp_path, late_seconds=0.3)
    account = {"agency": "SEC", "kind": "hosted-page", "url": handle.url, "merchant": gateway.MERCHANT, "key": gateway.API_KEY, "secret": gateway.SECRET}  # fmt: skip
    settings.PAYMENT_ACCOUNTS = {"sandbox": account}
    settings.SITE_ORIGIN = live_server.url
    hosted_page._breakers.clear()
    yield handle
    handle.delivery.settle()
    handle.stop()


def go(order: Order, way: str) -> httpx.Response:
    """Go to the gateway's page and choose how it ends."""
    page = gateways.page_to_pay(order=order, actor=ACTOR, now=timezone.now())
    shown = httpx.get(page, trust_env=False)
    assert WAYS[way].says.split(":")[0] in shown.text
    return httpx.post(page, data={"way": way}, trust_env=False)


def come_back(payer: Payer, order: Order) -> Any:
    client = Client()
    sign_in(client, payer.person)
    return client.get(f"/payments/orders/{order.public_id}/result/")


@pytest.mark.parametrize("way", ["pay", "first", "duplicate", "silent"])
def test_each_way_of_paying_settles_once(bank: gateway.GatewayHandle, agency: Agency, payer: Payer, way: str) -> None:
    order = payer.order()
    back = go(order, way)
    assert back.status_code == 303
    assert back.headers["Location"].endswith(f"/payments/orders/{order.public_id}/result/")
    page = come_back(payer, order)
    assert "Payment received" in page.content.decode()
    bank.delivery.settle()
    order.refresh_from_db()
    assert order.state == "paid"
    assert books(agency) == {"gateway": TOTAL, "fees": -200_00, "igst": -36_00}
    assert (Capture.objects.count(), jobs("tests.settled")) == (1, 1)


def test_the_callback_alone_settles(bank: gateway.GatewayHandle, payer: Payer) -> None:
    order = payer.order()
    go(order, "first")
    order.refresh_from_db()
    assert order.state == "paid"


def test_a_late_payment_settles_when_it_arrives_and_the_page_says_so(bank: gateway.GatewayHandle, payer: Payer) -> None:
    order = payer.order()
    bank._late_seconds = 1.5
    go(order, "late")
    page = come_back(payer, order).content.decode()
    assert "Waiting for the payment service" in page
    assert 'http-equiv="refresh"' in page
    bank.delivery.settle()
    order.refresh_from_db()
    assert order.state == "paid"


def test_a_failure_leaves_the_order_open_and_one_may_try_again(bank: gateway.GatewayHandle, payer: Payer) -> None:
    order = payer.order()
    go(order, "fail")
    assert "did not succeed" in come_back(payer, order).content.decode()
    go(order, "pay")
    come_back(payer, order)
    order.refresh_from_db()
    assert order.state == "paid"
    assert Attempt.objects.count() == 2


def test_a_forged_callback_changes_no_row(bank: gateway.GatewayHandle, payer: Payer) -> None:
    order = payer.order()
    gateways.page_to_pay(order=order, actor=ACTOR, now=timezone.now())
    before = rows()
    go(order, "forged")
    bank.delivery.settle()
    assert added(before) == {}
    assert "Waiting" not in come_back(payer, order).content.decode() or order.state == "open"
    order.refresh_from_db()
    assert order.state == "open"


def test_paying_twice_and_paying_half_go_back_to_the_source(
    bank: gateway.GatewayHandle, agency: Agency, payer: Payer
) -> None:
    first, second = payer.order(), payer.order()
    go(first, "twice")
    go(second, "less")
    bank.delivery.settle()
    assert Refund.objects.count() == 2
    assert gateways.follow_refunds(now=timezone.now()) == 2
    assert books(agency) == {"gateway": TOTAL, "fees": -200_00, "igst": -36_00}
    assert_books_balance()
    second.refresh_from_db()
    assert second.state == "open"


@pytest.mark.parametrize(("way", "to"), [("pay", "source"), ("slow-refund", "source"), ("no-refund", "wallet")])
def test_a_refund_reaches_the_source_or_by_rule_the_wallet(
    bank: gateway.GatewayHandle, agency: Agency, payer: Payer, way: str, to: str
) -> None:
    order = payer.order()
    go(order, way)
    bank.delivery.settle()
    order.refresh_from_db()
    given = services.refund(order=order, reason="Refused", actor=ACTOR, now=timezone.now())
    assert gateways.send_refund(refund_id=str(given.public_id), now=timezone.now())
    given.refresh_from_db()
    assert given.state == ("sent" if way == "slow-refund" else "done")
    bank.delivery.settle()
    given.refresh_from_db()
    assert (given.state, given.to) == ("done", to)
    assert books(agency) == ({} if to == "source" else {"gateway": TOTAL, "wallet": -TOTAL})
    # Asked again it is not paid back again.
    assert gateways.send_refund(refund_id=str(given.public_id), now=timezone.now() + timedelta(hours=1))
    assert len(bank.book._refunds) == 1


def test_an_outage_charges_nothing_and_is_told(bank: gateway.GatewayHandle, payer: Payer) -> None:
    order = payer.order()
    bank.outage(True)
    with pytest.raises(PaymentRefused) as refused:
        gateways.page_to_pay(order=order, actor=ACTOR, now=timezone.now())
    assert refused.value.code == "payment.gateway_unavailable"
    assert Attempt.objects.get().state == "ended"
    bank.outage(False)
    hosted_page._breakers.clear()
    assert go(order, "pay").status_code == 303


def test_a_gateway_that_asks_for_patience_is_not_taken_for_one_that_is_down(
    bank: gateway.GatewayHandle, payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = http.Answer(status=429, media_type="", body=b"")
    with monkeypatch.context() as patched:
        patched.setattr(http.Client, "post", lambda *_args, **_more: busy)
        for _time in range(8):
            with pytest.raises(PaymentRefused):
                gateways.page_to_pay(order=payer.order(), actor=ACTOR, now=timezone.now())
    assert not any(breaker.is_open for breaker in hosted_page._breakers.values())
    assert set(Attempt.objects.values_list("failure", flat=True)) == {"asked_too_often"}
    assert go(payer.order(), "pay").status_code == 303


def test_what_nobody_told_is_found_by_asking(bank: gateway.GatewayHandle, payer: Payer) -> None:
    order = payer.order()
    go(order, "silent")
    later = timezone.now() + timedelta(minutes=5)
    assert gateways.follow_attempts(now=later) == 1
    order.refresh_from_db()
    assert order.state == "paid"
    assert gateways.follow_attempts(now=later) == 0


def signed(content: Any, *, secret: str = gateway.SECRET, moment: int | None = None) -> tuple[dict[str, str], bytes]:
    body = json.dumps(content).encode()
    at = str(int(time.time()) if moment is None else moment)
    return {"x-gateway-time": at, "x-gateway-signature": gateway.signature(secret, at, body)}, body


def told(trip: Attempt, **changed: Any) -> dict[str, Any]:
    payment = {"id": "pay_1", "amount_paise": trip.amount_paise, "captured_at": int(time.time())}
    session = {"reference": trip.public_id.hex, "state": "paid", "payments": [payment], "failure": ""}
    return {"id": "msg_1", "kind": "payment.captured", "merchant": "SEC", "session": session, **changed}


def test_messages_that_are_not_the_gateways_are_refused_before_anything_changes(payer: Payer) -> None:
    trip = services.begin_attempt(order=payer.order(), actor=ACTOR, now=timezone.now())
    good = told(trip)
    headers, body = signed(good)
    now = int(time.time())
    hostile: list[tuple[dict[str, str], bytes, int]] = [
        ({}, body, 401),
        ({**headers, "x-gateway-signature": "v1=" + "0" * 64}, body, 401),
        ({**headers, "x-gateway-signature": headers["x-gateway-signature"].upper()}, body, 401),
        (headers, body + b" ", 401),
        (headers, body.replace(b"23600", b"23601"), 401),
        ({**headers, "x-gateway-time": str(now - 1)}, body, 401),
        ({**headers, "x-gateway-time": "9" * 40}, body, 401),
        (*signed(good, secret="another-secret-altogether"), 401),
        (*signed(good, moment=now - 400), 401),
        (*signed(good, moment=now + 400), 401),
        (*signed({**good, "merchant": "NTC"}), 422),
        (*signed([]), 422),
        (*signed({**good, "id": "x" * 65}), 422),
        (*signed({**good, "session": {**good["session"], "payments": [{"id": "p", "amount_paise": 1.5, "captured_at": 1}]}}), 422),
        (*signed({**good, "session": {**good["session"], "payments": [{"id": "p", "amount_paise": -1, "captured_at": 1}]}}), 422),
        (*signed({**good, "session": {**good["session"], "payments": [{"id": "p", "amount_paise": 5, "captured_at": 10**30}]}}), 422),
        (*signed({**good, "session": {**good["session"], "reference": "0" * 32}}), 404),
    ]  # fmt: skip
    before, client = rows(), Client()
    for given, content, status in hostile:
        named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()}
        answer = client.post("/api/payments/messages/sandbox", content, content_type="application/json", **named)
        assert answer.status_code == status, (given, content[:80], answer.content)
    assert client.post("/api/payments/messages/unknown", body, content_type="application/json").status_code == 422
    assert added(before) == {}
    named = {
        "HTTP_X_GATEWAY_TIME": headers["x-gateway-time"],
        "HTTP_X_GATEWAY_SIGNATURE": headers["x-gateway-signature"],
    }
    for taken in (True, False):
        answer = client.post("/api/payments/messages/sandbox", body, content_type="application/json", **named)
        assert answer.json() == {"taken": taken}


def test_only_the_page_that_leads_away_may_send_its_form_there(payer: Payer) -> None:
    order = payer.order()
    client = Client()
    sign_in(client, payer.person)
    origin = gateway_for("sandbox").page_origin
    assert (
        f"form-action 'self' {origin};"
        in client.get(f"/payments/orders/{order.public_id}/").headers["Content-Security-Policy"]
    )
    for path in (f"/payments/orders/{order.public_id}/result/", "/applications/"):
        assert origin not in client.get(path).headers["Content-Security-Policy"]
    services.cancel_order(order=order, reason="-", actor=ACTOR, now=timezone.now())
    assert origin not in client.get(f"/payments/orders/{order.public_id}/").headers["Content-Security-Policy"]


def test_the_gateway_refuses_production_and_addresses_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UDGAM_ENV", "production")
    with pytest.raises(SandboxRefused):
        gateway.start(folder=tmp_path)
    monkeypatch.delenv("UDGAM_ENV")
    handle = gateway.start(folder=tmp_path)
    try:
        wanted = {"merchant": "SEC", "reference": "r", "amount_paise": 1, "description": "d", "return_url": "https://evil.example/", "notify_url": "http://127.0.0.1/"}  # fmt: skip
        headers = {"Authorization": f"Bearer {gateway.API_KEY}"}
        assert httpx.post(f"{handle.url}/v1/sessions", json=wanted, headers=headers, trust_env=False).status_code == 422
        assert httpx.post(f"{handle.url}/v1/sessions", json=wanted, trust_env=False).status_code == 401
    finally:
        handle.stop()
    assert django_settings.PAYMENT_ACCOUNTS["sandbox"]["secret"] == gateway.SECRET
