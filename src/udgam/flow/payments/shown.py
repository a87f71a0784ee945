"""Orders in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from udgam.flow.payments.models import Order
from udgam.rules.fees import ORDER

_COLOURS = {"open": "yellow", "paid": "green", "refunded": "blue", "cancelled": "grey", "expired": "grey"}


@dataclass(frozen=True)
class ShownState:
    """The state of an order as a tag shows it."""

    label: str
    colour: str
    turn: str


def shown_state(order: Order) -> ShownState:
    """Label, colour and whose turn it is."""
    turn = _("Your turn") if ORDER.turn(order.state) == "exporter" else ""
    return ShownState(_(ORDER.label(order.state)), _COLOURS[order.state], turn)
