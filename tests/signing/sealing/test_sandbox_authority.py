"""The sandbox's own authority, tokens and trust folder fit the issue and the check: nothing here is made for the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import algos, tsp

from tests.signing.register import BASE, ISSUER
from tests.signing.sealing import samples
from udgam.sandbox.authority import Authority, load_seal, load_token, write_trust
from udgam.sandbox.cast import PEOPLE
from udgam.signing.proof import TrustFolder, verify_pdf
from udgam.signing.proof.trade_data import trade_data
from udgam.signing.sealing import officer, page, seal
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.credential import make_credential
from udgam.signing.sealing.keys import SoftwareSealKey
from udgam.signing.sealing.proof_keys import SoftwareProofKey
from udgam.signing.sealing.stages import Draft, certify, freeze, prepare
from udgam.signing.trust import FolderRevocation, TrustStore, fingerprint, validate_path
from udgam.signing.trust.detached import sign


class Stamps:
    """The sandbox's service without HTTP."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority

    def stamp(self, digest: bytes) -> bytes:
        imprint = tsp.MessageImprint(
            {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
        )
        answer = self.authority.stamp(
            tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True}).dump()
        )
        token: bytes = tsp.TimeStampResp.load(answer)["time_stamp_token"].dump()
        return token


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.open(tmp_path_factory.mktemp("authority"), base="http://127.0.0.1:8002")


@pytest.mark.parametrize("name", ["officer", "second-officer"])
def test_the_cast_issues_a_certificate_that_holds(authority: Authority, tmp_path: Path, name: str) -> None:
    now = datetime.now(UTC)
    write_trust(authority, tmp_path)
    trust, store, revocation = (
        TrustFolder.load(tmp_path),
        TrustStore.load(tmp_path),
        FolderRevocation(tmp_path / "crls"),
    )
    token, office_seal = load_token(authority.folder, PEOPLE[name].token), load_seal(authority.folder, "MUM")
    sealing = SoftwareSealKey(office_seal.key, office_seal.certificate, office_seal.chain)
    today = (now + timedelta(hours=5, minutes=30)).date()
    content = samples.content(signatory_sha256=fingerprint(token.certificate))
    content = replace(
        content,
        certification=replace(content.certification, date=today),
        declaration=replace(content.declaration, date=today),
        transport=replace(content.transport, departure=today + timedelta(days=2)),
        invoices=(replace(content.invoices[0], date=min(today, date(2026, 11, 1))),),
    )
    prepared = prepare(freeze(Draft(content)))
    cms = sign(
        prepared.content.canonical, key=token.key, certificate=token.certificate, chain=token.chain, signing_time=now
    )
    certified = certify(prepared, cms=cms, store=store, revocation=revocation, at=now)
    office_key = SoftwareProofKey.generate()
    drawn = page.draw(
        certified,
        agreement=samples.AGREEMENT,
        verify_url="http://127.0.0.1:8000/verify/k/x",
        seal_certificate=sealing.certificate,
        proofs=page.Proofs(
            make_code(certified, key=office_key, issuer=ISSUER, now=now),
            make_credential(certified, key=office_key, issuer=ISSUER, base=BASE, now=now),
            trade_data(certified.content.certificate),
        ),
    )
    pending = officer.begin(drawn, certificate=token.certificate, chain=token.chain, now=now)
    own_key = SoftwareSealKey(token.key, token.certificate)
    signed = officer.finish(pending, own_key.sign(pending.signed_attributes))
    path = validate_path(sealing.certificate, store=store, revocation=revocation, at=now)
    sealed = seal.apply(
        signed,
        seal_key=sealing,
        time_stamper=Stamps(authority),
        evidence=seal.Evidence.of(path, certified.signature.path),
        now=now,
    )
    report = verify_pdf(sealed, trust=trust, at=datetime.now(UTC) + timedelta(minutes=1), status=None)
    assert report.valid, [one for one in report.checks if one.outcome != "pass"]
    assert report.outcome("seal.time_stamp") == "pass"
