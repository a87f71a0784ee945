"""The file as others read it: PDF/A-3 and PDF/UA-1 by their marks, signatures by poppler, structure by qpdf, codes by two readers."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from PIL import Image, ImageFilter

from tests.signing.proof.made import Made, make
from tests.signing.sealing.office import VERIFY_URL, Office
from udgam.signing.proof.code import MOST_LINES
from udgam.signing.proof.file import read_file
from udgam.signing.proof.trade_data import trade_data

XMP = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
ATTACHED = {
    "content.json": ("/Data", "application/json"),
    "content.p7s": ("/Supplement", "application/pkcs7-signature"),
    "code.txt": ("/Supplement", "text/plain"),
    "credential.jwt": ("/Supplement", "application/vc+jwt"),
    "certificate.unece.json": ("/Alternative", "application/json"),
}


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A certificate with the largest code that lists its goods."""
    return make(office, tmp_path_factory.mktemp("made"), items=MOST_LINES)


@pytest.fixture(scope="module", params=["B-B", "B-LT", "B-LTA"])
def aged(request: pytest.FixtureRequest, made: Made) -> bytes:
    if request.param == "B-B":
        return made.office.issue(made.content, proofs=made.register.proofs, stamped=False)
    return made.pdf if request.param == "B-LT" else made.archived(2)


def run(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.fail(f"{command[0]} is needed: install poppler-utils, qpdf and zbar-tools")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


# What a validator of PDF/A-3 and PDF/UA-1 looks at, after every revision


def test_the_marks_of_pdf_a_and_pdf_ua_stand_in_every_revision(aged: bytes) -> None:
    with pikepdf.open(io.BytesIO(aged)) as pdf:
        metadata = pdf.open_metadata()
        assert {name: str(metadata[name]) for name in XMP} == XMP
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("en")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in pdf.Root
        assert "/Encrypt" not in pdf.trailer
        assert pdf.docinfo["/Title"] == metadata["dc:title"]


def test_every_attachment_carries_what_pdf_a_3_wants(aged: bytes, made: Made) -> None:
    with pikepdf.open(io.BytesIO(aged)) as pdf:
        names = pdf.Root.Names.EmbeddedFiles.Names
        found = {str(names[place]): names[place + 1] for place in range(0, len(names), 2)}
        assert set(found) == set(ATTACHED)
        assert {one.objgen for one in pdf.Root.AF} == {one.objgen for one in found.values()}
        for name, (relationship, media_type) in ATTACHED.items():
            file = found[name]
            stream = file.EF.F
            assert (str(file.AFRelationship), str(stream.Subtype)) == (relationship, f"/{media_type}")
            assert str(file.F) == str(file.UF) == name
            assert re.fullmatch(r"D:\d{14}.*", str(stream.Params.ModDate)), name
            assert str(file.Desc)
        assert found["content.json"].EF.F.read_bytes() == made.certified.content.canonical
        assert found["certificate.unece.json"].EF.F.read_bytes() == trade_data(made.content)


def test_every_font_is_embedded_and_every_picture_described(aged: bytes) -> None:
    with pikepdf.open(io.BytesIO(aged)) as pdf:
        fonts = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts)
        figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert len(figures) == 2
        assert all(str(one.Alt).startswith("QR code") for one in figures)
        for page in pdf.pages:
            for note in page.get("/Annots", []):
                assert note.Subtype == "/Widget" or "/Contents" in note or "/StructParent" in note


def test_every_revision_begins_on_a_line_of_its_own(aged: bytes) -> None:
    ends = [found.end() for found in re.finditer(rb"%%EOF", aged)]
    assert len(ends) == 1 + len(read_file(aged).signatures)
    assert all(aged[end : end + 1] in {b"\n", b"\r"} for end in ends[:-1])


