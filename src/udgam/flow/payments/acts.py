"""What can happen to an order."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "order.opened",
    "order.attempted",
    "order.settled",
    "order.surplus_received",
    "order.cancelled",
    "order.expired",
    "order.refunded",
    "order.refund_finished",
    "order.wallet_paid_out",
)
