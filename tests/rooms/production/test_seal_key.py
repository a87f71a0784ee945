"""The seal's key as an operator names it: opened from a real key store by a process under production settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from tests.rooms.production.processes import run_in_production
from tests.signing.sealing.office import LATER, NOW, Office, make_office
from tests.softhsm_tokens import SoftHsm
from udgam.signing.proof import verify_pdf

pytestmark = pytest.mark.softhsm
PIN = "445566"
SEAL = """
import json, sys
from datetime import datetime
from pathlib import Path
import django
django.setup()
from django.conf import settings
from udgam.flow.issuance.seal_keys import open_seal_key
from udgam.rules.refusals import Refused
from udgam.signing.sealing import seal

folder = Path(sys.argv[1])
key = open_seal_key(settings.SEAL_KEY)
assert open_seal_key(settings.SEAL_KEY) is key
done = seal.apply(
    (folder / "signed.pdf").read_bytes(),
    seal_key=key, time_stamper=None, evidence=seal.NO_EVIDENCE, now=datetime.fromisoformat(sys.argv[2]),
)
(folder / "sealed.pdf").write_bytes(done)
codes = []
for address in json.loads(sys.argv[3]):
    try:
        open_seal_key(address)
        codes.append("opened")
    except Refused as refused:
        codes.append(refused.code)
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def office() -> Office:
    return make_office()


def test_production_seals_with_the_key_that_its_address_names_and_with_no_other(office: Office, tmp_path: Path) -> None:
    hsm = SoftHsm(tmp_path / "hsm")
    hsm.import_key(office.seal.key, office.seal.certificate, label="office seal", pin=PIN)
    chain = b"".join(one.public_bytes(Encoding.PEM) for one in (office.seal.certificate, office.below.certificate))
    (tmp_path / "seal.pem").write_bytes(chain)
    (tmp_path / "pin").write_text(f"{PIN}\n")
    (tmp_path / "wrong-pin").write_text("000000\n")
    certified = office.certified(office.content())
    (tmp_path / "signed.pdf").write_bytes(office.signed(office.drawn(certified, office.own_proofs(certified))))
    (tmp_path / "seal.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal", office.seal.key, office.seal.certificate, None, BestAvailableEncryption(b"1234")
        )
    )

    def address(token: str = "office%20seal", pin: str = "pin") -> str:
        return (
            f"pkcs11:token={token};object=office%20seal?module-path={hsm.module}"
            f"&pin-source=file:{tmp_path / pin}&x-certificates={tmp_path / 'seal.pem'}"
        )

    refused = {
        f"file:{tmp_path / 'seal.p12'}": "issuance.seal_file_in_production",
        address(pin="wrong-pin"): "seal_key.unreadable",
        address(pin="no-such-file"): "issuance.seal_address",
        address(token="another"): "seal_key.not_found",
        # The module belongs behind the question mark (RFC 7512 section 2.3).
        f"pkcs11:token=office%20seal;object=office%20seal;module-path={hsm.module}": "issuance.seal_address",
        "https://seal.example.in/": "issuance.seal_address",
        "": "issuance.seal_not_configured",
    }
    done = run_in_production(
        SEAL,
        str(tmp_path),
        NOW.isoformat(),
        json.dumps(list(refused)),
        UDGAM_SEAL_KEY=address(),
        UDGAM_VAR=str(tmp_path / "var"),
        **hsm.environment(),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.strip().splitlines()[-1]) == list(refused.values())
    report = verify_pdf(
        (tmp_path / "sealed.pdf").read_bytes(), trust=office.trust(tmp_path / "trust"), at=LATER, status=None
    )
    assert report.valid, report
