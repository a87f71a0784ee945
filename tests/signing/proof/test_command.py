"""`udgam verify` as a person or a script meets it: exit status, JSON, where trust and status come from."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.signing.sealing import samples
from tests.signing.sealing.office import Office
from udgam.ground.connectors.published_status import PublishedStatusSite
from udgam.signing.proof import StatusUnavailable
from udgam.web.commands import verify

AT = ("--at", "2026-11-23T09:00:00Z")


@pytest.fixture
def file(issued: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(issued)
    return path


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args([str(word) for word in words]))


@contextmanager
def site(status: int, body: bytes, *, headers: dict[str, str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """A site that answers every request alike; gives its address and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def answer(status: str, **more: str) -> bytes:
    return json.dumps({"certificate_number": samples.NUMBER, "status": status, **more}).encode()


def test_offline_a_genuine_certificate_is_accepted(
    file: Path, trust_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(file, "--trust", trust_path, "--offline", "--json", *AT) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == [
        "valid",
        "kind",
        "certificate_number",
        "status",
        "integrity",
        "other_register",
        "warnings",
        "checks",
    ]
    assert (printed["valid"], printed["kind"], printed["status"]) == (True, "pdf", "unknown")
    assert printed["certificate_number"] == samples.NUMBER
    assert printed["warnings"]
    assert list(printed["checks"][0]) == ["step", "id", "name", "outcome", "detail"]
    assert [one["step"] for one in printed["checks"]] == list(range(1, 24))


def test_people_get_the_numbered_steps(file: Path, trust_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(file, "--trust", trust_path, "--offline", *AT) == 0
    printed = capsys.readouterr().out
    assert " 17  –" in printed
    assert f"Certificate {samples.NUMBER}: valid" in printed


def test_a_changed_file_is_refused(file: Path, trust_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(file.read_bytes().replace(b"Typst 0.1", b"Typst 9.1", 1))
    assert run(file, "--trust", trust_path, "--offline", "--json", *AT) == 1
    assert json.loads(capsys.readouterr().out)["integrity"] is False


@pytest.mark.parametrize(
    ("status", "exit_status"), [("issued", 0), ("cancelled", 1), ("superseded", 1), ("unknown", 1)]
)
def test_the_issuers_site_is_asked(
    *, office: Office, file: Path, tmp_path: Path, status: str, exit_status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with site(200, answer(status)) as (address, asked):
        plain = {**office.issuers(), "site": address}
        folder = office.write_trust(tmp_path / "trust", issuers=plain)
        assert run(file, "--trust", folder, "--json", *AT) == exit_status
    assert json.loads(capsys.readouterr().out)["status"] == status
    assert len(asked) == 1
    parts = urlsplit(asked[0])
    assert (parts.path, parse_qs(parts.query)) == ("/api/certificates/status", {"number": [samples.NUMBER]})


def test_offline_nobody_is_asked(office: Office, file: Path, tmp_path: Path) -> None:
    with site(200, answer("cancelled")) as (address, asked):
        folder = office.write_trust(tmp_path / "trust", issuers={**office.issuers(), "site": address})
        assert run(file, "--trust", folder, "--offline", *AT) == 0
    assert not asked


def test_a_site_that_is_down_means_no(office: Office, file: Path, tmp_path: Path) -> None:
    plain = {**office.issuers(), "site": "http://127.0.0.1:9"}
    assert run(file, "--trust", office.write_trust(tmp_path / "trust", issuers=plain), *AT) == 1


def test_the_trust_folder_may_be_named_by_the_environment(
    file: Path, trust_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UDGAM_TRUST", str(trust_path))
    assert run(file, "--offline", *AT) == 0
    monkeypatch.delenv("UDGAM_TRUST")
    (tmp_path / "elsewhere/sandbox").mkdir(parents=True)
    (tmp_path / "checkout/var/sandbox").mkdir(parents=True)
    monkeypatch.setattr(verify, "CHECKOUT", tmp_path / "checkout")
    monkeypatch.setenv("UDGAM_VAR", str(tmp_path / "elsewhere"))
    (tmp_path / "checkout/var/sandbox/trust").symlink_to(trust_path)
    assert run(file, "--offline", *AT) == 2
    # The sandbox keeps its files where UDGAM_VAR says, and in the checkout when it says nothing.
    (tmp_path / "elsewhere/sandbox/trust").symlink_to(trust_path)
    assert run(file, "--offline", *AT) == 0
    monkeypatch.delenv("UDGAM_VAR")
    assert run(file, "--offline", *AT) == 0
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "input.empty"),
        (b"\x89PNG\r\n\x1a\n", "input.picture"),
        (b"\xff\xd8\xff\xe0", "input.picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "input.picture"),
        (b'{"name": "no credential"}', "input.kind_unknown"),
        (b"NCFOXN%TS3DH", "input.kind_unknown"),
        (b"\x00\x01\x02", "input.kind_unknown"),
        (b"\xff\xfe\xfd", "input.kind_unknown"),
        (b"%PDF-1.7\nbroken", "input.damaged"),
    ],
)
def test_what_cannot_be_used_is_two(
    data: bytes, reason: str, trust_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "input"
    path.write_bytes(data)
    assert run(path, "--trust", trust_path, "--offline", "--json") == 2
    assert json.loads(capsys.readouterr().out)["reason"] == reason


def test_missing_files_folders_and_moments_are_two(
    file: Path, trust_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "missing.pdf", "--trust", trust_path) == 2
    assert run(tmp_path, "--trust", trust_path) == 2
    assert run(file, "--trust", tmp_path / "missing") == 2
    assert run(file, "--trust", tmp_path) == 2
    assert run(file, "--trust", trust_path, "--at", "yesterday") == 2
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, b"", {}),
        (200, b"not json", {}),
        (200, b"[]", {}),
        (200, b"null", {}),
        (200, json.dumps({"certificate_number": "ANOTHER", "status": "issued"}).encode(), {}),
        (200, answer("valid"), {}),
        (200, b" " * 100_000, {}),
        (200, b"[" * 10_000, {}),
        (500, b"", {}),
        (302, b"", {"Location": "http://127.0.0.1:9/"}),
    ],
)
def test_an_unusable_answer_of_the_site_is_said(status: int, body: bytes, headers: dict[str, str]) -> None:
    with site(status, body, headers=headers) as (address, _), pytest.raises(StatusUnavailable):
        PublishedStatusSite(address).status_of(samples.NUMBER)


def test_a_number_the_site_does_not_have_is_unknown() -> None:
    with site(404, b"") as (address, _):
        assert PublishedStatusSite(address).status_of(samples.NUMBER).status == "unknown"


@pytest.mark.parametrize(
    "address", ["http://udgam.example", "ftp://127.0.0.1", "file:///etc/passwd", "", "https://", "http://["]
)
def test_only_https_or_this_machine_is_asked(address: str) -> None:
    with pytest.raises(StatusUnavailable) as refusal:
        PublishedStatusSite(address).status_of(samples.NUMBER)
    assert refusal.value.code == "status.no_answer"
