"""Keeping a sealed file checkable for decades: evidence and a time stamp over the whole file in one more revision (PAdES B-LTA).

The same function adds the stamp that came too late for the seal, the first archive stamp, and each later one that must come before the
certificate or the algorithm of the last stamp ages. The content is untouched, so every copy of the file goes on being true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp

from udgam.rules.ages import relied_on_until
from udgam.signing.proof import names
from udgam.signing.proof.checks.structure import der_length
from udgam.signing.proof.container import read_container
from udgam.signing.proof.file import read_file
from udgam.signing.proof.time_stamp import Token, read_token
from udgam.signing.sealing.revision import UNSUITABLE, FileUnsuitable, OpenRevision, add_fields, fill, open_writer
from udgam.signing.sealing.seal import NO_EVIDENCE, TOKEN_ROOM, Evidence, TimeStamper, embed, stamp


def add_archive_stamp(pdf: bytes, *, time_stamper: TimeStamper, evidence: Evidence) -> bytes:
    """Add ``evidence`` and a document time stamp behind the last revision of a sealed file.

    Raises:
        FileUnsuitable: it is not a sealed file of ours.
        TimeStampUnavailable: the service gave no usable token; the file stays as it was.
    """
    file = read_file(pdf)
    found = [one.name for one in file.signatures]
    if found[:2] != [names.OFFICER_FIELD, names.SEAL_FIELD]:
        raise FileUnsuitable("file.unreadable", detail="it carries no seal yet")
    field = f"{names.ARCHIVE_FIELD}{len(found) - 1}"
    writer = open_writer(pdf)
    if evidence != NO_EVIDENCE:
        embed(writer, evidence)
    add_fields(writer, {field: f"Time stamp {len(found) - 1} over the whole file"})
    placeholder: Any = DocumentTimestamp(bytes_reserved=2 * TOKEN_ROOM)  # type: ignore[no-untyped-call]
    steps = PdfCMSEmbedder().write_cms(field, writer, existing_fields_only=True)
    try:
        next(steps)
        steps.send(SigObjSetup(sig_placeholder=placeholder))
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    except UNSUITABLE as error:
        raise FileUnsuitable("file.unreadable", detail=str(error)[:160]) from error
    revision = OpenRevision(
        output.getvalue(), prepared.document_digest, prepared.reserved_region_start, prepared.reserved_region_end
    )
    return fill(revision, stamp(time_stamper, revision.digest))


def stamps_of(pdf: bytes) -> tuple[Token, ...]:
    """The time stamps of a sealed file: that of the seal, where it has one, and those over the whole file, in order.

    Raises:
        InputUnusable, ContainerRefused, TimeStampRefused: it is not a file of ours.
    """
    file = read_file(pdf)
    found: list[Token] = []
    for place, field in enumerate(file.signatures):
        data = field.contents[: der_length(field.contents)]
        if place > 1:
            found.append(read_token(data))
        elif field.name == names.SEAL_FIELD:
            inner = read_container(data).time_stamp
            if inner is not None:
                found.append(read_token(inner))
    return tuple(found)


def lasts_until(token: Token) -> datetime:
    """How long a stamp is to be relied on: until its certificate ends, or earlier if its key's algorithm ages before."""
    key, ends = token.certificate.public_key(), token.certificate.not_valid_after_utc
    aged: datetime | None = None
    if isinstance(key, rsa.RSAPublicKey):
        aged = relied_on_until("RSA", key.key_size)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        aged = relied_on_until("EC", key.key_size)
    return ends if aged is None else min(ends, aged)


def is_archived(pdf: bytes) -> bool:
    """Whether a sealed file carries a time stamp over the whole of it."""
    return len(read_file(pdf).signatures) > 2
