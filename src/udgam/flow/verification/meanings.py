"""What it means when a step of a check does not hold, in words for somebody at a counter. Never by the id alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.verification.shown import said
from udgam.signing.proof import Report

_KEY_UNKNOWN = gettext_lazy("Nobody whom this site knows as an issuing office made it. Anybody can draw such a code.")
_CODE_CHANGED = gettext_lazy("It was changed after the office signed it, or the office never signed it.")
_KEY_TIME = gettext_lazy(
    "The office's key was not in force on the day that is stated, so it may have been made by someone else."
)
_NO_POWER = gettext_lazy(
    "The office had no right to issue under this agreement. Customs cannot accept it as issued under it."
)
_OTHER_PROOF = gettext_lazy(
    "A proof is missing here, or was taken from another certificate. Do not rely on any part of it."
)
_LATER_CHANGE = gettext_lazy(
    "Something was put into the file after it was signed. What you see may not be what was certified."
)
_FORGED = gettext_lazy(
    "What the officer or the office signed is not what stands in this file. It was changed or forged."
)
_OTHER_REGISTER = gettext_lazy(
    "Nobody who is believed here confirms it. It may be true all the same: the register that it names can say."
)
_NOT_ISSUED_FORM = gettext_lazy("This is not how this platform writes its files. It was made or rewritten elsewhere.")

MEANINGS = {
    "file.structure": gettext_lazy(
        "The file holds what no certificate holds and could change what it shows, or it cannot be read whole."
    ),
    "file.ours": gettext_lazy(
        "Signatures in it, if any, are those of somebody else. They may hold, but they make it no certificate of this platform."
    ),
    "signatures.present": gettext_lazy(
        "The officer's signature or the office's seal is missing, or others stand there. It was never issued like this."
    ),
    "signatures.cover_file": _LATER_CHANGE,
    "signatures.padding": _LATER_CHANGE,
    "signatures.containers": _NOT_ISSUED_FORM,
    "officer.signature": _FORGED,
    "seal.signature": _FORGED,
    "seal.time_stamp": gettext_lazy("Nobody who can be believed says when it was sealed, so the date may be false."),
    "seal.known": gettext_lazy(
        "The seal is not that of an issuing office, or was not in force. Anybody can make a seal of the same name."
    ),
    "officer.path": gettext_lazy(
        "The signing certificate of the officer could not be believed at that time: unknown, expired or revoked."
    ),
    "officer.named": gettext_lazy("The person who signed could not certify for this agency on that day."),
    "officer.power": _NO_POWER,
    "content.present": gettext_lazy(
        "The signed content is missing or damaged, so there is nothing to hold the page against."
    ),
    "content.certified": gettext_lazy(
        "The officer did not certify this content, or nothing proves that it was on the day that is stated. Do not rely on it."
    ),
    "content.agrees": gettext_lazy(
        "Number, agency or date are not the same in all parts. Parts of two certificates were mixed."
    ),
    "code.agrees": _OTHER_PROOF,
    "credential.agrees": _OTHER_PROOF,
    "data.agree": _OTHER_PROOF,
    "document.unchanged": _LATER_CHANGE,
    "document.archived": _LATER_CHANGE,
    "status.known": gettext_lazy(
        "What became of the certificate could not be proved. Try again later, or ask the issuing office."
    ),
    "status.same_content": gettext_lazy(
        "The number was issued for something else. The number is real, this certificate is not."
    ),
    "log.included": gettext_lazy(
        "The public log of all issued certificates does not hold it as it should. Tell the issuing office."
    ),
    "code.form": _NOT_ISSUED_FORM,
    "code.key": _KEY_UNKNOWN,
    "code.signature": _CODE_CHANGED,
    "code.time": _KEY_TIME,
    "code.power": _NO_POWER,
    "credential.form": _NOT_ISSUED_FORM,
    "credential.key": _KEY_UNKNOWN,
    "credential.signature": _CODE_CHANGED,
    "credential.time": _KEY_TIME,
    "credential.power": _NO_POWER,
    "credential.content": gettext_lazy("The content in the credential is not whole, so nothing in it counts."),
    "credential.ours": gettext_lazy(
        "It may be a good credential of somebody else, but it is no certificate of origin of this platform."
    ),
    "foreign.whole": gettext_lazy(
        "It was changed since somebody signed or wrapped it, or its signature is missing or false."
    ),
    "foreign.issuer": gettext_lazy(
        "Nobody whom this site knows stands behind the issuer's name. Ask the issuer by a way that you know from elsewhere."
    ),
    "foreign.period": gettext_lazy("By its own words it does not count today."),
    "foreign.signature": gettext_lazy(
        "What this signature covers was changed, or the signature was not made by the key that it names."
    ),
    "foreign.coverage": gettext_lazy(
        "What you see may not be what was signed. Ask for the file as it was when it was signed."
    ),
    "foreign.time": gettext_lazy("When it was signed is not proved by anybody whom this site knows."),
    "foreign.signer": gettext_lazy(
        "The name in the signature is only a claim: anybody can make a certificate with that name in it."
    ),
    "bundle.credential": _OTHER_PROOF,
    "bundle.code": _OTHER_PROOF,
}


@dataclass(frozen=True)
class Failure:
    """A step that does not hold: its number and name, what was found, and what that means."""

    step: int
    name: str
    detail: str
    meaning: str


def meaning_of(check_id: str) -> str:
    """What it means when that step does not hold. Steps about one signature of several end in its number."""
    plain, _dot, number = check_id.rpartition(".")
    return str(MEANINGS.get(plain if number.isdecimal() else check_id, ""))


def failures_of(report: Report) -> list[Failure]:
    """Every step that does not hold, in the language of the page."""
    other = report.other_register is not None
    return [
        Failure(one.step, _(one.name), said(one.detail), str(_OTHER_REGISTER) if other else meaning_of(one.id))
        for one in report.checks
        if one.outcome == "fail"
    ]
