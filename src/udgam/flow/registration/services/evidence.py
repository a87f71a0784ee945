"""Keeping what a token proved: the raw token, its certificate, the path, the revocation evidence and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from django.db import IntegrityError, transaction

from udgam.flow.registration.holders import holder_key
from udgam.flow.registration.models import NearMiss, RevocationFile, TokenEvidence
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.rules.binding import CertificateFacts, Decision
from udgam.signing.trust import ValidatedPath, fingerprint

# Which of the two names a refusal is about, by its code.
_NEAR_MISS_SUBJECT = {"binding.holder_near_miss": "holder", "binding.organisation_near_miss": "organisation"}


@dataclass(frozen=True)
class ShownToken:
    """A token that was verified: structure, signature, path, policy and revocation hold. Whom it may act for is not decided."""

    raw: str
    certificate: Certificate
    path: ValidatedPath
    facts: CertificateFacts


def record_token_evidence(
    *,
    purpose: str,
    subject: str,
    iec: str,
    shown: ShownToken,
    decision: Decision | None,
    now: datetime,
) -> TokenEvidence:
    """Keep the evidence. Call inside the transaction of the act it belongs to."""
    evidence = TokenEvidence.objects.create(
        purpose=purpose,
        subject=subject,
        iec=iec,
        raw=shown.raw,
        certificate=shown.certificate.public_bytes(Encoding.DER),
        certificate_sha256=fingerprint(shown.certificate),
        facts=shown.facts.to_json(),
        path=shown.path.evidence(),
        decision=decision.to_json() if decision else None,
        rule_version=decision.version if decision else "",
        seen_at=now,
    )
    evidence.revocation_files.set(_revocation_files(shown.path.revocation, now))
    return evidence


def _revocation_files(used: Sequence[Any], now: datetime) -> list[RevocationFile]:
    files = []
    for proof in used:
        row = RevocationFile.objects.filter(sha256=proof.sha256).only("id").first()
        if row is None:
            try:
                with transaction.atomic():
                    row = RevocationFile.objects.create(
                        sha256=proof.sha256, kind=proof.kind, data=proof.data, first_used_at=now
                    )
            except IntegrityError:
                # Another request kept the same list at the same moment; it is one file.
                row = RevocationFile.objects.only("id").get(sha256=proof.sha256)
        files.append(row)
    return files


def record_decision(*, evidence: TokenEvidence, decision: Decision, actor: Actor, now: datetime) -> None:
    """Put the firm binding decision beside its evidence, and a near miss into the administrators' queue."""
    evidence.decision = decision.to_json()
    evidence.rule_version = decision.version
    evidence.save(update_fields=["decision", "rule_version"])
    if decision.allowed or decision.near_miss is None or decision.reason is None:
        return
    in_certificate, in_record = decision.near_miss
    near_miss, is_new = NearMiss.objects.get_or_create(
        iec=evidence.iec,
        subject=_NEAR_MISS_SUBJECT[decision.reason],
        in_certificate=in_certificate[:300],
        in_record=in_record[:300],
        holder_key=holder_key(evidence.facts, evidence.certificate_sha256),
        defaults={"evidence": evidence, "seen_at": now},
    )
    if is_new:
        record(act="near_miss.seen", subject=f"near_miss:{near_miss.public_id}", actor=actor, now=now)
