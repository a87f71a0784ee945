"""Roots, seals and time stamps: without any one of them no certificate can be issued."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import DatabaseError

from udgam.flow.issuance.register.keys import open_proof_key
from udgam.flow.issuance.seal_keys import open_seal_key
from udgam.ground.connectors.time_stamps import HttpTimeStamper
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.parties.agencies.queries import seal_addresses
from udgam.rules.refusals import Refused
from udgam.signing.proof.time_stamp import Token, read_token
from udgam.signing.trust import TrustStore, fingerprint, validate_path
from udgam.signing.trust.store import read_folder
from udgam.web.doctor.findings import SOON, Finding

_CLOCK_SECONDS = 5


def roots() -> Finding:
    """The trust store has anchors, and none of them ends soon."""
    advice = "docs/operate/trust.md says how to install the national roots and check them out of band."
    try:
        store = trust_store()
    except Refused as refused:
        return Finding("Trusted roots", "fail", refused.message, advice)
    now = datetime.now(UTC)
    ends = min(anchor.not_valid_after_utc for anchor in store.anchors)
    detail = f"anchors: {len(store.anchors)}, intermediates: {len(store.intermediates)}; the first anchor ends on {ends:%Y-%m-%d}"
    if ends < now:
        return Finding("Trusted roots", "fail", detail, advice)
    return Finding("Trusted roots", "warning" if ends < now + SOON else "ok", detail, advice)


def seals() -> Finding:
    """Every office's seal key opens, belongs to its certificate, is believed and lasts; its key for codes opens too."""
    try:
        addresses = sorted({address or settings.SEAL_KEY for address in seal_addresses()} | {settings.SEAL_KEY} - {""})
    except DatabaseError:
        return Finding("Seals", "fail", "the offices cannot be read", "Mend the database first.")
    if not any(addresses):
        return Finding("Seals", "fail", "no key is named", "Set UDGAM_SEAL_KEY (docs/operate/README.md, Seals).")
    ends: list[datetime] = []
    for address in addresses:
        try:
            key = open_seal_key(address)
            _believed(key.certificate, key.chain)
            if address.startswith("pkcs11:"):
                # A sandbox makes the one beside a file at its first use.
                open_proof_key(address)
        except Refused as refused:
            # The address names files and labels, never the PIN itself.
            return Finding("Seals", "fail", f"{address.partition('?')[0]}: {refused.message}", refused.advice)
        ends.append(key.certificate.not_valid_after_utc)
    detail = f"keys that open: {len(ends)}; the first certificate ends on {min(ends):%Y-%m-%d}"
    advice = "Apply for a new seal certificate now; docs/operate/README.md, Seals, says how to change it."
    return Finding("Seals", "warning" if min(ends) < datetime.now(UTC) + SOON else "ok", detail, advice)


def time_stamps() -> Finding:
    """The time-stamp service stamps, is believed, and our clock agrees with it."""
    started = datetime.now(UTC)
    try:
        token = read_token(HttpTimeStamper(settings.TIME_STAMP_URL).stamp(b"\0" * 32))
    except Refused as refused:
        advice = "Check UDGAM_TIME_STAMP_URL. Issuing goes on without stamps for four hours only."
        return Finding("Time stamps", "fail", refused.message, advice)
    advice = (
        "Put the root of the time-stamp service into the folder tsa (docs/operate/trust.md). Nothing can be issued."
    )
    try:
        _believe_stamp(token)
    except Refused as refused:
        return Finding("Time stamps", "fail", f"the service is not trusted: {refused.message}", advice)
    drift = abs((token.stamped_at - started).total_seconds())
    return Finding(
        "Time stamps and clock",
        "ok" if drift < _CLOCK_SECONDS else "fail",
        f"the service stamps; our clock differs by {drift:.0f} s",
        "Synchronise the clock (docs/operate/README.md, Clock).",
    )


def _believed(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> None:
    """As the issuing cycle checks it before it seals. Raises ``Refused``."""
    validate_path(
        certificate,
        store=trust_store(),
        revocation=revocation_source(),
        at=datetime.now(UTC),
        intermediates=chain,
    )


def _believe_stamp(token: Token) -> None:
    """The service's certificate is pinned, or an authority that is pinned for time stamps stands above it."""
    folder = Path(settings.TRUST_FOLDER) / "tsa"
    pinned = read_folder(folder)
    if fingerprint(token.certificate) in {fingerprint(one) for one in pinned}:
        return
    validate_path(
        token.certificate,
        store=TrustStore(pinned, trust_store().intermediates),
        revocation=revocation_source(),
        at=datetime.now(UTC),
        intermediates=token.chain,
    )
