from __future__ import annotations

import json

import pytest

from tests.rooms.connectors.servers import Reply, serving
from udgam.ground.connectors.published_status import PublishedStatusSite
from udgam.signing.proof.status import StatusUnavailable

NUMBER = "SEC/2026/016/00000001/00000002"


def body(**changes: object) -> bytes:
    return json.dumps({"number": NUMBER, "status": "issued", "content_sha256": "AB" * 32, **changes}).encode()


def test_the_site_is_asked_about_the_number() -> None:
    with serving(lambda _: Reply(body())) as server:
        status = PublishedStatusSite(f"{server.url}/").status_of(NUMBER)
        assert server.asked[0].path == "/api/certificates/status?number=SEC%2F2026%2F016%2F00000001%2F00000002"
    assert (status.status, status.content_sha256) == ("issued", "ab" * 32)
    assert status.as_of is not None


def test_a_number_that_was_never_issued_is_unknown() -> None:
    with serving(lambda _: Reply(b"not here", 404)) as server:
        assert PublishedStatusSite(server.url).status_of(NUMBER).status == "unknown"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=500), "status.no_answer"),
        (Reply(status=302, headers={"Location": "/"}), "status.no_answer"),
        (Reply(body(number="another")), "status.answer_unusable"),
        (Reply(body(status="splendid")), "status.answer_unusable"),
        (Reply(body(status=["issued"])), "status.answer_unusable"),
        (Reply(b"[]"), "status.answer_unusable"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(reply: Reply, code: str) -> None:
    with serving(lambda _: reply) as server, pytest.raises(StatusUnavailable) as caught:
        PublishedStatusSite(server.url).status_of(NUMBER)
    assert caught.value.code == code


def test_a_site_that_is_not_there_gives_no_answer() -> None:
    with pytest.raises(StatusUnavailable) as caught:
        PublishedStatusSite("http://127.0.0.1:1").status_of(NUMBER)
    assert caught.value.code == "status.no_answer"


@pytest.mark.parametrize(
    "site", ["http://issuer.example", "ftp://issuer.example", "https://", "http://[::1", "issuer.example"]
)
def test_only_https_or_this_machine_is_asked(site: str) -> None:
    with pytest.raises(StatusUnavailable) as caught:
        PublishedStatusSite(site).status_of(NUMBER)
    assert caught.value.code == "status.no_answer"
