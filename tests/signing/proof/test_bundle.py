"""The evidence bundle: stands without the site, and believes nothing of itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.register import Register
from tests.signing.sealing.office import LATER, NOW, Office
from udgam.signing.proof import InputUnusable, TrustFolder
from udgam.signing.proof.bundle import read_bundle, write_bundle


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"), items=1)


def files_of(made: Made) -> dict[str, bytes]:
    trust = {
        f"trust/{one.relative_to(made.folder).as_posix()}": one.read_bytes()
        for one in made.folder.rglob("*")
        if one.is_file()
    }
    return {
        "certificate.pdf": made.pdf,
        "credential.jwt": made.credential.encode(),
        "code.txt": made.code.encode(),
        **trust,
    }


def old_folder(made: Made, tmp_path: Path) -> TrustFolder:
    """What a checker had kept from before: the pin and a first trust list, no status lists and no proofs."""
    made.office.write_trust(tmp_path)
    (tmp_path / "register.json").write_bytes((made.folder / "register.json").read_bytes())
    (tmp_path / "trust-list.jwt").write_text(
        made.register.trust_list(replace(made.register.listed(), version=0, agencies=()))
    )
    return TrustFolder.load(tmp_path)


def test_a_bundle_stands_without_the_site(made: Made, tmp_path: Path) -> None:
    bundle = write_bundle(files_of(made))
    assert write_bundle(files_of(made)) == bundle
    trust = old_folder(made, tmp_path)
    assert not check(made.pdf, trust).valid
    report = check(bundle, trust)
    assert report.valid, failed(report)
    assert (report.kind, report.status) == ("pdf", "issued")
    assert [one.id for one in report.checks[-2:]] == ["bundle.credential", "bundle.code"]
    assert report.outcome("log.included") == "pass"


def test_it_is_evidence_only_for_the_register_that_is_pinned(made: Made, office: Office, tmp_path: Path) -> None:
    folder = Register(office).write(office.write_trust(tmp_path))
    report = check(write_bundle(files_of(made)), TrustFolder.load(folder))
    assert not report.valid
    assert "code.agrees" in failed(report)


def test_newer_news_win_wherever_they_lie(made: Made, tmp_path: Path) -> None:
    files = files_of(made)
    cancelled = made.register.status_list("cancelled", at=NOW + timedelta(hours=2)).encode()
    assert check(write_bundle({**files, "trust/status/0.jwt": cancelled}), made.trust()).status == "cancelled"
    assert check(write_bundle(files), made.trust(status=cancelled)).status == "cancelled"


@pytest.mark.parametrize("path", ["credential.jwt", "code.txt"])
def test_papers_of_another_certificate_are_refused(made: Made, path: str, office: Office) -> None:
    other = office.certified(office.content(items=2))
    data = {"credential.jwt": made.register.credential(other), "code.txt": made.register.code(other)}[path]
    for forged in (data.encode(), b"\xff", b""):
        report = check(write_bundle({**files_of(made), path: forged}), made.trust())
        assert (report.valid, failed(report)) == (False, [f"bundle.{path.partition('.')[0]}"])


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in entries:
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04nonsense",
        packed(("other.txt", b"x")),
        packed(("certificate.pdf", b"%PDF-"), ("../x", b"x")),
        packed(("certificate.pdf", b"%PDF-"), ("/etc/x", b"x")),
        packed(("certificate.pdf", b"%PDF-"), ("zeros", bytes(65 * 1024 * 1024))),
        packed(("certificate.pdf", b"%PDF-"), method=zipfile.ZIP_LZMA),
        packed(("certificate.pdf", b"%PDF-"), method=zipfile.ZIP_BZIP2),
    ],
)
def test_a_hostile_bundle_cannot_be_used(made: Made, data: bytes) -> None:
    with pytest.raises(InputUnusable) as refusal:
        check(data, made.trust())
    assert refusal.value.code == "input.bundle"


def test_a_bundle_without_the_certificate_is_not_written(made: Made) -> None:
    for files in ({}, {"certificate.pdf": b"x", "../y": b""}, {"certificate.pdf": b"x", "a\\b": b""}):
        with pytest.raises(ValueError, match=r"bundle|plain"):
            write_bundle(files)
    assert read_bundle(write_bundle({"certificate.pdf": b"x"})) == {"certificate.pdf": b"x"}
    assert LATER > NOW
