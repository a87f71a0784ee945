"""Voiding what was prepared and not completed. The number is kept with the reason and never used again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.queries import is_approved_at
from udgam.flow.issuance.models import Certificate, SigningRun
from udgam.flow.issuance.queries import entries_of, unsigned_since_before
from udgam.flow.issuance.services.moving import move
from udgam.ground.audit.actors import Actor
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused
from udgam.signing.proof.checks.existence import MOST_BETWEEN
from udgam.signing.proof.checks.in_log import OFFICERS_CLOCK

log = logging.getLogger("udgam.issuance")

VOID_REASONS: Mapping[str, object] = {
    "other_day": _("Not signed on the day it was prepared for."),
    "other_token": _("Prepared for another token of the same officer."),
    "taken_over": _("Not signed in time; a colleague took it over."),
    "taken_back": _("Taken back by the officer before it was signed."),
    "application_moved": _("The application was no longer approved."),
    "too_late": _("It could not be sealed within a day of the officer’s signature, and must be signed again."),
    "authority_ended": _("The officer’s authority ended between the two signatures."),
}


@transaction.atomic
def void_certificate(*, certificate: Certificate, reason: str, actor: Actor, now: datetime) -> None:
    """Void a certificate that is not completed. Raises `IssueRefused` or `TransitionRefused` when it has moved on."""
    if reason not in VOID_REASONS:
        raise ValueError(f"{reason!r} is no reason for voiding")
    move(
        certificate=certificate,
        act="void",
        audit_act="certificate.voided",
        actor=actor,
        now=now,
        details={"number": certificate.number, "reason": reason},
        where={"signed_page": certificate.signed_page},
        voided_at=now,
        void_reason=reason,
    )


def void_if_moved(*, certificate: Certificate, actor: Actor, now: datetime) -> bool:
    """Void a certificate whose application is no longer approved, or was approved anew; answers whether it was voided."""
    approved_at = certificate.approved_at
    if approved_at is not None and is_approved_at(certificate.application_id, approved_at):
        return False
    void_certificate(certificate=certificate, reason="application_moved", actor=actor, now=now)
    return True


def void_if_too_late(*, certificate: Certificate, actor: Actor, now: datetime) -> bool:
    """Void a certificate that was signed so long ago that no stamp of now could prove when; answers whether it was voided."""
    if certificate.state == "sealed" and certificate.stamp_due_since is None:
        return False
    if certificate.certified_at is None or now - certificate.certified_at < MOST_BETWEEN - OFFICERS_CLOCK:
        return False
    void_certificate(certificate=certificate, reason="too_late", actor=actor, now=now)
    return True


def void_stale(*, actor: Actor, now: datetime) -> int:
    """Void everything that was prepared for an earlier day in India and not signed on it; answers how many."""
    count = 0
    for certificate in unsigned_since_before(indian_date(now)):
        try:
            void_certificate(certificate=certificate, reason="other_day", actor=actor, now=now)
        except Refused as refused:
            # Somebody voided it in the same moment.
            log.info("not voided", extra={"reason": refused.code})
        else:
            count += 1
    return count


def take_back_run(*, run: SigningRun, actor: Actor, now: datetime) -> int:
    """Void what the officer prepared in a run and has not signed; answers how many."""
    count = 0
    for entry in entries_of(run):
        certificate = entry.certificate
        if certificate is None or certificate.state not in {"prepared", "certified"} or certificate.signed_page:
            continue
        if certificate.signatory_id != run.person_id:
            continue
        try:
            void_certificate(certificate=certificate, reason="taken_back", actor=actor, now=now)
        except Refused as refused:
            log.info("not voided", extra={"reason": refused.code})
        else:
            count += 1
    return count
