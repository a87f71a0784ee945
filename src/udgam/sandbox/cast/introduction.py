"""What `make run` prints: whom one can be, with which token and PIN."""

from __future__ import annotations

from udgam.sandbox.cast.agency import AGENCY
from udgam.sandbox.cast.firms import firm_by_key
from udgam.sandbox.cast.people import PEOPLE, Person
from udgam.sandbox.cast.tokens import TOKENS

_KINDS = {
    "exporter": "exporter",
    "officer": "officer",
    "agency-admin": "agency administrator",
    "administrator": "administrator",
}


def _place(person: Person) -> str:
    if person.firm is not None:
        firm = firm_by_key(person.firm)
        return f"{firm.name}, IEC {firm.iec}"
    offices = {office.code: office.name for office in AGENCY.offices}
    if person.office is not None:
        return f"{AGENCY.name}, {offices[person.office]}"
    return AGENCY.name if person.kind == "agency-admin" else "the platform"


def introduction() -> str:
    """The people of the cast with token names and PINs, then the other tokens, as lines of plain text."""
    lines = ["  The cast (fictional). Choose the token in the signing agent's window and type its PIN:", ""]
    lines.append(f"    {'Token':<22}{'PIN':<8}{'Holder':<17}Who")
    used = set()
    for person in PEOPLE.values():
        spec = TOKENS[person.token]
        used.add(spec.name)
        lines.append(f"    {spec.name:<22}{spec.pin:<8}{spec.holder:<17}{_KINDS[person.kind]}, {_place(person)}")
    lines += ["", "  To register, an exporter types the mobile number and the e-mail of the IEC record:"]
    for person in PEOPLE.values():
        if person.firm is None:
            continue
        firm = firm_by_key(person.firm)
        gstins = ", ".join(firm.branch_gstins().values())
        line = f"    {firm.iec}  {firm.mobile}  {firm.email}  GSTIN {gstins}"
        if line not in lines:
            lines.append(line)
    lines += ["", "  Tokens to try what else can happen:"]
    lines += [f"    {spec.name:<22}{spec.pin:<8}{spec.shows}" for spec in TOKENS.values() if spec.name not in used]
    return "\n".join(lines)
