"""PDF files: nothing in them may act by itself, hide another file or be closed to examination."""

from __future__ import annotations

import time
from io import BytesIO

import pikepdf
from pikepdf import settings as pikepdf_settings

from udgam.ground.documents.refusals import DocumentRefused

MAX_OBJECTS = 200_000
MAX_SECONDS = 10.0
MAX_UNPACKED = 32 * 1024 * 1024
# A stream of half a megabyte can unpack to gigabytes. The limit holds for the whole process and so is set once, at import.
pikepdf_settings.set_qpdf_limits(
    flate_max_memory=MAX_UNPACKED,
    png_max_memory=MAX_UNPACKED,
    tiff_max_memory=MAX_UNPACKED,
    run_length_max_memory=MAX_UNPACKED,
    dct_max_memory=MAX_UNPACKED,
)
# Keys of ISO 32000-2 that make a viewer do something or carry something other than the page.
_ACTIVE_KEYS = {
    "/JavaScript": "JavaScript",
    "/JS": "JavaScript",
    "/OpenAction": "OpenAction",
    "/AA": "AA",
    "/XFA": "XFA",
    "/EmbeddedFiles": "EmbeddedFile",
    "/EF": "EmbeddedFile",
    "/RichMediaContent": "RichMedia",
}
_ACTIVE_NAMES = {
    "/JavaScript": "JavaScript",
    "/Launch": "Launch",
    "/SubmitForm": "SubmitForm",
    "/ImportData": "ImportData",
    "/GoToE": "GoToE",
    "/GoToR": "GoToR",
    "/Rendition": "Rendition",
    "/Movie": "Movie",
    "/Sound": "Sound",
    "/RichMedia": "RichMedia",
    "/RichMediaExecute": "RichMedia",
    "/EmbeddedFile": "EmbeddedFile",
    "/FileAttachment": "FileAttachment",
    "/3D": "3D",
}


def check(content: bytes) -> bytes:
    """Return the bytes unchanged, or raise ``DocumentRefused``.

    Every object of the file is looked at, whether or not a page leads to it: what no page uses may still be found by a viewer.
    """
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True, attempt_recovery=True) as document:
            if document.is_encrypted:
                raise DocumentRefused("documents.pdf_encrypted")
            if len(document.objects) > MAX_OBJECTS or len(document.pages) == 0:
                raise DocumentRefused("documents.pdf_malformed")
            _look_at_everything(document)
    except pikepdf.PasswordError as error:
        raise DocumentRefused("documents.pdf_encrypted") from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError) as error:
        raise DocumentRefused("documents.pdf_malformed") from error
    return content


def _look_at_everything(document: pikepdf.Pdf) -> None:
    ends = time.monotonic() + MAX_SECONDS
    for number in range(len(document.objects)):
        _look_at(document.objects[number])
        if time.monotonic() > ends:
            raise DocumentRefused("documents.pdf_malformed")
    _look_at(document.trailer)
    # Only streams that hold objects are unpacked here; if one could not be, there are objects that nobody has looked at.
    if any("decoding stream" in str(warning) for warning in document.get_warnings()):
        raise DocumentRefused("documents.pdf_malformed")


def _look_at(top: pikepdf.Object) -> None:
    """Look at one indirect object and the direct objects inside it."""
    waiting: list[object] = [top]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            waiting += [inner for inner in thing.as_list() if _is_inside(inner)]
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for key, value in thing.items():
                _judge(str(key), value)
                if _is_inside(value):
                    waiting.append(value)


def _is_inside(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def _judge(key: str, value: object) -> None:
    if key in _ACTIVE_KEYS and not (key == "/OpenAction" and _only_names_a_page(value)):
        raise DocumentRefused("documents.pdf_active", what=_ACTIVE_KEYS[key])
    if key in {"/S", "/Type", "/Subtype"} and isinstance(value, pikepdf.Name) and str(value) in _ACTIVE_NAMES:
        raise DocumentRefused("documents.pdf_active", what=_ACTIVE_NAMES[str(value)])


def _only_names_a_page(value: object) -> bool:
    """Whether an OpenAction is a destination or goes to one: office programs write that into every file."""
    if isinstance(value, pikepdf.Array):
        return True
    return isinstance(value, pikepdf.Dictionary) and value.get("/S") == pikepdf.Name.GoTo and "/Next" not in value
