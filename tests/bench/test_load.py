"""The load tool counts whole good answers of this machine, and nothing else."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import load
from tests.architecture.source import ROOT


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = 200 if self.path == "/page" else 404
        self.send_response(status)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """Tests print nothing of their own."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A tool that stops at a bad answer closes its connections; that is no news."""


@pytest.fixture
def server() -> Iterator[str]:
    http = _Server(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}"
    http.shutdown()
    http.server_close()
    thread.join(5)


@pytest.fixture(params=["own client", "as installed"])
def tool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> load.Tool:
    """Our own client, and whatever `tool` finds on this machine."""
    monkeypatch.chdir(ROOT)
    if request.param == "own client":
        monkeypatch.setattr("shutil.which", lambda _name: None)
        assert load.tool().command[0] == sys.executable
    return load.tool()


def test_good_answers_are_counted(tool: load.Tool, server: str) -> None:
    told = tool.load(f"{server}/page", seconds=1)
    assert told.requests >= 1
    # It stops asking after a second; the last answers may come later.
    assert 0 < told.per_second <= told.requests * 1.5


def test_a_bad_answer_is_no_figure(tool: load.Tool, server: str) -> None:
    with pytest.raises(RuntimeError):
        tool.load(f"{server}/elsewhere", seconds=1)


def test_a_server_that_is_not_there_is_no_figure(tool: load.Tool) -> None:
    with pytest.raises(RuntimeError):
        tool.load("http://127.0.0.1:9/", seconds=1)


@pytest.mark.parametrize("url", ["http://192.0.2.1/", "http://load.example/", "file:///etc/hostname"])
def test_only_this_machine_is_loaded(tool: load.Tool, url: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        tool.load(url, seconds=1)
