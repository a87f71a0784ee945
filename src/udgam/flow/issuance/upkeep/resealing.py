"""Re-sealing: a key is believed no more, and everything that still counts and that it signed is signed anew with the present key.

The officer's signatures stay as they are: a seal is put anew over the page that the officer signed; code and credential are made
anew from the certified content. What proves the moment of the officer's act goes into the new file: the log's entry of the issue, and
what the old file held about the officer's token. So it does not matter what became of officer and token since (ADR 0056). Each certificate is one step that is recorded by itself, so a run that dies is begun again and goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings

from udgam.flow.issuance import crash_points, cycle, services
from udgam.flow.issuance.models import Certificate, Resealing
from udgam.flow.issuance.queries import certificates_to_reseal, resealing_by_key
from udgam.flow.issuance.refusals import IssueRefused, code_of
from udgam.flow.issuance.register.keys import proof_key_of
from udgam.flow.issuance.register.places import register_base
from udgam.flow.issuance.seal_keys import seal_key_of
from udgam.flow.issuance.trust import trust_with
from udgam.flow.issuance.upkeep import stamping
from udgam.flow.issuance.upkeep.evidence import proof_of_issue
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused
from udgam.signing.proof.evidence import revocation_pieces
from udgam.signing.proof.file import UNREADABLE, read_file
from udgam.signing.proof.log import MemoryStorage
from udgam.signing.proof.published import proof_path
from udgam.signing.sealing import seal
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.credential import make_credential
from udgam.signing.sealing.seal import Evidence
from udgam.signing.sealing.stages import Certified, thaw
from udgam.signing.trust import ValidatedPath, fingerprint, validate_path

log = logging.getLogger("udgam.issuance")
Clock = Callable[[], datetime]


@dataclass
class Outcome:
    """What a run did: how many were signed anew, and which could not be, with the reason."""

    done: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def begin(*, key: str, reason: str, actor: Actor, now: datetime) -> Resealing:
    """Revoke a seal (its SHA-256) or a key of codes (its id), or take up what was begun. Raises `IssueRefused`."""
    found = resealing_by_key(key)
    if found is None:
        raise IssueRefused("resealing.unknown_key", key=key)
    if isinstance(found, Resealing):
        return found
    office = found.office
    present = (
        fingerprint(seal_key_of(office).certificate) if hasattr(found, "sha256") else proof_key_of(office).public.id
    )
    if present == key:
        raise IssueRefused("resealing.still_in_use", key=key[:16])
    return services.begin_resealing(key=found, reason=reason, today=indian_date(now), actor=actor, now=now)


def run(
    resealing: Resealing,
    *,
    clock: Clock,
    actor: Actor,
    progress: Callable[[int], None] | None = None,
    limit: int | None = None,
) -> Outcome:
    """Sign anew what is left, each certificate by itself. One that cannot be signed anew keeps its reason and the others go on.

    With a limit the next part begins behind the last row of this one, and at the beginning again after the end.
    """
    outcome, seen, last = Outcome(), 0, 0
    if limit is not None:
        resealing.refresh_from_db(fields=["reached"])
    after = 0 if limit is None else resealing.reached
    for certificate in certificates_to_reseal(resealing, today=indian_date(clock()), after=after, limit=limit):
        seen, last = seen + 1, certificate.pk
        try:
            if resealing.seal_id is not None:
                _reseal(certificate, resealing, actor, clock())
            else:
                _renew_code(certificate, resealing, actor, clock())
        except (Refused, OSError) as error:
            outcome.failed[certificate.number] = code_of(error)
        else:
            outcome.done += 1
        if progress is not None:
            progress(1)
    if limit is not None:
        services.note_reached(resealing=resealing, pk=last if seen == limit else 0)
    if not outcome.failed and limit is None:
        services.finish_resealing(resealing=resealing, actor=actor, now=clock())
    return outcome


def _certified(certificate: Certificate) -> Certified:
    """The stage that the rows stand for. The officer's signature was proved when it was made and is proved again by our own check
    of the finished file; the token may have ended since, and must not have to be good today."""
    content = thaw(bytes(certificate.content), digest=certificate.content_sha256)
    if certificate.cms is None or certificate.certified_at is None:
        raise IssueRefused("issuance.not_expected")
    return cycle.certified_at(content, bytes(certificate.cms), certificate.certified_at)


def _reseal(certificate: Certificate, resealing: Resealing, actor: Actor, now: datetime) -> None:
    key = seal_key_of(certificate.office)
    path = validate_path(
        key.certificate, store=trust_store(), revocation=revocation_source(), at=now, intermediates=key.chain
    )
    certified = _certified(certificate)
    with certificate.signed_page.open("rb") as stored:
        page = stored.read()
    proof = proof_of_issue(certificate)
    made = seal.apply(
        page,
        seal_key=key,
        time_stamper=stamping.time_stamper(),
        evidence=_evidence(certificate, certified, path, proof),
        now=now,
    )
    crash_points.reach("reseal.in_hand")
    services.record_resealed(
        certificate=certificate, resealing=resealing, pdf=made, seal_certificate=key.certificate,
        check=lambda row: _check(row, proof), actor=actor, now=now,
    )  # fmt: skip
    crash_points.reach("resealed")


def _evidence(certificate: Certificate, certified: Certified, path: ValidatedPath, proof: bytes | None) -> Evidence:
    """What the new file must bring: the old one's evidence about the token of the day, that of the new seal, the log's proof."""
    fresh = Evidence.of(certified.signature.path, path)
    try:
        with certificate.file.open("rb") as stored:
            crls, ocsps = revocation_pieces(read_file(stored.read()))
    except (Refused, OSError, *UNREADABLE) as error:
        # The old file is not what is signed anew; without its evidence the lists at hand must prove the token.
        log.warning("the file before has no evidence to hand on", extra={"reason": type(error).__name__})
        crls, ocsps = (), ()
    return replace(
        fresh,
        crls=tuple(dict.fromkeys((*crls, *fresh.crls))),
        ocsps=tuple(dict.fromkeys((*ocsps, *fresh.ocsps))),
        log_proof=proof,
    )


def _check(row: Certificate, proof: bytes | None) -> None:
    """Our own check, which may look at the log's proof of the issue and at nothing else that is published."""
    files = MemoryStorage() if proof is None else MemoryStorage({proof_path(row.content_sha256, "issued"): proof})
    try:
        cycle.check_own_work(row, trust_with(revocation_source(), published=files))
    except IssueRefused as refused:
        if proof is None and refused.params.get("step") == "content.certified":
            raise IssueRefused("resealing.not_logged") from refused
        raise


def _renew_code(certificate: Certificate, resealing: Resealing, actor: Actor, now: datetime) -> None:
    key = proof_key_of(certificate.office)
    certified = _certified(certificate)
    issuer, base = settings.ISSUER_DID, register_base()
    services.record_renewed_code(
        certificate=certificate,
        resealing=resealing,
        code=make_code(certified, key=key, issuer=issuer, now=now),
        credential=make_credential(certified, key=key, issuer=issuer, base=base, now=now),
        proof_key=key.public,
        actor=actor,
        now=now,
    )
    crash_points.reach("resealed")
