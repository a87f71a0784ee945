"""The page of a certificate: drawn with Typst from the frozen content only, as PDF/A-3a and PDF/UA-1 in one file.

A drawn page that is not a preview exists only for content that an officer has certified: `draw` takes the stage `Certified`.
"""

from __future__ import annotations

from cryptography import x509

from udgam.rules.agreements import Agreement
from udgam.rules.content import CertificateContent
from udgam.signing.sealing.code import draw_code
from udgam.signing.sealing.page.codes import Proofs
from udgam.signing.sealing.page.compiler import PageRefused, compile_page, compile_pictures
from udgam.signing.sealing.page.leaf import draw_leaf
from udgam.signing.sealing.page.values import Proof, page_values
from udgam.signing.sealing.stages import Certified

__all__ = ["PageRefused", "Proofs", "draw", "draw_leaf", "draw_pictures", "draw_preview", "link_code"]


def draw(
    certified: Certified,
    *,
    agreement: Agreement,
    verify_url: str,
    seal_certificate: x509.Certificate,
    proofs: Proofs | None = None,
) -> bytes:
    """Draw the certificate, with its content and the officer's signature of the content attached.

    ``proofs`` are the signed code, which is printed large and attached as text, and the credential, which is attached together with
    the trade data. ``verify_url`` is the link behind the small QR code (the only code where there are no proofs); what is printed
    beside it stops before ``?`` and ``#``, where a key may stand.

    Raises:
        PageRefused: a character cannot be printed, a text hides an invisible character, or the layout does not fit.
    """
    content = certified.content
    proof = Proof(
        officer=certified.signature.certificate,
        seal=seal_certificate,
        certified_at=certified.signature.signing_time,
        verify_url=verify_url,
        digest=content.digest,
        content=content.canonical,
        certification=certified.cms,
        qr=link_code(verify_url),
        proofs=proofs,
    )
    return compile_page(page_values(content.certificate, agreement=agreement, proof=proof, watermark=None))


def draw_preview(content: CertificateContent, *, agreement: Agreement, watermark: str = "DRAFT") -> bytes:
    """Draw what the certificate would look like: watermarked, without code, signature panel or attachments.

    Raises:
        PageRefused: as for `draw`, so that a text that cannot be printed is found before anybody signs.
    """
    return compile_page(page_values(content, agreement=agreement, proof=None, watermark=watermark))


def draw_pictures(
    content: CertificateContent, *, agreement: Agreement, watermark: str = "DRAFT", ppi: int = 96
) -> tuple[bytes, ...]:
    """The pages of `draw_preview` as PNG pictures, for documents that show what a form looks like.

    Raises:
        PageRefused: as for `draw`.
    """
    return compile_pictures(page_values(content, agreement=agreement, proof=None, watermark=watermark), ppi=ppi)


def link_code(url: str) -> str:
    """A QR code of ``url`` as SVG, error correction M, with its quiet zone."""
    return draw_code(url)
