"""The officer's verbs. Each asks whether the officer may, then lets the application change once."""

from udgam.flow.examination.services.asking import DecisionRefused
from udgam.flow.examination.services.deciding import (
    approve,
    ask_verification,
    raise_discrepancy,
    refuse,
    report_verification,
    send_back,
)
from udgam.flow.examination.services.holding import hold, put_back, reassign, take_over, take_up, write_note

__all__ = [
    "DecisionRefused",
    "approve",
    "ask_verification",
    "hold",
    "put_back",
    "raise_discrepancy",
    "reassign",
    "refuse",
    "report_verification",
    "send_back",
    "take_over",
    "take_up",
    "write_note",
]
