"""Receipts and credit notes: numbered without gaps, frozen when issued."""

from __future__ import annotations

from datetime import datetime

from udgam.flow.payments.models import Order, Paper
from udgam.ground.reference.services import next_number
from udgam.rules.fees import Series, document_number, series_key
from udgam.rules.fees.tax import WITHOUT_LEGISLATURE

FORMAT = "udgam.receipt/1"
_SERIES: dict[str, Series] = {Paper.Kind.RECEIPT: "R", Paper.Kind.DEPOSIT: "D", Paper.Kind.CREDIT_NOTE: "C"}


def issue_paper(*, order: Order, kind: str, reason: str, now: datetime) -> Paper:
    """Issue the paper of that kind for an order, in the caller's transaction; ask late, the series is held until it ends."""
    earlier = order.papers.filter(kind=Paper.Kind.RECEIPT).first() if kind == Paper.Kind.CREDIT_NOTE else None
    content = paper_content(order=order, reason=reason, corrects=earlier)
    series = _SERIES[kind]
    number = next_number(key=series_key(agency=order.agency.code, series=series, now=now))
    return Paper.objects.create(
        kind=kind,
        number=document_number(series=series, now=now, n=number),
        agency=order.agency,
        exporter=order.exporter,
        order=order,
        content=content,
        issued_at=now,
    )


def paper_content(*, order: Order, reason: str, corrects: Paper | None) -> dict[str, object]:
    """What a paper says (CGST Rules 2017, rules 46 and 53): both parties, place of supply, service, amounts. Plain JSON, amounts in paise."""
    agency, exporter = order.agency, order.exporter
    return {
        "format": FORMAT,
        "supplier": {
            "name": agency.registered_name,
            "gstin": agency.gstin,
            "state": order.supplier_state,
            "address": agency.billing_address,
        },
        "customer": {
            "name": exporter.name,
            "iec": exporter.iec,
            "gstin": order.customer_gstin,
            "address": order.customer_address,
        },
        "place_of_supply": order.place_of_supply,
        "to_sez": order.to_sez,
        "union_territory": order.supplier_state in WITHOUT_LEGISLATURE,
        "service": order.fee_name,
        "sac": order.sac,
        "about": order.about,
        "fee_paise": order.fee_paise,
        "basis_points": order.basis_points,
        "igst_paise": order.igst_paise,
        "cgst_paise": order.cgst_paise,
        "sgst_paise": order.sgst_paise,
        "total_paise": order.total_paise,
        "paid_by": order.paid_by,
        "reason": reason,
        "corrects": {"number": corrects.number, "issued_at": corrects.issued_at.isoformat()} if corrects else None,
    }
