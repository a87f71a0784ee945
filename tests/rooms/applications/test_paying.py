"""The fee: asked for with the signature, paid now or later or never, given back by rule."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.fee_accounts import set_fee_account
from tests.rooms.applications.firm import ACTOR, Firm, text_of
from tests.rooms.payments.purse import paid
from udgam.flow.applications import jobs, services
from udgam.flow.applications.models import Application
from udgam.flow.payments.models import Order
from udgam.flow.payments.services import end_unpaid, open_deposit, pay_from_wallet
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import DeferredTaskFailed, run_deferred
from udgam.ground.tasks.registry import registered
from udgam.parties.accounts.actors import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(firm: Firm) -> Application:
    """An application to an agency that collects its fee here, signed and not yet paid."""
    set_fee_account(
        agency=firm.agency.mumbai.agency,
        state_code="27",
        gstin="27ZZZAS0201C1ZK",
        billing_address="18 Ballard Lane, Mumbai 400001",
        gateway="sandbox",
        actor=ACTOR,
        now=timezone.now(),
    )
    return firm.submitted()


def _order(application: Application) -> Order:
    return Order.objects.get(subject=f"application:{application.public_id}", state__in=("open", "paid", "refunded"))


def _settled(application: Application) -> Application:
    paid(_order(application))
    run_deferred()
    application.refresh_from_db()
    return application


def test_the_signature_opens_the_order_and_the_office_sees_nothing(firm: Firm, signed: Application) -> None:
    assert signed.state == "awaiting_payment"
    assert signed.submitted_at is None
    order = _order(signed)
    # Rs 200 and 18 % of integrated tax: the agency is in Maharashtra, the branch in Kerala.
    assert (order.fee_paise, order.igst_paise, order.total_paise) == (20_000, 3_600, 23_600)
    page = text_of(firm.get("detail", signed.public_id))
    assert "Order summary" in page
    assert f"/payments/orders/{order.public_id}/" in page
    assert firm.get("preview", signed.public_id).content.startswith(b"%PDF-")


def test_paid_it_goes_to_the_office_once_and_people_are_told(firm: Firm, signed: Application) -> None:
    _settled(signed)
    assert signed.state == "submitted"
    assert signed.submitted_at is not None
    assert not services.record_payment(application=signed, actor=ACTOR, now=timezone.now())
    run_deferred()
    assert any(signed.number in message.subject for message in mail.outbox if signed.number)
    acts = [line.act for line in acts_of(f"application:{signed.public_id}")]
    assert acts[-2:] == ["application.signed", "application.paid"]


def test_a_fee_whose_task_was_given_up_is_followed_all_the_same(
    firm: Firm, signed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_given: object) -> bool:
        raise OperationalError("server closed the connection")

    assert registered()["applications.paid"].retry.attempts > 1
    assert registered()["applications.unpaid"].retry.attempts > 1
    paid(_order(signed))
    with monkeypatch.context() as patch:
        patch.setattr(services, "record_payment", gone)
        with pytest.raises(DeferredTaskFailed):
            run_deferred()
        jobs.take_up_missed()
    run_deferred()
    signed.refresh_from_db()
    assert signed.state == "awaiting_payment"
    jobs.take_up_missed()
    signed.refresh_from_db()
    assert signed.state == "submitted"
    jobs.take_up_missed()
    assert [line.act for line in acts_of(f"application:{signed.public_id}")].count("application.paid") == 1


def test_an_order_that_ended_ends_its_application_though_its_task_was_lost(firm: Firm, signed: Application) -> None:
    jobs.take_up_missed()
    signed.refresh_from_db()
    assert signed.state == "awaiting_payment"
    Order.objects.filter(id=_order(signed).id).update(state="expired")
    jobs.take_up_missed()
    signed.refresh_from_db()
    assert signed.state == "expired"


def test_the_wallet_pays_too(firm: Firm, signed: Application) -> None:
    agency = firm.agency.mumbai.agency
    agency.refresh_from_db()
    paid(open_deposit(exporter=firm.exporter, agency=agency, amount_paise=100_000, actor=ACTOR, now=timezone.now()))
    pay_from_wallet(order=_order(signed), actor=actor_of(firm.person), now=timezone.now())
    run_deferred()
    signed.refresh_from_db()
    assert signed.state == "submitted"


def test_unpaid_it_ends_and_stays_ended(firm: Firm, signed: Application) -> None:
    end_unpaid(actor=ACTOR, now=timezone.now() + timedelta(days=31))
    run_deferred()
    signed.refresh_from_db()
    assert signed.state == "expired"
    assert not services.record_payment(application=signed, actor=ACTOR, now=timezone.now())
    assert "not paid in time" in text_of(firm.get("detail", signed.public_id))


def test_before_payment_it_can_be_changed_and_is_signed_and_ordered_anew(firm: Firm, signed: Application) -> None:
    first = _order(signed)
    assert firm.post("take-back", signed.public_id).status_code == 302
    signed.refresh_from_db()
    first.refresh_from_db()
    assert (signed.state, first.state) == ("draft", "cancelled")
    assert "done" in firm.sign(signed.public_id).json()
    signed.refresh_from_db()
    assert (signed.state, signed.version) == ("awaiting_payment", 2)
    assert _order(signed).id != first.id


def test_after_payment_it_is_corrected_without_a_second_fee(firm: Firm, signed: Application) -> None:
    _settled(signed)
    assert firm.post("take-back", signed.public_id).status_code == 302
    signed.refresh_from_db()
    assert signed.state == "correcting"
    assert "done" in firm.sign(signed.public_id).json()
    signed.refresh_from_db()
    assert (signed.state, signed.version) == ("submitted", 2)
    assert Order.objects.filter(subject=f"application:{signed.public_id}").count() == 1


@pytest.mark.parametrize("is_paid", [False, True])
def test_withdrawn_before_examination_the_fee_goes_back(firm: Firm, signed: Application, is_paid: bool) -> None:
    if is_paid:
        _settled(signed)
    order = _order(signed)
    assert firm.post("withdraw", signed.public_id).status_code == 302
    signed.refresh_from_db()
    order.refresh_from_db()
    assert (signed.state, order.state) == ("withdrawn", "refunded" if is_paid else "cancelled")


def test_refused_the_fee_goes_back_and_withdrawn_after_a_question_it_does_not(firm: Firm, signed: Application) -> None:
    _settled(signed)
    officer, now = firm.agency.officer, timezone.now()
    services.take_up(application=signed, person=officer, actor=actor_of(officer), now=now)
    signed.refresh_from_db()
    services.refuse(application=signed, reason="No.", person=officer, actor=actor_of(officer), now=now)
    assert _order(signed).state == "refunded"


def test_nobody_changes_what_an_officer_has_taken_up(firm: Firm, signed: Application) -> None:
    _settled(signed)
    officer = firm.agency.officer
    services.take_up(application=signed, person=officer, actor=actor_of(officer), now=timezone.now())
    assert firm.post("take-back", signed.public_id).status_code == 302
    signed.refresh_from_db()
    assert signed.state == "under_examination"


def test_the_agency_stays_once_it_was_signed(firm: Firm, signed: Application) -> None:
    firm.post("take-back", signed.public_id)
    Application.objects.filter(id=signed.id).update(number="KEC/2026/016/0000009A")
    refused = firm.say(signed.public_id, event="open").json()
    assert refused["refused"]["reason"] == "application.agency_fixed"


def test_a_copy_has_what_lasts_and_nothing_of_the_consignment(firm: Firm, signed: Application) -> None:
    assert "entered anew" in text_of(firm.get("copy", signed.public_id))
    assert firm.post("copy", signed.public_id).status_code == 302
    copy = Application.objects.get(copied_from=signed)
    assert (copy.state, copy.number, copy.version, copy.shipment, copy.departure) == ("draft", None, 0, "", None)
    assert copy.consignee_name == signed.consignee_name
    assert [row.description for row in copy.items.all()] == [row.description for row in signed.items.all()]
    assert not copy.invoices.exists()
    assert not copy.documents.exists()


def test_the_list_has_tabs_sorts_and_an_export_that_runs_nothing(firm: Firm, signed: Application) -> None:
    Application.objects.filter(id=signed.id).update(consignee_name="=HYPERLINK(1)")
    assert signed.number in text_of(firm.get("list", data={"tab": "awaiting-payment", "sort": "-consignee"}))
    assert "No application fits" in text_of(firm.get("list", data={"tab": "issued"}))
    exported = firm.get("export", data={"tab": "awaiting-payment"})
    cells = CalamineWorkbook.from_filelike(io.BytesIO(exported.content)).get_sheet_by_index(0).to_python()
    assert cells[1][0] == signed.number
    assert cells[1][4] == "=HYPERLINK(1)"
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
