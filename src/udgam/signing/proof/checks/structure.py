"""Steps 1 to 5: is this one whole file of the form in which we issue?"""

from __future__ import annotations

from udgam.signing.proof import names
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.plain import require_plain
from udgam.signing.proof.container import Container, read_container
from udgam.signing.proof.file import SignatureField
from udgam.signing.proof.told import Fails, Told

_HEX = frozenset(b"0123456789ABCDEF")


def structure(case: Case) -> Told:
    """1. The file consists of what we write and nothing else: no script, action, layer, note or other form field."""
    case.kept["links"] = require_plain(case.file)
    if case.file.reader.xrefs.hybrid_xrefs_present:
        raise Fails("The file has two tables of contents.")
    return Told("The file holds only what a certificate consists of, without scripts, actions, layers and notes.")


def signatures_present(case: Case) -> Told:
    """2. The officer's signature first, the office's seal over it, then time stamps over the whole file and nothing else."""
    if case.file.empty_fields:
        raise Fails("The signature field {field} is empty.", field=case.file.empty_fields[0])
    found, archive = case.file.signatures[:2], case.file.signatures[2:]
    if tuple(one.name for one in found) != (names.OFFICER_FIELD, names.SEAL_FIELD):
        raise Fails("The file does not carry the officer's signature followed by the office's seal, and these only.")
    case.officer_field, case.seal_field = found
    if any(one.subfilter != "/ETSI.CAdES.detached" or one.kind != "/Sig" for one in found):
        raise Fails("A signature is not of the PAdES kind.")
    for number, one in enumerate(archive, 1):
        if (one.name, one.subfilter, one.kind) != (
            f"{names.ARCHIVE_FIELD}{number}",
            "/ETSI.RFC3161",
            "/DocTimeStamp",
        ):
            raise Fails("Behind the seal stands something else than a time stamp over the file.")
    case.archive_fields = archive
    if archive:
        return Told(
            "The officer's signature, the office's seal, and {count} later time stamps.", count=str(len(archive))
        )
    return Told("The officer's signature is followed by the office's seal.")


def coverage(case: Case) -> Told:
    """3. Each signature covers its whole revision but itself, the last one the whole file; nothing stands between or behind."""
    size, data = len(case.file.data), case.file.data
    fields = case.file.signatures
    end_before = 0
    for field in fields:
        if len(field.byte_range) != 4 or field.byte_range[0] != 0 or min(field.byte_range) < 0:
            raise Fails("The signature {field} covers pieces of the file, not the file.", field=field.name)
        start, end = field.hole
        covered = field.byte_range[2] + field.byte_range[3]
        if not 0 < start < end < covered <= size:
            raise Fails("The signature {field} covers more than the file.", field=field.name)
        if start < end_before:
            raise Fails("The signatures do not follow one another.")
        if not data[:covered].rstrip(b"\r\n").endswith(b"%%EOF"):
            raise Fails("A signature does not end where a revision ends.")
        end_before = covered
    if end_before != size:
        raise Fails("Bytes were added behind the last signature.")
    total = case.file.reader.xrefs.total_revisions
    if [one.signature.signed_revision for one in fields] != list(range(total - len(fields), total)):
        raise Fails("A revision stands between or behind the signatures.")
    return Told("Every byte of the file lies under a signature.")


def padding(case: Case) -> Told:
    """4. In the place of each signature stands the container in capital hexadecimal digits, then zeros only."""
    for field in case.file.signatures:
        start, end = field.hole
        place = case.file.data[start:end]
        if place[:1] != b"<" or place[-1:] != b">" or set(place[1:-1]) - _HEX:
            raise Fails("The place of the signature {field} holds something else.", field=field.name)
        written = bytes.fromhex(place[1:-1].decode())
        if written.rstrip(b"\0") != field.contents.rstrip(b"\0"):
            raise Fails("The signature {field} is read from another place than the one left open.", field=field.name)
        if any(written[der_length(written) :]):
            raise Fails("Something is hidden behind the signature {field}.", field=field.name)
    return Told("Behind each signature stand zeros only.")


def containers(case: Case) -> Told:
    """5. Each container is exactly of the form that we write."""
    case.officer, case.seal = _container(case.officer_field), _container(case.seal_field)
    if case.officer.time_stamp is not None:
        raise Fails("The officer's signature carries an attribute that we do not write.")
    return Told("Both signature containers are of the one form that is issued.")


def _container(field: SignatureField) -> Container:
    return read_container(field.contents[: der_length(field.contents)])


def der_length(data: bytes) -> int:
    """How many bytes the DER value at the start of ``data`` takes (X.690, 8.1.3)."""
    if len(data) < 2 or data[0] != 0x30:
        raise Fails("A signature container is empty.")
    if data[1] < 0x80:
        return 2 + data[1]
    octets = data[1] & 0x7F
    if not 1 <= octets <= 4:
        raise Fails("A signature container has an impossible length.")
    return 2 + octets + int.from_bytes(data[2 : 2 + octets])
