"""A register in miniature for the office of `tests.signing.sealing.office`: keys, trust list, status list, log, witness."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.signing.sealing.office import NOW, SITE, Office
from tests.signing.sealing.samples import AGREEMENT, STATUS_INDEX
from udgam.signing.proof.log import (
    CHECKPOINT,
    Entry,
    FolderStorage,
    MemoryStorage,
    SignedCheckpoint,
    append_leaves,
    read_checkpoint,
)
from udgam.signing.proof.published import PIN, TRUST_LIST, proof_path
from udgam.signing.proof.status_list import ListedStatus
from udgam.signing.proof.trade_data import trade_data
from udgam.signing.proof.trust_list import (
    Power,
    RegisterPin,
    TrustedAgency,
    TrustedCertificate,
    TrustedKey,
    TrustedNoteKey,
    TrustedOffice,
    TrustedOfficer,
    TrustedPost,
    TrustList,
    write_pin,
)
from udgam.signing.sealing import register as made
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.credential import make_credential, make_partial_credential
from udgam.signing.sealing.page import Proofs
from udgam.signing.sealing.proof_keys import LogKey, ProofKey, SoftwareProofKey
from udgam.signing.sealing.stages import Certified
from udgam.signing.trust import fingerprint

ISSUER = "did:web:udgam.example"
BASE = f"{SITE}/register"
ORIGIN = "udgam.example/log"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = b"0123456789abcdef"


def trusted_key(key: ProofKey, *, since: datetime, until: datetime | None = None) -> TrustedKey:
    """The entry of a key for the trust list or the pin."""
    return TrustedKey(id=key.public.id, x=key.public.x, y=key.public.y, since=since, until=until)


@dataclass
class Register:
    """Everything that the register needs to sign."""

    office: Office
    office_key: SoftwareProofKey = field(default_factory=SoftwareProofKey.generate)
    list_key: SoftwareProofKey = field(default_factory=SoftwareProofKey.generate)
    status_key: SoftwareProofKey = field(default_factory=SoftwareProofKey.generate)
    log_key: LogKey = field(default_factory=lambda: LogKey.generate(ORIGIN))
    witness_key: LogKey = field(default_factory=lambda: LogKey.generate("witness.example", witness=True))
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    size: int = 0
    issuer: str = ISSUER

    @property
    def pin(self) -> RegisterPin:
        return RegisterPin(issuer=self.issuer, keys=(trusted_key(self.list_key, since=SINCE),))

    def listed(self) -> TrustList:
        power = Power(agreement=AGREEMENT.code, since=SINCE, until=None)

        def certificate(one: object) -> TrustedCertificate:
            return TrustedCertificate(sha256=fingerprint(one), since=SINCE, until=None)  # type: ignore[arg-type]

        pune = TrustedOffice(
            code="SEC-PUNE",
            name="Regional Office Pune",
            place="Pune",
            powers=(power,),
            keys=(trusted_key(self.office_key, since=SINCE),),
            seals=(certificate(self.office.seal.certificate),),
        )
        officer = TrustedOfficer(
            name="Meera Kulkarni",
            certificates=(certificate(self.office.officer.certificate),),
            posts=(TrustedPost(office="SEC-PUNE", powers=(power,)),),
        )
        agency = TrustedAgency(code="SEC", name="Sahyadri Export Council", offices=(pune,), officers=(officer,))
        note_key = {"since": SINCE, "until": None}
        return TrustList(
            issuer=self.issuer,
            site=SITE,
            version=1,
            published_at=NOW,
            next_update=NOW + timedelta(days=7),
            agencies=(agency,),
            status_keys=(trusted_key(self.status_key, since=SINCE),),
            logs=(TrustedNoteKey(verifier_key=self.log_key.public.verifier_key, **note_key),),
            witnesses=(TrustedNoteKey(verifier_key=self.witness_key.public.verifier_key, **note_key),),
        )

    def trust_list(self, listed: TrustList | None = None) -> str:
        return made.sign_trust_list(listed or self.listed(), key=self.list_key)

    def with_office_key(self, **changes: object) -> TrustList:
        """The list with changes to the entry of the office's key."""
        listed = self.listed()
        agency = listed.agencies[0]
        office = agency.offices[0]
        office = replace(office, keys=(replace(office.keys[0], **changes),))  # type: ignore[arg-type]
        return replace(listed, agencies=(replace(agency, offices=(office,)),))

    def status_list(self, status: ListedStatus = "issued", *, at: datetime = NOW, index: int = STATUS_INDEX) -> str:
        return made.sign_status_list(
            {index: status},
            number=0,
            key=self.status_key,
            issuer=self.issuer,
            base=BASE,
            at=at,
            until=at + timedelta(days=7),
        )

    def code(self, certified: Certified) -> str:
        return make_code(certified, key=self.office_key, issuer=self.issuer, now=self.office.now)

    def credential(self, certified: Certified) -> str:
        return make_credential(certified, key=self.office_key, issuer=self.issuer, base=BASE, now=self.office.now)

    def partial_credential(self, certified: Certified) -> str:
        return make_partial_credential(
            certified, key=self.office_key, issuer=self.issuer, base=BASE, now=self.office.now, secret=SECRET
        )

    def proofs(self, certified: Certified) -> Proofs:
        return Proofs(self.code(certified), self.credential(certified), trade_data(certified.content.certificate))

    def write(
        self, folder: Path, *, commitment: str | None = None, status: ListedStatus = "issued", at: datetime = NOW
    ) -> Path:
        """Put the register's files into a trust folder, with the issue of ``commitment`` in the log."""
        files = FolderStorage(folder)
        files.write(PIN, write_pin(self.pin))
        files.write(TRUST_LIST, self.trust_list().encode())
        files.write("status/0.jwt", self.status_list(status, at=at).encode())
        if commitment is not None:
            signed = self.log(issued(commitment))
            files.write(CHECKPOINT, signed.text)
            files.write(
                proof_path(commitment, "issued"), made.make_proof(self.storage, index=self.size - 1, checkpoint=signed)
            )
        return folder

    def log(self, *entries: Entry, cosigned: bool = True) -> SignedCheckpoint:
        """Append entries and publish a checkpoint."""
        self.size = append_leaves(self.storage, size=self.size, leaves=[one.leaf() for one in entries])
        text = made.sign_checkpoint(self.storage, size=self.size, key=self.log_key)
        if cosigned:
            line = made.cosign(
                text, seen=None, storage=self.storage, logs=(self.log_key.public,), witnesses=(), key=self.witness_key, at=NOW
            )  # fmt: skip
            text = made.with_cosignature(text, line)
        self.storage.write("checkpoint", text)
        return read_checkpoint(text, logs=[self.log_key.public], witnesses=[self.witness_key.public])


def issued(commitment: str, at: datetime = NOW) -> Entry:
    return Entry(kind="issued", commitment=commitment, at=at)
