"""Every certificate ever issued must go on being verified: one in each edition of the content's format lies in this archive.

The folders are named by that format (`udgam.certificate/1`, `/2`), as those of `content/` are, because no release was made yet; a release
that changes how files are written adds one more, with its number behind the format's. `make_certificate` says by whom they were made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from udgam.rules.content import read_content
from udgam.signing.proof import TrustFolder, verify, verify_pdf

ARCHIVE = Path(__file__).parent / "certificates"
EDITIONS = sorted(path.name for path in ARCHIVE.iterdir() if path.is_dir())


def test_the_archive_holds_a_certificate_in_each_edition() -> None:
    assert {"udgam.certificate-1", "udgam.certificate-2"} <= set(EDITIONS)


@pytest.mark.parametrize("at", [datetime(2026, 11, 24, tzinfo=UTC), datetime(2036, 11, 22, tzinfo=UTC)])
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_certificate_of_every_release_holds(edition: str, at: datetime) -> None:
    trust = TrustFolder.load(ARCHIVE / edition / "trust")
    report = verify_pdf((ARCHIVE / edition / "certificate.pdf").read_bytes(), trust=trust, at=at, status=None)
    assert report.valid, [one for one in report.checks if one.outcome == "fail"]
    assert report.certificate_number == "SEC/2026/016/0000001A/00000001"
    assert report.content is not None
    assert edition.startswith(read_content(report.content).format.replace("/", "-"))
    assert read_content(report.content).number == report.certificate_number


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_changed_certificate_of_every_release_is_refused(edition: str) -> None:
    trust = TrustFolder.load(ARCHIVE / edition / "trust")
    data = bytearray((ARCHIVE / edition / "certificate.pdf").read_bytes())
    data[1000] ^= 1
    report = verify_pdf(bytes(data), trust=trust, at=datetime(2026, 11, 24, tzinfo=UTC), status=None)
    assert not report.valid


PAPERS = sorted(
    str(path.relative_to(ARCHIVE)) for path in ARCHIVE.glob("*/*") if path.is_file() and path.name != "certificate.pdf"
)


def test_the_archive_holds_the_other_forms_since_the_second_edition() -> None:
    assert "udgam.certificate-2/code.txt" in PAPERS
    assert "udgam.certificate-2/certificate-archived.pdf" in PAPERS


@pytest.mark.parametrize("paper", PAPERS)
def test_credentials_codes_and_archived_files_of_every_release_hold(paper: str) -> None:
    trust = TrustFolder.load((ARCHIVE / paper).parent / "trust")
    for at, status in ((datetime(2026, 11, 24, tzinfo=UTC), "issued"), (datetime(2036, 11, 22, tzinfo=UTC), "unknown")):
        report = verify((ARCHIVE / paper).read_bytes(), trust=trust, at=at, status=None)
        assert report.valid, [one for one in report.checks if one.outcome == "fail"]
        assert (report.status, report.certificate_number) == (status, "SEC/2026/016/0000001A/00000001")
