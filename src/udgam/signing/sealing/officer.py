"""The issuing officer's signature on the drawn page, made by a token that is not on this machine.

`begin` prepares the file and says what the token must sign; the token's own program computes the digest of the file itself and
shows what is signed; `finish` takes the raw signature, proves that the officer's key made it, and puts it into the file.
Between the two the state may rest in a database: the process that finishes need not be the one that began.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof import names
from udgam.signing.proof.container import assemble, signature_is_by, signed_attributes
from udgam.signing.sealing.keys import ecdsa_der
from udgam.signing.sealing.revision import OpenRevision, add_fields, fill, open_writer, write

FORMAT = "udgam.pending-signature/1"
_FIELDS = {
    names.OFFICER_FIELD: "Signature of the issuing officer",
    names.SEAL_FIELD: "Electronic seal of the issuing office",
}


class OfficerSignatureRefused(Refused):
    """What came back from the officer's token cannot be used."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "officer.signature_wrong": Reason(
            "The signature was not made by this token over this document.",
            "Sign again, with the token whose certificate was chosen.",
        ),
        "officer.state_unusable": Reason(
            "The stored state of this signature cannot be used: {detail}.",
            "Begin the signature again; nothing was issued.",
        ),
    }


@dataclass(frozen=True)
class PendingOfficerSignature:
    """A prepared file that waits for the token.

    ``signed_attributes`` is a DER SET OF Attribute with content type, message digest and signing certificate; the token signs its
    SHA-256. ``byte_range`` says which bytes of ``prepared_pdf`` the message digest covers.
    """

    prepared_pdf: bytes
    signed_attributes: bytes
    hole: tuple[int, int]
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    begun_at: datetime

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        """The two covered stretches of the prepared file, as offset and length each."""
        start, end = self.hole
        return (0, start, end, len(self.prepared_pdf) - end)

    def to_bytes(self) -> bytes:
        """Everything `finish` needs, for storing between two requests."""
        return json.dumps(
            {
                "format": FORMAT,
                "pdf": _text(self.prepared_pdf),
                "sha256": hashlib.sha256(self.prepared_pdf).hexdigest(),
                "signed_attributes": _text(self.signed_attributes),
                "hole": list(self.hole),
                "certificates": [_text(one.public_bytes(Encoding.DER)) for one in (self.certificate, *self.chain)],
                "begun_at": self.begun_at.astimezone(UTC).isoformat(),
            }
        ).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> PendingOfficerSignature:
        """Read what `to_bytes` wrote.

        Raises:
            OfficerSignatureRefused: ``officer.state_unusable``: it is damaged or of another version.
        """
        try:
            state = json.loads(data)
            if state["format"] != FORMAT:
                raise ValueError(f"format {state['format']!r}")
            pdf = b64decode(state["pdf"], validate=True)
            if hashlib.sha256(pdf).hexdigest() != state["sha256"]:
                raise ValueError("the prepared file was changed")
            certificate, *chain = (x509.load_der_x509_certificate(b64decode(one)) for one in state["certificates"])
            start, end = (int(value) for value in state["hole"])
            begun_at = datetime.fromisoformat(state["begun_at"])
            attributes = b64decode(state["signed_attributes"], validate=True)
        except (ValueError, KeyError, TypeError) as error:
            raise OfficerSignatureRefused("officer.state_unusable", detail=str(error)[:160]) from error
        return cls(pdf, attributes, (start, end), certificate, tuple(chain), begun_at)


def begin(
    pdf: bytes, *, certificate: x509.Certificate, chain: Sequence[x509.Certificate] = (), now: datetime
) -> PendingOfficerSignature:
    """Prepare ``pdf`` for the officer's signature: both empty fields, DocMDP level 2, a reserved place.

    Raises:
        FileUnsuitable: the PDF cannot be read or already has these fields.
        ContainerRefused: the key of the certificate is of a kind that cannot sign.
    """
    writer = open_writer(pdf)
    add_fields(writer, _FIELDS)
    revision = write(
        writer,
        field=names.OFFICER_FIELD,
        signer=_holder(certificate),
        location=None,
        reason="Certificate of origin certified by the issuing officer",
        now=now,
        reserved=_reserve(certificate, chain),
        certify=True,
    )
    attributes = signed_attributes(revision.digest, certificate)
    return PendingOfficerSignature(
        revision.pdf, attributes, (revision.hole_start, revision.hole_end), certificate, tuple(chain), now
    )


def finish(pending: PendingOfficerSignature, signature: bytes) -> bytes:
    """Put the token's raw signature into the file.

    ``signature`` is RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA with SHA-256 either in DER or as the two halves r || s.

    Raises:
        OfficerSignatureRefused: ``officer.signature_wrong``: it is not this key's signature over this file.
    """
    accepted = next(
        (
            form
            for form in _forms(pending.certificate, signature)
            if signature_is_by(pending.certificate, form, pending.signed_attributes)
        ),
        None,
    )
    if accepted is None:
        raise OfficerSignatureRefused("officer.signature_wrong")
    start, end = pending.hole
    digest = hashlib.sha256(pending.prepared_pdf[:start])
    digest.update(pending.prepared_pdf[end:])
    if signed_attributes(digest.digest(), pending.certificate) != pending.signed_attributes:
        raise OfficerSignatureRefused(
            "officer.state_unusable", detail="the attributes do not belong to the prepared file"
        )
    container = assemble(pending.signed_attributes, accepted, certificate=pending.certificate, chain=pending.chain)
    return fill(OpenRevision(pending.prepared_pdf, digest.digest(), start, end), container)


def _forms(certificate: x509.Certificate, signature: bytes) -> tuple[bytes, ...]:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and len(signature) == 2 * ((key.key_size + 7) // 8):
        return (ecdsa_der(signature), signature)
    return (signature,)


def _reserve(certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> int:
    """The exact size is known beforehand up to the signature; a key of 4096 bits makes the longest."""
    empty = assemble(signed_attributes(bytes(32), certificate), bytes(512), certificate=certificate, chain=chain)
    return len(empty) + 64


def _holder(certificate: x509.Certificate) -> str:
    names_found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names_found[0].value) if names_found else certificate.subject.rfc4514_string()


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
