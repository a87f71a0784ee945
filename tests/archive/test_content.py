"""Content of every format ever issued is still read, and still has the digest that was signed.

The samples beside this file are never made again: a change that needs them changed would make issued certificates unreadable.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from udgam.rules.content import APPLICATION_FORMAT, CERTIFICATE_FORMAT, content_bytes, read_application, read_content

FOLDER = Path(__file__).parent / "content"


def _sample(name: str) -> tuple[bytes, str]:
    return (FOLDER / f"{name}.json").read_bytes(), (FOLDER / f"{name}.sha256").read_text("ascii").strip()


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("udgam.certificate-*.json")))
def test_an_archived_certificate_is_read_and_written_again_byte_for_byte(name: str) -> None:
    data, digest = _sample(name)
    assert hashlib.sha256(data).hexdigest() == digest
    assert content_bytes(read_content(data)) == data


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("udgam.application-*.json")))
def test_an_archived_application_is_read_and_written_again_byte_for_byte(name: str) -> None:
    data, digest = _sample(name)
    assert hashlib.sha256(data).hexdigest() == digest
    assert content_bytes(read_application(data)) == data


def test_the_format_written_today_has_a_sample() -> None:
    for current in (CERTIFICATE_FORMAT, APPLICATION_FORMAT):
        assert (FOLDER / f"{current.replace('/', '-')}.json").exists()


def test_the_first_certificate_still_says_what_it_said() -> None:
    content = read_content(_sample("udgam.certificate-1")[0])
    assert content.number == "SEC/2026/016/0000081A/00000002"
    assert [item.hs_code for item in content.items] == ["09041130", "090831"]
    assert content.issued_on.isoformat() == "2026-11-22"
