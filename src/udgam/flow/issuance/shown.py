"""How certificates and the entries of a run are shown: at which stage each is, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.issuance.models import Alarm, Certificate, RunEntry, SigningRun
from udgam.flow.issuance.queries import entries_of
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.subjects import subject_of
from udgam.ground.agreements.queries import agreement_of
from udgam.ground.audit.queries import acts_of
from udgam.rules.content import CertificateContent
from udgam.rules.endings import CANCEL_REASONS
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
        return _why_it_waits(certificate.waiting_for)
    if stage == "other_day":
        return _("Open the list to sign again: it is then prepared with the new date.")
    return ""


def _why_it_waits(code: str) -> str:
    """Why the platform could not complete a certificate yet. The values of the refusal are not kept, so words with a gap stay out."""
    if code.startswith(("time_stamp.", "outage.time_stamps")):
        return _(
            "The time stamp service does not answer, so nothing is issued yet. Your signatures are kept for a day; the platform "
            "goes on by itself as soon as the service answers."
        )
    reason = IssueRefused.reasons.get(code) or all_reasons().get(code)
    told = [_(text) for text in reason or () if "{" not in text]
    return " ".join([_("The platform tries again by itself."), *told, f"{_('Code for the help desk')}: {code}"])


@dataclass(frozen=True)
class ShownCertificate:
    """An issued certificate in the reader's language. ``ended`` says why it counts no more, or is empty."""

    row: Certificate
    content: CertificateContent
    label: str
    colour: str
    ended: str
    note: str
    successor: Certificate | None


def shown_certificate(row: Certificate) -> ShownCertificate:
    """The certificate with its status in words."""
    label, colour = {
        "issued": (_("Issued"), "green"),
        "superseded": (_("Superseded"), "orange"),
        "cancelled": (_("Cancelled"), "red"),
    }[row.state]
    ended = _(CANCEL_REASONS[row.end_reason]) if row.end_reason in CANCEL_REASONS else ""
    return ShownCertificate(
        row=row,
        content=thaw(bytes(row.content), digest=row.content_sha256).certificate,
        label=label,
        colour=colour,
        ended=ended,
        note=row.end_note,
        successor=row.superseded_by,
    )


class CopyNames:
    """The paper leaves that the agreement of a certificate knows, in their order and by the agreement's own names.

    One for a whole list: what the certificates of a day under one agreement have in common is looked up once.
    """

    def __init__(self) -> None:
        self._known: dict[object, tuple[str, ...]] = {}

    def of(self, content: CertificateContent) -> tuple[str, ...]:
        """The names of the leaves of one certificate; empty when its agreement knows none."""
        key = (content.agreement, content.rules, content.issued_on)
        if key not in self._known:
            copies = agreement_of(content).copies
            self._known[key] = copies.names if copies is not None else ()
        return self._known[key]


def copy_names(row: Certificate) -> tuple[str, ...]:
    """The paper leaves of a single certificate, see `CopyNames`."""
    return CopyNames().of(thaw(bytes(row.content), digest=row.content_sha256).certificate)


ACTS = {
    "certificate.prepared": gettext_lazy("Prepared for signing"),
    "certificate.certified": gettext_lazy("Certified by the officer’s token"),
    "certificate.page_drawn": gettext_lazy("Page drawn"),
    "certificate.page_signed": gettext_lazy("Page signed by the officer’s token"),
    "certificate.sealed": gettext_lazy("Sealed by the office"),
    "certificate.issued": gettext_lazy("Issued"),
    "certificate.completion_failed": gettext_lazy("Could not be completed yet"),
    "certificate.cancelled": gettext_lazy("Cancelled"),
    "certificate.superseded": gettext_lazy("Superseded"),
    "certificate.stamped": gettext_lazy("Time stamp added that was due"),
    "certificate.archived": gettext_lazy("Archive time stamp added"),
    "certificate.resealed": gettext_lazy("Sealed anew with another key"),
    "certificate.code_renewed": gettext_lazy("Code and credential signed anew with another key"),
    "certificate.extract_made": gettext_lazy("Extract for a bank or customer made"),
    "certificate.dispatched": gettext_lazy("Print sent by post"),
    "certificate.dispatch_corrected": gettext_lazy("Note of the print by post corrected"),
    "certificate_request.made": gettext_lazy("The exporter asked the office"),
    "certificate_request.withdrawn": gettext_lazy("The exporter took the request back"),
    "certificate_request.granted": gettext_lazy("The office granted the request"),
    "certificate_request.refused": gettext_lazy("The office refused the request"),
}


@dataclass(frozen=True)
class ShownAct:
    """A line of the certificate's history."""

    at: datetime
    label: str
    who: str


def history_of(row: Certificate) -> list[ShownAct]:
    """What was done about a certificate, the latest first."""
    return [
        ShownAct(line.at, str(ACTS.get(line.act, line.act)), line.actor_name or "")
        for line in acts_of(subject_of(row), newest_first=True, limit=100)
    ]


# What an alarm's code means, and what to do about it.
ALARMS = {
    "file": (
        gettext_lazy("The file of a certificate is not as it was issued"),
        gettext_lazy(
            "Restore this file from the backup, then run the re-check again. Find out who can write to the folder."
        ),
    ),
    "content": (
        gettext_lazy("The stored content of a certificate was changed"),
        gettext_lazy("Restore the database from the backup and compare. Find out who can write to it."),
    ),
    "record": (
        gettext_lazy("The record of acts tells of another file or content"),
        gettext_lazy("Compare the certificate with its record of acts. Find out who can write to the database."),
    ),
    "code": (
        gettext_lazy("The signed code of a certificate does not hold"),
        gettext_lazy("Look whether the office’s key was revoked or changed; sign anew what it signed."),
    ),
    "credential": (
        gettext_lazy("The credential of a certificate does not hold"),
        gettext_lazy("Look whether the office’s key was revoked or changed; sign anew what it signed."),
    ),
    "log": (
        gettext_lazy("The published log does not tell what the database tells"),
        gettext_lazy("Keep both as they are, and compare with the copy of a witness."),
    ),
    "status": (
        gettext_lazy("The published status of a certificate is another one"),
        gettext_lazy("See that the worker runs and publishes; then run the re-check again."),
    ),
    "register": (
        gettext_lazy("The published register cannot be believed"),
        gettext_lazy("The manual for operators says how to go on."),
    ),
}


@dataclass(frozen=True)
class ShownAlarm:
    """An alarm in words."""

    row: Alarm
    what: str
    advice: str


def shown_alarm(row: Alarm) -> ShownAlarm:
    """What the alarm means, and what to do."""
    what, advice = ALARMS[row.code.partition(".")[0]]
    return ShownAlarm(row, str(what), str(advice))
