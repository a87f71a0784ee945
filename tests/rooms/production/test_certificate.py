"""A certificate from the application to a stranger's check, by a process under production settings.

The office's seal, its key for codes and the register's keys lie in a PKCS#11 token; the authority with its lists and answers, the
time-stamp service, the register of exporters and the mail server are other programs on the network. They are played by the
sandbox's, as any test authority could play them: the process that issues has nothing of the sandbox in it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tools.check_deployment import SAMPLE

from tests.database_folder import database_folder
from tests.rooms.production.processes import run_in_production
from tests.rooms.registration.firms import firm_record, tax_places
from tests.softhsm_tokens import SoftHsm
from udgam.sandbox import authority, mailbox, registry
from udgam.sandbox.authority import STRANGER, AuthorityHandle, load_seal, load_token
from udgam.sandbox.authority.tokens import pem
from udgam.sandbox.cast import AGENCY, PEOPLE
from udgam.signing.trust import fingerprint
from udgam.web.embedded import throw_away_url

pytestmark = [pytest.mark.softhsm, pytest.mark.slow]
PIN = "445566"
WORK = "from tests.rooms.production.office_work import main; main()"


@dataclass(frozen=True)
class Issued:
    """What the process said, and the folder it worked in."""

    said: dict[str, Any]
    folder: Path
    seal_sha256: str
    letters: list[dict[str, object]]

    @property
    def pdf(self) -> Path:
        return self.folder / "certificate.pdf"


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _key_store(folder: Path, ca: AuthorityHandle) -> tuple[SoftHsm, dict[str, str]]:
    """The operator's key store as docs/operate describes it, and the two settings that lead there."""
    hsm, seal = SoftHsm(folder / "hsm"), load_seal(ca.authority.folder, "MUM")
    hsm.import_key(seal.key, seal.certificate, label="seal", pin=PIN)
    for number, name in enumerate(("proof", "list", "status"), 2):
        key = ec.generate_private_key(ec.SECP256R1())
        hsm.import_key(key, None, label="seal", pin=PIN, key_id=bytes([number]), new=False, object_label=name)
        (folder / f"{name}.pem").write_bytes(_public(key))
    log = ed25519.Ed25519PrivateKey.generate()
    (folder / "log.pem").write_bytes(log.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "pin").write_text(f"{PIN}\n")
    (folder / "seal.pem").write_bytes(b"".join(pem(one) for one in (seal.certificate, *seal.chain)))
    store = f"?module-path={hsm.module}&pin-source=file:{folder / 'pin'}"
    return hsm, {
        "UDGAM_SEAL_KEY": (
            f"pkcs11:token=seal;object=seal{store}&x-certificates={folder / 'seal.pem'}"
            f"&x-proof-object=proof&x-proof-public={folder / 'proof.pem'}"
        ),
        "UDGAM_REGISTER_KEYS": (
            f"pkcs11:token=seal{store}&x-list-object=list&x-list-public={folder / 'list.pem'}"
            f"&x-status-object=status&x-status-public={folder / 'status.pem'}&x-log-file={folder / 'log.pem'}"
        ),
    }


