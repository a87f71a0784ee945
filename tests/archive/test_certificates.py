"""Every certificate ever issued must go on being verified: one of each release lies in this archive."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from udgam.rules.content import read_content
from udgam.signing.proof import TrustFolder, verify, verify_pdf

ARCHIVE = Path(__file__).parent / "certificates"
RELEASES = sorted(path.name for path in ARCHIVE.iterdir() if path.is_dir())


def test_the_archive_holds_a_certificate_of_the_first_release() -> None:
    assert "0.1.0" in RELEASES


@pytest.mark.parametrize("at", [datetime(2026, 11, 24, tzinfo=UTC), datetime(2036, 11, 22, tzinfo=UTC)])
@pytest.mark.parametrize("release", RELEASES)
def test_a_certificate_of_every_release_holds(release: str, at: datetime) -> None:
    trust = TrustFolder.load(ARCHIVE / release / "trust")
    report = verify_pdf((ARCHIVE / release / "certificate.pdf").read_bytes(), trust=trust, at=at, status=None)
    assert report.valid, [one for one in report.checks if one.outcome == "fail"]
    assert report.certificate_number == "SEC/2026/016/0000001A/00000001"
    assert report.content is not None
    assert read_content(report.content).number == report.certificate_number


@pytest.mark.parametrize("release", RELEASES)
def test_a_changed_certificate_of_every_release_is_refused(release: str) -> None:
    trust = TrustFolder.load(ARCHIVE / release / "trust")
    data = bytearray((ARCHIVE / release / "certificate.pdf").read_bytes())
    data[1000] ^= 1
    report = verify_pdf(bytes(data), trust=trust, at=datetime(2026, 11, 24, tzinfo=UTC), status=None)
    assert not report.valid


PAPERS = sorted(
    str(path.relative_to(ARCHIVE)) for path in ARCHIVE.glob("*/*") if path.is_file() and path.name != "certificate.pdf"
)


def test_the_archive_holds_the_other_forms_since_the_second_release() -> None:
    assert "0.2.0/code.txt" in PAPERS
    assert "0.2.0/certificate-archived.pdf" in PAPERS


@pytest.mark.parametrize("paper", PAPERS)
def test_credentials_codes_and_archived_files_of_every_release_hold(paper: str) -> None:
    trust = TrustFolder.load((ARCHIVE / paper).parent / "trust")
    for at, status in ((datetime(2026, 11, 24, tzinfo=UTC), "issued"), (datetime(2036, 11, 22, tzinfo=UTC), "unknown")):
        report = verify((ARCHIVE / paper).read_bytes(), trust=trust, at=at, status=None)
        assert report.valid, [one for one in report.checks if one.outcome == "fail"]
        assert (report.status, report.certificate_number) == (status, "SEC/2026/016/0000001A/00000001")
