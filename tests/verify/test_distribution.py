"""udgam-verify as its own distribution: built, installed into a fresh environment without a network, and asked there."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
import zipfile
from datetime import datetime, timedelta
from email.parser import HeaderParser
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.signing.proof.made import Made, make
from tests.signing.proof.test_foreign_pdf import plain, signed
from tests.signing.sealing.office import LATER, NOW, make_office
from udgam.signing.proof.bundle import write_bundle
from udgam.signing.proof.credential import present
from udgam.signing.proof.log import Entry
from udgam.signing.sealing.register import make_proof

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
BARE = {"PATH": os.environ["PATH"], "PYTHONNOUSERSITE": "1"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from build_verify_wheel import build_checker

    return build_checker(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(make_office(), tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment as pip would make it: the wheel unpacked, and what it says it needs, with what that needs, by links."""
    import sysconfig

    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    [packages] = place.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(packages)
        [metadata] = [name for name in packed.namelist() if name.endswith(".dist-info/METADATA")]
        stated = HeaderParser().parsestr(packed.read(metadata).decode()).get_all("Requires-Dist") or []
    here = Path(sysconfig.get_path("purelib"))
    for needed in closure(stated).values():
        # A file outside the folder of packages ("../../bin/…") is a script of its own, which no import needs.
        for top in {file.parts[0] for file in needed.files or []} - {"..", "__pycache__"}:
            if (here / top).exists():
                (packages / top).symlink_to(here / top)
    return place / "bin/python"


def closure(stated: list[str]) -> dict[str, Distribution]:
    """The installed distributions that the statements name, and theirs, by name; each must be installed here."""
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(one), "") for one in stated]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        new = name not in found
        one = found.setdefault(name, distribution(name))
        extras = sorted(wanted.extras) + ([""] if new else [])
        waiting += [(Requirement(text), extra) for extra in extras for text in one.requires or []]
    return found


def ask(python: Path, *arguments: str, at: datetime | str = LATER) -> tuple[int, dict[str, object]]:
    code = "import sys; from udgam_verify.command import main; sys.exit(main(sys.argv[1:]))"
    ran = subprocess.run(
        [python, "-c", code, *arguments, "--json", "--at", str(at)],
        capture_output=True, text=True, check=False, env=BARE, cwd=python.parent,
    )  # fmt: skip
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def test_every_kind_of_proof_is_checked_without_the_platform(installed: Path, made: Made, tmp_path: Path) -> None:
    kinds = {"pdf": made.pdf, "code": made.code.encode(), "credential": made.credential.encode()}
    for kind, data in kinds.items():
        file = tmp_path / kind
        file.write_bytes(data)
        status, answer = ask(installed, str(file), "--trust", str(made.folder))
        assert (status, answer["kind"], answer["valid"]) == (0, kind, True), answer
        changed = bytearray(data)
        changed[len(changed) // 2] ^= 1
        file.write_bytes(bytes(changed))
        status, answer = ask(installed, str(file), "--trust", str(made.folder))
        assert status in {1, 2}
        assert answer["valid"] is False
    status, answer = ask(installed, str(tmp_path / "none"), "--trust", str(made.folder))
    assert (status, answer["reason"]) == (2, "input.unreadable")
    status, answer = ask(installed, str(tmp_path / "pdf"), "--trust", str(made.folder), at="garbage")
    assert (status, answer["reason"], answer["valid"]) == (2, "input.moment", False)


def test_whom_the_trust_folder_believes_is_shown_for_comparing(installed: Path, made: Made, tmp_path: Path) -> None:
    status, shown = ask(installed, "--show-trust", "--trust", str(made.folder))
    digest = hashlib.sha256((made.folder / "register.json").read_bytes()).hexdigest()
    assert status == 0
    assert shown["trust"][0] == {"kind": "register", "name": "register.json", "sha256": digest}  # type: ignore[index]
    assert {pin["kind"] for pin in shown["trust"]} == {"register", "root", "time-stamp"}  # type: ignore[attr-defined]
    code = "import sys; from udgam_verify.command import main; sys.exit(main(sys.argv[1:]))"
    for arguments in ((), ("certificate.pdf", "--show-trust")):
        command = [installed, "-c", code, *arguments, "--trust", made.folder]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=BARE, cwd=tmp_path)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "--show-trust" in ran.stderr
    plain = [installed, "-c", code, "--show-trust", "--trust", made.folder]
    ran = subprocess.run(plain, capture_output=True, text=True, check=True, env=BARE, cwd=tmp_path)
    assert ran.stdout.splitlines()[0].split() == ["register", digest, "register.json"]


