"""How the entries of a run are shown: at which stage each is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from udgam.flow.issuance.models import Certificate, RunEntry, SigningRun
from udgam.flow.issuance.queries import entries_of
from udgam.rules.content import CertificateContent
from udgam.rules.numbers import indian_date
from udgam.rules.reasons import all_reasons
from udgam.signing.sealing.stages import thaw


@dataclass(frozen=True)
class ShownEntry:
    """One line of the page: stage is waiting, half_signed, completing, issued, voided, other_day, other_hands or refused."""

    entry: RunEntry
    certificate: Certificate | None
    content: CertificateContent | None
    stage: str
    label: str
    colour: str
    note: str


def shown_entries(run: SigningRun, now: datetime) -> list[ShownEntry]:
    """All entries of the run, in their order."""
    return [_shown(entry, run, now) for entry in entries_of(run)]


def _shown(entry: RunEntry, run: SigningRun, now: datetime) -> ShownEntry:
    certificate = entry.certificate
    stage = _stage(entry, run, now)
    label, colour = {
        "waiting": (_("To be signed"), "blue"),
        "half_signed": (_("Page to be signed"), "orange"),
        "completing": (_("Being sealed"), "turquoise"),
        "issued": (_("Issued"), "green"),
        "voided": (_("Voided"), "grey"),
        "other_day": (_("Day is over"), "grey"),
        "other_hands": (_("With a colleague"), "grey"),
        "refused": (_("Cannot be signed"), "red"),
    }[stage]
    content = thaw(bytes(certificate.content), digest=certificate.content_sha256).certificate if certificate else None
    return ShownEntry(entry, certificate, content, stage, label, colour, _note(entry, stage))


def _stage(entry: RunEntry, run: SigningRun, now: datetime) -> str:
    certificate = entry.certificate
    if certificate is None:
        return "refused"
    if certificate.state in {"issued", "superseded", "cancelled"}:
        return "issued"
    if certificate.state == "voided":
        return "voided"
    if certificate.signed_page:
        return "completing"
    if entry.refusal:
        return "refused"
    if certificate.issued_on != indian_date(now):
        return "other_day"
    if certificate.signatory_id != run.person_id:
        return "other_hands"
    return "half_signed" if certificate.state == "certified" else "waiting"


def _note(entry: RunEntry, stage: str) -> str:
    certificate = entry.certificate
    if stage == "refused":
        return f"{_(entry.refusal_message)} {_(entry.refusal_advice)}".strip()
    if stage == "completing" and certificate is not None and certificate.waiting_for:
        if certificate.waiting_for.startswith("time_stamp."):
            return _(
                "The time stamp service does not answer, so nothing is issued yet. Your signatures are kept; the platform "
                "goes on by itself as soon as the service answers."
            )
        reason = all_reasons().get(certificate.waiting_for)
        told = f" {_(reason.message)}" if reason and "{" not in reason.message else ""
        return _("The platform tries again by itself.") + told + f" ({certificate.waiting_for})"
    if stage == "other_day":
        return _("Open the list to sign again: it is then prepared with the new date.")
    return ""
