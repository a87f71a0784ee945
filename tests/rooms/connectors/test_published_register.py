"""The files of a register are read from a stranger's site, so no answer of it may fill the memory."""

from __future__ import annotations

import gzip

import pytest

from tests.rooms.connectors.servers import Reply, serving
from udgam.ground.connectors import published_register
from udgam.ground.connectors.failures import AnswerRefused, AnswerTooLarge, Unreachable
from udgam.ground.connectors.published_register import RegisterSite


def test_a_file_is_read_and_one_that_is_not_there_is_none() -> None:
    with serving(
        lambda asked: Reply(b"text") if asked.path == "/published/checkpoint" else Reply(status=404)
    ) as server:
        site = RegisterSite(f"{server.url}/published/")
        assert site.read("checkpoint") == b"text"
        assert site.read("status/0.jwt") is None
        assert server.asked[0].headers["accept-encoding"] == "identity"


def test_an_answer_beyond_the_bound_is_refused_before_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_register, "_LARGEST", 1024)
    # More is announced than is ever sent: who waits for the end of the answer does not learn of its size.
    endless = Reply(b"x" * 5000, headers={"Content-Length": "50000000"})
    with serving(lambda _: endless) as server, pytest.raises(AnswerTooLarge):
        RegisterSite(server.url, seconds=5).read("checkpoint")


def test_a_compressed_answer_is_not_unpacked() -> None:
    packed = gzip.compress(b"0" * 64 * 1024 * 1024)
    with serving(lambda _: Reply(packed, headers={"Content-Encoding": "gzip"})) as server:
        assert RegisterSite(server.url).read("checkpoint") == packed


def test_what_is_no_answer_is_told() -> None:
    with serving(lambda _: Reply(status=302, headers={"Location": "/"})) as server, pytest.raises(AnswerRefused):
        RegisterSite(server.url).read("checkpoint")
    with pytest.raises(Unreachable):
        RegisterSite("http://127.0.0.1:1").read("checkpoint")