def test_years_later_a_bundle_and_the_published_files_answer_what_counted_on_a_day(
    installed: Path, made: Made, tmp_path: Path
) -> None:
    """The site is gone. The certificate was superseded two days after its issue, and the log says when."""
    ended, register = NOW + timedelta(days=2), made.register
    signed = register.log(Entry(kind="superseded", commitment=made.digest, at=ended, by="ab" * 32))
    evidence = {
        f"trust/{path}": made.published().files.read(path) or b""
        for path in ("register.json", "trust-list.jwt", f"proof/{made.digest[:2]}/{made.digest}.issued")
    }
    evidence["trust/status/0.jwt"] = register.status_list("superseded", at=ended + timedelta(days=1)).encode()
    evidence[f"trust/proof/{made.digest[:2]}/{made.digest}.superseded"] = make_proof(
        register.storage, index=register.size - 1, checkpoint=signed
    )
    files = {"certificate.pdf": made.pdf, "credential.jwt": made.credential.encode(), "code.txt": made.code.encode()}
    (file := tmp_path / "evidence.zip").write_bytes(write_bundle(files | evidence))
    for at, status, exit_status in (
        (ended - timedelta(hours=1), "issued", 0),
        (ended + timedelta(hours=1), "superseded", 1),
        (ended + timedelta(days=3650), "superseded", 1),
    ):
        found, answer = ask(installed, str(file), "--trust", str(made.folder), at=at)
        assert (found, answer["valid"], answer["status"]) == (exit_status, True, status), answer
    part = tmp_path / "extract.jwt"
    part.write_text(present(made.partial))
    found, answer = ask(installed, str(part), "--trust", str(made.folder))
    assert (found, answer["kind"], answer["valid"]) == (0, "credential", True)


def test_files_of_others_are_told_apart_without_the_platform(installed: Path, made: Made, tmp_path: Path) -> None:
    theirs = signed(plain(), made.office.officer, office=made.office, stamped=True)
    wrapped = (ROOT / "tests/signing/proof/foreign/open-attestation-3.json").read_bytes()
    for data, kind in ((theirs, "foreign-pdf"), (wrapped, "foreign-credential")):
        file = tmp_path / kind
        file.write_bytes(data)
        status, answer = ask(installed, str(file), "--trust", str(made.folder))
        assert (status, answer["kind"], answer["integrity"], answer["valid"]) == (1, kind, True, False)


def test_nothing_of_the_platform_is_in_it_or_loaded_by_it(installed: Path, wheel: Path) -> None:
    rooms = {
        "/".join(name.split("/")[:3])
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("udgam/") and name.count("/") > 2
    }
    assert rooms == {
        "udgam/rules/binding", "udgam/rules/content", "udgam/rules/identifiers", "udgam/signing/proof", "udgam/signing/trust",
    }  # fmt: skip
    code = (
        "import sys, pkgutil, importlib, udgam, udgam_verify.command\n"
        "[importlib.import_module(one.name) for one in pkgutil.walk_packages(udgam.__path__, 'udgam.')]\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'django', 'psycopg', 'typst', 'httpx', 'procrastinate', 'granian'}))"
    )
    ran = subprocess.run(
        [installed, "-c", code], capture_output=True, text=True, check=False, env=BARE, cwd=installed.parent
    )
    assert ran.stdout.strip() == "[]", ran.stderr


def test_the_same_sources_give_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    from build_verify_wheel import build_checker

    assert build_checker(tmp_path).read_bytes() == wheel.read_bytes()
    assert (tmp_path / f"{wheel.name}.sha256").exists()
