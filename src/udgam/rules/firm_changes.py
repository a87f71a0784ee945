"""What changed between two fetches of a firm's record, in words, and what the firm must do about it.

People are matched by name and branches by their code. The moment of the fetch and its source are not changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from udgam.rules.binding.names import names_agree
from udgam.rules.firm import FirmPerson, FirmRecord
from udgam.rules.identifiers import mask_email, mask_mobile, same_email, same_mobile
from udgam.rules.refusals import Reason

Kind = Literal["changed", "added", "removed"]
Effect = Literal["stops_filing", "needs_tax_place", "needs_proof", "check_holder"]

_NOTHING = "Nothing needs to be done."
_NEW_CODE = "Prove the new one with a one-time code before the next application."
_TAX_PLACE = "Enter the GSTIN of this branch, or say that it is in an SEZ, before the next application from it."

REASONS = {
    "firm.name_changed": Reason("The firm's name is now {new}; it was {old}.", _NOTHING),
    "firm.name_as_per_pan_changed": Reason(
        "The name as per PAN is now {new}; it was {old}.",
        "If you use an organisation token, it must carry the new name.",
    ),
    "firm.pan_changed": Reason(
        "The PAN of the IEC changed.",
        "Enter the GSTIN of every branch again and sign in with a token bound to the new PAN.",
    ),
    "firm.became_inactive": Reason(
        "The IEC is no longer active.", "Have it activated at DGFT. Until then no application can be filed."
    ),
    "firm.became_active": Reason("The IEC is active again.", _NOTHING),
    "firm.constitution_changed": Reason(
        "The firm is now recorded as {new}; it was {old}.", "Check that your token still suits this kind of firm."
    ),
    "firm.registered_office_changed": Reason("The registered office is now {new}; it was {old}.", _NOTHING),
    "firm.email_changed": Reason("The e-mail in the IEC record is now {new}; it was {old}.", _NEW_CODE),
    "firm.email_removed": Reason(
        "The IEC record no longer has an e-mail.", "Have one recorded at DGFT, then fetch again."
    ),
    "firm.mobile_changed": Reason("The mobile in the IEC record is now {new}; it was {old}.", _NEW_CODE),
    "firm.mobile_removed": Reason(
        "The IEC record no longer has a mobile.", "Have one recorded at DGFT, then fetch again."
    ),
    "firm.person_added": Reason("{new} is now listed.", _NOTHING),
    "firm.person_removed": Reason(
        "{old} is no longer listed.", "A token of this person can no longer be used for the firm."
    ),
    "firm.person_changed": Reason("The details of {new} changed.", _NOTHING),
    "firm.branch_added": Reason("Branch {branch} was added: {new}.", _TAX_PLACE),
    "firm.branch_removed": Reason("Branch {branch} was removed: {old}.", "It can no longer be chosen in applications."),
    "firm.branch_changed": Reason("Branch {branch} is now at {new}; it was at {old}.", _NOTHING),
    "firm.branch_state_changed": Reason("Branch {branch} moved to {new}; it was at {old}.", _TAX_PLACE),
}

_NONE = "—"


@dataclass(frozen=True)
class Difference:
    """One change. ``old`` and ``new`` are what a page may show: contact data is masked, a PAN never appears.

    ``effect`` says what follows: filing stops, a branch needs its GSTIN or SEZ, a contact must be proved again, or the holder
    of the token in use must be looked for again; None when nothing follows.
    """

    code: str
    field: str
    kind: Kind
    old: str
    new: str
    effect: Effect | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        return REASONS[self.code].message.format_map(self.params)

    @property
    def advice(self) -> str:
        return REASONS[self.code].advice.format_map(self.params)


def differences(old: FirmRecord, new: FirmRecord) -> tuple[Difference, ...]:
    """What changed from ``old`` to ``new``, in the order of the page "My IEC details". Records of one IEC only."""
    if old.iec != new.iec:
        raise ValueError("these records are of different IECs")
    return (*_identity(old, new), *_contact(old, new), *_people(old, new), *_branches(old, new))


def _difference(
    code: str, where: str, kind: Kind, *, old: str = "", new: str = "", effect: Effect | None = None, **params: str
) -> Difference:
    return Difference(code, where, kind, old, new, effect, {"old": old or _NONE, "new": new or _NONE, **params})


def _identity(old: FirmRecord, new: FirmRecord) -> Iterator[Difference]:
    if old.status != new.status:
        active = new.is_active
        yield _difference(
            "firm.became_active" if active else "firm.became_inactive",
            "status",
            "changed",
            old=old.status,
            new=new.status,
            effect=None if active else "stops_filing",
        )
    if old.name != new.name:
        yield _difference("firm.name_changed", "name", "changed", old=old.name, new=new.name)
    if old.name_as_per_pan != new.name_as_per_pan:
        yield _difference(
            "firm.name_as_per_pan_changed",
            "name_as_per_pan",
            "changed",
            old=old.name_as_per_pan or "",
            new=new.name_as_per_pan or "",
            effect="check_holder",
        )
    if old.pan != new.pan:
        yield _difference("firm.pan_changed", "pan", "changed", effect="needs_tax_place")
    if old.constitution != new.constitution:
        yield _difference(
            "firm.constitution_changed",
            "constitution",
            "changed",
            old=old.constitution,
            new=new.constitution,
            effect="check_holder",
        )
    if old.registered_office != new.registered_office:
        yield _difference(
            "firm.registered_office_changed",
            "registered_office",
            "changed",
            old=str(old.registered_office),
            new=str(new.registered_office),
        )


def _contact(old: FirmRecord, new: FirmRecord) -> Iterator[Difference]:
    if old.email and not new.email:
        yield _difference("firm.email_removed", "email", "removed", old=mask_email(old.email), effect="stops_filing")
    elif new.email and not (old.email and same_email(old.email, new.email)) and new.email != old.email:
        yield _difference(
            "firm.email_changed",
            "email",
            "changed" if old.email else "added",
            old=mask_email(old.email) if old.email else "",
            new=mask_email(new.email),
            effect="needs_proof",
        )
    if old.mobile and not new.mobile:
        yield _difference(
            "firm.mobile_removed", "mobile", "removed", old=mask_mobile(old.mobile), effect="stops_filing"
        )
    elif new.mobile and not (old.mobile and same_mobile(old.mobile, new.mobile)) and new.mobile != old.mobile:
        yield _difference(
            "firm.mobile_changed",
            "mobile",
            "changed" if old.mobile else "added",
            old=mask_mobile(old.mobile) if old.mobile else "",
            new=mask_mobile(new.mobile),
            effect="needs_proof",
        )


def _people(old: FirmRecord, new: FirmRecord) -> Iterator[Difference]:
    left = list(old.people)
    added: list[FirmPerson] = []
    for person in new.people:
        before = next((other for other in left if other == person), None) or next(
            (other for other in left if names_agree(other.name, person.name) == "equal"), None
        )
        if before is None:
            added.append(person)
            continue
        left.remove(before)
        if before != person:
            # A changed PAN or role may change whether a token of this person still holds.
            proves_anew = (before.pan_hash, before.role) != (person.pan_hash, person.role)
            yield _difference(
                "firm.person_changed",
                "people",
                "changed",
                old=before.name,
                new=person.name,
                effect="check_holder" if proves_anew else None,
            )
    for person in left:
        yield _difference("firm.person_removed", "people", "removed", old=person.name, effect="check_holder")
    for person in added:
        yield _difference("firm.person_added", "people", "added", new=person.name)


def _branches(old: FirmRecord, new: FirmRecord) -> Iterator[Difference]:
    before = {branch.code: branch.address for branch in old.branches}
    after = {branch.code: branch.address for branch in new.branches}
    for code, address in after.items():
        was = before.get(code)
        if was is None:
            yield _difference(
                "firm.branch_added", "branches", "added", new=str(address), effect="needs_tax_place", branch=code
            )
        elif was != address:
            moved = was.state.casefold() != address.state.casefold()
            yield _difference(
                "firm.branch_state_changed" if moved else "firm.branch_changed",
                "branches",
                "changed",
                old=str(was),
                new=str(address),
                effect="needs_tax_place" if moved else None,
                branch=code,
            )
    for code, address in before.items():
        if code not in after:
            yield _difference("firm.branch_removed", "branches", "removed", old=str(address), branch=code)
