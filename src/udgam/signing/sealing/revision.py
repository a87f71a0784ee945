"""Add one signature to a PDF as one more revision (ISO 32000-1, 12.8; PAdES, EN 319 142-1).

Both signature fields are written together with the first signature, so the seal fills a field that the officer already
signed. The fields are invisible and lie outside the page: a visible one would break PDF/UA, and what was signed by whom is
printed in the panel of the page instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import ClassVar
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from udgam.rules.refusals import Reason, Refused

UNSUITABLE = (PdfError, SigningError, ValueError, KeyError, TypeError)
INDIAN_TIME = ZoneInfo("Asia/Kolkata")


class FileUnsuitable(Refused):
    """The PDF is not one that this step can sign."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "file.unreadable": Reason(
            "The PDF cannot be signed: {detail}.", "Draw the page again from the frozen content."
        ),
        "file.container_too_large": Reason(
            "The signature container needs {needed} bytes and {reserved} are reserved.",
            "Leave out certificates that a checker finds elsewhere.",
        ),
    }


class _MetadataKeeper(IncrementalPdfFileWriter):
    """Leaves the document's metadata as Typst wrote it.

    The library would rewrite it at every revision, with the wall clock, in a form that PDF/A checkers like less. A test holds
    the metadata of a sealed file against that of the drawn page.
    """

    def _update_meta(self) -> None:
        return


@dataclass(frozen=True)
class OpenRevision:
    """A PDF with an empty, reserved place for one signature container."""

    pdf: bytes
    digest: bytes
    hole_start: int
    hole_end: int

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        """What the signature covers: two stretches, as offset and length each."""
        return (0, self.hole_start, self.hole_end, len(self.pdf) - self.hole_end)


def open_writer(pdf: bytes) -> IncrementalPdfFileWriter:
    """Begin a revision. The end-of-file line of the last one is closed first: PDF/A wants a line end there (clause 6.1.3)."""
    try:
        return _MetadataKeeper(BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n"))
    except UNSUITABLE as error:
        raise FileUnsuitable("file.unreadable", detail=str(error)[:160]) from error


def add_fields(writer: IncrementalPdfFileWriter, fields: Mapping[str, str]) -> None:
    """Add empty signature fields, name to spoken description. Raises FileUnsuitable when one is there already."""
    try:
        _append(writer, fields)
    except UNSUITABLE as error:
        raise FileUnsuitable("file.unreadable", detail=str(error)[:160]) from error


def _append(writer: IncrementalPdfFileWriter, fields: Mapping[str, str]) -> None:
    for name, description in fields.items():
        append_signature_field(
            writer,
            SigFieldSpec(
                name, readable_field_name=description, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True)
            ),
        )


def write(
    writer: IncrementalPdfFileWriter,
    *,
    field: str,
    signer: str,
    location: str | None,
    reason: str,
    now: datetime,
    reserved: int,
    certify: bool,
) -> OpenRevision:
    """Write the revision with ``reserved`` bytes for the container. ``certify`` forbids every later change but filling in signatures."""
    signature = SignatureObject(
        timestamp=now.astimezone(INDIAN_TIME),
        subfilter=SigSeedSubFilter.PADES,
        name=signer,
        location=location,
        reason=reason,
        bytes_reserved=2 * reserved,
    )
    protection = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS) if certify else None
    steps = PdfCMSEmbedder().write_cms(field, writer, existing_fields_only=True)
    try:
        next(steps)
        steps.send(SigObjSetup(sig_placeholder=signature, mdp_setup=protection))
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    except UNSUITABLE as error:
        raise FileUnsuitable("file.unreadable", detail=str(error)[:160]) from error
    return OpenRevision(
        output.getvalue(), prepared.document_digest, prepared.reserved_region_start, prepared.reserved_region_end
    )


def fill(revision: OpenRevision, container: bytes) -> bytes:
    """Put the container into its place; the rest of the place stays zero."""
    reserved = (revision.hole_end - revision.hole_start - 2) // 2
    if len(container) > reserved:
        raise FileUnsuitable("file.container_too_large", needed=str(len(container)), reserved=str(reserved))
    written = container.hex().upper().encode().ljust(2 * reserved, b"0")
    return b"".join((revision.pdf[: revision.hole_start + 1], written, revision.pdf[revision.hole_end - 1 :]))
