"""An issuing office in miniature: officer, seal, time-stamp service, trust folder; issues through the real functions."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import algos, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.signing import pki
from tests.signing.sealing import samples
from udgam.rules.content import CertificateContent
from udgam.sandbox.authority.stamps import stamp
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.sealing import officer, page, seal
from udgam.signing.sealing.keys import SoftwareSealKey
from udgam.signing.sealing.stages import Certified, Draft, certify, freeze, prepare
from udgam.signing.trust import FolderRevocation, NoRevocation, TrustStore, fingerprint, validate_path
from udgam.signing.trust.detached import sign

NOW = pki.NOW
VERIFY_URL = "https://udgam.example/verify/k/9fQ2mS0vK8bWc1xTzR4uYg"
SITE = "https://udgam.example"


class FixedTimeStamper:
    """The sandbox's time-stamp service without its HTTP."""

    def __init__(self, credential: pki.Credential, chain: list[x509.Certificate], now: datetime) -> None:
        self.credential, self.chain, self.now = credential, chain, now

    def stamp(self, digest: bytes) -> bytes:
        imprint = tsp.MessageImprint(
            {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
        )
        request = tsp.TimeStampReq(
            {"version": "v1", "message_imprint": imprint, "nonce": secrets.randbits(60), "cert_req": True}
        )
        answer = stamp(
            request.dump(),
            key=self.credential.key,
            certificate=self.credential.certificate,
            chain=self.chain,
            now=self.now,
        )
        token: bytes = tsp.TimeStampResp.load(answer)["time_stamp_token"].dump()
        return token


def raw_signature(credential: pki.Credential, data: bytes) -> bytes:
    """What a token answers."""
    if isinstance(credential.key, rsa.RSAPrivateKey):
        return credential.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return credential.key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass
class Office:
    """Everything that an issue needs."""

    root: pki.Authority
    below: pki.Authority
    officer: pki.Credential
    seal: pki.Credential
    stamps: pki.Credential
    stamps_issuer: pki.Authority
    now: datetime = NOW
    revoked: Mapping[int, x509.ReasonFlags | None] = field(default_factory=dict)

    @property
    def store(self) -> TrustStore:
        return TrustStore([self.root.certificate], [self.below.certificate])

    @property
    def seal_key(self) -> SoftwareSealKey:
        return SoftwareSealKey(self.seal.key, self.seal.certificate, [self.below.certificate])

    @property
    def time_stamper(self) -> FixedTimeStamper:
        return FixedTimeStamper(self.stamps, [self.stamps_issuer.certificate], self.now)

    def content(self, **changes: Any) -> CertificateContent:
        return samples.content(signatory_sha256=fingerprint(self.officer.certificate), **changes)

    def certified(
        self, content: CertificateContent, *, signer: pki.Credential | None = None, at: datetime | None = None
    ) -> Certified:
        prepared = prepare(freeze(Draft(content)))
        signer = signer or self.officer
        cms = sign(
            prepared.content.canonical,
            key=signer.key,
            certificate=signer.certificate,
            chain=[self.below.certificate],
            signing_time=at or self.now,
        )
        return certify(prepared, cms=cms, store=self.store, revocation=NoRevocation(), at=at or self.now)

    def drawn(self, certified: Certified, proofs: page.Proofs | None = None) -> bytes:
        return page.draw(
            certified,
            agreement=samples.AGREEMENT,
            verify_url=VERIFY_URL,
            seal_certificate=self.seal.certificate,
            proofs=proofs,
        )

    def signed(self, drawn: bytes, *, at: datetime | None = None) -> bytes:
        pending = officer.begin(
            drawn, certificate=self.officer.certificate, chain=[self.below.certificate], now=at or self.now
        )
        return officer.finish(pending, raw_signature(self.officer, pending.signed_attributes))

    def evidence(self, folder: Path) -> seal.Evidence:
        source = FolderRevocation(folder / "crls")
        paths = [
            validate_path(one.certificate, store=self.store, revocation=source, at=self.now)
            for one in (self.officer, self.seal, self.stamps)
        ]
        return seal.Evidence.of(*paths)

    def issue(
        self,
        content: CertificateContent | None = None,
        *,
        evidence: seal.Evidence = seal.NO_EVIDENCE,
        stamped: bool = True,
        proofs: Callable[[Certified], page.Proofs] | None = None,
    ) -> bytes:
        """The whole cycle: the finished file, with code and credential as ``proofs`` makes them, or those of a register of its own."""
        certified = self.certified(content or self.content())
        signed = self.signed(self.drawn(certified, (proofs or self.own_proofs)(certified)))
        return seal.apply(
            signed,
            seal_key=self.seal_key,
            time_stamper=self.time_stamper if stamped else None,
            evidence=evidence,
            now=self.now,
        )

    def own_proofs(self, certified: Certified) -> page.Proofs:
        """Code, credential and trade data by a key that no trust list names."""
        from tests.signing.register import Register

        return Register(self).proofs(certified)

    def issuers(self) -> dict[str, Any]:
        entry = {
            "agency": "SEC",
            "name": "Sahyadri Export Council",
            "seal_sha256": [fingerprint(self.seal.certificate)],
            "officers": [
                {
                    "name": "Meera Kulkarni",
                    "certificate_sha256": [fingerprint(self.officer.certificate)],
                    "from": "2026-01-01",
                    "to": None,
                }
            ],
        }
        return {"format": "udgam.issuers/1", "site": SITE, "issuers": [entry]}

    def write_crls(
        self, folder: Path, *, this_update: datetime, next_update: datetime, revoked_at: datetime = NOW - 2 * pki.DAY
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        times = {"this_update": this_update, "next_update": next_update}
        (folder / "root.crl").write_bytes(self.root.crl(**times))
        (folder / "below.crl").write_bytes(self.below.crl(self.revoked, revoked_at=revoked_at, **times))

    def write_trust(self, folder: Path, *, issuers: dict[str, Any] | None = None) -> Path:
        """The trust folder of this office, with CRLs that are current around `now`."""
        files = {
            "anchors/root.pem": self.root.certificate,
            "intermediates/below.pem": self.below.certificate,
            "tsa/stamps.pem": self.stamps.certificate,
        }
        for path, certificate in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(certificate.public_bytes(pki.Encoding.PEM))
        self.write_crls(folder / "crls", this_update=self.now - timedelta(hours=1), next_update=self.now + 7 * pki.DAY)
        (folder / "issuers.json").write_text(json.dumps(issuers or self.issuers()))
        return folder

    def trust(self, folder: Path) -> TrustFolder:
        return TrustFolder.load(self.write_trust(folder))


def make_office(*, kind: str = "RSA-2048", now: datetime = NOW) -> Office:
    """A fresh office; keys are reused within the process."""
    root = pki.make_root()
    below = root.authority("Fictional Sub-CA", path_length=0)
    officer_leaf = below.leaf(pki.name("Meera Kulkarni", O="Sahyadri Export Council"), kind=kind, key_name="officer")
    seal_leaf = below.leaf(
        pki.name("Sahyadri Export Council Pune seal", O="Sahyadri Export Council"), kind=kind, key_name="seal",
        purposes=None, policies=(pki.CLASS_3, pki.DOCUMENT_SIGNER),
    )  # fmt: skip
    purpose = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    stamps = below.leaf(
        pki.name("Fictional time stamps"), kind="RSA-2048", key_name="stamps", purposes=None, extra=[purpose]
    )
    return Office(root, below, officer_leaf, seal_leaf, stamps, below, now)


LATER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
