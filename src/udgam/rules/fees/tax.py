"""How GST on a fee is split, after the place of supply.

- Supplier and place of supply in one State: half central tax, half State (or Union territory) tax (CGST Act 2017, section 9).
- In two States, or to a unit in a special economic zone wherever it lies: integrated tax (IGST Act 2017, sections 5 and 7(5)(b)).
- A supplier without a GSTIN may not collect tax (CGST Act 2017, section 32(1)).

Each tax is rounded on its own to the nearest paisa, half a paisa up; the two halves are therefore always equal, and within a
State the sum may differ by one paisa from the integrated tax on the same fee.
"""

from __future__ import annotations

from dataclasses import dataclass

from udgam.rules.fees.money import rounded_share
from udgam.rules.identifiers.states import STATES

# Union territories without a legislature of their own have Union territory tax in the place of State tax (UTGST Act 2017).
WITHOUT_LEGISLATURE = frozenset({"04", "26", "31", "35", "38"})


@dataclass(frozen=True, kw_only=True)
class Tax:
    """The taxes on one fee, in paise. ``sgst_paise`` is Union territory tax where there is no State."""

    igst_paise: int = 0
    cgst_paise: int = 0
    sgst_paise: int = 0

    @property
    def total_paise(self) -> int:
        """All three."""
        return self.igst_paise + self.cgst_paise + self.sgst_paise


def tax_on(
    fee_paise: int,
    *,
    basis_points: int,
    supplier_state: str,
    place_of_supply: str,
    to_sez: bool,
    supplier_registered: bool,
) -> Tax:
    """The taxes on a fee. States are GST codes. Raises ``ValueError`` for a code that is none."""
    if supplier_state not in STATES or place_of_supply not in STATES:
        raise ValueError("States are named by their GST codes")
    if not supplier_registered:
        return Tax()
    if to_sez or supplier_state != place_of_supply:
        return Tax(igst_paise=rounded_share(fee_paise, basis_points=basis_points))
    half = rounded_share(fee_paise, basis_points=basis_points // 2)
    return Tax(cgst_paise=half, sgst_paise=half)
