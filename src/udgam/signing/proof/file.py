"""Reading a signed PDF as a hostile stranger's file: what stands in it, before anything is believed."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, ClassVar

import pikepdf
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof import hex_strings, names

# What parsers raise on files that were made to hurt them. Reading stands between these and the caller: a broken file is a
# reason to refuse, never a crash.
UNREADABLE = (
    PdfError, SigningError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, RecursionError,
    AssertionError, NotImplementedError, EOFError, MemoryError, struct.error, zlib.error,
)  # fmt: skip
# The library logs the whole traceback of what a stranger's file makes it meet; the outcome of each step says enough.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
hex_strings.install()
MAX_SIGNATURES = 20
# Streams that are unfolded here are lists of objects, attachments and evidence; pictures and fonts stay folded.
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=16 * 1024 * 1024),
    document_budget=DocumentDecodeBudget(base_allowance=64 * 1024 * 1024, max_ratio=20),
)
# A certificate of ours has some twenty revisions after decades; other people's programs save a file a few hundred times.
MAX_REVISIONS = 500
MAX_ATTACHMENTS = 100
_DEEPEST_TREE = 8
# Trees of fields and of names are lists of lists; one that shares its branches looks small and is endless.
_MOST_NODES = 2_000


class InputUnusable(Refused):
    """The input is not a file that could be a certificate, so there is nothing to check."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "input.empty": Reason("The file is empty.", "Choose the certificate's PDF file."),
        "input.too_large": Reason(
            "The file is larger than {limit} MiB.", "Choose the certificate's PDF file; it is far smaller."
        ),
        "input.not_pdf": Reason("This is not a PDF file.", "Choose the certificate's PDF file."),
        "input.kind_unknown": Reason(
            "This is neither a PDF, nor a credential, nor a signed code.",
            "Give the certificate's PDF, its credential, or the text or a picture of its large code.",
        ),
        "input.no_code": Reason(
            "There is no signed code of a certificate in it.",
            "Take the picture again, straight and in good light, with the whole large code in it.",
        ),
        "input.picture": Reason(
            "The picture cannot be read: {detail}.", "Save it as PNG or JPEG, or type the text of the code into a file."
        ),
        "input.damaged": Reason("The PDF is damaged: {detail}.", "Get the file again from whoever gave it to you."),
        "input.bundle": Reason(
            "The evidence bundle cannot be used: {detail}.", "Get the bundle again from whoever gave it to you."
        ),
        "input.moment": Reason("The moment {moment} is not written in ISO 8601.", "Write it as 2026-11-22T10:00:00Z."),
        "input.encrypted": Reason(
            "The PDF is encrypted.", "A certificate of ours is never encrypted; get the original file."
        ),
        "input.unreadable": Reason(
            "The file {file} cannot be read: {detail}.", "Check the name of the file and your right to read it."
        ),
    }


@dataclass(frozen=True)
class Attachment:
    """An embedded file with the facts that PDF/A-3 wants of it."""

    name: str
    data: bytes
    relationship: str | None
    media_type: str | None


@dataclass(frozen=True)
class SignatureField:
    """A filled signature field. ``hole`` is the stretch of the file between the two covered parts."""

    name: str
    signature: EmbeddedPdfSignature
    byte_range: tuple[int, ...]
    contents: bytes
    subfilter: str | None
    claimed_at: Any
    kind: str

    @property
    def hole(self) -> tuple[int, int]:
        """Where the container stands, from its ``<`` to behind its ``>``."""
        return self.byte_range[0] + self.byte_range[1], self.byte_range[2]


