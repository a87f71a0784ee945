"""Files for the tests, made on the spot: good ones, and one for each way to be bad."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image
from PIL.PngImagePlugin import PngInfo


def pdf(change: Callable[[Pdf], None] | None = None, **saving: object) -> bytes:
    """A PDF of one page, changed before it is saved."""
    document = Pdf.new()
    document.add_blank_page(page_size=(200, 200))
    if change is not None:
        change(document)
    out = io.BytesIO()
    document.save(out, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def with_open_action(document: Pdf) -> None:
    document.Root.OpenAction = _script()


def with_script_name(document: Pdf) -> None:
    document.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), document.make_indirect(_script())]))
    )


def with_page_action(document: Pdf) -> None:
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("http://x.example")))


def with_launch(document: Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe")))
    document.pages[0].obj.Annots = Array([document.make_indirect(link)])


def with_attachment(document: Pdf) -> None:
    document.attachments["note.txt"] = b"hidden"


def with_unreachable_attachment(document: Pdf) -> None:
    stream = document.make_stream(b"hidden")
    stream.Type = Name.EmbeddedFile
    document.Root.Harmless = document.make_indirect(stream)


def with_xfa(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def with_submit_in_next(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(
        S=Name.GoTo, D=Array([0, Name.Fit]), Next=Dictionary(S=Name.SubmitForm, F=String("http://x.example"))
    )


def with_indirect_kind(document: Pdf) -> None:
    """The kind of the action stands in an object of its own."""
    action = Dictionary(S=document.make_indirect(Name.Launch), F=String("calc.exe"))
    document.Root.Harmless = document.make_indirect(action)


def with_plain_open_action(document: Pdf) -> None:
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def with_go_to(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([document.pages[0].obj, Name.Fit]))


def with_link(document: Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.URI, URI=String("http://x.example")),
    )
    document.pages[0].obj.Annots = Array([document.make_indirect(link)])


ACTIVE = {
    "JavaScript on opening": with_open_action,
    "JavaScript by name": with_script_name,
    "action of a page": with_page_action,
    "launch": with_launch,
    "attachment": with_attachment,
    "attachment that no page names": with_unreachable_attachment,
    "XFA": with_xfa,
    "second action": with_submit_in_next,
    "kind in its own object": with_indirect_kind,
}
HARMLESS = {"page to open at": with_plain_open_action, "go to a page": with_go_to, "web link": with_link}


def encrypted_pdf(password: str) -> bytes:
    return pdf(encryption=pikepdf.Encryption(owner="o", user=password))


def escaped_names_pdf() -> bytes:
    """/JavaScript and /OpenAction with hexadecimal escapes in their names (ISO 32000-2, 7.3.5)."""
    data = pdf(with_open_action)
    for plain, escaped in ((b"/OpenAction", b"/Open#41ction"), (b"/JavaScript", b"/Java#53cript"), (b"/JS", b"/J#53")):
        assert plain in data
        data = data.replace(plain, escaped)
    return data


def unpacking_bomb_pdf(mebibytes: int) -> bytes:
    """A stream of objects that unpacks to that size from about a thousandth of it."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"10 0\n<<>>\n") + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush a segment depends on nothing before it, so it can be repeated.
    segment = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = head + segment * mebibytes + b"\x03\x00" + struct.pack(">I", 1)
    out = b"%PDF-1.5\n"
    places: list[int] = []
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[0 0 10 10]>>",
        b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed),
    ]
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), *[(0, 0, 0)] * 5, (2, 4, 0), (1, len(out), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    start = len(out)
    entries = b"<</Type/XRef/Size 12/W[1 4 2]/Root 1 0 R/Length %d>>" % len(table)
    return out + b"11 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (entries, table, start)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode not in {"1", "L", "LA", "P"} else 0).save(out, kind, **saving)
    return out.getvalue()


def turned_jpeg() -> bytes:
    """40 wide and 30 high, with the note that it must be turned by a quarter, and the place where it was taken."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x010E] = "taken at home"
    return picture("JPEG", exif=notes)


def png_with_text() -> bytes:
    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    return picture("PNG", pnginfo=notes)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its data does not have."""
    good = picture("PNG", (1, 1), "1")
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    block = b"IHDR" + header
    return good[:8] + struct.pack(">I", 13) + block + struct.pack(">I", zlib.crc32(block)) + good[33:]


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def sheet(more: Mapping[str, bytes] | None = None, types: str = CONTENT_TYPES) -> bytes:
    """An XLSX file with these parts besides the ordinary ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()
