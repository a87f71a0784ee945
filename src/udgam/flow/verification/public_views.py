"""What each public view shows, from the published row alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from udgam.flow.issuance.queries import PublishedCertificate, published_certificate
from udgam.ground.agreements.queries import agreement_of
from udgam.rules.agreements import Agreement
from udgam.rules.content import CertificateContent, read_content
from udgam.rules.disclosure import Comparison, Shown, compare, opens_full_content, shown_by_number
from udgam.signing.proof import PublishedStatus


@dataclass(frozen=True)
class Published:
    """An issued certificate, read."""

    row: PublishedCertificate
    content: CertificateContent
    agreement: Agreement

    def by_number(self) -> tuple[Shown, ...]:
        """What the number alone shows."""
        return shown_by_number(self.content, self.agreement, status=self.row.status)

    def compare(self, typed: Mapping[str, str]) -> tuple[Comparison, ...]:
        """Field by field, whether what was typed agrees."""
        return compare(self.content, self.agreement, typed)

    def opened_by_key(self, key: str) -> bool:
        """Whether the key of the QR code's link opens the whole content."""
        if "key" not in self.agreement.public.full or not self.row.key_sha256:
            return False
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return hmac.compare_digest(digest, self.row.key_sha256)

    def opened_by_file(self) -> bool:
        """Whether the file itself opens the whole content."""
        return "document" in self.agreement.public.full

    def opened_by_words(self, *, invoice_number: str, country: str) -> bool:
        """Whether invoice number and consignee's country open it."""
        return opens_full_content(
            self.content, self.agreement, invoice_number=invoice_number, consignee_country=country
        )

    @property
    def can_be_opened_by_words(self) -> bool:
        """Whether the agreement lets invoice number and country open the content at all."""
        return "invoice-and-country" in self.agreement.public.full


def published(canonical_number: str) -> Published | None:
    """What was issued under a number; None when nothing was."""
    row = published_certificate(canonical_number)
    return read_published(row) if row is not None else None


def read_published(row: PublishedCertificate) -> Published:
    """A row with its content and agreement, read."""
    content = read_content(row.content)
    return Published(row, content, agreement_of(content))


class OwnStatuses:
    """A `StatusSource` over this site's own published rows."""

    def status_of(self, number: str) -> PublishedStatus:
        """What became of the number, now."""
        row = published_certificate(number)
        now = datetime.now(UTC)
        if row is None:
            return PublishedStatus("unknown", None, now)
        return PublishedStatus(row.status, row.content_sha256, now)