def test_signature_fields_are_invisible_and_were_there_before_the_first_signature(aged: bytes) -> None:
    first = read_file(aged).signatures[0]
    before = aged[: first.byte_range[2] + first.byte_range[3]]
    with pikepdf.open(io.BytesIO(before)) as pdf:
        assert [str(one.T) for one in pdf.Root.AcroForm.Fields] == ["Officer", "Seal"]
        assert pdf.Root.AcroForm.Fields[0].V.Reference[0].TransformParams.P == 2
    with pikepdf.open(io.BytesIO(aged)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            assert "/AP" not in field
            assert all(float(one) < 0 for one in field.Rect)


def test_verapdf_agrees_where_it_is_installed(aged: bytes, tmp_path: Path) -> None:
    if shutil.which("verapdf") is None:
        pytest.skip("veraPDF is not installed")
    (tmp_path / "file.pdf").write_bytes(aged)
    for flavour in ("3a", "ua1"):
        assert 'isCompliant="true"' in run("verapdf", "--flavour", flavour, str(tmp_path / "file.pdf"))


# Checkers that do not know us


def test_poppler_finds_both_signatures_valid_and_qpdf_no_error(aged: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(aged)
    said = run("pdfsig", "-nocert", str(path))
    blocks = said.split("Signature #")[1:]
    assert [re.search(r"Field Name: (\w+)", one).group(1) for one in blocks][:2] == ["Officer", "Seal"]  # type: ignore[union-attr]
    assert all("Signature is Valid" in one for one in blocks[:2])
    assert "Total document signed" in blocks[-1]
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", str(path))


def test_an_independent_library_verifies_the_attached_credential(aged: bytes, made: Made) -> None:
    with pikepdf.open(io.BytesIO(aged)) as pdf:
        token = JWS()
        text = pdf.attachments["credential.jwt"].get_file().read_bytes().decode()
    token.deserialize(text, JWK(**made.register.office_key.public.jwk()))
    assert json.loads(token.payload)["credentialSubject"]["contentSha256"] == made.digest


# The codes on paper


# What is done to the picture: share of points that are salt or pepper after a blur of half a point, and how far the far edge is
# drawn in on each side, as a share of the width; the sheet is then turned by two degrees as well.
TREATMENTS = {"clean": (0.0, 0.0), "noise": (0.02, 0.0), "perspective": (0.0, 0.06), "both": (0.01, 0.03)}


# zbar reads neither code from 150 dpi with noise and perspective together; zxing reads both.
ZBAR_GIVES_UP = (150, "both")
# Each signature draws another code, and zbar misses one or the other from the side at 150 dpi. A camera takes many pictures: it may
# look again from a little nearer the middle. zxing reads every one at the first look.
LOOKS = (0.9, 0.8, 0.7, 0.6)


def pages(pdf: bytes, dpi: int, folder: Path) -> list[Image.Image]:
    (folder / "file.pdf").write_bytes(pdf)
    run("pdftoppm", "-r", str(dpi), "-gray", "-png", str(folder / "file.pdf"), str(folder / "page"))
    found = []
    for path in sorted(folder.glob("page-*.png")):
        with Image.open(path) as picture:
            found.append(picture.convert("L"))
    return found


def noisy(picture: Image.Image, seed: int, *, share: float) -> Image.Image:
    """Salt and pepper on ``share`` of the points, after a blur of half a point: a poor scan."""
    chosen = random.Random(seed)
    soft = picture.filter(ImageFilter.GaussianBlur(0.5))
    points = soft.load()
    assert points is not None
    for _ in range(int(soft.width * soft.height * share)):
        points[chosen.randrange(soft.width), chosen.randrange(soft.height)] = chosen.choice((0, 255))
    return soft


def tilted(picture: Image.Image, *, lean: float) -> Image.Image:
    """Seen from the side: the far edge is shorter by twice ``lean`` of the width, and the sheet is turned by two degrees."""
    width, height = picture.size
    shift = lean * width
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = [(shift, 0), (width - shift, shift / 2), (width, height), (0, height)]
    rows, right = [], []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    flat = picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, _solved(rows, right), Image.Resampling.BICUBIC, fillcolor=255
    )
    return flat.rotate(2, Image.Resampling.BICUBIC, fillcolor=255)


def _solved(rows: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with pivots; eight equations need no library."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(table[row][column]))
        table[column], table[pivot] = table[pivot], table[column]
        table[column] = [value / table[column][column] for value in table[column]]
        for row in range(size):
            if row != column:
                factor = table[row][column]
                table[row] = [one - factor * two for one, two in zip(table[row], table[column], strict=True)]
    return [row[-1] for row in table]


def _by_zbar(picture: Image.Image, folder: Path) -> set[str]:
    picture.save(folder / "seen.png")
    return set(run("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(folder / "seen.png")).splitlines())


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize("dpi", [150, 300])
def test_both_codes_are_read_from_the_page(made: Made, tmp_path: Path, dpi: int, treatment: str) -> None:
    share, lean = TREATMENTS[treatment]
    by_zxing, by_zbar = set(), set()
    for picture in pages(made.pdf, dpi, tmp_path):
        seen = tilted(picture, lean=lean) if lean else picture
        seen = noisy(seen, seed=dpi, share=share) if share else seen
        by_zxing |= {one.text for one in zxingcpp.read_barcodes(seen)}
        by_zbar |= _by_zbar(seen, tmp_path)
        for again in LOOKS if lean and not {made.code, VERIFY_URL} <= by_zbar else ():
            by_zbar |= _by_zbar(tilted(picture, lean=lean * again), tmp_path)
    assert by_zxing == {made.code, VERIFY_URL}
    if (dpi, treatment) != ZBAR_GIVES_UP:
        assert {made.code, VERIFY_URL} <= by_zbar


def test_the_signed_code_is_printed_large_enough(made: Made, tmp_path: Path) -> None:
    first, *_ = pages(made.pdf, 300, tmp_path)
    (found,) = [one for one in zxingcpp.read_barcodes(first) if one.text == made.code]
    corners = found.position
    width = ((corners.top_right.x - corners.top_left.x) ** 2 + (corners.top_right.y - corners.top_left.y) ** 2) ** 0.5
    assert width / 300 * 25.4 >= 28
