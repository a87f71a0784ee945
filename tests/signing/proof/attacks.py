"""Known attacks on signed PDFs, one function each, with the step that must stop it.

Names follow the literature on shadow attacks, incremental saving, and signature wrapping (USENIX and NDSS, 2019 to 2021).
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import pikepdf
from pyhanko.pdf_utils.generic import StreamObject

from tests.signing import pki
from tests.signing.sealing.office import NOW, Office
from udgam.signing.proof.file import read_file
from udgam.signing.sealing import seal
from udgam.signing.sealing.revision import fill, open_writer, write


@dataclass(frozen=True)
class Attack:
    """How to make the file, and the id of the step that refuses it ("unusable" when it cannot even be read)."""

    name: str
    step: str
    make: Callable[[Office, bytes], bytes]


def _appended_bytes(office: Office, issued: bytes) -> bytes:
    return issued + b"\n% shown by some viewers\n%%EOF\n"


def _appended_empty_revision(office: Office, issued: bytes) -> bytes:
    start = issued.rindex(b"startxref") + len(b"startxref\n")
    return issued + b"\nstartxref\n" + issued[start : issued.index(b"\n", start)] + b"\n%%EOF\n"


def _rewritten_page(office: Office, issued: bytes) -> bytes:
    """Incremental saving: a later revision shows another page."""
    writer = open_writer(issued)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = page["/MediaBox"][0]
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _resaved(office: Office, issued: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(issued)) as pdf:
        pdf.save(out)
    return out.getvalue()


def _removed_seal(office: Office, issued: bytes) -> bytes:
    field = read_file(issued).signatures[0]
    return issued[: field.byte_range[2] + field.byte_range[3]]


def _seal_in_the_officers_place(office: Office, issued: bytes) -> bytes:
    """The container of the seal is copied over that of the officer."""
    first, second = read_file(issued).signatures
    start, end = first.hole
    taken = issued[second.hole[0] + 1 : second.hole[1] - 1][: end - start - 2]
    return issued[: start + 1] + taken.ljust(end - start - 2, b"0") + issued[end - 1 :]


def _emptied_container(office: Office, issued: bytes) -> bytes:
    """Universal forgery: nothing stands where the signature should."""
    start, end = read_file(issued).signatures[1].hole
    return issued[: start + 1] + b"0" * (end - start - 2) + issued[end - 1 :]


def _hidden_in_the_padding(office: Office, issued: bytes) -> bytes:
    _, end = read_file(issued).signatures[1].hole
    return issued[: end - 41] + b"CAFE" * 10 + issued[end - 1 :]


def _small_letters(office: Office, issued: bytes) -> bytes:
    """The same digits in small letters: harmless in itself, but then two files would pass for one."""
    start, end = read_file(issued).signatures[1].hole
    return issued[:start] + issued[start:end].lower() + issued[end:]


def _byte_range_shortened(office: Office, issued: bytes) -> bytes:
    field = read_file(issued).signatures[1]
    _, length, second, rest = field.byte_range
    old = b"[0 %d %d %d]" % (length, second, rest)
    assert old in issued
    return issued.replace(old, (b"[0 %d %d %d]" % (length, second, rest - 9)).ljust(len(old)), 1)


def _other_content(office: Office, issued: bytes) -> bytes:
    """The attached content names another, shorter vessel, packed again into the same room."""
    with pikepdf.open(io.BytesIO(issued)) as pdf:
        stream = pdf.attachments["content.json"].get_file().obj
        packed, plain = stream.read_raw_bytes(), stream.read_bytes()
    changed = zlib.compress(plain.replace(b"MV Konkan Star / 041E", b"MV"), 9)
    assert len(changed) <= len(packed)
    return issued.replace(packed, changed.ljust(len(packed), b"\0"), 1)


def _stranger_signs_everything(office: Office, issued: bytes) -> bytes:
    """A whole certificate of our form, with every name the same, under keys of a stranger's authority."""
    own_root = pki.make_root("Another Root")
    own_below = own_root.authority("Another Sub-CA", path_length=0)
    officer = own_below.leaf(
        pki.name("Meera Kulkarni", O="Sahyadri Export Council"), kind="RSA-2048", key_name="fake officer"
    )
    sealer = own_below.leaf(pki.name("Sahyadri Export Council Pune seal"), kind="RSA-2048", key_name="fake seal")
    return replace(office, root=own_root, below=own_below, officer=officer, seal=sealer).issue()


def _stranger_seals(office: Office, issued: bytes) -> bytes:
    """The officer's genuine signature, sealed by somebody else."""
    stranger = office.below.leaf(pki.name("Sahyadri Export Council Pune seal"), kind="RSA-2048", key_name="second seal")
    return replace(office, seal=stranger).issue()


def _stranger_certifies(office: Office, issued: bytes) -> bytes:
    """A genuine seal over the work of a person who is no officer."""
    person = office.below.leaf(pki.name("Anil Shinde", O="Personal"), kind="RSA-2048", key_name="person")
    return replace(office, officer=person).issue()


def _page_of_another_officer(office: Office, issued: bytes) -> bytes:
    """The content certified by one officer, the page signed by another who is listed nowhere."""
    person = office.below.leaf(
        pki.name("Anil Shinde", O="Sahyadri Export Council"), kind="RSA-2048", key_name="colleague"
    )
    drawn = office.drawn(office.certified(office.content()))
    signed = replace(office, officer=person).signed(drawn)
    return seal.apply(
        signed, seal_key=office.seal_key, time_stamper=office.time_stamper, evidence=seal.NO_EVIDENCE, now=NOW
    )


