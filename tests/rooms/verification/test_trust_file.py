"""The trust folder that the site offers: a stranger with an empty folder, the file and udgam-verify needs nothing else of ours."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.architecture.source import ROOT
from udgam.flow.issuance.models import Certificate
from udgam.flow.verification import limits, trust_download
from udgam.ground.pages.limits import Limit
from udgam.ground.tasks import run_deferred
from udgam.signing.trust.store import read_folder

pytestmark = pytest.mark.django_db
ADDRESS = "/verify/trust/"
COMMAND = "import sys; from udgam_verify.command import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def published(certificate: Certificate) -> Certificate:
    run_deferred()
    return certificate


def ask(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The command in a process that knows neither the settings nor the folders of this installation."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))
    }
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments, "--json"], cwd=folder, capture_output=True, text=True, check=False,
        env={**kept, "PYTHONPATH": str(ROOT / "verify/src")},
    )  # fmt: skip
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.parametrize("language", ["en", "hi"])
def test_with_the_file_of_the_manual_a_stranger_checks_a_certificate_and_compares_the_digests(
    published: Certificate, passer_by: Client, tmp_path: Path, language: str
) -> None:
    passer_by.cookies["udgam_language"] = language
    manual = passer_by.get(reverse("manual-verify")).content.decode()
    assert f'href="{ADDRESS}"' in manual
    answer = passer_by.get(ADDRESS)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="udgam-trust.zip"'
    assert "--trust trust-folder" in manual
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        packed.extractall(tmp_path / "trust-folder")
    with published.file.open("rb") as stored:
        (tmp_path / "certificate.pdf").write_bytes(stored.read())
    at = ["--at", timezone.now().isoformat()]
    status, report = ask(tmp_path, "certificate.pdf", "--trust", "trust-folder", *at)
    assert (status, report["valid"], report["status"]) == (0, True, "issued"), report
    status, shown = ask(tmp_path, "--show-trust", "--trust", "trust-folder")
    assert status == 0
    # The page names what the copy says, computed here once more from the files themselves.
    folder = tmp_path / "trust-folder"
    own = {("register", hashlib.sha256((folder / "register.json").read_bytes()).hexdigest())}
    for part, kind in (("anchors", "root"), ("tsa", "time-stamp")):
        files = [x509.load_pem_x509_certificate(path.read_bytes()) for path in (folder / part).iterdir()]
        assert files
        own |= {(kind, one.fingerprint(hashes.SHA256()).hex()) for one in files}
    assert {(pin["kind"], pin["sha256"]) for pin in shown["trust"]} == own
    assert all(digest in manual for _kind, digest in own)


def test_a_changed_root_is_believed_no_more(published: Certificate, passer_by: Client, tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(passer_by.get(ADDRESS).content)) as packed:
        packed.extractall(tmp_path)
    stranger = next((tmp_path / "intermediates").iterdir()).read_bytes()
    for path in (tmp_path / "anchors").iterdir():
        path.unlink()
    (tmp_path / "tsa/stranger.pem").write_bytes(stranger)
    with published.file.open("rb") as stored:
        (tmp_path / "certificate.pdf").write_bytes(stored.read())
    status, report = ask(tmp_path, "certificate.pdf", "--trust", ".")
    assert (status, report["reason"]) == (2, "trust.store")
    assert ask(tmp_path, "--show-trust", "--trust", ".")[0] == 2


def test_it_holds_what_a_checker_needs_and_nothing_else_of_the_folders(
    published: Certificate, passer_by: Client, settings: Settings
) -> None:
    trust = Path(settings.TRUST_FOLDER)
    [anchor, *_more] = [path for path in (trust / "anchors").iterdir() if path.is_file()]
    secret = b"-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n"
    before, strays = anchor.read_bytes(), [trust / "key.pem", trust / "anchors/note.txt"]
    pinned = {one.fingerprint(hashes.SHA256()) for one in read_folder(trust / "anchors")}
    try:
        for stray in strays:
            stray.write_bytes(secret)
        if before.startswith(b"-----"):
            anchor.write_bytes(before + secret)
        answer = passer_by.get(ADDRESS)
    finally:
        anchor.write_bytes(before)
        for stray in strays:
            stray.unlink()
    assert answer.content == passer_by.get(ADDRESS).content
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert not any(b"PRIVATE" in data for data in files.values())
    kinds = {re.sub(r"[0-9a-f]{32}", "*", name) for name in files}
    assert {"register.json", "trust-list.jwt", "did.json", "checkpoint", "status/0.jwt", "anchors/*.pem"} <= kinds
    assert kinds <= {
        "register.json", "trust-list.jwt", "did.json", "checkpoint", "status/0.jwt", "anchors/*.pem", "intermediates/*.pem",
        "tsa/*.pem", "crls/*",
    }  # fmt: skip
    packed_roots = [x509.load_pem_x509_certificate(data) for name, data in files.items() if name.startswith("anchors/")]
    assert {one.fingerprint(hashes.SHA256()) for one in packed_roots} == pinned


def test_a_new_root_is_in_the_next_file(published: Certificate, passer_by: Client, settings: Settings) -> None:
    trust = Path(settings.TRUST_FOLDER)
    first = passer_by.get(ADDRESS).content
    extra = trust / "tsa/another.pem"
    extra.write_bytes(next(path for path in (trust / "intermediates").iterdir() if path.is_file()).read_bytes())
    try:
        second = passer_by.get(ADDRESS).content
    finally:
        extra.unlink()
    assert first != second
    assert passer_by.get(ADDRESS).content == first


def test_before_anything_was_published_none_is_offered(passer_by: Client, settings: Settings, tmp_path: Path) -> None:
    settings.REGISTER_FOLDER = str(tmp_path)
    assert passer_by.get(ADDRESS).status_code == 404
    assert ADDRESS not in passer_by.get(reverse("manual-verify")).content.decode()


def test_without_usable_roots_the_pages_say_so(
    published: Certificate, passer_by: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.TRUST_FOLDER = tmp_path
    assert passer_by.get(ADDRESS).status_code == 503
    manual = passer_by.get(reverse("manual-verify"))
    assert manual.status_code == 200
    assert ADDRESS not in manual.content.decode()


def test_whoever_has_the_file_already_is_told_so_and_not_counted(
    published: Certificate, passer_by: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "TRUST_LIMIT", Limit("trust-here", 2, 600))
    first = passer_by.get(ADDRESS)
    etag = first.headers["ETag"]
    assert etag == f'"{hashlib.sha256(first.content).hexdigest()}"'
    assert first.headers["Cache-Control"] == "public, no-cache"
    for _time in range(5):
        again = passer_by.get(ADDRESS, HTTP_IF_NONE_MATCH=etag)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert passer_by.get(ADDRESS, HTTP_IF_NONE_MATCH='"another"').content == first.content
    refused = passer_by.get(ADDRESS)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert "fetched too often from your network" in refused.content.decode()
    assert passer_by.get(ADDRESS, HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_the_tag_changes_with_what_is_believed(published: Certificate, passer_by: Client, settings: Settings) -> None:
    etag = passer_by.get(ADDRESS).headers["ETag"]
    last = next((Path(settings.TRUST_FOLDER) / "intermediates").glob("*.pem"))
    pem = last.read_bytes()
    try:
        last.unlink()
        answer = passer_by.get(ADDRESS, HTTP_IF_NONE_MATCH=etag)
    finally:
        # The folder is shared by all tests of the process.
        last.write_bytes(pem)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag


def test_requests_at_once_wait_for_one_packing(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most = 0, 0
    begun = threading.Event()

    def packed() -> bytes:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        begun.set()
        others.wait(0.2)
        at_once -= 1
        return b"packed"

    others = threading.Event()
    monkeypatch.setattr(trust_download, "trust_file", packed)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _number: trust_download.trust_download(), range(4)))
    assert begun.is_set()
    assert {one.data for one in found if one} == {b"packed"}
    assert most == 1