@dataclass(frozen=True)
class SignedFile:
    """A PDF taken apart as far as checking needs it."""

    data: bytes
    reader: PdfFileReader
    signatures: tuple[SignatureField, ...]
    empty_fields: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    title: str | None

    def attachment(self, name: str) -> Attachment | None:
        """The attachment with that name; None when there is none or more than one."""
        found = [one for one in self.attachments if one.name == name]
        return found[0] if len(found) == 1 else None

    @cached_property
    def read_again(self) -> pikepdf.Pdf:
        """The file in the hands of a second reader (qpdf, by way of pikepdf), opened once for all steps that ask it.

        Raises:
            ValueError: that reader finds it damaged, or not written as it should be.
        """
        try:
            pdf = pikepdf.open(BytesIO(self.data), attempt_recovery=False)
            # Every object is read now, one after the other: a broken one that is met only within another ends the whole process (qpdf).
            list(pdf.objects)
        except (pikepdf.PdfError, RuntimeError) as error:
            raise ValueError(brief(error)) from error
        if pdf.get_warnings():
            raise ValueError("the file is not as it should be written")
        return pdf

    @cached_property
    def written_again(self) -> Mapping[tuple[int, int], bytes]:
        """Each object by its place, as the second reader writes it out (see `written_out`).

        Raises:
            ValueError: that reader finds the file damaged, or a bare number in place of an object: its place would not be known.
        """
        return written_out(self.read_again)

    @property
    def looks_like_ours(self) -> bool:
        """Whether it makes any claim to be a certificate of ours, true or not."""
        fields = {one.name for one in self.signatures} | set(self.empty_fields)
        attached = {one.name for one in self.attachments}
        return names.CONTENT_ATTACHMENT in attached or {names.OFFICER_FIELD, names.SEAL_FIELD} <= fields


