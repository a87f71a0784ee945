"""What somebody inside could put into the file before the officer signs, so that every signature holds over it: the first step says no."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.sealing.office import NOW, Office
from udgam.signing.sealing import seal

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
