"""How a payment can end at the sandbox's gateway: what one chooses on its page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One choice. ``captures`` are amounts as shares of what was asked, in hundredths; ``says`` is what the button says."""

    says: str
    captures: tuple[int, ...] = (100,)
    messages: int = 1
    is_forged: bool = False
    is_late: bool = False
    waits_for_message: bool = False
    refunds: str = "done"


WAYS: dict[str, Way] = {
    "pay": Way("Pay"),
    "fail": Way("Fail: the bank declines", captures=()),
    "first": Way("Pay, and send the message before the browser returns", waits_for_message=True),
    "late": Way("Pay late: the browser returns first, the money comes afterwards", is_late=True),
    "silent": Way("Pay, and never send a message", messages=0),
    "duplicate": Way("Pay, and send the message three times", messages=3),
    "twice": Way("Pay twice", captures=(100, 100)),
    "less": Way("Pay half of the amount", captures=(50,)),
    "forged": Way("Do not pay, but send a forged message that says so", captures=(), is_forged=True),
    "slow-refund": Way("Pay; a refund will take a while", refunds="pending"),
    "no-refund": Way("Pay; a refund will be refused for good", refunds="refused"),
}
