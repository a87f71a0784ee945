"""What the rules need to know about a digital signature certificate, read by ``signing.trust``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from udgam.rules.plain import from_plain, to_plain

# Assurance class 3 and the organisational document signer of the Indian certifying authorities' policy arc.
CLASS_3 = "2.16.356.100.2.3"
DOCUMENT_SIGNER = "2.16.356.100.10.1"

Evidence = Literal["marker", "claimed"]


@dataclass(frozen=True)
class IecFinding:
    """An IEC read in a certificate, by which locator profile and where ("subject.OU", "san.rfc822Name", …).

    ``evidence`` is "marker" when something in the certificate says that the value is an IEC. It is "claimed" when a place that
    issuers use for the IEC holds a bare value of the right form; such a finding counts only if it equals the IEC that the
    person claims, and is otherwise ignored, because telephone numbers look the same.
    """

    value: str
    profile: str
    where: str
    evidence: Evidence = "marker"


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """Facts of one signature certificate. Texts are unverified until the path was validated.

    ``key_usage`` holds the names of RFC 5280 section 4.2.1.3 ("digitalSignature", "nonRepudiation", "keyEncipherment", …);
    ``extended_key_usage`` and ``policies`` hold dotted object identifiers. ``serial_number_attr`` is the subject's
    serialNumber attribute (the hexadecimal SHA-256 of the holder's PAN in Indian certificates), ``serial_number`` the
    certificate's own serial number in lower-case hexadecimal, ``sha256`` the fingerprint of its DER bytes in the same form.
    """

    holder: str
    organisation: str | None
    organisational_units: tuple[str, ...] = ()
    serial_number_attr: str | None = None
    iec_findings: tuple[IecFinding, ...] = ()
    policies: tuple[str, ...] = ()
    key_usage: frozenset[str] = frozenset()
    extended_key_usage: frozenset[str] = frozenset()
    is_document_signer: bool = False
    is_encryption_twin: bool = False
    public_key: str = ""
    not_before: datetime
    not_after: datetime
    issuer: str
    sha256: str
    serial_number: str
    country: str | None = None
    state: str | None = None
    email: str | None = None

    @property
    def is_personal(self) -> bool:
        """Whether this is an individual's certificate: organisation blank or "Personal"."""
        return self.organisation is None or self.organisation.strip().casefold() in ("", "personal")

    def to_json(self) -> dict[str, Any]:
        """The facts as plain JSON values, as they are kept beside a decision."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @staticmethod
    def from_json(plain: object) -> CertificateFacts:
        """Read what ``to_json`` wrote. Raises ``ShapeRefused``."""
        return from_plain(CertificateFacts, plain)
