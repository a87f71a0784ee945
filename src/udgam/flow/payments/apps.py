from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Fees, prepaid wallets, gateways, receipts: the money that belongs to the agencies."""

    name = "udgam.flow.payments"
    label = "payments"
