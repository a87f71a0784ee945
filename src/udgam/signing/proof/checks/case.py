"""What the checks of one file know of each other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from udgam.rules.content import CertificateContent
from udgam.signing.proof.container import Container
from udgam.signing.proof.file import SignatureField, SignedFile
from udgam.signing.proof.status import PublishedStatus, StatusSource
from udgam.signing.proof.time_stamp import Token
from udgam.signing.proof.told import Fails, Told
from udgam.signing.proof.trust_folder import IssuerEntry, TrustFolder


@dataclass
class Case:
    """One file under examination. Later checks use what earlier ones established, and are skipped when those failed."""

    file: SignedFile
    trust: TrustFolder
    at: datetime
    status_source: StatusSource | None
    officer_field: SignatureField
    seal_field: SignatureField
    officer: Container
    seal: Container
    token: Token | None
    archive_fields: tuple[SignatureField, ...]
    archive_tokens: tuple[Token, ...]
    issuer: IssuerEntry
    content: CertificateContent
    content_bytes: bytes
    certified_at: datetime
    published: PublishedStatus
    warnings: list[Told] = field(default_factory=list)
    # What was found once, by its name (see `existence`).
    kept: dict[str, Any] = field(default_factory=dict)

    def __init__(self, file: SignedFile, trust: TrustFolder, at: datetime, status_source: StatusSource | None) -> None:
        # The other fields are filled by the checks that establish them; the runner sees to the order.
        self.file, self.trust, self.at, self.status_source = file, trust, at, status_source
        self.token = None
        self.archive_fields, self.archive_tokens = (), ()
        self.warnings, self.kept = [], {}

    @property
    def number(self) -> str:
        """The number of the certificate."""
        return self.content.number

    @property
    def agency_code(self) -> str:
        """The code of the agency."""
        return self.content.issuer.agency

    @property
    def digest(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content_bytes).hexdigest()

    @property
    def status_index(self) -> int | None:
        """The place in the status lists."""
        return self.content.status_index

    @property
    def proved_at(self) -> datetime:
        """When the file existed."""
        return self.sealed_at

    @property
    def certified_between(self) -> tuple[datetime, datetime]:
        """The moment of certification, from and until."""
        return self.certified_at, self.certified_at

    @property
    def sealed_at(self) -> datetime:
        """When the file existed: the moment of the time stamp, or else what the seal claims."""
        if self.token is not None:
            return self.token.stamped_at
        return self.seal_claims

    @property
    def seal_claims(self) -> datetime:
        """When the seal itself says that it was made."""
        claimed = self.seal_field.claimed_at
        if not isinstance(claimed, datetime) or claimed.tzinfo is None:
            raise Fails("The seal states no time.")
        return claimed
