"""Pictures: decoded within limits and encoded anew, so that only pixels remain."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps, UnidentifiedImageError

from udgam.ground.documents.refusals import DocumentRefused

# An A4 page scanned at 600 dpi in colour has 35 million pixels.
MAX_PIXELS = 40_000_000


def encode_jpeg_anew(content: bytes) -> bytes:
    """The picture as a new JPEG. Raises ``DocumentRefused``."""
    return _encode_anew(content, "JPEG")


def encode_png_anew(content: bytes) -> bytes:
    """The picture as a new PNG. Raises ``DocumentRefused``."""
    return _encode_anew(content, "PNG")


def _encode_anew(content: bytes, kind: Literal["JPEG", "PNG"]) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[kind]) as picture:
            # The size stands in the header; nothing is decoded before it is known.
            if picture.width * picture.height > MAX_PIXELS:
                raise DocumentRefused("documents.picture_too_large", limit=str(MAX_PIXELS // 1_000_000))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as error:
        # Pillow's own limit lies far above ours; beyond it the picture is refused while its header is read.
        raise DocumentRefused("documents.picture_too_large", limit=str(MAX_PIXELS // 1_000_000)) from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        OverflowError,
        # What the reader of the notes inside a picture raises on notes that contradict themselves.
        struct.error,
        TypeError,
        LookupError,
        ArithmeticError,
    ) as error:
        raise DocumentRefused("documents.picture_malformed") from error
    out = BytesIO()
    if kind == "JPEG":
        upright.convert("L" if upright.mode in {"1", "L"} else "RGB").save(out, "JPEG", quality=90)
    else:
        mode = upright.mode if upright.mode in {"1", "L", "LA", "RGB", "RGBA"} else "RGBA"
        clean = upright.convert(mode)
        # A new picture has none of the text blocks of the old one.
        bare = Image.new(clean.mode, clean.size)
        bare.paste(clean)
        bare.save(out, "PNG", optimize=False)
    return out.getvalue()
