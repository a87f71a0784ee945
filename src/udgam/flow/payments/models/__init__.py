"""Orders, what gateways say, the ledger, papers."""

from udgam.flow.payments.models.gateway import Attempt, Capture, GatewayMessage, Refund
from udgam.flow.payments.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from udgam.flow.payments.models.orders import Order
from udgam.flow.payments.models.papers import Paper

__all__ = [
    "Attempt",
    "Capture",
    "GatewayMessage",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerPosting",
    "Order",
    "Paper",
    "Refund",
]
