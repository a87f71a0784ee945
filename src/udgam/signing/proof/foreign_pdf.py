"""PDFs that make no claim to be ours: what each signature in them proves, and what it does not.

For each signature: does it hold over what it covers (ISO 32000-2, 12.8; PAdES, EN 319 142-1), does it cover the file as it is now, does
somebody who is believed say when, and does its certificate lead to an anchor that is believed here? None of it makes the file a
certificate of ours. The forms of others are read more widely than our own, which are checked byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from udgam.rules.refusals import Refused
from udgam.signing.proof.checks import signers
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.checks.structure import der_length
from udgam.signing.proof.evidence import path_at
from udgam.signing.proof.file import UNREADABLE, SignatureField, SignedFile, brief
from udgam.signing.proof.foreign_cms import (
    ForeignStamp,
    attributes,
    read_foreign_stamp,
    require_hash,
    require_signed,
    signer_and_chain,
    stamp_in,
)
from udgam.signing.proof.report import Check, Outcome, Report
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.trust import display_name

OURS, HOLDS, COVERS, WHEN, WHO = PDF_NAMES = (
    "The file is a certificate of this platform",
    "A signature holds over what it covers",
    "It covers the file as it is now",
    "Somebody who is believed here says when",
    "Its certificate leads to an anchor that is believed here",
)
# A file whose later revisions are to be compared may not have more of them than this.
_MOST_REVISIONS = 60
_STAMP = "/ETSI.RFC3161"
_READ = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", _STAMP})


def foreign_pdf_report(file: SignedFile, *, trust: TrustFolder, at: datetime) -> Report:
    """The report about a PDF that makes no claim to be ours. Never raises for what the file holds."""
    checks = [Check(1, "file.ours", OURS, "fail", Told("It does not carry our content and our signatures."))]
    if not file.signatures:
        return Report(
            False, "foreign-pdf", None, "unknown", False, tuple(checks), (Told("It carries no signature at all."),)
        )
    whole = True
    for number, one in enumerate(file.signatures, 1):
        examined = _Examined(file, one, number, trust, at)
        for id_, name, judge in (
            ("foreign.signature", HOLDS, examined.holds),
            ("foreign.coverage", COVERS, examined.covers),
            ("foreign.time", WHEN, examined.when),
            ("foreign.signer", WHO, examined.who),
        ):
            outcome, told, code = _judged(judge)
            if id_ == "foreign.signature":
                examined.held = outcome == "pass"
            whole = whole and (
                outcome == "pass" if id_ == "foreign.signature" else outcome != "fail" or id_ != "foreign.coverage"
            )
            checks.append(Check(len(checks) + 1, f"{id_}.{number}", name, outcome, told, code))
    said = Told(
        "What this proves: whose keys signed which bytes. It does not prove that what the file says is true, nor that whoever signed had the right to certify origin."
    )
    return Report(False, "foreign-pdf", None, "unknown", whole, tuple(checks), (said,))


@dataclass
class _Examined:
    """One signature of somebody else."""

    file: SignedFile
    signature: SignatureField
    number: int
    trust: TrustFolder
    at: datetime
    held: bool = False
    certificate: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    value: bytes = b""
    inner_stamp: bytes | None = None
    token: ForeignStamp | None = None
    believed_at: datetime | None = field(default=None)

    def holds(self) -> Told:
        """The key of the certificate signed the digest of the covered bytes."""
        field_, number = self.signature, str(self.number)
        if field_.subfilter not in _READ:
            raise Skips("Signature {number} is of a kind that is not read here.", number=number)
        parts = self._covered()
        container = field_.contents[: der_length(field_.contents)]
        if field_.subfilter == _STAMP:
            self.token = token = read_foreign_stamp(container)
            self.certificate, self.chain = token.certificate, token.chain
            if not token.is_over(*parts):
                raise Fails("The bytes under signature {number} were changed.", number=number)
            return Told(
                "Signature {number} is a time stamp of {name} over the file.",
                number=number,
                name=display_name(token.certificate.subject),
            )
        self._read_container(container, parts)
        assert self.certificate is not None  # noqa: S101 - just read
        return Told(
            "Signature {number}: the key of {name} signed exactly these bytes.",
            number=number,
            name=display_name(self.certificate.subject),
        )

    def covers(self) -> Told:
        """Nothing stands behind it, or only what does not change what is shown."""
        self._require_held()
        revisions = self.file.reader.xrefs.total_revisions
        signature = self.signature.signature
        coverage: Any = signature.evaluate_signature_coverage()
        signature.coverage = coverage
        if coverage == SignatureCoverageLevel.ENTIRE_FILE:
            return Told("It covers the whole file.")
        if coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            raise Fails("It covers a part of the file only.")
        if revisions > _MOST_REVISIONS:
            raise Fails("The file was changed so many times that nobody can say what was signed.")
        count = str(revisions - 1 - signature.signed_revision)
        found = signature.evaluate_modifications(DEFAULT_DIFF_POLICY)
        level = found.modification_level if isinstance(found, DiffResult) else ModificationLevel.OTHER
        if level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}:
            return Told("{count} later revisions added evidence and time stamps only.", count=count)
        if level == ModificationLevel.FORM_FILLING:
            return Told(
                "{count} later revisions filled in form fields or added signatures; what is shown may have grown by that.",
                count=count,
            )
        raise Fails(
            "The file was changed after it was signed: {count} later revisions do more than add signatures.",
            count=count,
        )

    def when(self) -> Told:
        """A time stamp of a service that is believed here."""
        self._require_held()
        if self.token is None and self.inner_stamp is not None:
            self.token = read_foreign_stamp(self.inner_stamp)
            if not self.token.is_over(self.value):
                raise Fails("The time stamp belongs to another signature.")
        if self.token is None:
            claimed = self.signature.claimed_at
            if not isinstance(claimed, datetime) or claimed.tzinfo is None:
                raise Skips("It states no time.")
            raise Skips(
                "Signed at {moment}, as the signer says; no time stamp confirms it.", moment=moment_text(claimed)
            )
        token = self.token
        signers.believe_service(self._case(), token.certificate, token.chain, token.stamped_at)
        self.believed_at = token.stamped_at
        return Told(
            "It was there at {moment} by the clock of {name}.",
            moment=moment_text(token.stamped_at),
            name=display_name(token.certificate.subject),
        )

    def who(self) -> Told:
        """The signer's certificate and whether anybody here can vouch for it."""
        self._require_held()
        assert self.certificate is not None  # noqa: S101 - it holds
        if self.signature.subfilter == _STAMP:
            if self.believed_at is None:
                raise Fails(
                    "The time-stamp service {name} is not known here.", name=display_name(self.certificate.subject)
                )
            return Told("The time-stamp service {name} is known here.", name=display_name(self.certificate.subject))
        # Without a stamp the signer could claim any day, so the moment asked about counts.
        moment = self.believed_at or self.at
        path = path_at(
            self.certificate, trust=self.trust, file=self.file, signed_at=moment, now=self.at, intermediates=self.chain
        )
        return Told(
            "The certificate of {name} leads to {anchor} and was not revoked.",
            name=display_name(path.leaf.subject),
            anchor=display_name(path.anchor.subject),
        )

    def _case(self) -> Case:
        return Case(self.file, self.trust, self.at, None)

    def _require_held(self) -> None:
        if not self.held:
            raise Skips("Not looked at, because the signature does not hold.")

    def _covered(self) -> tuple[bytes, bytes]:
        place, data = self.signature.byte_range, self.file.data
        if len(place) != 4 or place[0] != 0 or min(place) < 0 or not place[1] < place[2] <= len(data):
            raise Fails("Signature {number} covers pieces of the file, not the file.", number=str(self.number))
        start, end = self.signature.hole
        # What is left out must be the signature itself, as it is read, with zeros behind it, and nothing else.
        inside, contents = data[start:end], self.signature.contents
        written = bytes.fromhex(inside[1:-1].decode("ascii"))
        if (inside[:1], inside[-1:], written.rstrip(b"\0")) != (b"<", b">", contents.rstrip(b"\0")):
            raise Fails("Signature {number} covers pieces of the file, not the file.", number=str(self.number))
        if any(written[der_length(written) :]):
            raise Fails("Something is hidden behind signature {number}.", number=str(self.number))
        return data[: place[1]], data[place[2] : place[2] + place[3]]

    def _read_container(self, container: bytes, parts: tuple[bytes, bytes]) -> None:
        signed: cms.SignedData = cms.ContentInfo.load(container, strict=True)["content"]
        if len(signed["signer_infos"]) != 1 or signed["encap_content_info"]["content"].native is not None:
            raise Fails("Signature {number} is not of the form that PDF wants.", number=str(self.number))
        signer: cms.SignerInfo = signed["signer_infos"][0]
        name = require_hash(str(signer["digest_algorithm"]["algorithm"].native))
        self.certificate, self.chain = signer_and_chain(signed, signer)
        self.value = signer["signature"].native
        self.inner_stamp = stamp_in(signer["unsigned_attrs"])
        data = b"".join(parts)
        if not isinstance(signer["signed_attrs"], core.Void):
            # Taken before anything in it is read: afterwards the library may write it again from what it understood.
            as_signed = b"\x31" + signer["signed_attrs"].dump()[1:]
            if attributes(signer["signed_attrs"])["message_digest"].native != hashlib.new(name, data).digest():
                raise Fails("The bytes under signature {number} were changed.", number=str(self.number))
            data = as_signed
        require_signed(
            self.certificate, algorithm=signer["signature_algorithm"], digest=name, signature=self.value, data=data
        )


def _judged(judge: Callable[[], Told]) -> tuple[Outcome, Told, str | None]:
    try:
        return "pass", judge(), None
    except Skips as reason:
        return "skipped", reason.told, None
    except Fails as reason:
        return "fail", reason.told, None
    except Refused as refused:
        return "fail", refusal_told(refused), refused.code
    except UNREADABLE as error:
        return "fail", Told("It cannot be read: {detail}.", detail=brief(error)), None
