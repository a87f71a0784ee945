"""Where a branch pays tax: its GSTIN, or the State of its SEZ. Checked against the firm's record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from udgam.flow.registration.reasons import RegistrationRefused
from udgam.rules.firm import Address, Branch, FirmRecord
from udgam.rules.identifiers import STATES_TO_CHOOSE, IdentifierRefused, check_gstin, parse_aeo, state_code_of
from udgam.rules.refusals import Refused


@dataclass(frozen=True)
class TaxPlace:
    """What was typed for one branch."""

    gstin: str = ""
    is_sez: bool = False
    sez_state: str = ""


@dataclass(frozen=True)
class PlaceNeeded:
    """A branch of the record for which the firm gives its GSTIN or SEZ. The code is empty for the firm itself."""

    code: str
    address: Address
    state_code: str


@dataclass(frozen=True)
class PlaceRefused:
    """Which field of which branch was refused ("gstin", "is_sez", "sez_state"), and why."""

    code: str
    field: str
    refused: Refused


class DetailsRefused(Exception):
    """Some of the typed details were refused; nothing was changed."""

    def __init__(self, places: tuple[PlaceRefused, ...], aeo: Refused | None = None) -> None:
        super().__init__("details refused")
        self.places = places
        self.aeo = aeo


def firm_pan(firm: FirmRecord) -> str | None:
    """The PAN of the IEC: as recorded, or the IEC itself when that is a PAN."""
    return firm.pan or (firm.iec if firm.iec[:1].isalpha() else None)


def places_of(firm: FirmRecord) -> tuple[PlaceNeeded, ...]:
    """The branches of the record, each once; the firm at its registered office when the record has none."""
    branches: Mapping[str, Branch] = {branch.code: branch for branch in reversed(firm.branches)}
    if not branches:
        office = firm.registered_office
        return (PlaceNeeded("", office, state_code_of(office.state) or ""),)
    return tuple(
        PlaceNeeded(code, branches[code].address, state_code_of(branches[code].address.state) or "")
        for code in sorted(branches, key=lambda code: (len(code), code))
    )


def check_place(place: PlaceNeeded, typed: TaxPlace, *, pan: str | None) -> TaxPlace | PlaceRefused:
    """The tax place in its normal form, or what is wrong with it."""
    if typed.gstin.strip() and typed.is_sez:
        return PlaceRefused(place.code, "gstin", RegistrationRefused("branch.gstin_and_sez"))
    if typed.is_sez:
        if typed.sez_state not in STATES_TO_CHOOSE:
            return PlaceRefused(place.code, "sez_state", RegistrationRefused("branch.sez_state_missing"))
        return TaxPlace(is_sez=True, sez_state=typed.sez_state)
    if not typed.gstin.strip():
        return PlaceRefused(place.code, "gstin", RegistrationRefused("branch.gstin_or_sez"))
    try:
        gstin = check_gstin(typed.gstin, pan=pan, state_code=place.state_code or None)
    except IdentifierRefused as refused:
        return PlaceRefused(place.code, "gstin", refused)
    return TaxPlace(gstin=gstin.value)


def check_details(
    firm: FirmRecord, places: Mapping[str, TaxPlace], aeo: str
) -> tuple[list[tuple[PlaceNeeded, TaxPlace]], str]:
    """Every branch of the record with its checked tax place, and the AEO number. Raises `DetailsRefused` with all faults."""
    pan = firm_pan(firm)
    checked: list[tuple[PlaceNeeded, TaxPlace]] = []
    refused: list[PlaceRefused] = []
    for place in places_of(firm):
        outcome = check_place(place, places.get(place.code, TaxPlace()), pan=pan)
        if isinstance(outcome, PlaceRefused):
            refused.append(outcome)
        else:
            checked.append((place, outcome))
    aeo_refused: IdentifierRefused | None = None
    value = ""
    if aeo.strip():
        try:
            value = parse_aeo(aeo, pan=pan).value
        except IdentifierRefused as fault:
            aeo_refused = fault
    if refused or aeo_refused:
        raise DetailsRefused(tuple(refused), aeo_refused)
    return checked, value
