"""Read one CRL, check that its issuer signed it, and boil it down to what a look-up needs (RFC 5280, sections 5 and 6.3)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from udgam.signing.trust.algorithms import hash_is_safe, key_is_safe
from udgam.signing.trust.certificates import SERIAL_LIMIT, UNREADABLE, fault_of, key_usages
from udgam.signing.trust.revocation.refusals import EvidenceRefused

SERIAL_BYTES = 20
# serial (20, big-endian) + reason (1) + revoked at (8, seconds) + invalid since (8, seconds; 0 for not stated)
RECORD_BYTES = SERIAL_BYTES + 1 + 8 + 8

# RFC 5280, 5.3.1; the number is what stands in the CRL.
REASONS = {
    x509.ReasonFlags.unspecified: 0,
    x509.ReasonFlags.key_compromise: 1,
    x509.ReasonFlags.ca_compromise: 2,
    x509.ReasonFlags.affiliation_changed: 3,
    x509.ReasonFlags.superseded: 4,
    x509.ReasonFlags.cessation_of_operation: 5,
    x509.ReasonFlags.certificate_hold: 6,
    x509.ReasonFlags.remove_from_crl: 8,
    x509.ReasonFlags.privilege_withdrawn: 9,
    x509.ReasonFlags.aa_compromise: 10,
}
REASON_NAMES = {number: flag.value for flag, number in REASONS.items()}
HOLD = REASON_NAMES[6]

_UNDERSTOOD_CRL_EXTENSIONS = frozenset(
    {"2.5.29.20", "2.5.29.28", "2.5.29.35", "2.5.29.18", "2.5.29.46", "1.3.6.1.5.5.7.1.1"}
)
_UNDERSTOOD_ENTRY_EXTENSIONS = frozenset({"2.5.29.21", "2.5.29.24"})


@dataclass(frozen=True)
class Scope:
    """Which certificates of the issuer a CRL speaks of; ``places`` are the addresses it names for itself, or ``None`` for all."""

    only_users: bool = False
    only_authorities: bool = False
    places: tuple[str, ...] | None = None


@dataclass(frozen=True)
class RevokedEntry:
    """One line of a CRL. ``reason`` is the name of RFC 5280, 5.3.1; ``invalid_since`` is the invalidity date, if stated."""

    revoked_at: datetime
    reason: str
    invalid_since: datetime | None

    @property
    def counts_from(self) -> datetime:
        """The earlier of revocation and invalidity date: from here on the certificate proves nothing."""
        return min(self.revoked_at, self.invalid_since) if self.invalid_since else self.revoked_at


@dataclass(frozen=True)
class VerifiedCrl:
    """A CRL whose signature was verified with the key of its issuer. ``records`` are sorted by serial number.

    Says nothing about freshness: the caller compares ``this_update`` and ``next_update`` with its own moment.
    """

    sha256: str
    issuer: str
    this_update: datetime
    next_update: datetime
    number: int | None
    scope: Scope
    count: int
    records: bytes

    def find(self, serial: int) -> RevokedEntry | None:
        """The entry for a serial number, by binary search; ``None`` when it is not listed."""
        if not 0 <= serial < SERIAL_LIMIT:
            return None
        wanted = serial.to_bytes(SERIAL_BYTES, "big")
        records, low, high = self.records, 0, self.count
        while low < high:
            middle = (low + high) // 2
            start = middle * RECORD_BYTES
            if records[start : start + SERIAL_BYTES] < wanted:
                low = middle + 1
            else:
                high = middle
        start = low * RECORD_BYTES
        if low == self.count or records[start : start + SERIAL_BYTES] != wanted:
            return None
        return _unpack(records[start + SERIAL_BYTES : start + RECORD_BYTES])


def read_crl(data: bytes, issuer: x509.Certificate) -> VerifiedCrl:
    """Verify a DER CRL with the key of ``issuer`` and read it. Raises ``EvidenceRefused``.

    Delta and indirect CRLs are refused: alone they do not tell whether a certificate is revoked.
    """
    try:
        crl = x509.load_der_x509_crl(data)
        _check_signature(crl, issuer)
        next_update = crl.next_update_utc
        if next_update is None:
            raise EvidenceRefused("revocation.stale", "the CRL does not say until when it is good")
        number, scope = _read_extensions(crl)
        records = sorted(_records(crl))
        return VerifiedCrl(
            sha256=hashlib.sha256(data).hexdigest(),
            issuer=crl.issuer.rfc4514_string(),
            this_update=crl.last_update_utc,
            next_update=next_update,
            number=number,
            scope=scope,
            count=len(records),
            records=b"".join(records),
        )
    except (*UNREADABLE, OverflowError) as error:
        raise EvidenceRefused("revocation.malformed", f"the CRL cannot be read ({fault_of(error)})") from error


def _check_signature(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> None:
    if crl.issuer != issuer.subject:
        raise EvidenceRefused("revocation.missing", "the CRL is of another issuer")
    usages = key_usages(issuer)
    if usages is not None and "cRLSign" not in usages:
        raise EvidenceRefused("revocation.not_authentic", "the issuer's key may not sign CRLs")
    if not hash_is_safe(crl.signature_hash_algorithm):
        raise EvidenceRefused("revocation.not_authentic", "the CRL is signed with an algorithm that is no longer safe")
    key = issuer.public_key()
    # The type checker does not see that a safe key is one of the types that is_signature_valid accepts.
    if not key_is_safe(key) or not crl.is_signature_valid(key):  # type: ignore[arg-type]
        raise EvidenceRefused("revocation.not_authentic", "the signature of the CRL does not verify")


def _read_extensions(crl: x509.CertificateRevocationList) -> tuple[int | None, Scope]:
    number: int | None = None
    scope = Scope()
    for extension in crl.extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            raise EvidenceRefused("revocation.out_of_scope", "it is a delta CRL")
        if isinstance(value, x509.CRLNumber):
            number = value.crl_number
        elif isinstance(value, x509.IssuingDistributionPoint):
            scope = _read_scope(value)
        elif extension.critical and extension.oid.dotted_string not in _UNDERSTOOD_CRL_EXTENSIONS:
            raise EvidenceRefused(
                "revocation.malformed", f"critical extension {extension.oid.dotted_string} is not understood"
            )
    return number, scope


def _read_scope(point: x509.IssuingDistributionPoint) -> Scope:
    if point.indirect_crl:
        raise EvidenceRefused("revocation.out_of_scope", "it is an indirect CRL")
    if point.only_some_reasons:
        raise EvidenceRefused("revocation.out_of_scope", "it covers some reasons only")
    if point.only_contains_attribute_certs:
        raise EvidenceRefused("revocation.out_of_scope", "it covers attribute certificates only")
    if point.relative_name:
        raise EvidenceRefused("revocation.out_of_scope", "its distribution point is a relative name")
    places: tuple[str, ...] | None = None
    if point.full_name is not None:
        places = tuple(name.value for name in point.full_name if isinstance(name, x509.UniformResourceIdentifier))
    return Scope(point.only_contains_user_certs, point.only_contains_ca_certs, places)


def _records(crl: x509.CertificateRevocationList) -> Iterator[bytes]:
    for entry in crl:
        reason, invalid_since = 0, 0
        for extension in entry.extensions:
            value = extension.value
            if isinstance(value, x509.CRLReason):
                reason = REASONS[value.reason]
            elif isinstance(value, x509.InvalidityDate):
                invalid_since = int(value.invalidity_date_utc.timestamp())
            elif extension.critical and extension.oid.dotted_string not in _UNDERSTOOD_ENTRY_EXTENSIONS:
                raise EvidenceRefused(
                    "revocation.malformed", f"critical entry extension {extension.oid.dotted_string} is not understood"
                )
        revoked_at = int(entry.revocation_date_utc.timestamp())
        yield (
            entry.serial_number.to_bytes(SERIAL_BYTES, "big")
            + bytes((reason,))
            + revoked_at.to_bytes(8, "big", signed=True)
            + invalid_since.to_bytes(8, "big", signed=True)
        )


def _unpack(rest: bytes) -> RevokedEntry:
    invalid_since = int.from_bytes(rest[9:17], "big", signed=True)
    return RevokedEntry(
        revoked_at=datetime.fromtimestamp(int.from_bytes(rest[1:9], "big", signed=True), UTC),
        reason=REASON_NAMES[rest[0]],
        invalid_since=datetime.fromtimestamp(invalid_since, UTC) if invalid_since else None,
    )
