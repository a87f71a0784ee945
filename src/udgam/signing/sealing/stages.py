"""The stages of issue as types: Draft -> Content -> Prepared -> Certified -> Sealed.

Each function takes only the stage before it, so a page cannot be drawn for content that nobody certified and nothing can be
certified that the lints refuse. `docs/mechanisms/proof.md` tells the whole story.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from udgam.rules.agreements import Agreement
from udgam.rules.content import CertificateContent, content_bytes, read_content
from udgam.rules.lints import Finding, run_lints
from udgam.rules.refusals import Reason, Refused
from udgam.signing.trust import RevocationSource, TrustStore, fingerprint
from udgam.signing.trust.detached import VerifiedSignature, verify_detached


class StageRefused(Refused):
    """The content may not go on to the next stage. ``findings`` are those of the lints, when they refused."""

    findings: tuple[Finding, ...] = ()
    reasons: ClassVar[Mapping[str, Reason]] = {
        "sealing.lint": Reason(
            "The content breaks a rule: {finding}.", "Correct the application, then prepare the certificate again."
        ),
        "sealing.other_signatory": Reason(
            "The content names {named} as signatory, and another person's certificate signed it ({holder}).",
            "The officer who is named must sign, with the enrolled token; otherwise void this certificate and prepare it again.",
        ),
        "sealing.changed": Reason(
            "The stored content is not what was frozen.", "Void this certificate and prepare it again."
        ),
    }


@dataclass(frozen=True)
class Draft:
    """What shall be certified; still only values."""

    certificate: CertificateContent


@dataclass(frozen=True)
class Content:
    """The frozen content: its canonical bytes and their SHA-256 in hexadecimal."""

    certificate: CertificateContent
    canonical: bytes
    digest: str


@dataclass(frozen=True)
class Prepared:
    """Content that passed every lint; what the officer is asked to sign."""

    content: Content


@dataclass(frozen=True)
class Certified:
    """Content with the verified signature of the signatory it names. From here on it may be drawn and sealed."""

    prepared: Prepared
    cms: bytes
    signature: VerifiedSignature

    @property
    def content(self) -> Content:
        """The certified content."""
        return self.prepared.content


@dataclass(frozen=True)
class Sealed:
    """The finished file of certified content."""

    certified: Certified
    pdf: bytes


def freeze(draft: Draft) -> Content:
    """Fix the canonical bytes of the draft. Raises ContentRefused when a value cannot be written canonically."""
    canonical = content_bytes(draft.certificate)
    return Content(draft.certificate, canonical, hashlib.sha256(canonical).hexdigest())


def thaw(canonical: bytes, *, digest: str) -> Content:
    """Take up content that was frozen and stored earlier.

    Raises:
        ContentRefused: the bytes are not content in canonical form.
        StageRefused: ``sealing.changed``: their digest is another one.
    """
    # Reading refuses every byte that is not the canonical form of what it says.
    content = Content(read_content(canonical), canonical, hashlib.sha256(canonical).hexdigest())
    if content.digest != digest:
        raise StageRefused("sealing.changed")
    return content


def prepare(content: Content, agreement: Agreement | None = None) -> Prepared:
    """Let the lints look at the content, by the agreement's data in force (None: the built-in ones of its day).

    Raises:
        StageRefused: ``sealing.lint``, with all findings.
    """
    findings = tuple(run_lints(content.certificate, agreement))
    if findings:
        refusal = StageRefused("sealing.lint", finding=findings[0].message)
        refusal.findings = findings
        raise refusal
    return Prepared(content)


def certify(
    prepared: Prepared,
    *,
    cms: bytes,
    store: TrustStore,
    revocation: RevocationSource,
    at: datetime,
    policy: str | None = None,
) -> Certified:
    """Accept the officer's detached signature of the canonical content: the act of certifying.

    Raises:
        DetachedRefused, PathRefused: the signature or its certificate does not hold.
        StageRefused: ``sealing.other_signatory``: it is not the signatory whom the content names.
    """
    signature = verify_detached(
        cms, prepared.content.canonical, store=store, revocation=revocation, at=at, policy=policy
    )
    named = prepared.content.certificate.certification.signatory
    if fingerprint(signature.certificate) != named.certificate_sha256:
        raise StageRefused(
            "sealing.other_signatory", named=named.name, holder=signature.certificate.subject.rfc4514_string()
        )
    return Certified(prepared, cms, signature)
