from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator

import pytest

from tests.ports import dead_port
from tests.rooms.connectors.servers import Asked, Reply, Server, serving
from udgam.ground.connectors import addresses
from udgam.ground.connectors.failures import AddressNotAllowed, AnswerRefused, AnswerTooLarge, Unreachable
from udgam.ground.connectors.http import open_client


def answer(asked: Asked) -> Reply:
    if asked.path == "/redirect":
        return Reply(status=302, headers={"Location": "/"})
    if asked.path == "/slow":
        time.sleep(3)
    if asked.path == "/compressed":
        return Reply(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    if asked.path == "/short":
        return Reply(b"abc", headers={"Content-Length": "10"})
    if asked.path == "/cookie":
        return Reply(b"set", headers={"Set-Cookie": "a=b"})
    return Reply(b"x" * 1000, headers={"Content-Type": "Text/Plain; charset=utf-8"})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answer) as made:
        yield made


def test_a_listed_private_host_is_called_with_its_name_and_without_cookies(server: Server) -> None:
    with open_client() as client:
        answered = client.post(f"{server.url}/", content=b"hello", headers={"X-Key": "k"})
        client.get(f"{server.url}/cookie")
        client.get(f"{server.url}/")
    assert (answered.status, answered.media_type, len(answered.body)) == (200, "text/plain", 1000)
    first = server.asked[0]
    assert (first.method, first.body, first.headers["x-key"]) == ("POST", b"hello", "k")
    assert first.headers["host"] == server.url.removeprefix("http://")
    assert first.headers["accept-encoding"] == "identity"
    # Not asked for by the platform: sessions do not exist between machines.
    assert "cookie" not in server.asked[1].headers


def test_a_name_keeps_its_host_header_while_its_address_is_pinned(server: Server) -> None:
    port = server.url.rpartition(":")[2]
    with open_client() as client:
        client.get(f"http://localhost:{port}/")
    assert server.asked[0].headers["host"] == f"localhost:{port}"


@pytest.mark.parametrize(
    ("path", "failure"),
    [("/redirect", AnswerRefused), ("/compressed", AnswerRefused), ("/short", Unreachable), ("/slow", Unreachable)],
)
def test_what_is_not_a_plain_whole_answer_in_time_is_refused(
    server: Server, path: str, failure: type[Exception]
) -> None:
    with open_client(seconds=0.4 if path == "/slow" else None) as client, pytest.raises(failure):
        client.get(server.url + path)


def test_a_large_answer_is_not_read_to_its_end(server: Server) -> None:
    with open_client(max_bytes=999) as client, pytest.raises(AnswerTooLarge):
        client.get(server.url)
    with open_client(max_bytes=1000) as client:
        assert len(client.get(server.url).body) == 1000


def test_a_server_that_drips_is_left() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listener.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            connection.close()

    import threading

    threading.Thread(target=drip, daemon=True).start()
    # The whole answer would take more than an hour; without an end of its own the client would wait for it.
    with open_client(seconds=0.3) as client, pytest.raises(Unreachable):
        client.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    listener.close()


def test_nobody_listening_is_unreachable() -> None:
    with dead_port() as port, open_client() as client, pytest.raises(Unreachable):
        client.get(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "ldap://directory.example/",
        "http://user@127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://",
        "http://127.0.0.1:99999/",
        "http://[::1",
        "not an address",
        "",
    ],
)
def test_an_address_that_is_not_plain_http_is_not_called(url: str) -> None:
    with open_client() as client, pytest.raises(AddressNotAllowed):
        client.get(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "[fe80::1]",
        "2130706433",
        "127.1",
    ],
)
def test_a_private_host_is_not_called_unless_it_is_listed(host: str, server: Server, settings: object) -> None:
    settings.CONNECTOR_PRIVATE_HOSTS = ["another.example"]  # type: ignore[attr-defined]
    port = server.url.rpartition(":")[2]
    with open_client() as client, pytest.raises((AddressNotAllowed, Unreachable)):
        client.get(f"http://{host}:{port}/")
    assert server.asked == []


def test_a_name_with_one_private_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(AddressNotAllowed):
        addresses.resolve("crl.stranger.example", 80)


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, server: Server, settings: object
) -> None:
    """A name server that changes its answer between the check and the connection gains nothing: it is asked once."""
    settings.CONNECTOR_PRIVATE_HOSTS = ["register.example"]  # type: ignore[attr-defined]
    port = int(server.url.rpartition(":")[2])
    answers: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: object, *arguments: object, **named: object) -> object:
        if host == "register.example":
            answers.append("127.0.0.1" if not answers else "192.0.2.1")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[-1], port))]
        return real(host, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with open_client() as client:
        assert client.get(f"http://register.example:{port}/").status == 200
    assert answers == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::8.8.8.8", True),
        ("2002:0a00:0001::", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("100.64.0.1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::", False),
    ],
)
def test_an_inner_address_counts(address: str, is_public: bool) -> None:
    assert addresses.is_public(ipaddress.ip_address(address)) is is_public
