"""Software tokens for people who are not in the cast, made before the sandbox's authority starts: it reads its register once."""

from __future__ import annotations

import json
import string
from dataclasses import asdict, dataclass
from pathlib import Path

from udgam.sandbox.authority import LoadedToken
from udgam.sandbox.authority.tree import Authority
from udgam.sandbox.cast import AGENCY, Address, Branch, Firm, FirmPerson, TokenSpec

PIN = "654321"
_GIVEN = ("Asha", "Bharat", "Chitra", "Dinesh", "Esha", "Farid", "Gauri", "Harish", "Indu", "Jatin")
_FAMILY = ("Ambekar", "Bose", "Chandra", "Dutta", "Eapen", "Fernandes", "Gokhale", "Hegde", "Iyer", "Joshi")


@dataclass(frozen=True)
class Member:
    """Somebody with a token: a person of a firm, or an officer. Two people of a firm follow each other."""

    token: str
    name: str
    firm: int | None = None
    is_first: bool = True


def name_of(number: int) -> str:
    """A name that nobody else of the crowd has."""
    given, family = _GIVEN[number % 10], _FAMILY[number // 10 % 10]
    return f"{given} {string.ascii_uppercase[number // 100 % 26]} {family}"


def pan_of_firm(number: int) -> str:
    """The PAN of a fictional company, which is its IEC too."""
    return f"ZZXC{string.ascii_uppercase[number // 9_000 % 26]}{number % 9_000 + 1:04d}K"


def firm_of(number: int, people: list[Member]) -> Firm:
    """A fictional firm with one branch; its people are its directors."""
    place = Address(f"{number} Market Road", "Mattancherry", "Kochi", "Kerala", "32", "682002")
    pan = pan_of_firm(number)
    return Firm(
        key=f"crowd-{number}",
        iec=pan,
        name=f"Crowd Traders {number:04d} Private Limited",
        pan=pan,
        constitution="company",
        office=place,
        people=tuple(FirmPerson(one.name, "director", "") for one in people),
        branches=(Branch(1, place),),
        email=f"firm-{number:04d}@crowd.example",
        mobile=f"+9199998{number:05d}",
    )


def firms_of(members: list[Member]) -> dict[int, Firm]:
    """Every firm of the crowd by its number."""
    numbers = sorted({one.firm for one in members if one.firm is not None})
    return {number: firm_of(number, [one for one in members if one.firm == number]) for number in numbers}


def tell_register(folder: Path, members: list[Member]) -> None:
    """Write the firms where the sandbox's register of exporters reads what was added to the cast."""
    firms = {firm.iec: asdict(firm) for firm in firms_of(members).values()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "registry.json").write_text(json.dumps(firms), encoding="utf-8")


def crowd(*, exporters: int, officers: int) -> list[Member]:
    """Who is there: every fourth firm has two people, who pay from one wallet."""
    members: list[Member] = []
    firm = 0
    while len(members) < exporters:
        people = 2 if firm % 4 == 0 and len(members) + 2 <= exporters else 1
        for place in range(people):
            token = f"crowd-exporter-{len(members):04d}"
            members.append(Member(token, name_of(len(members)), firm, is_first=place == 0))
        firm += 1
    return members + [Member(f"crowd-officer-{one:04d}", name_of(exporters + one)) for one in range(officers)]


def make_tokens(folder: Path, members: list[Member], *, authority_port: int) -> dict[str, LoadedToken]:
    """Make the authority of a sandbox that has not started yet, and a token for each member; answers them by name."""
    tell_register(folder, members)
    firms = firms_of(members)
    authority = Authority.open(folder, base=f"http://127.0.0.1:{authority_port}")
    made = {}
    for number, member in enumerate(members):
        made[member.token] = authority.issue(
            TokenSpec(
                name=member.token,
                holder=member.name,
                pin=PIN,
                organisation=AGENCY.registered_name if member.firm is None else firms[member.firm].name,
                pan=f"ZZXP{string.ascii_uppercase[number // 9_000 % 26]}{number % 9_000 + 1:04d}K",
                shows="one of the crowd",
                units=() if member.firm is None else (f"IEC {firms[member.firm].iec}",),
                # An officer's signature stands in the file for years: RSA, as most of these tokens are.
                key_type="rsa" if member.firm is None else "ec",
            )
        )
    return made
