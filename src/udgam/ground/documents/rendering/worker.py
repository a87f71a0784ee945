"""The process that draws: reads a file from standard input, writes pictures and text to standard output. Knows nothing of Udgam.

Run as a program with `-I`; it limits itself before it looks at a single byte. What it writes: eight bytes of magic, the number
of pictures and of pages, then each picture and at last the text, each with its length before it (big-endian, four bytes).
"""

from __future__ import annotations

import io
import struct
import sys

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 30
LONGER_SIDE = 1400
MOST_TEXT = 400_000


def limit() -> None:
    """Take away what drawing does not need. A system without these limits draws nothing."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def pages_of_pdf(content: bytes, most: int) -> tuple[list[bytes], int, str]:
    """The first pages of a PDF file as pictures, how many it has, and their text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    pictures: list[bytes] = []
    texts: list[str] = []
    for number in range(min(len(document), most)):
        page = document[number]
        width, height = page.get_size()
        scale = min(LONGER_SIDE / max(width, height, 1), 3.0)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        pictures.append(jpeg(picture))
        texts.append(page.get_textpage().get_text_bounded()[:MOST_TEXT])
    return pictures, len(document), "\f".join(texts)[:MOST_TEXT]


def page_of_picture(content: bytes) -> tuple[list[bytes], int, str]:
    """A picture as the one page that it is."""
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        picture.load()
        upright = picture.convert("RGB")
    upright.thumbnail((LONGER_SIDE, LONGER_SIDE))
    return [jpeg(upright)], 1, ""


def jpeg(picture: object) -> bytes:
    """The picture as JPEG bytes."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)  # type: ignore[attr-defined]
    return out.getvalue()


def main() -> None:
    """Draw what comes in, write what was drawn."""
    limit()
    media_type, most = sys.argv[1], int(sys.argv[2])
    content = sys.stdin.buffer.read()
    pictures, count, text = pages_of_pdf(content, most) if media_type == "application/pdf" else page_of_picture(content)
    out = sys.stdout.buffer
    out.write(b"UDGAMPG1" + struct.pack(">II", len(pictures), count))
    for part in (*pictures, text.encode("utf-8", "replace")):
        out.write(struct.pack(">I", len(part)))
        out.write(part)


if __name__ == "__main__":
    main()
