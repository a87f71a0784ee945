"""Amounts of Indian money: whole numbers of paise inside, rupees with two places outside, written in lakhs and crores."""

from __future__ import annotations

from decimal import Decimal


def paise_of(rupees: Decimal) -> int:
    """Paise in an amount of rupees. Raises ``ValueError`` unless it has at most two places: nothing is rounded unseen."""
    paise = rupees * 100
    if not paise.is_finite() or paise != paise.to_integral_value():
        raise ValueError("an amount in rupees has at most two places")
    return int(paise)


def rupees_of(paise: int) -> Decimal:
    """The amount in rupees, with two places."""
    return Decimal(paise).scaleb(-2).quantize(Decimal("0.01"))


def written(paise: int) -> str:
    """``1,23,456.70``: the last three digits apart, then pairs, as amounts are written in India."""
    whole, rest = divmod(abs(paise), 100)
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return f"{'-' if paise < 0 else ''}{','.join([*pairs, tail])}.{rest:02d}"


def rounded_share(paise: int, *, basis_points: int) -> int:
    """So many hundredths of a per cent of an amount, to the nearest paisa; half a paisa is rounded up."""
    if paise < 0 or basis_points < 0:
        raise ValueError("shares are taken of what is owed")
    return (paise * basis_points + 5_000) // 10_000
