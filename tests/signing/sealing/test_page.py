"""The drawn page: conformance, what it prints and in which order, and text that was meant to break it."""

from __future__ import annotations

import dataclasses
import io
import subprocess
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from tests.signing.sealing import samples
from tests.signing.sealing.office import VERIFY_URL, Office
from udgam.rules.agreements import load_agreement
from udgam.rules.content import Party
from udgam.sandbox.specimens import specimen
from udgam.signing.sealing.page import PageRefused, compiler, draw_leaf, draw_preview


@pytest.fixture(scope="module")
def drawn(office: Office) -> bytes:
    return office.drawn(office.certified(office.content(items=3, exporter=samples.HINDI_EXPORTER)))


def text_of(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def preview(**changes: object) -> bytes:
    return draw_preview(samples.content(**changes), agreement=samples.AGREEMENT)  # type: ignore[arg-type]


def test_the_page_states_pdf_a_3a_and_pdf_ua_1(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "en-GB"
        assert root.ViewerPreferences.DisplayDocTitle
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert root.StructTreeRoot.K is not None
        assert all(page.Tabs == "/S" for page in pdf.pages)
        assert [round(float(side)) for side in pdf.pages[0].MediaBox] == [0, 0, 595, 842]
        assert samples.NUMBER in str(pdf.docinfo.Title)


def test_every_font_is_embedded(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        described = [one.FontDescriptor for one in fonts if "/FontDescriptor" in one]
        assert described
        assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in described)
        assert all("/ToUnicode" in one for one in fonts if one.Subtype == "/Type0")


def test_content_and_its_signature_are_attached(drawn: bytes, office: Office) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        found = {str(one.UF): one for one in pdf.Root.AF}
        assert set(found) == {"content.json", "content.p7s"}
        content = found["content.json"]
        assert content.AFRelationship == "/Data"
        assert content.EF.F.Subtype == "/application/json"
        assert "/ModDate" in content.EF.F.Params
        expected = office.certified(office.content(items=3, exporter=samples.HINDI_EXPORTER)).content.canonical
        assert content.EF.F.read_bytes() == expected
        assert found["content.p7s"].AFRelationship == "/Supplement"


def test_the_twelve_boxes_stand_in_the_forms_order(drawn: bytes) -> None:
    words = " ".join(text_of(drawn).split())
    places = [words.index(f"{box.number}. {box.label.split()[0]}") for box in samples.AGREEMENT.boxes]
    assert places == sorted(places)
    assert words.index("11. Certification") < words.index("12. Declaration by the exporter")
    assert "(NON-PREFERENTIAL)" in words
    assert "ELECTRONIC COPY" in words


def test_the_panel_says_who_signed_for_whom_and_when(drawn: bytes) -> None:
    words = " ".join(text_of(drawn).split())
    assert "Meera Kulkarni, Deputy Director, for Sahyadri Export Council" in words
    assert "issued by Fictional Sub-CA" in words
    assert "22 November 2026, 17:30:00 IST (UTC+05:30)" in words
    assert "Page 1 of 1" in words
    assert "https://udgam.example/verify/" in words
    assert VERIFY_URL.rpartition("/")[2] not in words, "the key stays in the code and in the link"


@pytest.mark.parametrize("resolution", [150, 300])
def test_the_code_on_the_rasterised_page_reads(drawn: bytes, resolution: int) -> None:
    picture = subprocess.run(
        ["pdftoppm", "-r", str(resolution), "-png", "-f", "1", "-l", "1", "-"],
        input=drawn,
        capture_output=True,
        check=True,
    ).stdout
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert [one.text for one in read] == [VERIFY_URL]


def test_hindi_reads_back_as_it_was_written(drawn: bytes) -> None:
    assert "महाराष्ट्र" in text_of(drawn)
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        tagged = {str(one.get("/Lang")) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one}
    assert "hi-IN" in tagged


@pytest.mark.parametrize(("items", "pages"), [(1, 1), (3, 1), (8, 1), (9, 2), (12, 2), (40, 3), (60, 4)])
def test_items_run_over_as_many_pages_as_they_need(items: int, pages: int) -> None:
    pdf = preview(items=items)
    words = " ".join(text_of(pdf).split())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == pages
    assert f"Page {pages} of {pages}" in words
    assert f"MEPL/HCM/{items * 10 - 9}-{items * 10}" in words.replace("- ", "-").replace("/ ", "/")
    assert "nothing follows" in words
    assert words.count("continuation sheet") == pages - 1


def test_every_number_of_items_can_be_drawn() -> None:
    for items in range(1, 26):
        assert "12. Declaration by the exporter" in " ".join(text_of(preview(items=items)).split())


def test_a_preview_is_marked_and_carries_no_proof() -> None:
    pdf = preview()
    words = text_of(pdf)
    assert "PREVIEW" in words
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "DRAFT" not in words, "the watermark is decoration; whoever listens is told that nobody has signed"
        assert len(opened.pages[0].Contents.read_bytes()) > 0
    assert "Nobody has signed it" in words
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/AF" not in opened.Root


HOSTILE = (
    '#panic(1) *bold* _it_ $x^2$ `code` = heading <label> @ref \\ #read("/etc/passwd")',
    "] ) } #sys.inputs // comment /* open",
    '"quoted" \\u{41} {named} %s {{ }} <script>alert(1)</script>',
    "/Launch (calc) >> endobj %%EOF",
    # Meant for the string literals in which the values come.
    '")), json(bytes("{}"))) #panic("out")',
    '\\" + read("/certificate.typ") + "\\\\" \\n \\u{22} \\',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_printed_and_not_obeyed(text: str) -> None:
    goods = (samples.item(1, description=text, marks=text, package_kind=text),)
    words = text_of(preview(goods=goods, remarks=(text,)), "-raw")
    squeezed = "".join(words.replace("\u200b", "").split())
    assert squeezed.count("".join(text.split())) >= 3


def test_a_very_long_word_stays_in_its_column() -> None:
    goods = (samples.item(1, description="W" * 400, marks="M" * 120, package_kind="क्षत्रिय" * 60, invoice="I" * 60),)
    pdf = preview(goods=goods, exporter=Party(name="X" * 300, address=("Y" * 200,), country=samples.INDIA))
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    rights = [float(line.split('xMax="')[1].split('"')[0]) for line in boxes.splitlines() if "<word" in line]
    assert max(rights) < 595 - 30


@pytest.mark.parametrize("character", ["漢", "😀", "ا", "க"])
def test_a_character_without_glyph_is_refused_by_name(character: str) -> None:
    with pytest.raises(PageRefused) as refusal:
        preview(goods=(samples.item(1, description=f"Tea {character}"),))
    assert refusal.value.code == "page.glyph_missing"
    assert character in refusal.value.message
    assert f"U+{ord(character):04X}" in refusal.value.message


@pytest.mark.parametrize("character", ["\u202e", "\u0007", "\u200b", "\u00ad", "\u2028", "\ufeff", "\ue000"])
def test_invisible_characters_are_refused(character: str) -> None:
    with pytest.raises(PageRefused) as refusal:
        preview(goods=(samples.item(1, description=f"Tea{character} leaves"),))
    assert refusal.value.code == "page.control_character"
    assert refusal.value.params["codepoint"] == f"U+{ord(character):04X}"


def test_joiners_of_devanagari_are_kept() -> None:
    assert "%PDF" in preview(remarks=("क्\u200dष र्\u200cय",))[:8].decode()


def test_content_beyond_all_trade_is_refused() -> None:
    goods = tuple(samples.item(n, description="long " * 400) for n in range(1, 700))
    with pytest.raises(PageRefused) as refusal:
        preview(goods=goods)
    assert refusal.value.code == "page.too_long"


def test_amounts_are_printed_exactly() -> None:
    goods = (samples.item(1, quantity=Decimal("1234567.125"), fob=Decimal("98765432.10")),)
    words = " ".join(text_of(preview(goods=goods)).split())
    assert "1,234,567.125" in words
    assert "98,765,432.10" in words


def test_the_same_certified_content_is_drawn_alike(office: Office) -> None:
    certified = office.certified(office.content())
    first, second = text_of(office.drawn(certified)), text_of(office.drawn(certified))
    assert first == second


def test_two_threads_draw_at_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda n: preview(items=n), [1, 2, 3, 4, 5, 6]))
    assert all(pdf.startswith(b"%PDF") for pdf in drawn)


@pytest.mark.parametrize("exporter", [samples.EXPORTER, samples.HINDI_EXPORTER])
def test_one_sheet_is_the_same_whichever_way_it_is_drawn(monkeypatch: pytest.MonkeyPatch, exporter: Party) -> None:
    """The quick way draws byte for byte what the way draws that measures first, and leaves to it what needs a second sheet."""
    sheets = set()
    for items in range(1, 30, 2):
        monkeypatch.setattr(compiler, "ITEMS_ON_ONE_SHEET", 0)
        measured = preview(items=items, exporter=exporter)
        monkeypatch.setattr(compiler, "ITEMS_ON_ONE_SHEET", 100)
        assert preview(items=items, exporter=exporter) == measured, items
        with pikepdf.open(io.BytesIO(measured)) as pdf:
            sheets.add(len(pdf.pages))
    assert {1, 2} <= sheets


def test_a_page_that_is_nearly_full_is_the_same_whichever_way_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line over the edge at which the closing moves to a sheet of its own."""
    for words in range(40, 260, 6):
        goods = (dataclasses.replace(samples.item(1), description="ground organic spice of the hills " * (words // 6)),)
        drawn = []
        for most in (0, 100):
            monkeypatch.setattr(compiler, "ITEMS_ON_ONE_SHEET", most)
            drawn.append(preview(goods=goods))
        assert drawn[0] == drawn[1], words


@pytest.mark.parametrize(
    ("code", "words"), [("UAE-CEPA", "ISSUED RETROSPECTIVELY"), ("IJCEPA", "ISSUED RETROACTIVELY")]
)
def test_after_the_shipment_the_agreements_own_words_and_the_recorded_reason_are_printed(code: str, words: str) -> None:
    agreement = load_agreement(code)
    reason = "The invoice was corrected by the buyer."
    before = specimen(agreement)
    late = replace(before, marks=("retrospective",), retrospective=reason)
    printed = " ".join(text_of(draw_preview(late, agreement=agreement)).split())
    assert words in printed.upper()
    assert reason in printed
    # The reason stands nowhere without the mark.
    assert reason not in text_of(draw_preview(replace(late, marks=()), agreement=agreement))


@pytest.mark.parametrize("name", ["Original", "Quadruplicate"])
def test_a_leaf_is_marked_on_each_page_and_holds_nothing_of_the_file(name: str) -> None:
    agreement = load_agreement("AIFTA")
    certificate = specimen(agreement)
    many = replace(
        certificate,
        items=tuple(replace(certificate.items[0], number=number) for number in range(1, 60)),
    )
    pdf = draw_preview(many, agreement=agreement)
    leaf = draw_leaf(pdf, name=name, note=f"{name} of 1: printed.")
    pages = text_of(leaf).split("\f")[:-1]
    assert len(pages) == len(text_of(pdf).split("\f")[:-1]) > 1
    assert name.upper() in pages[0]
    # The electronic copy's own name is gone, not only covered: a program reads the page too, and nothing else of it is lost.
    mark = {"PREVIEW", *name.upper().split(), *f"{name} of 1: printed.".split()}
    words = Counter(word for word in text_of(pdf).split() if word not in mark)
    assert "PREVIEW" not in text_of(leaf)
    assert Counter(word for word in text_of(leaf).split() if word not in mark) == words
    assert all(f"{name} of 1: printed." in page for page in pages)
    with pytest.raises(PageRefused):
        draw_leaf(b"no file at all", name=name, note="")
