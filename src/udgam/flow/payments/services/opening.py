"""Orders are opened by the room whose thing costs something, and cancelled when it is no longer wanted."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from udgam.flow.payments.models import Order
from udgam.flow.payments.queries import order_for_subject, place_of_supply, subject_of, takes_fees
from udgam.flow.payments.refusals import PaymentRefused
from udgam.flow.registration.models import Exporter, ExporterBranch
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.ground.tasks.registry import check_call
from udgam.parties.agencies.models import Agency
from udgam.rules.fees import load_fees, tax_on, written
from udgam.rules.fees.periods import LARGEST_DEPOSIT_PAISE, SMALLEST_DEPOSIT_PAISE, UNPAID_LIFETIME
from udgam.rules.numbers import indian_date


@transaction.atomic
def open_order(
    *,
    subject: str,
    about: str,
    fee_code: str,
    exporter: Exporter,
    branch: ExporterBranch,
    agency: Agency,
    settled_task: str,
    actor: Actor,
    now: datetime,
    expired_task: str = "",
    return_to: str = "",
) -> Order:
    """Open the order for the fee of one thing, or answer the one that is open or paid already.

    ``subject`` is the thing as its room names it ("application:3f0c..."), ``about`` the same for people; ``fee_code`` stands in the fee
    table of `rules.fees`; taxes follow from the agency's State and the branch's. When the order is paid, ``settled_task`` is deferred
    with the subject in the same transaction; when it ends unpaid, ``expired_task``. ``return_to`` is a path of this site.
    Raises `PaymentRefused`, `FeeRefused`, `TaskUnknown`, `ArgumentsDiffer`.
    """
    known = order_for_subject(subject)
    if known is not None and known.state in {"open", "paid"}:
        return known
    if not takes_fees(agency):
        raise PaymentRefused("payment.agency_not_ready")
    place, to_sez = place_of_supply(branch)
    if not place:
        raise PaymentRefused("payment.place_unknown")
    for name in filter(None, (settled_task, expired_task)):
        check_call(name, {"subject": subject})
    _require_path(return_to)
    day = indian_date(now)
    fee, rate = load_fees().fee(fee_code, day), load_fees().tax(day)
    tax = tax_on(
        fee.amount_paise,
        basis_points=rate.basis_points,
        supplier_state=agency.state_code,
        place_of_supply=place,
        to_sez=to_sez,
        supplier_registered=bool(agency.gstin),
    )
    try:
        with transaction.atomic():
            order = Order.objects.create(
                purpose=Order.Purpose.FEE,
                subject=subject,
                about=about,
                return_to=return_to,
                exporter=exporter,
                agency=agency,
                fee_code=fee.code,
                fee_name=fee.name,
                fee_source=fee.source[:300],
                sac=rate.sac,
                basis_points=rate.basis_points if agency.gstin else 0,
                fee_paise=fee.amount_paise,
                igst_paise=tax.igst_paise,
                cgst_paise=tax.cgst_paise,
                sgst_paise=tax.sgst_paise,
                total_paise=fee.amount_paise + tax.total_paise,
                supplier_state=agency.state_code,
                place_of_supply=place,
                to_sez=to_sez,
                customer_gstin=branch.gstin,
                customer_address=_written_address(branch),
                settled_task=settled_task,
                expired_task=expired_task,
                created_at=now,
                expires_at=now + UNPAID_LIFETIME,
            )
    except IntegrityError:
        # Somebody opened it at the same moment; theirs counts.
        theirs = order_for_subject(subject)
        if theirs is None:
            raise
        return theirs
    record(act="order.opened", subject=subject_of(order), actor=actor, now=now, details=_details(order))
    return order


@transaction.atomic
def open_deposit(*, exporter: Exporter, agency: Agency, amount_paise: int, actor: Actor, now: datetime) -> Order:
    """Open an order that fills the exporter's wallet at an agency once it is paid.

    No tax is due on a deposit; it is charged when a fee is paid from the wallet. Raises `PaymentRefused`.
    """
    if not SMALLEST_DEPOSIT_PAISE <= amount_paise <= LARGEST_DEPOSIT_PAISE:
        raise PaymentRefused(
            "payment.deposit_amount", least=written(SMALLEST_DEPOSIT_PAISE), most=written(LARGEST_DEPOSIT_PAISE)
        )
    if not takes_fees(agency) or agency.is_suspended:
        raise PaymentRefused("payment.agency_not_ready")
    order = Order.objects.create(
        purpose=Order.Purpose.DEPOSIT,
        subject=f"wallet:{exporter.public_id}:{agency.code}",
        about=agency.name,
        exporter=exporter,
        agency=agency,
        fee_name="Deposit into the wallet",
        fee_paise=amount_paise,
        total_paise=amount_paise,
        supplier_state=agency.state_code,
        place_of_supply=agency.state_code,
        created_at=now,
        expires_at=now + UNPAID_LIFETIME,
    )
    record(act="order.opened", subject=subject_of(order), actor=actor, now=now, details=_details(order))
    return order


@transaction.atomic
def cancel_order(*, order: Order, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel an order that was not paid. Money that still arrives for it goes back by itself. Raises `PaymentRefused`."""
    changed = Order.objects.filter(id=order.id, state="open").update(
        state="cancelled", closed_at=now, close_reason=reason[:300]
    )
    if changed != 1:
        raise PaymentRefused("payment.not_open")
    record(act="order.cancelled", subject=subject_of(order), actor=actor, now=now, details={"reason": reason[:300]})


def _details(order: Order) -> dict[str, object]:
    return {"about": order.subject, "fee": order.fee_code, "total_paise": order.total_paise}


def _written_address(branch: ExporterBranch) -> str:
    parts = (branch.address.get(key) for key in ("line1", "line2", "city", "pin"))
    return ", ".join(str(part) for part in parts if part)


def _require_path(path: str) -> None:
    if path and (not path.startswith("/") or path.startswith(("//", "/\\"))):
        raise ValueError("return_to is a path of this site")
