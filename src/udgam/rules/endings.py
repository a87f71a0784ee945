"""How an issued certificate ends: by which reasons it may be cancelled, and by whom.

The Foreign Trade Policy lets the issuing agency alone take back what it certified; what was certified is never altered. A
corrected certificate is a new one, issued in lieu, and the first one is superseded by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from udgam.rules import duties
from udgam.rules.duties import OfficerStanding
from udgam.rules.refusals import YES, Answer, Reason, no

# Stable code -> English label; the catalogue translates it.
CANCEL_REASONS: Mapping[str, str] = {
    "wrong-data": "What it says is wrong",
    "not-shipped": "The goods were not shipped",
    "not-originating": "The goods do not originate in India",
    "false-papers": "It rests on false papers",
    "exporter-asked": "The exporter asked for it",
    "other": "Another reason",
}
SUPERSEDE_REASON = "in-lieu"

REASONS = {
    "ending.not_signatory": Reason(
        "Only a signing officer of the office that issued the certificate may end it.",
        "Ask a signing officer of your office.",
    ),
    "ending.not_counting": Reason(
        "The certificate {number} does not count any more, so there is nothing to end.",
        "Its page shows when it ended and why.",
    ),
    "ending.unknown_reason": Reason("That is none of the reasons for cancelling.", "Choose one from the list."),
    "ending.other_exporter": Reason(
        "The certificate {number} was issued to another exporter or under another agreement.",
        "Give the number of the certificate that was issued in lieu of this one.",
    ),
    "ending.not_later": Reason(
        "The certificate {number} was not issued after this one.",
        "Give the number of the certificate that was issued in lieu of this one.",
    ),
    "ending.same": Reason(
        "A certificate cannot stand in its own place.",
        "Give the number of the certificate that was issued in lieu of this one.",
    ),
    "ending.unknown_number": Reason(
        "Your agency has issued no certificate that counts under the number {number}.",
        "Type the number as it stands on the new certificate.",
    ),
}


def may_end(officer: OfficerStanding, *, agency: str, office: str, on: date) -> Answer:
    """Whether the officer may cancel or supersede a certificate of that office. The power to issue under its agreement may have
    ended since; the duty to take back what is wrong does not."""
    standing = duties.may_examine(officer, agency=agency, office=office, on=on)
    if not standing:
        return standing
    if "signatory" not in officer.duties:
        return no(REASONS, "ending.not_signatory")
    return YES