def _changed_between_the_signatures(office: Office, issued: bytes) -> bytes:
    """Shadow attack by somebody inside: the page is replaced after the officer signed and before the seal."""
    signed = office.signed(office.drawn(office.certified(office.content())))
    writer = open_writer(signed)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(_stream(b"BT ET"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return seal.apply(
        out.getvalue(), seal_key=office.seal_key, time_stamper=office.time_stamper, evidence=seal.NO_EVIDENCE, now=NOW
    )


def _changed_with_the_seal(office: Office, issued: bytes) -> bytes:
    """The same, in the revision of the seal itself."""
    signed = office.signed(office.drawn(office.certified(office.content())))
    writer = open_writer(signed)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(_stream(b"BT ET"))
    writer.update_container(page)
    revision = write(writer, field="Seal", signer="x", location=None, reason="x", now=NOW, reserved=4096, certify=False)
    from udgam.signing.proof.container import assemble, signed_attributes

    attributes = signed_attributes(revision.digest, office.seal.certificate)
    container = assemble(attributes, office.seal_key.sign(attributes), certificate=office.seal.certificate)
    return fill(revision, container)


def _stream(data: bytes) -> StreamObject:
    return StreamObject(stream_data=data)


def _content_of_another(office: Office, issued: bytes) -> bytes:
    """A genuine page, with the content of another genuine certificate attached, signed again by the real office."""
    certified = office.certified(office.content())
    other = office.certified(office.content(items=2))
    mixed = replace(certified, prepared=other.prepared)
    signed = office.signed(office.drawn(mixed))
    return seal.apply(
        signed, seal_key=office.seal_key, time_stamper=office.time_stamper, evidence=seal.NO_EVIDENCE, now=NOW
    )


def _stamp_of_another(office: Office, issued: bytes) -> bytes:
    """The time stamp of an earlier certificate is put into this one."""
    from udgam.signing.proof.container import assemble, read_container

    donor = read_file(office.issue(office.content(items=1))).signatures[1]
    first = read_file(issued).signatures[1]
    taken = read_container(donor.contents.rstrip(b"\0") + _missing_zeros(donor.contents))
    own = read_container(first.contents.rstrip(b"\0") + _missing_zeros(first.contents))
    container = assemble(
        own.signed_attributes, own.signature, certificate=own.certificate, chain=own.chain, time_stamp=taken.time_stamp
    )
    start, end = first.hole
    return issued[: start + 1] + container.hex().upper().encode().ljust(end - start - 2, b"0") + issued[end - 1 :]


def _missing_zeros(contents: bytes) -> bytes:
    """Zeros that belong to the value itself and were stripped with the padding."""
    length = 4 + int.from_bytes(contents[2:4])
    return bytes(length - len(contents.rstrip(b"\0")))


def _extra_attribute(office: Office, issued: bytes) -> bytes:
    """An unsigned attribute that no signature covers."""
    from asn1crypto import cms, core

    field = read_file(issued).signatures[1]
    info = cms.ContentInfo.load(field.contents)
    signer = info["content"]["signer_infos"][0]
    signer["unsigned_attrs"].append(cms.CMSAttribute({"type": "1.2.3.4", "values": [core.UTF8String("hello")]}))
    data = info.dump(force=True)
    start, end = field.hole
    return issued[: start + 1] + data.hex().upper().encode().ljust(end - start - 2, b"0") + issued[end - 1 :]


def _extra_certificate(office: Office, issued: bytes) -> bytes:
    """A certificate of a stranger lies in the seal's container, for viewers that show whatever they find there."""
    from udgam.signing.proof.container import assemble, read_container

    field = read_file(issued).signatures[1]
    own = read_container(field.contents.rstrip(b"\0") + _missing_zeros(field.contents))
    stranger = pki.make_root("Nobody's Root").certificate
    data = assemble(
        own.signed_attributes,
        own.signature,
        certificate=own.certificate,
        chain=(*own.chain, stranger),
        time_stamp=own.time_stamp,
    )
    start, end = field.hole
    return issued[: start + 1] + data.hex().upper().encode().ljust(end - start - 2, b"0") + issued[end - 1 :]


ATTACKS = (
    Attack("bytes appended", "file.structure", _appended_bytes),
    Attack("an empty revision appended", "signatures.cover_file", _appended_empty_revision),
    Attack("the page rewritten in a later revision", "signatures.cover_file", _rewritten_page),
    Attack("saved again by an editor", "signatures.cover_file", _resaved),
    Attack("the seal removed", "signatures.present", _removed_seal),
    Attack("the seal copied into the officer's place", "file.structure", _seal_in_the_officers_place),
    Attack("an empty signature container", "file.structure", _emptied_container),
    Attack("data hidden in the padding", "signatures.padding", _hidden_in_the_padding),
    Attack("small hexadecimal letters", "signatures.padding", _small_letters),
    Attack("a shortened byte range", "signatures.cover_file", _byte_range_shortened),
    Attack("the attached content changed where it stands", "seal.signature", _other_content),
    Attack("everything signed by a stranger", "officer.path", _stranger_signs_everything),
    Attack("sealed by a stranger", "seal.known", _stranger_seals),
    Attack("certified by somebody who is no officer", "officer.named", _stranger_certifies),
    Attack("the page signed by another person", "content.certified", _page_of_another_officer),
    Attack("the page changed between the signatures", "document.unchanged", _changed_between_the_signatures),
    Attack("the page changed together with the seal", "document.unchanged", _changed_with_the_seal),
    Attack("the content of another certificate attached", "content.certified", _content_of_another),
    Attack("the time stamp of another certificate", "seal.time_stamp", _stamp_of_another),
    Attack("an unsigned attribute added", "signatures.containers", _extra_attribute),
    Attack("a stranger's certificate in the container", "seal.known", _extra_certificate),
)
