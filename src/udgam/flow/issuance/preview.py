"""The draft of a certificate that is still to be signed."""

from __future__ import annotations

from udgam.flow.issuance.models import Certificate
from udgam.ground.agreements.queries import agreement_of
from udgam.signing.sealing.page import draw_preview
from udgam.signing.sealing.stages import thaw


def draft_of(certificate: Certificate) -> bytes:
    """The frozen content as a watermarked PDF. Raises `PageRefused` when it cannot be printed."""
    content = thaw(bytes(certificate.content), digest=certificate.content_sha256)
    return draw_preview(content.certificate, agreement=agreement_of(content.certificate))
