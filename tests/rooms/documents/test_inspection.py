from __future__ import annotations

import io
import resource
import sys
import zipfile
from contextlib import suppress

import pytest
from PIL import Image

from tests.rooms.documents import files
from udgam.ground.documents.inspection import inspect
from udgam.ground.documents.refusals import REFUSALS, DocumentRefused


def refusal(content: bytes, **options: object) -> str:
    with pytest.raises(DocumentRefused) as caught:
        inspect(content, **options)  # type: ignore[arg-type]
    assert caught.value.message
    assert caught.value.advice
    assert "%(" not in caught.value.message + caught.value.advice
    return caught.value.code


@pytest.mark.parametrize("kind", files.ACTIVE)
def test_a_pdf_that_acts_or_carries_something_is_refused(kind: str) -> None:
    plain = files.pdf(files.ACTIVE[kind])
    assert refusal(plain) == "documents.pdf_active"
    import pikepdf

    packed = files.pdf(files.ACTIVE[kind], object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert refusal(packed) == "documents.pdf_active"


@pytest.mark.parametrize("kind", files.HARMLESS)
def test_what_office_programs_write_into_every_pdf_is_taken(kind: str) -> None:
    content = files.pdf(files.HARMLESS[kind])
    assert inspect(content).content is content


def test_escaped_names_hide_nothing() -> None:
    assert refusal(files.escaped_names_pdf()) == "documents.pdf_active"


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf_is_refused(password: str) -> None:
    assert refusal(files.encrypted_pdf(password)) == "documents.pdf_encrypted"


@pytest.mark.parametrize(
    "content", [b"%PDF-", b"%PDF-1.7\nnothing", b"%PDF-1.7\n" + b"\x00" * 5000, b"%PDF-1.7\n" + b"<<" * 100_000]
)
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    assert refusal(content) == "documents.pdf_malformed"


def test_a_pdf_without_pages_is_refused() -> None:
    def empty(document: object) -> None:
        del document.pages[0]  # type: ignore[attr-defined]

    assert refusal(files.pdf(empty)) == "documents.pdf_malformed"


def most_memory() -> int:
    """The most that this process ever held, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def test_a_pdf_that_unpacks_without_end_is_refused_before_it_is_unpacked() -> None:
    content = files.unpacking_bomb_pdf(2000)
    assert len(content) < 3_000_000
    before = most_memory()
    assert refusal(content) == "documents.pdf_malformed"
    assert most_memory() - before < 400 * 2**20, "two gibibytes stood in the file"
    # The same file with little in it is a good one, so it is the size that is refused.
    assert inspect(files.unpacking_bomb_pdf(1)).type == "pdf"


def test_a_picture_is_encoded_anew_upright_and_without_notes() -> None:
    content = files.turned_jpeg()
    assert b"taken at home" in content
    checked = inspect(content)
    assert checked.media_type == "image/jpeg"
    assert b"taken at home" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as picture:
        assert picture.size == (30, 40)
        assert not picture.getexif()
    cleaned = inspect(files.png_with_text()).content
    assert b"taken at home" not in cleaned
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "P"])
def test_every_usual_kind_of_png_is_taken(mode: str) -> None:
    assert inspect(files.picture("PNG", mode=mode)).type == "png"


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_usual_kind_of_jpeg_is_taken(mode: str) -> None:
    assert inspect(files.picture("JPEG", mode=mode)).type == "jpeg"


def test_what_is_hidden_behind_a_picture_is_gone() -> None:
    hidden = b"<script>alert(1)</script>"
    assert hidden not in inspect(files.picture("JPEG") + hidden).content
    assert hidden not in inspect(files.picture("PNG") + hidden).content


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    assert refusal(files.png_that_claims(40_000, 40_000)) == "documents.picture_too_large"
    assert refusal(files.png_that_claims(7_000, 7_000)) == "documents.picture_too_large"


@pytest.mark.parametrize(
    "content",
    [
        files.picture("PNG")[:60],
        files.picture("JPEG")[:200],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"x" * 100,
        files.png_that_claims(100, 100),
    ],
)
def test_a_damaged_picture_is_refused(content: bytes) -> None:
    assert refusal(content) == "documents.picture_malformed"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_notes_in_a_picture_that_contradict_themselves_never_fail() -> None:
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, "a note of some length"
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=notes)
    good = out.getvalue()
    assert inspect(good).type == "jpeg"
    # Spoil each byte of the notes in turn; whatever they then say, the picture is taken or refused.
    start, length = good.index(b"Exif"), 80
    outcomes = set()
    for place in range(start, start + length):
        for value in (0, 2, 5, 7, 12, 255):
            with suppress(DocumentRefused):
                outcomes.add(inspect(good[:place] + bytes([value]) + good[place + 1 :]).type)
    assert outcomes <= {"jpeg"}


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_workbook_packed_in_a_way_the_standard_does_not_know_is_refused(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files.sheet())) as good, zipfile.ZipFile(out, "w", method) as archive:
        for part in good.namelist():
            archive.writestr(part, good.read(part))
    content = out.getvalue()
    assert refusal(content) == "documents.sheet_malformed"
    spoilt = bytearray(content)
    spoilt[70:80] = b"\xff" * 10
    assert refusal(bytes(spoilt)) == "documents.sheet_malformed"


def test_a_workbook_whose_types_are_spelled_with_entities_is_refused() -> None:
    more = '<Override PartName="/xl/x.dat" ContentType="application/vnd.ms-office.vba&#80;roject"/></Types>'
    types = files.CONTENT_TYPES.replace("</Types>", more)
    assert types != files.CONTENT_TYPES
    assert refusal(files.sheet(types=types)) == "documents.sheet_malformed"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_workbook_with_two_parts_of_one_name_is_refused() -> None:
    out = io.BytesIO(files.sheet())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("XL/workbook.xml", "<workbook/>")
    assert refusal(out.getvalue()) == "documents.sheet_malformed"


def test_a_workbook_is_taken_byte_for_byte() -> None:
    content = files.sheet({"xl/printerSettings/printerSettings1.bin": b"x", "xl/media/image1.png": b"x"})
    assert inspect(content).content is content


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/VBAPROJECT.BIN",
        "xl/activeX/activeX1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/embeddings/report.docx",
        "xl/macrosheets/sheet1.xml",
        "customUI/customUI.xml",
        "xl/ctrlProps/ctrlProp1.xml",
        "payload.exe",
    ],
)
def test_a_workbook_with_programs_is_refused(name: str) -> None:
    assert refusal(files.sheet({name: b"x"})) == "documents.sheet_macros"


def test_a_macro_workbook_under_another_name_is_refused() -> None:
    types = files.CONTENT_TYPES.replace(
        "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    )
    assert refusal(files.sheet(types=types)) == "documents.sheet_macros"


def test_a_workbook_that_unpacks_out_of_proportion_is_refused() -> None:
    assert refusal(files.sheet({"xl/sharedStrings.xml": b"\x00" * 50_000_000})) == "documents.sheet_bomb"
    assert refusal(files.sheet({f"xl/{number}.xml": b"" for number in range(2001)})) == "documents.sheet_bomb"


def test_another_archive_is_not_a_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refusal(out.getvalue()) == "documents.type_unknown"
    word = files.CONTENT_TYPES.replace("spreadsheetml.sheet", "wordprocessingml.document")
    assert refusal(files.sheet(types=word)) == "documents.type_unknown"


def test_a_damaged_archive_is_refused() -> None:
    good = files.sheet()
    assert refusal(good[: len(good) // 2]) == "documents.sheet_malformed"
    place = good.index(b"xl/workbook.xml") + 20
    assert refusal(good[:place] + b"\xff\xff\xff" + good[place + 3 :]) == "documents.sheet_malformed"
    assert refusal(b"PK\x03\x04" + b"\x00" * 100) == "documents.sheet_malformed"


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a",
        b"<html>",
        b"MZ\x90",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b" %PDF-1.7",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00",
    ],
)
def test_other_kinds_of_file_are_refused_by_their_content(content: bytes) -> None:
    assert refusal(content) == "documents.type_unknown"


def test_a_kind_that_is_not_wanted_here_is_named() -> None:
    with pytest.raises(DocumentRefused) as caught:
        inspect(files.picture(), allowed=frozenset({"pdf", "xlsx"}))
    assert caught.value.code == "documents.type_not_allowed"
    assert "PNG" in caught.value.message
    assert "PDF, XLSX" in caught.value.advice


def test_every_refusal_says_what_to_do() -> None:
    for code, refused in REFUSALS.items():
        assert code.startswith("documents.")
        assert refused.message.endswith(".")
        assert refused.advice.endswith(".")
