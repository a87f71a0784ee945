"""One door for whatever somebody holds in hand: a PDF, a credential, the text or a picture of the signed code, or an evidence bundle."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from udgam.signing.proof.bundle import verify_bundle
from udgam.signing.proof.code import PREFIX
from udgam.signing.proof.drawn_code import drawn_code
from udgam.signing.proof.file import UNREADABLE, InputUnusable
from udgam.signing.proof.names import MAX_PDF_BYTES
from udgam.signing.proof.report import Report
from udgam.signing.proof.status import StatusSource
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.proof.verify import verify_pdf
from udgam.signing.proof.verify_code import verify_code
from udgam.signing.proof.verify_credential import looks_like_credential, verify_credential

if TYPE_CHECKING:
    from PIL.Image import Image

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
# Credentials, codes and documents are texts, and far shorter than files with pictures in them.
LONGEST_TEXT = 4 * 1024 * 1024
# A page scanned at 600 dpi has 35 million points.
MAX_POINTS = 64_000_000


def verify(data: bytes, *, trust: TrustFolder, at: datetime, status: StatusSource | None) -> Report:
    """Check whatever ``data`` is against ``trust`` as of ``at`` (aware). ``status`` is asked first what became of it.

    Raises:
        InputUnusable: there is nothing in it that could be checked.
    """
    if not data:
        raise InputUnusable("input.empty")
    if len(data) > MAX_PDF_BYTES:
        raise InputUnusable("input.too_large", limit=str(MAX_PDF_BYTES // 1024 // 1024))
    if data.startswith(b"%PDF-"):
        return verify_pdf(data, trust=trust, at=at, status=status)
    if data.startswith(b"PK\x03\x04"):
        return verify_bundle(data, trust=trust, at=at, status=status)
    if is_picture(data):
        return verify_code(code_in_picture(data), trust=trust, at=at, status=status)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputUnusable("input.kind_unknown") from error
    if len(text) > LONGEST_TEXT:
        raise InputUnusable("input.too_large", limit=str(LONGEST_TEXT // 1024 // 1024))
    if text.lstrip("\r\n").startswith(PREFIX):
        return verify_code(text, trust=trust, at=at, status=status)
    if looks_like_credential(text):
        return verify_credential(text, trust=trust, at=at, status=status)
    if "<svg" in text[:2000]:
        drawing = drawn_code(text)
        if drawing is not None:
            return verify_code(_read_code(drawing), trust=trust, at=at, status=status)
        raise InputUnusable("input.picture", detail="it is a drawing (SVG)")
    raise InputUnusable("input.kind_unknown")


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin as those of a picture that can be read."""
    return data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def code_in_picture(data: bytes) -> str:
    """The text of the signed code in a picture.

    Raises:
        InputUnusable: the picture cannot be read, or holds no signed code.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_POINTS:
                raise InputUnusable("input.picture", detail="it has too many points")
            grey = picture.convert("L")
        return _read_code(grey)
    except (*UNREADABLE, OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise InputUnusable("input.picture", detail=" ".join(str(error).split())[:120]) from error


def _read_code(grey: Image) -> str:
    import zxingcpp

    # It reads no side longer than 65,535 points, and says so by an error.
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found = [one.text for one in zxingcpp.read_barcodes(grey, formats=formats)]
    signed = [one for one in dict.fromkeys(found) if one.startswith(PREFIX)]
    if len(signed) != 1:
        raise InputUnusable("input.no_code")
    return signed[0]
