"""The fictional cast: firms, people, one issuing agency, and the tokens they carry.

Every name, number and address here is invented. Permanent account numbers (PANs) begin with ZZZ, mail goes to the
reserved domain `.example` (RFC 2606), mobile numbers are 99999 followed by a small number, and no message ever leaves
the sandbox's own mailbox.
"""

from udgam.sandbox.cast.agency import AGENCY, Agency, Office
from udgam.sandbox.cast.firms import (
    FIRMS,
    UNKNOWN_IEC,
    Address,
    Branch,
    Firm,
    FirmPerson,
    firm,
    firm_by_key,
    gstin,
    pan_hash,
)
from udgam.sandbox.cast.introduction import introduction
from udgam.sandbox.cast.people import PEOPLE, Person, person
from udgam.sandbox.cast.tokens import TOKENS, TokenSpec, token

__all__ = [
    "AGENCY",
    "FIRMS",
    "PEOPLE",
    "TOKENS",
    "UNKNOWN_IEC",
    "Address",
    "Agency",
    "Branch",
    "Firm",
    "FirmPerson",
    "Office",
    "Person",
    "TokenSpec",
    "firm",
    "firm_by_key",
    "gstin",
    "introduction",
    "pan_hash",
    "person",
    "token",
]
