"""What the checks of one file know of each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from udgam.rules.content import CertificateContent
from udgam.signing.proof.container import Container
from udgam.signing.proof.file import SignatureField, SignedFile
from udgam.signing.proof.status import PublishedStatus, StatusSource
from udgam.signing.proof.time_stamp import Token
from udgam.signing.proof.told import Fails, Told
from udgam.signing.proof.trust_folder import IssuerEntry, TrustFolder

_INDIA = timezone(timedelta(hours=5, minutes=30))


def moment_text(moment: datetime) -> str:
    """A moment as reports name it: to the second, in Indian time, with the zone."""
    return f"{moment.astimezone(_INDIA):%Y-%m-%d %H:%M:%S} (UTC+05:30)"


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
    issuer: IssuerEntry
    content: CertificateContent
    content_bytes: bytes
    certified_at: datetime
    published: PublishedStatus
    warnings: list[Told] = field(default_factory=list)

    def __init__(self, file: SignedFile, trust: TrustFolder, at: datetime, status_source: StatusSource | None) -> None:
        # The other fields are filled by the checks that establish them; the runner sees to the order.
        self.file, self.trust, self.at, self.status_source = file, trust, at, status_source
        self.token = None
        self.warnings = []

    @property
    def sealed_at(self) -> datetime:
        """When the file existed: the moment of the time stamp, or else what the seal claims."""
        if self.token is not None:
            return self.token.stamped_at
        claimed = self.seal_field.claimed_at
        if not isinstance(claimed, datetime) or claimed.tzinfo is None:
            raise Fails("The seal states no time.")
        return claimed
