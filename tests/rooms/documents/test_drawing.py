"""Pages of documents as pictures: drawn apart from us, limited, kept once, shown through the person."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.rooms.documents.files import pdf
from udgam.ground.documents.rendering import MOST_PAGES, RenderingFailed, render, starting, worker


def many_pages(count: int) -> bytes:
    document = pikepdf.new()
    for _page in range(count):
        document.add_blank_page(page_size=(300, 400))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_becomes_pictures() -> None:
    drawn = render(pdf(), "application/pdf")
    assert (len(drawn.pages), drawn.page_count) == (1, 1)
    with Image.open(io.BytesIO(drawn.pages[0])) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) <= worker.LONGER_SIDE


def test_a_long_file_is_drawn_in_part_and_says_how_long_it_is() -> None:
    drawn = render(many_pages(MOST_PAGES + 5), "application/pdf")
    assert (len(drawn.pages), drawn.page_count) == (MOST_PAGES, MOST_PAGES + 5)


def test_a_picture_is_its_own_page() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (3000, 1000), (10, 20, 30, 0)).save(out, "PNG")
    drawn = render(out.getvalue(), "image/png")
    assert (len(drawn.pages), drawn.page_count, drawn.text) == (1, 1, "")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"\xff" * 5000, b"GIF89a"])
@pytest.mark.parametrize("media_type", ["application/pdf", "image/png"])
def test_what_cannot_be_read_is_said_so(content: bytes, media_type: str) -> None:
    with pytest.raises(RenderingFailed) as failed:
        render(content, media_type)
    assert failed.value.reason == "unreadable"


def test_the_process_may_neither_write_files_nor_take_all_memory(tmp_path: Path) -> None:
    trial = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); import worker; worker.limit()\n"
        "try:\n    bytearray(4 * 1024**3); print('memory')\nexcept MemoryError:\n    pass\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    fd = os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY); os.write(fd, b'x'); print('file')\nexcept OSError:\n    pass\n"
    )
    folder = str(Path(worker.__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", trial, folder, str(tmp_path / "out")], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(starting, "_WORKER", slow)
    monkeypatch.setattr(starting, "SECONDS", 1)
    with pytest.raises(RenderingFailed) as failed:
        render(pdf(), "application/pdf")
    assert failed.value.reason == "time"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"UDGAMPG1",
        b"UDGAMPG1" + b"\x00\x00\x00\x01\x00\x00\x00\x01" + b"\xff\xff\xff\xff",
        b"UDGAMPG1" + b"\x00\x00\xff\x01\x00\x00\x00\x01",
        b"UDGAMPG1" + b"\x00\x00\x00\x01\x00\x00\x00\x01" + b"\x00\x00\x00\x04<svg" + b"\x00\x00\x00\x00",
        b"UDGAMPG1" + b"\x00\x00\x00\x00\x00\x00\x00\x01" + b"\x00\x00\x00\x01ab",
    ],
)
def test_what_the_process_answers_is_read_strictly(answer: bytes) -> None:
    with pytest.raises(RenderingFailed):
        starting._read(answer)
