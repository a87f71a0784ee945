"""What moves money. Each verb is one transaction; calls to a gateway stand between two of them, in views and jobs."""

from udgam.flow.payments.services.attempts import begin_attempt, finish_attempt, receive_message
from udgam.flow.payments.services.ending import end_unpaid, remind
from udgam.flow.payments.services.ledger import book
from udgam.flow.payments.services.opening import cancel_order, open_deposit, open_order
from udgam.flow.payments.services.paying_out import pay_out
from udgam.flow.payments.services.refunding import (
    ToPayBack,
    begin_refund,
    finish_refund,
    give_back,
    refund,
)
from udgam.flow.payments.services.settling import apply_attempt, pay_from_wallet

__all__ = [
    "ToPayBack",
    "apply_attempt",
    "begin_attempt",
    "begin_refund",
    "book",
    "cancel_order",
    "end_unpaid",
    "finish_attempt",
    "finish_refund",
    "give_back",
    "open_deposit",
    "open_order",
    "pay_from_wallet",
    "pay_out",
    "receive_message",
    "refund",
    "remind",
]
