"""Making the signed QR code of a certificate, and drawing codes for the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import zxingcpp

from udgam.signing.proof.code import CodeClaims, to_sign, to_text
from udgam.signing.sealing.proof_keys import ProofKey
from udgam.signing.sealing.stages import Certified

# Printed width in millimetres with the quiet zone, which takes four modules on each side.
SIGNED_CODE_MM, LINK_CODE_MM = 38, 21
QUIET_MODULES = 4
_DARK = re.compile(rb"\x00+")


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
    """A QR code as SVG, error correction M, with its quiet zone: one shape of as few rectangles as rows and columns allow."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = zxingcpp.write_barcode_to_image(code, add_quiet_zones=False)
    modules = bytes(cast("Any", image))
    across = image.shape[1]
    width = across + 2 * QUIET_MODULES
    drawn = "".join(_rectangles(modules, across))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{width}" viewBox="0 0 {width} {width}">'
        f'<path fill="#fff" d="M0 0h{width}v{width}h-{width}z"/><path d="{drawn}"/></svg>'
    )


def _rectangles(modules: bytes, across: int) -> Iterator[str]:
    """The dark parts as pieces of a path: runs within a row, and equal runs below each other as one."""
    above: dict[tuple[int, int], int] = {}
    rows = len(modules) // across
    for row in range(rows):
        here = {run.span() for run in _DARK.finditer(modules[row * across : (row + 1) * across])}
        for run in above.keys() - here:
            yield _rectangle(run, above.pop(run), row)
        for run in here - above.keys():
            above[run] = row
    for run, top in above.items():
        yield _rectangle(run, top, rows)


def _rectangle(run: tuple[int, int], top: int, bottom: int) -> str:
    left, right = run
    return f"M{left + QUIET_MODULES} {top + QUIET_MODULES}h{right - left}v{bottom - top}h-{right - left}z"