def _work(ca: AuthorityHandle) -> dict[str, Any]:
    """Who the firm and the officer are; the process itself knows nobody of the cast."""
    tokens = ca.authority.folder / "tokens"
    record = firm_record("spices")
    return {
        "organisation": AGENCY.registered_name,
        "officer_name": PEOPLE["officer"].name,
        "record": record.to_json(),
        "gstins": {code: place.gstin for code, place in tax_places(record).items()},
        **{
            name: [str(tokens / f"{name}.p12"), load_token(ca.authority.folder, name).pin]
            for name in ("officer", "exporter")
        },
    }


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    folder = tmp_path_factory.mktemp("office")
    ca = authority.start(folder=folder / "authority", site=SAMPLE["UDGAM_SITE_ORIGIN"])
    register, post = registry.start(folder=folder / "registry"), mailbox.start(folder=folder / "mailbox")
    try:
        hsm, keys = _key_store(folder, ca)
        trust = folder / "trust"
        for part, name in (("anchors", authority.ROOT), ("tsa", authority.ROOT), ("intermediates", authority.LICENSED)):
            (trust / part).mkdir(parents=True, exist_ok=True)
            (trust / part / "root.pem").write_bytes(pem(ca.authority.certificate(name)))
        (trust / "intermediates/sub.pem").write_bytes(pem(ca.authority.certificate(authority.END_USERS)))
        (folder / "stranger.pem").write_bytes(pem(ca.authority.certificate(STRANGER)))
        with database_folder() as place, throw_away_url(place / "postgres") as url:
            done = run_in_production(
                WORK,
                str(folder),
                json.dumps(_work(ca)),
                DATABASE_URL=url,
                UDGAM_VAR=str(folder / "var"),
                UDGAM_TRUST_FOLDER=str(trust),
                UDGAM_TIME_STAMP_URL=f"{ca.url}/tsa",
                UDGAM_IEC_REGISTER_URL=f"{register.url}/dgft/v1",
                UDGAM_IEC_REGISTER_KEY="sandbox-key",
                UDGAM_IEC_REGISTER_CLIENT="udgam.sandbox",
                UDGAM_TEXT_MESSAGE_URL=f"{post.url}/sms",
                UDGAM_TEXT_MESSAGE_KEY="sandbox-key",
                UDGAM_MAIL_HOST="127.0.0.1",
                UDGAM_MAIL_PORT=str(post.smtp_port),
                UDGAM_PRIVATE_HOSTS="127.0.0.1",
                UDGAM_CONNECTOR_SECONDS="60",
                **keys,
                **hsm.environment(),
            )
        assert done.returncode == 0, done.stderr[-4000:]
        said = json.loads(done.stdout.strip().splitlines()[-1])
        seal = fingerprint(load_seal(ca.authority.folder, "MUM").certificate)
        yield Issued(said, folder, seal, post.messages(said["mail_to"]))
    finally:
        for service in (post, register, ca):
            service.stop()


def test_production_issues_with_the_keys_of_its_key_store(issued: Issued) -> None:
    said = issued.said
    assert (said["settings"], said["sandbox"]) == ("udgam.web.settings.production", False)
    assert said["done"] == ["done"]
    assert said["number"].startswith("SEC/")
    assert said["stamp_due"] is False
    assert "issuance.publish" in said["ran"]
    assert said["public"]["link"] == f"https://coo.example.in/verify/{said['number']}"
    assert said["public"]["by_number"] == [200, False]
    assert said["public"]["by_link"] == [200, True]
    assert said["public"]["by_file"] == [200, True]
    assert any(said["number"] in str(letter["subject"]) for letter in issued.letters)


def test_the_doctor_finds_the_installation_whole_but_for_the_worker_that_nobody_started(issued: Issued) -> None:
    found = issued.said["doctor"]
    assert {name for name, outcome in found.items() if outcome == "fail"} == {
        "Background work",
        "Seals without a key for codes",
    }
    assert found["Settings"] == found["Seals"] == found["Register"] == found["Time stamps and clock"] == "ok"


def test_a_root_that_the_operator_has_not_pinned_is_nobodys(issued: Issued) -> None:
    assert set(issued.said["refused_before"]) == {"refused"}
    assert issued.said["refused_before"]["refused"]["reason"] == "path.issuer_unknown"


def test_nothing_of_the_sandbox_was_reached_or_can_be(issued: Issued) -> None:
    assert issued.said["modules"] == []
    assert issued.said["addresses"] == []
    assert issued.said["file_keys"] == ["issuance.seal_file_in_production"] * 2
    with pypdfium2.PdfDocument(issued.pdf) as drawn:
        words = "\n".join(page.get_textpage().get_text_bounded() for page in drawn)
    assert issued.said["number"] in words
    assert " ".join(issued.seal_sha256[at : at + 4] for at in range(0, 16, 4)).upper() in words
    for word in ("specimen", "fictional", "127.0.0.1", "no validity"):
        assert word not in words.lower()


def test_a_stranger_checks_the_file_with_what_was_published_and_nothing_else(issued: Issued, tmp_path: Path) -> None:
    """`udgam verify` in a folder of its own: roots from the operator, lists and log from the published register."""
    at_home = tmp_path / "stranger"
    shutil.copytree(issued.folder / "var/register", at_home)
    for part in ("anchors", "intermediates", "tsa"):
        shutil.copytree(issued.folder / "trust" / part, at_home / part)
    command = [str(Path(sys.executable).with_name("udgam")), "verify", str(issued.pdf), "--json", "--offline"]
    done = subprocess.run(
        [*command, "--trust", str(at_home)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    report = json.loads(done.stdout)
    assert done.returncode == 0, report
    assert (report["valid"], report["status"]) == (True, "issued")
    outcomes = {check["id"]: check["outcome"] for check in report["checks"]}
    # Only the site itself could say that; offline nobody is asked.
    assert {name for name, outcome in outcomes.items() if outcome != "pass"} == {"status.same_content"}
