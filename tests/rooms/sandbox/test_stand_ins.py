"""What holds for every stand-in: loopback only, blind to cookies, silent about people, shut in production."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from udgam.sandbox import authority, guard, loopback, mailbox, registry

SECRET = "sessionid=7f3a-very-secret"


@pytest.fixture
def all_three(
    running_authority: authority.AuthorityHandle, register: registry.RegistryHandle, post: mailbox.MailboxHandle
) -> list[tuple[str, Path]]:
    return [
        (f"{running_authority.url}/crl/root.crl", running_authority.authority.folder),
        (f"{register.api_url}/iec/ZZZPD0101A", Path()),
        (f"{post.url}/?to=anita@konkan-mango.example", Path()),
        (f"{post.url}/messages.json?to=%2B919999900101", Path()),
        (f"{register.url}/sandbox/firms/ZZZPD0101A", Path()),
    ]


def test_cookies_are_neither_seen_nor_kept_nor_set(
    all_three: list[tuple[str, Path]],
    post: mailbox.MailboxHandle,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[loopback.Request] = []
    run = loopback.LoopbackServer._run
    monkeypatch.setattr(
        loopback.LoopbackServer,
        "_run",
        lambda self, route, request: (seen.append(request), run(self, route, request))[1],
    )
    for address, _ in all_three:
        answer = httpx.get(
            address,
            headers={"Cookie": SECRET, "X-APISETU-APIKEY": "sandbox-key", "X-APISETU-CLIENTID": "udgam.sandbox"},
            trust_env=False,
        )
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert SECRET not in answer.text
    message = {"to": "+919999900101", "text": "x"}
    httpx.post(
        f"{post.url}/sms",
        json=message,
        headers={"Cookie": SECRET, "Authorization": "Bearer sandbox-key"},
        trust_env=False,
    )
    assert len(seen) == len(all_three) + 1
    assert all("cookie" not in request.headers for request in seen)
    assert SECRET not in caplog.text
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert kept
    assert not any(SECRET.encode() in data for data in kept)


def test_log_lines_name_the_kind_of_request_and_no_person(
    all_three: list[tuple[str, Path]], post: mailbox.MailboxHandle, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="udgam.sandbox")
    for address, _ in all_three:
        httpx.get(address, trust_env=False)
    httpx.post(
        f"{post.url}/sms",
        json={"to": "+919999900101", "text": "Code 123456"},
        headers={"Authorization": "Bearer sandbox-key"},
        trust_env=False,
    )
    httpx.get(f"{post.url}/anita@konkan-mango.example/ZZZPD0101A", trust_env=False)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("udgam.sandbox")]
    assert "GET iec-details 401" in lines
    assert "GET page 200" in lines
    assert "POST sms 202" in lines
    assert "GET no-such-address 404" in lines
    said = "\n".join(lines)
    for personal in ("ZZZPD0101A", "anita", "99999", "123456", "sandbox-key"):
        assert personal not in said


def test_a_failing_handler_answers_500_and_logs_the_kind_of_failure_only(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_request: loopback.Request) -> loopback.Response:
        raise RuntimeError("anita@konkan-mango.example")

    server = loopback.LoopbackServer(name="test", routes=[loopback.Route("GET", "/", "fail", fail)])
    server.begin()
    try:
        answer = httpx.get(server.url, trust_env=False)
    finally:
        server.stop()
    assert answer.status_code == 500
    assert "anita" not in answer.text + caplog.text
    assert "fail failed: RuntimeError" in caplog.text


@pytest.fixture
def echo() -> Iterator[loopback.LoopbackServer]:
    route = loopback.Route("POST", "/", "echo", lambda request: loopback.Response(200, request.body))
    server = loopback.LoopbackServer(name="echo", routes=[route])
    server.begin()
    yield server
    server.stop()


def test_foreign_host_names_are_refused(echo: loopback.LoopbackServer) -> None:
    # A page whose name was made to point to 127.0.0.1 (DNS rebinding) still sends its own name.
    assert httpx.post(echo.url, headers={"Host": "stranger.example"}, trust_env=False).status_code == 421
    assert httpx.post(echo.url, headers={"Host": f"localhost:{echo.port}"}, trust_env=False).status_code == 200


def test_bodies_have_a_limit_and_a_length(echo: loopback.LoopbackServer) -> None:
    assert httpx.post(echo.url, content=b"x" * loopback.LARGEST_BODY, trust_env=False).status_code == 200
    with socket.create_connection(("127.0.0.1", echo.port), timeout=60) as caller:
        caller.sendall(
            f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {loopback.LARGEST_BODY + 1}\r\n\r\n".encode()
        )
        assert caller.recv(100).startswith(b"HTTP/1.1 413 ")
    assert httpx.post(echo.url, content=iter([b"in", b"pieces"]), trust_env=False).status_code == 411
    assert httpx.get(echo.url, trust_env=False).status_code == 405


def test_only_loopback_is_bound(
    running_authority: authority.AuthorityHandle, register: registry.RegistryHandle, post: mailbox.MailboxHandle
) -> None:
    ports = {running_authority.port, register.port, post.port, post.smtp_port}
    bound = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        address, state = line.split()[1], line.split()[3]
        host, port = address.split(":")
        if state == "0A" and int(port, 16) in ports:
            bound.add((host, int(port, 16)))
    assert bound == {("0100007F", port) for port in ports}


def test_a_taken_port_is_refused_with_the_reason(register: registry.RegistryHandle, tmp_path: Path) -> None:
    with pytest.raises(guard.SandboxRefused, match=f"cannot use port {register.port}"):
        registry.start(register.port, folder=tmp_path / "second")


# ── The guard ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def production_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UDGAM_ENV", "production")


def production_by_settings_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "udgam.web.settings.production")


def production_by_loaded_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    loaded = types.SimpleNamespace(settings=types.SimpleNamespace(configured=True, SANDBOX=False))
    monkeypatch.setitem(sys.modules, "django.conf", loaded)  # type: ignore[arg-type]


@pytest.mark.parametrize("arrange", [production_by_name, production_by_settings_module, production_by_loaded_settings])
def test_nothing_starts_in_production(arrange: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert callable(arrange)
    arrange(monkeypatch)
    with pytest.raises(guard.SandboxRefused):
        authority.start(folder=tmp_path / "authority")
    with pytest.raises(guard.SandboxRefused):
        registry.start(folder=tmp_path / "registry")
    with pytest.raises(guard.SandboxRefused):
        mailbox.start(folder=tmp_path / "mailbox")
    with pytest.raises(guard.SandboxRefused):
        authority.Authority.open(tmp_path / "authority", base="http://127.0.0.1:1")
    assert list(tmp_path.iterdir()) == []


def test_the_guard_lets_the_sandbox_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UDGAM_ENV", "sandbox")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "udgam.web.settings.sandbox")
    loaded = types.SimpleNamespace(settings=types.SimpleNamespace(configured=True, SANDBOX=True))
    monkeypatch.setitem(sys.modules, "django.conf", loaded)  # type: ignore[arg-type]
    guard.refuse_outside_sandbox()


# ── As processes of their own ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["registry", "authority", "mailbox"])
def test_each_runs_as_a_process_and_stops_when_told(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"udgam.sandbox.{name}", "--folder", str(tmp_path)]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "ready" in line)
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found
        assert httpx.get(f"{found.group()}/healthz", trust_env=False).json() == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(found.group().rpartition(":")[2]))) != 0


@pytest.mark.parametrize("name", ["registry", "authority", "mailbox"])
def test_no_process_starts_in_production(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"udgam.sandbox.{name}", "--folder", str(tmp_path)]
    done = subprocess.run(
        command, env={**os.environ, "UDGAM_ENV": "production"}, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 2
    assert "test machines only" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
