"""The states of an order (what somebody owes an agency for one thing) and of a refund."""

from __future__ import annotations

from udgam.rules.lifecycle import Lifecycle, Move, State

ORDER = Lifecycle(
    "order",
    states=(
        State("open", "To be paid", "exporter"),
        State("paid", "Paid", "nobody"),
        State("refunded", "Refunded", "nobody"),
        State("cancelled", "Cancelled", "nobody"),
        State("expired", "Not paid in time", "nobody"),
    ),
    moves=(
        Move("open", "settle", "paid"),
        Move("open", "cancel", "cancelled"),
        Move("open", "expire", "expired"),
        Move("paid", "refund", "refunded"),
    ),
    acts={"settle": "Pay", "cancel": "Cancel", "expire": "End", "refund": "Refund"},
)

REFUND = Lifecycle(
    "refund",
    states=(
        State("waiting", "Waiting for the gateway", "platform"),
        State("sent", "On its way", "platform"),
        State("done", "Paid back", "nobody"),
    ),
    moves=(
        Move("waiting", "send", "sent"),
        Move("waiting", "finish", "done"),
        Move("sent", "finish", "done"),
    ),
    acts={"send": "Send", "finish": "Finish"},
)