def read_file(data: bytes) -> SignedFile:
    """Take a PDF apart.

    Raises:
        InputUnusable: it is empty, too large, not a PDF, encrypted, or too damaged to be read.
    """
    if not data:
        raise InputUnusable("input.empty")
    if len(data) > names.MAX_PDF_BYTES:
        raise InputUnusable("input.too_large", limit=str(names.MAX_PDF_BYTES // 1024 // 1024))
    if not data.startswith(b"%PDF-"):
        raise InputUnusable("input.not_pdf")
    if data.count(b"startxref") > MAX_REVISIONS:
        raise InputUnusable("input.damaged", detail="it has more revisions than can be looked at")
    try:
        reader = PdfFileReader(BytesIO(data), strict=True, decode_limits=_LIMITS)
        if reader.encrypted:
            raise InputUnusable("input.encrypted")
        fields, empty = _signature_fields(reader)
        return SignedFile(data, reader, fields, empty, tuple(_attachments(reader)), _title(reader))
    except UNREADABLE as error:
        raise InputUnusable("input.damaged", detail=brief(error)) from error


def written_out(pdf: pikepdf.Pdf) -> Mapping[tuple[int, int], bytes]:
    """Each object by its place, always in the same words; of a stream its dictionary, behind ``stream``."""
    found: dict[tuple[int, int], bytes] = {}
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            found[one.objgen] = b"stream " + one.stream_dict.unparse(resolved=True)
        elif isinstance(one, pikepdf.Object):
            found[one.objgen] = one.unparse(resolved=True)
        else:
            raise ValueError("a bare number stands in place of an object")
    return found


def entry(dictionary: DictionaryObject, key: str, default: Any = None) -> Any:
    """The entry of a dictionary with its reference followed; the dictionary's own ``get`` would answer the bare reference."""
    try:
        return dictionary[key]
    except KeyError:
        return default


def brief(error: BaseException) -> str:
    """One short line about an error of a parser."""
    return " ".join(str(error).split())[:160] or type(error).__name__


def _signature_fields(reader: PdfFileReader) -> tuple[tuple[SignatureField, ...], tuple[str, ...]]:
    from pyhanko.sign.fields import enumerate_sig_fields

    filled: list[SignatureField] = []
    empty: list[str] = []
    _require_tree(reader)
    for name, value, reference in enumerate_sig_fields(reader):
        if len(filled) + len(empty) >= MAX_SIGNATURES:
            raise ValueError("it has too many signature fields")
        if value is None:
            empty.append(name)
            continue
        signature = EmbeddedPdfSignature(reader, reference, name)
        covered = tuple(int(number) for number in signature.byte_range)
        subfilter = entry(signature.sig_object, "/SubFilter")
        filled.append(
            SignatureField(
                name,
                signature,
                covered,
                bytes(signature.pkcs7_content),
                str(subfilter),
                signature.self_reported_timestamp,
                str(entry(signature.sig_object, "/Type", "/Sig")),
            )
        )
    filled.sort(key=lambda field: field.signature.signed_revision)
    return tuple(filled), tuple(empty)


def _require_tree(reader: PdfFileReader) -> None:
    """Refuse a list of fields in which one field can be reached in two ways, or that is too deep or too long to be walked."""
    form = entry(reader.root, "/AcroForm")
    if not isinstance(form, DictionaryObject):
        return
    seen: set[Any] = set()
    waiting = [(one, 0) for one in _raw(entry(form, "/Fields"))]
    while waiting:
        one, depth = waiting.pop()
        place = getattr(one, "reference", None)
        if place in seen or depth > _DEEPEST_TREE or len(seen) > _MOST_NODES:
            raise ValueError("its list of fields is no tree")
        if place is None:
            continue
        seen.add(place)
        node = one.get_object()
        if isinstance(node, DictionaryObject):
            waiting += [(kid, depth + 1) for kid in _raw(entry(node, "/Kids"))]


def _raw(listed: object) -> list[Any]:
    """The entries of a list as they stand in it: references stay references."""
    if not isinstance(listed, ArrayObject):
        return []
    if len(listed) > _MOST_NODES:
        raise ValueError("a list in it is too long")
    return [listed.raw_get(place) for place in range(len(listed))]


def _attachments(reader: PdfFileReader) -> Iterator[Attachment]:
    try:
        tree = reader.root["/Names"]["/EmbeddedFiles"]
    except KeyError:
        return
    for count, (name, specification) in enumerate(_leaves(tree)):
        if count >= MAX_ATTACHMENTS:
            raise ValueError("it has too many attachments")
        stream = specification["/EF"]["/F"]
        if not isinstance(stream, StreamObject):
            raise ValueError("an attachment has no content")
        data = stream.data
        if len(data) > names.MAX_CONTENT_BYTES:
            raise ValueError("an attachment is too large")
        relationship, media_type = entry(specification, "/AFRelationship"), entry(stream, "/Subtype")
        shown = entry(specification, "/UF", entry(specification, "/F", name))
        if str(shown) != name:
            raise ValueError("an attachment has two names")
        yield Attachment(name, data, _plain(relationship), _plain(media_type))


def _leaves(tree: DictionaryObject) -> Iterator[tuple[str, DictionaryObject]]:
    """The pairs of a name tree, in order."""
    waiting: list[tuple[Any, int]] = [(tree, 0)]
    walked = 0
    while waiting:
        node, depth = waiting.pop()
        walked += 1
        if depth > _DEEPEST_TREE or walked > _MOST_NODES:
            raise ValueError("the list of attachments is too large or nested too deeply")
        node = node.get_object() if hasattr(node, "get_object") else node
        waiting += [(kid, depth + 1) for kid in reversed(_raw(entry(node, "/Kids")))]
        pairs = entry(node, "/Names", ArrayObject())
        for place in range(0, len(pairs) - 1, 2):
            yield str(pairs[place]), pairs[place + 1]


def _plain(name: object) -> str | None:
    return None if name is None else str(name).lstrip("/")


def _title(reader: PdfFileReader) -> str | None:
    try:
        information = reader.trailer["/Info"]
    except KeyError:
        return None
    title = entry(information, "/Title") if isinstance(information, DictionaryObject) else None
    return None if title is None else str(title)
