"""What somebody inside could put into the file before the officer signs, so that every signature holds over it: the first step says no."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils.generic import NumberObject, StreamObject, pdf_name

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.sealing.office import NOW, Office
from udgam.signing.sealing import seal
from udgam.signing.sealing.revision import open_writer

Put = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("plain"))


def sealed_with(made: Made, put: Put) -> bytes:
    """The certificate, drawn, changed, and only then signed and sealed by the real keys."""
    office = made.office
    with pikepdf.open(io.BytesIO(office.drawn(made.certified, made.register.proofs(made.certified)))) as pdf:
        put(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return seal.apply(
        office.signed(out.getvalue()),
        seal_key=office.seal_key,
        time_stamper=office.time_stamper,
        evidence=office.evidence(made.folder),
        now=NOW,
    )


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _page_action(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=_script())


def _opened_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = _script()


def _named_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.JavaScript = Dictionary(Names=Array([String("x"), _script()]))


def _heading_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Outlines.First.A = _script()


def _layer(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))


def _layer_of_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Properties = Dictionary(x=Dictionary(Type=Name.OCG, Name=String("x")))


def _picture_of_another_file(pdf: pikepdf.Pdf) -> None:
    picture = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, Ref=Dictionary(F=String("x.pdf"), Page=0))
    pdf.pages[0].obj.Resources.XObject = Dictionary(x=picture)


def _attached_more(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["invoice.pdf"] = b"%PDF-1.7"


def _annotation(**entries: Any) -> Put:
    def put(pdf: pikepdf.Pdf) -> None:
        one = pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([50, 400, 500, 450]), **entries))
        pdf.pages[0].obj.Annots.append(one)

    return put


def _link(action: Dictionary) -> Put:
    return _annotation(Subtype=Name.Link, Border=Array([0, 0, 0]), A=action)


def _link_acts(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots[0].A.Next = _script()


def _picture(pdf: pikepdf.Pdf, **entries: Any) -> pikepdf.Stream:
    return pdf.make_stream(
        b"\x00",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=1,
        Height=1,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        **entries,
    )


def _form(pdf: pikepdf.Pdf, content: bytes = b"", **entries: Any) -> pikepdf.Stream:
    return pdf.make_stream(
        content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 800]), Resources=Dictionary(**entries)
    )


def _drawn(pdf: pikepdf.Pdf, picture: pikepdf.Stream) -> None:
    pdf.pages[0].obj.Resources.XObject = Dictionary(x=picture)


def _other_picture_inside(pdf: pikepdf.Pdf) -> None:
    other = Array([Dictionary(Image=_picture(pdf), DefaultForPrinting=True)])
    _drawn(pdf, _form(pdf, b"/x Do", XObject=Dictionary(x=_picture(pdf, Alternates=other))))


def _layer_inside(pdf: pikepdf.Pdf) -> None:
    _drawn(pdf, _form(pdf, b"/OC /x BDC EMC", Properties=Dictionary(x=Dictionary(Type=Name.OCG, Name=String("x")))))


def _file_of_a_picture(pdf: pikepdf.Pdf) -> None:
    form = _form(pdf)
    form.AF = Array([Dictionary(Type=Name.Filespec, F=String("x.exe"))])
    _drawn(pdf, form)


def _pattern(pdf: pikepdf.Pdf) -> None:
    tile = pdf.make_stream(
        b"/x Do", PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 1, 1]), XStep=1, YStep=1
    )
    tile.Resources = Dictionary(XObject=Dictionary(x=_picture(pdf, OPI=Dictionary())))
    pdf.pages[0].obj.Resources.Pattern = Dictionary(x=tile)


def _content_elsewhere(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    more = pdf.make_stream(
        b"q Q", F=Dictionary(Type=Name.Filespec, FS=Name.URL, F=String("http://elsewhere.example/x"))
    )
    page.Contents = Array([page.Contents, more])


def _typeface_elsewhere(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
    font.DescendantFonts[0].FontDescriptor.FontFile2.F = String(r"\\elsewhere.example\share\x.ttf")


def _drawn_typeface(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1, 1]), AA=Dictionary(O=_script()))
    pdf.pages[0].obj.Resources.Font["/f9"] = pdf.make_indirect(font)


def _colours_elsewhere(pdf: pikepdf.Pdf) -> None:
    where = Dictionary(URLs=Array([Dictionary(FS=Name.URL, F=String("http://elsewhere.example"))]))
    pdf.Root.OutputIntents[0].DestOutputProfileRef = where


def _element(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(
        one
        for one in pdf.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem" and one.get("/S") == "/Span"
    )


def _read_aloud(pdf: pikepdf.Pdf) -> None:
    _element(pdf).ActualText = String("FORGED")


def _other_words(pdf: pikepdf.Pdf) -> None:
    _element(pdf).Alt = String("FORGED")


def _script_of_the_structure(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.AA = Dictionary(O=_script())


def _specifications(pdf: pikepdf.Pdf) -> list[Any]:
    return list(pdf.Root.Names.EmbeddedFiles.Names)[1::2]


def _embedded(pdf: pikepdf.Pdf, data: bytes = b"{}") -> pikepdf.Stream:
    return pdf.make_stream(data, Type=Name.EmbeddedFile, Subtype=Name("/application/json"))


def _specification(pdf: pikepdf.Pdf, name: str) -> Dictionary:
    file = _embedded(pdf)
    parts = Dictionary(F=file, UF=file)
    return Dictionary(
        Type=Name.Filespec, F=String(name), UF=String(name), Desc=String(""), AFRelationship=Name.Data, EF=parts
    )


def _two_files_under_one_name(pdf: pikepdf.Pdf) -> None:
    for one in _specifications(pdf):
        one.EF.UF = _embedded(pdf, b'{"forged":true}')


def _the_same_file_twice(pdf: pikepdf.Pdf) -> None:
    # No embedded file more than there are names: the other one stands where an ordinary stream stood.
    one, other = _specifications(pdf)[:2]
    one.EF.UF = other.EF.F


def _old_name(pdf: pikepdf.Pdf) -> None:
    one = _specifications(pdf)[0]
    one.DOS, one.EF.DOS = String("x.exe"), _embedded(pdf)


def _other_name(pdf: pikepdf.Pdf) -> None:
    _specifications(pdf)[0].F = String("x.exe")


def _related_files(pdf: pikepdf.Pdf) -> None:
    _specifications(pdf)[0].RF = Dictionary(F=Array([String("x.exe"), _embedded(pdf)]))


def _associated_more(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF.append(pdf.make_indirect(_specification(pdf, "other.json")))


def _associated_another(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF = Array([pdf.make_indirect(_specification(pdf, "content.json"))])


def _associated_none(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF = Array([])


def _associated_with_an_element(pdf: pikepdf.Pdf) -> None:
    _element(pdf).AF = Array(pdf.Root.AF)


def _unused(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.EmbeddedFiles.Kids = Array([])


def _other_host(scheme: str, host: str) -> Put:
    def put(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            for one in page.obj.get("/Annots", ()):
                one.A.URI = String(f"{scheme}://{host}/verify/x")

    return put


PUT: dict[str, Put] = {
    "a script when the page is shown": _page_action,
    "an action when the file is opened": _opened_action,
    "a named script": _named_script,
    "a script behind a heading": _heading_action,
    "a script behind the link": _link_acts,
    "a layer that is switched off": _layer,
    "a layer in a page": _layer_of_a_page,
    "a picture taken from another file": _picture_of_another_file,
    "an attachment more": _attached_more,
    "a link that starts a program": _link(Dictionary(S=Name.Launch, F=String("x.exe"))),
    "a link to another site's page": _link(Dictionary(S=Name.URI, URI=String("https://elsewhere.example/pay"))),
    "a second page of verification": _link(Dictionary(S=Name.URI, URI=String("https://elsewhere.example/verify/"))),
    "a text over the page": _annotation(Subtype=Name.FreeText, Contents=String("FORGED"), DA=String("/Helv 20 Tf")),
    "a film": _annotation(Subtype=Name.RichMedia),
    "a stamp over the page": _annotation(Subtype=Name.Stamp),
    "a visible field": _annotation(Subtype=Name.Widget, FT=Name.Tx, T=String("x"), V=String("FORGED")),
    "a page that follows of itself": lambda pdf: setattr(pdf.pages[0].obj, "Dur", 1),
    "another picture for printing, inside a form": _other_picture_inside,
    "a layer inside a form": _layer_inside,
    "a file that belongs to a form": _file_of_a_picture,
    "a picture of another system inside a pattern": _pattern,
    "a picture": lambda pdf: _drawn(pdf, _picture(pdf)),
    "a picture on a share": lambda pdf: _drawn(pdf, _picture(pdf, F=String(r"\\elsewhere.example\share\x.png"))),
    "content of a page at an address": _content_elsewhere,
    "a typeface on a share": _typeface_elsewhere,
    "a typeface that is drawn, with a script": _drawn_typeface,
    "colours at an address": _colours_elsewhere,
    "other words for one who listens": _read_aloud,
    "another description of a text": _other_words,
    "a script of the structure": _script_of_the_structure,
    "two files under one name": _two_files_under_one_name,
    "one attachment under two names": _the_same_file_twice,
    "a file for old systems": _old_name,
    "another name of an attachment": _other_name,
    "related files": _related_files,
    "an associated file more": _associated_more,
    "another content among the associated files": _associated_another,
    "no associated files": _associated_none,
    "associated files of an element": _associated_with_an_element,
    "a list of attachments with branches": _unused,
    "an entry of the trailer": lambda pdf: pdf.trailer.update({"/x": String("x")}),
    "an entry of the description": lambda pdf: pdf.docinfo.update({"/X": "x"}),
}


@pytest.mark.parametrize("put", PUT.values(), ids=PUT)
def test_what_we_never_write_is_refused_however_well_it_is_signed(put: Put, made: Made) -> None:
    report = check(sealed_with(made, put), made.trust())
    assert failed(report) == ["file.structure"]
    assert not report.valid
    assert not report.integrity


def test_the_same_way_without_any_change_holds(made: Made) -> None:
    report = check(sealed_with(made, lambda pdf: None), made.trust())
    assert report.valid, failed(report)


def test_a_certificate_of_many_pages_and_stamps_holds(office: Office, tmp_path: Path) -> None:
    long = make(office, tmp_path / "long", items=60)
    report = check(long.archived(2), long.trust())
    assert report.valid, failed(report)


def test_how_a_stream_is_unfolded_may_not_change_after_the_officer_signed(made: Made) -> None:
    office = made.office
    writer = open_writer(office.signed(office.drawn(made.certified, made.register.proofs(made.certified))))
    content = writer.root["/Pages"]["/Kids"][0].raw_get("/Contents")
    stream = content.get_object()
    # The same bytes, which are no drawing any more: the page is empty.
    changed = StreamObject(
        {pdf_name("/Length"): NumberObject(len(stream.encoded_data))}, encoded_data=stream.encoded_data
    )
    writer.objects[(content.generation, content.idnum)] = changed
    out = io.BytesIO()
    writer.write(out)
    sealed = seal.apply(
        out.getvalue(),
        seal_key=office.seal_key,
        time_stamper=office.time_stamper,
        evidence=office.evidence(made.folder),
        now=NOW,
    )
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        assert "/Filter" not in pdf.pages[0].obj.Contents
    assert "document.unchanged" in failed(check(sealed, made.trust()))


def test_a_link_to_another_host_than_the_registers_is_told_and_undoes_nothing(made: Made) -> None:
    """A site may move within ten years: that must not make what it issued invalid."""
    listed = made.register.listed()
    elsewhere = sealed_with(made, _other_host("https", "moved.example"))

    def told(pdf: bytes, site: str | None) -> bool:
        report = check(pdf, made.trust(replace(listed, site=site)))
        assert report.valid, failed(report)
        return any("The link in the file leads to" in str(one) for one in report.warnings)

    assert not told(made.pdf, listed.site)
    # The name of the register keeps the host of old.
    assert not told(made.pdf, "https://moved.example")
    assert told(elsewhere, listed.site)
    assert not told(elsewhere, "https://moved.example")
    # A list that names no site does not say where certificates are checked.
    assert not told(elsewhere, None)
