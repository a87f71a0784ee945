"""Making the signed QR code of a certificate, and drawing codes for the page."""

from __future__ import annotations

from datetime import datetime

import zxingcpp

from udgam.signing.proof.code import CodeClaims, to_sign, to_text
from udgam.signing.sealing.proof_keys import ProofKey
from udgam.signing.sealing.stages import Certified

# Printed width in millimetres with the quiet zone, which takes four modules on each side.
SIGNED_CODE_MM, LINK_CODE_MM = 38, 21


def make_code(certified: Certified, *, key: ProofKey, issuer: str, now: datetime) -> str:
    """The text of the signed code for certified content. ``issuer`` is the DID of the register.

    Raises:
        CodeRefused: the claims are longer than a code can hold.
        SealKeyUnusable: the key store does not answer.
    """
    content = certified.content
    return sign_code(CodeClaims.of(content.certificate, digest=content.digest, issuer=issuer, signed_at=now), key=key)


def sign_code(claims: CodeClaims, *, key: ProofKey) -> str:
    """The text of the code that makes these claims. Raises CodeRefused, SealKeyUnusable."""
    protected, payload, signed = to_sign(claims, key_id=key.public.id)
    return to_text(protected, payload, key.sign(signed))


def draw_code(text: str) -> str:
    """A QR code as SVG, error correction M, with its quiet zone."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawing: str = zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True)
    return drawing
