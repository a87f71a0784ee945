"""Every name that stands in a file of ours, wherever it stands: an object that uses another one is not ours.

`plain` follows catalogue, pages and fields. What hangs deeper (fonts, structure, file specifications, streams) is held by its words: the
second reader writes each object out in one way, and each name in it must be one that the page, the revisions or the evidence write. So
whatever a viewer may obey elsewhere, such as ``/AA``, ``/Alternates``, ``/XObject`` or ``/ActualText``, is refused at any depth, known to
us or not. Words that are ours but mean more in another place, ``/F``, ``/EF``, ``/AF`` and ``/Alt``, are looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pikepdf

_NAMES = frozenset(
    b"/" + name
    for name in (
        # The catalogue, its parts and the pages.
        b"AF AcroForm Block Catalog ColorSpace Contents Count Creator CreationDate Author Subject Keywords Title Producer DSS Dest"
        b" Direction DisplayDocTitle EmbeddedFiles Fields First Font ICCBased ID Info Kids L2R Lang Last Length MarkInfo Marked MediaBox"
        b" Metadata ModDate N Names Next None OutputIntents Outlines P PDF Page Pages Parent Perms Prev ProcSet Range Resources Root S"
        b" SigFlags Size StructParents StructTreeRoot Subtype Suspects Tabs Text ImageB ImageC ImageI Type ViewerPreferences XML XYZ"
        b" Filter FlateDecode"
        # The profile of colours.
        b" DestOutputProfile GTS_PDFA1 OutputCondition OutputConditionIdentifier OutputIntent RegistryName"
        # Fonts.
        b" Ascent BaseFont CIDFontType2 CIDSet CIDSystemInfo CIDToGIDMap CMap CapHeight DW DescendantFonts Descent Encoding Flags FontBBox"
        b" FontDescriptor FontFile2 FontName Identity Identity-H ItalicAngle Ordering Registry StemV Supplement ToUnicode Type0 W WMode"
        # Structure, by the kinds of ISO 32000-2, 14.8.4, and its attributes.
        b" A Alt BBox BorderColor BorderStyle BorderThickness ColSpan Column Datetime Div Document Em Figure H1 H2 H3 Headers IDTree K L"
        b" LBody LI Layout Lbl Link List ListNumbering NonStruct Nums O OBJR Obj ParentTree ParentTreeNextKey Part Pg Placement RoleMap Row"
        b" RowSpan Scope Sect Solid Span Strong StructElem T TBody TD TFoot TH THead TR Table Terms Unordered"
        # The link and its action.
        b" Action Annot Annots Border F Rect StructParent URI"
        # Attachments.
        b" AFRelationship Alternative Data Desc EF EmbeddedFile Filespec Params Supplement UF"
        b" application#2fjson application#2fpkcs7-signature application#2fvc+jwt text#2fplain"
        # Signatures and the evidence beside them.
        b" 1.2 Adobe.PPKLite ByteRange CRLs Certs DocMDP DocTimeStamp ETSI.CAdES.detached ETSI.RFC3161 FT M Name OCSPs Reason Reference Sig"
        b" SigRef SubFilter TU TransformMethod TransformParams UDGM_LogProof V Widget"
    ).split()
)  # fmt: skip
# Parts of a typeface, and what a page calls its fonts and colours.
_CHOSEN = re.compile(rb"/(?:[A-Z]{6}\+[A-Za-z0-9-]{1,60}|[cf][0-9]{1,3})")
_NAME = re.compile(rb"/[^\s()<>\[\]{}/%]*")
_STRING = re.compile(rb"\((?:[^\\()]|\\.)*\)", re.DOTALL)
_TRAILER = frozenset({"/ID", "/Info", "/Prev", "/Root", "/Size", "/XRefStm"})
_SPECIFICATION = frozenset({"/AFRelationship", "/Desc", "/EF", "/F", "/Type", "/UF"})
_FILES = frozenset({"/F", "/UF"})


def unknown_entry(pdf: pikepdf.Pdf, written: Mapping[tuple[int, int], bytes], attachments: int) -> str | None:
    """The first entry that we never write, or that does not stand where we write it; None when there is none.

    ``written`` are its objects (`written_out`); ``attachments`` says how many were found by the first reader.
    """
    figures = 0
    for place, text in written.items():
        # The content of a stream that names a file is in that file.
        if text.startswith(b"stream ") and b"/F" in text and b"/F" in _names_in(text):
            return "/F"
        if b"/Alt " in text:
            figures += _is_figure(pdf.get_object(place))
    found = _names_in(b"\n".join(written.values()))
    for name in sorted(set(found) - _NAMES):
        if not _CHOSEN.fullmatch(name):
            return name.decode("latin-1")
    # Other words for what is drawn have the codes alone; files are named in the list of attachments alone.
    wanted = (
        (b"/Alt", figures),
        (b"/AF", int("/AF" in pdf.Root)),
        (b"/EF", attachments),
        (b"/EmbeddedFile", attachments),
    )
    for name, times in wanted:
        if found.count(name) != times:
            return name.decode()
    return _of_trailer(pdf) or _of_attachments(pdf.Root, attachments)


def _names_in(text: bytes) -> list[bytes]:
    return _NAME.findall(_STRING.sub(b"", text))


def _is_figure(one: Any) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure" and "/Alt" in one


def _of_trailer(pdf: pikepdf.Pdf) -> str | None:
    return min(pdf.trailer.keys() - _TRAILER, default=None)


def _of_attachments(root: Any, attachments: int) -> str | None:
    """Each reader must find the same file under a name, whichever entry it follows."""
    listed = root.Names.EmbeddedFiles if "/Names" in root and "/EmbeddedFiles" in root.Names else pikepdf.Dictionary()
    if listed.keys() - {"/Names"}:
        return "/EmbeddedFiles"
    pairs = list(listed.get("/Names", ()))
    if len(pairs) != 2 * attachments:
        return "/EmbeddedFiles"
    for name, specification in zip(pairs[::2], pairs[1::2], strict=True):
        if specification.keys() != _SPECIFICATION or specification.EF.keys() != _FILES:
            return "/Filespec"
        if not str(name) == str(specification.F) == str(specification.UF):
            return "/F"
        if not _same(specification.EF.F, specification.EF.UF):
            return "/EF"
    associated = list(root.AF) if "/AF" in root else []
    if sorted(one.objgen for one in associated) != sorted(one.objgen for one in pairs[1::2]):
        return "/AF"
    return None


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, pikepdf.Stream) and one.objgen == other.objgen
