"""Start the process that draws, give it the file, and take back pictures and text; kill it when it takes too long.

What strangers upload is drawn by a large library written in a language in which a mistake can be fatal. So it runs in a process that
inherits nothing but the file: no database, no settings, no keys; limited in time, memory, files and output.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MOST_PAGES = 30
SECONDS = 40
_LARGEST_ANSWER = 64 * 1024 * 1024
_LARGEST_PART = 8 * 1024 * 1024
_MAGIC = b"UDGAMPG1"
_WORKER = Path(__file__).with_name("worker.py")


class RenderingFailed(Exception):
    """The pages could not be drawn: `reason` is "time", "memory" or "unreadable"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Rendered:
    """The pages as JPEG pictures, at most `MOST_PAGES`, the number of pages the file has, and the text of all drawn pages."""

    pages: tuple[bytes, ...]
    page_count: int
    text: str


def render(content: bytes, media_type: str) -> Rendered:
    """Draw a PDF, JPEG or PNG file. Raises `RenderingFailed`."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, told nothing but a kind
            [sys.executable, "-I", str(_WORKER), media_type, str(MOST_PAGES)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise RenderingFailed("time") from error
    if done.returncode in {-9, -24}:
        raise RenderingFailed("time")
    if done.returncode != 0 or len(done.stdout) > _LARGEST_ANSWER:
        raise RenderingFailed("memory" if b"MemoryError" in done.stderr[-2000:] else "unreadable")
    return _read(done.stdout)


def _read(answer: bytes) -> Rendered:
    """Read what the process wrote, as strictly as anything that comes from outside."""
    if answer[:8] != _MAGIC or len(answer) < 16:
        raise RenderingFailed("unreadable")
    drawn, page_count = struct.unpack(">II", answer[8:16])
    if drawn > MOST_PAGES:
        raise RenderingFailed("unreadable")
    parts, at = [], 16
    for _part in range(drawn + 1):
        if at + 4 > len(answer):
            raise RenderingFailed("unreadable")
        (size,) = struct.unpack(">I", answer[at : at + 4])
        if size > _LARGEST_PART or at + 4 + size > len(answer):
            raise RenderingFailed("unreadable")
        parts.append(answer[at + 4 : at + 4 + size])
        at += 4 + size
    pages = tuple(parts[:-1])
    if at != len(answer) or any(not page.startswith(b"\xff\xd8\xff") for page in pages):
        raise RenderingFailed("unreadable")
    return Rendered(pages=pages, page_count=page_count, text=parts[-1].decode("utf-8", "replace").replace("\0", " "))
