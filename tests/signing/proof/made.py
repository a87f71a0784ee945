"""One certificate with all its proofs, as a stranger would be given it: file, credential, code, and a trust folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from tests.signing.register import ISSUER, Register
from tests.signing.sealing.office import LATER, NOW, FixedTimeStamper, Office
from udgam.rules.content import CertificateContent
from udgam.signing.proof import Report, TrustFolder, verify
from udgam.signing.proof.log import MemoryStorage
from udgam.signing.proof.published import PIN, TRUST_LIST, PublishedRegister, proof_path
from udgam.signing.proof.trust_folder import issuers_of
from udgam.signing.proof.trust_list import TrustList, write_pin
from udgam.signing.sealing.archive import add_archive_stamp
from udgam.signing.sealing.stages import Certified


@dataclass
class Made:
    """The certificate and whoever made it."""

    office: Office
    register: Register
    certified: Certified
    pdf: bytes
    folder: Path

    @property
    def content(self) -> CertificateContent:
        return self.certified.content.certificate

    @property
    def digest(self) -> str:
        return self.certified.content.digest

    @property
    def code(self) -> str:
        return self.register.code(self.certified)

    @property
    def credential(self) -> str:
        return self.register.credential(self.certified)

    @property
    def partial(self) -> str:
        return self.register.partial_credential(self.certified)

    def trust(self, listed: TrustList | None = None, **files: bytes | None) -> TrustFolder:
        """The trust folder, with another trust list or other files (``status``, ``checkpoint``, ``proof``; None leaves it out)."""
        folder = TrustFolder.load(self.folder)
        assert folder.register is not None
        if listed is None and not files:
            return folder
        paths = {"status": "status/0.jwt", "checkpoint": "checkpoint", "proof": proof_path(self.digest, "issued")}
        storage = MemoryStorage({path: folder.register.files.read(path) or b"" for path in paths.values()})
        storage[PIN] = write_pin(self.register.pin)
        storage[TRUST_LIST] = self.register.trust_list(listed).encode()
        for name, data in files.items():
            if data is None:
                del storage[paths[name]]
            else:
                storage[paths[name]] = data
        register = PublishedRegister.read(storage)
        assert register is not None
        return replace(folder, register=register, issuers=issuers_of(register.trust))

    def published(self) -> PublishedRegister:
        """The register in the trust folder."""
        register = self.trust().register
        assert register is not None
        return register

    def archived(self, stamps: int = 1) -> bytes:
        """The file with time stamps over the whole of it, an hour apart."""
        pdf = self.pdf
        for hours in range(1, stamps + 1):
            stamper = FixedTimeStamper(
                self.office.stamps, [self.office.below.certificate], NOW + timedelta(hours=hours)
            )
            pdf = add_archive_stamp(pdf, time_stamper=stamper, evidence=self.office.evidence(self.folder))
        return pdf


def make(office: Office, folder: Path, *, items: int = 3, issuer: str = ISSUER) -> Made:
    """Issue one certificate and publish its register."""
    office.write_trust(folder)
    register = Register(office, issuer=issuer)
    content = office.content(items=items)
    certified = office.certified(content)
    pdf = office.issue(content, proofs=register.proofs, evidence=office.evidence(folder))
    register.write(folder, commitment=certified.content.digest)
    return Made(office, register, certified, pdf, folder)


def check(data: bytes | str, trust: TrustFolder, **options: object) -> Report:
    """Check anything a day later, asking nobody."""
    given = data.encode() if isinstance(data, str) else data
    return verify(given, trust=trust, **{"at": LATER, "status": None, **options})  # type: ignore[arg-type]


def failed(report: Report) -> list[str]:
    return [one.id for one in report.checks if one.outcome == "fail"]


Change = Callable[[Made], bytes]
