"""The scanner, against a small server that speaks clamd's INSTREAM as its manual page describes."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from udgam.ground.connectors import scanner

MARK = b"HARMFUL-FOR-THE-TEST"


class FakeClamd:
    """Reads one stream per connection and answers; `answer` may be replaced."""

    def __init__(self, listener: socket.socket) -> None:
        self.received: list[bytes] = []
        self.answer: Callable[[bytes], bytes] = lambda content: (
            b"stream: Test.Mark FOUND\x00" if MARK in content else b"stream: OK\x00"
        )
        self._listener = listener
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                if stream.read(10) != b"zINSTREAM\x00":
                    continue
                content = b""
                while length := struct.unpack("!L", stream.read(4))[0]:
                    content += stream.read(length)
                self.received.append(content)
                connection.sendall(self.answer(content))


@pytest.fixture
def clamd(settings: object) -> Iterator[FakeClamd]:
    listener = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_ADDRESS = f"127.0.0.1:{listener.getsockname()[1]}"  # type: ignore[attr-defined]
    yield FakeClamd(listener)
    listener.close()


def test_the_whole_content_is_streamed_in_parts(clamd: FakeClamd) -> None:
    content = bytes(range(256)) * 1000
    assert scanner.scan(content) is True
    assert clamd.received == [content]


def test_a_finding_is_told_by_its_name(clamd: FakeClamd) -> None:
    with pytest.raises(scanner.Infected) as caught:
        scanner.scan(b"x" * 70_000 + MARK)
    assert caught.value.finding == "Test.Mark"


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\x00", b"stream: OK, perhaps\x00", b"x" * 10_000]
)
def test_an_answer_that_is_no_verdict_lets_nothing_through(clamd: FakeClamd, answer: bytes) -> None:
    clamd.answer = lambda _: answer
    with pytest.raises(scanner.ScannerUnavailable):
        scanner.scan(b"content")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nonsense", "/nonexistent/clamd.sock", "127.0.0.1:x"])
def test_a_scanner_that_is_not_there_lets_nothing_through(settings: object, address: str) -> None:
    settings.CLAMD_ADDRESS = address  # type: ignore[attr-defined]
    with pytest.raises(scanner.ScannerUnavailable):
        scanner.scan(b"content")


def test_a_local_socket_works_too(settings: object, tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(tmp_path / "clamd.sock"))
    listener.listen()
    FakeClamd(listener)
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd.sock")  # type: ignore[attr-defined]
    assert scanner.scan(b"content") is True
    listener.close()


def test_without_a_scanner_the_answer_says_that_nobody_looked(settings: object) -> None:
    settings.CLAMD_ADDRESS = ""  # type: ignore[attr-defined]
    assert scanner.scan(b"content") is False
