"""What a file of ours consists of, as lists of what may stand in catalogue, pages and fields: whatever is not on them is refused.

A list of what is forbidden would have to know every script, action and kind of annotation that a viewer may obey (ISO 32000-2, 12.5
and 12.6, has dozens). What the page and the revisions write is short, and the same since the first release; `tests/archive` holds it.
What hangs deeper is held by its words, in `written`. What is drawn inside the contents of a page is not read here: that is what the
officer saw and signed. The second reader (qpdf, by way of pikepdf) looks, as in `revisions`: the file is open there anyway.
"""

from __future__ import annotations

import re
from typing import Any

import pikepdf

from udgam.signing.proof import names
from udgam.signing.proof.checks.written import unknown_entry
from udgam.signing.proof.file import SignedFile, brief
from udgam.signing.proof.told import Fails

_CATALOGUE = frozenset(
    [
        "/AF",
        "/AcroForm",
        "/DSS",
        "/Lang",
        "/MarkInfo",
        "/Metadata",
        "/Names",
        "/Outlines",
        "/OutputIntents",
        "/Pages",
        "/Perms",
        "/StructTreeRoot",
        "/Type",
        "/ViewerPreferences",
    ]
)
# Parts of the catalogue that are lists of their own.
_PARTS = {
    "/Names": frozenset({"/EmbeddedFiles"}),
    "/AcroForm": frozenset({"/Fields", "/SigFlags"}),
    "/Perms": frozenset({"/DocMDP"}),
    "/ViewerPreferences": frozenset({"/Direction", "/DisplayDocTitle"}),
    "/Outlines": frozenset({"/Type", "/First", "/Last", "/Count"}),
}
_HEADING = frozenset({"/Title", "/Parent", "/Prev", "/Next", "/First", "/Last", "/Count", "/Dest"})
_NODE = frozenset({"/Type", "/Kids", "/Count", "/Parent"})
_PAGE = frozenset(["/Type", "/Parent", "/Annots", "/Contents", "/MediaBox", "/Resources", "/StructParents", "/Tabs"])
# Our pages have no pictures: the codes are drawn. Without ``/Properties`` no part can belong to a layer that is switched off.
_RESOURCES = frozenset({"/ProcSet", "/Font", "/ColorSpace"})
_FIELD = frozenset({"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/P", "/Rect", "/V"})
_LINK = frozenset({"/Type", "/Subtype", "/A", "/Border", "/Contents", "/F", "/Rect", "/StructParent"})
_LINK_ACTION = frozenset({"/S", "/Type", "/URI"})
_VERIFY_PAGE = re.compile(r"https?://[^/?#@\s]+/verify/[^\s]*")
_ATTACHMENTS = frozenset(
    {
        names.CONTENT_ATTACHMENT,
        names.CERTIFICATION_ATTACHMENT,
        names.CODE_ATTACHMENT,
        names.CREDENTIAL_ATTACHMENT,
        names.TRADE_DATA_ATTACHMENT,
    }
)
# A certificate of 200 items has 13 pages.
_MOST_PAGES, _MOST_LISTED, _DEEPEST = 500, 200, 8


def require_plain(file: SignedFile) -> frozenset[str]:
    """Refuse a file that holds anything that a file of ours does not; answers the address of its link, if it has one.

    Raises:
        Fails: the sentence names the first thing found.
        ValueError: it cannot be read.
    """
    for one in file.attachments:
        if one.name not in _ATTACHMENTS:
            raise Fails("The file has an attachment that we never write: {name}.", name=one.name[:80])
    try:
        links = _catalogue(file.read_again.Root)
        unknown = unknown_entry(file.read_again, file.written_again, len(file.attachments))
    except (pikepdf.PdfError, RuntimeError, UnicodeDecodeError) as error:
        raise ValueError(brief(error)) from error
    if unknown is not None:
        raise _unknown(unknown)
    if len(links) > 1:
        raise Fails("The links of the file lead to more than one place.")
    return frozenset(links)


def _catalogue(root: Any) -> set[str]:
    _only(root, _CATALOGUE)
    for name, allowed in _PARTS.items():
        if name in root:
            _only(root[name], allowed)
    if "/Outlines" in root:
        _headings(root.Outlines)
    fields = _fields(root)
    links: set[str] = set()
    for page in _pages(root.Pages):
        _page(page, fields, links)
    return links


def _only(value: Any, allowed: frozenset[str]) -> None:
    if not isinstance(value, pikepdf.Dictionary):
        raise ValueError("a part of it is no dictionary")
    more = value.keys() - allowed
    if more:
        raise _unknown(min(more))


def _unknown(entry_name: str) -> Fails:
    return Fails(
        "The file holds an entry that we never write, such as a script, an action, a layer or a note: {entry}.",
        entry=entry_name[:40],
    )


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, pikepdf.Array) or len(value) > _MOST_LISTED:
        raise ValueError("a list in it is missing or too long")
    return list(value)


def _headings(outlines: Any) -> None:
    """The headings that a viewer lists beside the page: each leads to a place in the file."""
    waiting, seen = [outlines], 0
    while waiting:
        one = waiting.pop()
        for name in ("/First", "/Next"):
            if name in one:
                _only(one[name], _HEADING)
                waiting.append(one[name])
        seen += 1
        if seen > _MOST_LISTED:
            raise ValueError("it has too many headings")


def _fields(root: Any) -> set[tuple[int, int]]:
    """The places of the fields, each an invisible signature field outside the page."""
    found: set[tuple[int, int]] = set()
    for one in _listed(root.AcroForm.Fields) if "/AcroForm" in root else ():
        _only(one, _FIELD)
        if one.get("/FT") != "/Sig" or any(number >= 0 for number in _listed(one.get("/Rect"))):
            raise Fails("The file has a field that is no invisible signature.")
        found.add(one.objgen)
    return found


def _pages(tree: Any) -> list[Any]:
    found: list[Any] = []
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST or len(found) + len(waiting) > _MOST_PAGES:
            raise ValueError("it has too many pages")
        if node.get("/Type") == "/Page":
            _only(node, _PAGE)
            found.append(node)
            continue
        _only(node, _NODE)
        waiting += [(kid, depth + 1) for kid in _listed(node.get("/Kids"))]
    return found


def _page(page: Any, fields: set[tuple[int, int]], links: set[str]) -> None:
    resources = page.get("/Resources")
    if resources is not None:
        _only(resources, _RESOURCES)
    for one in _listed(page.Annots) if "/Annots" in page else ():
        if one.objgen not in fields or one.objgen == (0, 0):
            links.add(_link(one))


def _link(annotation: Any) -> str:
    """The address of the one link that the page draws: to the page where the certificate can be checked."""
    kind = str(annotation.get("/Subtype"))
    if kind != "/Link":
        raise Fails("The file carries a note or a picture over the page, of the kind {kind}.", kind=kind[:40])
    _only(annotation, _LINK)
    _only(annotation.get("/A"), _LINK_ACTION)
    action, address = annotation.A.get("/S"), str(annotation.A.get("/URI"))
    if action != "/URI" or not _VERIFY_PAGE.fullmatch(address) or any(_listed(annotation.get("/Border"))):
        raise _elsewhere()
    return address


def _elsewhere() -> Fails:
    return Fails("A link of the file leads elsewhere than to the page where certificates are checked.")
