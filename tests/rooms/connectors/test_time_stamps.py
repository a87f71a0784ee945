from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import cms, tsp

from tests.rooms.connectors.servers import Asked, Reply, serving
from udgam.ground.connectors import time_stamps
from udgam.ground.connectors.failures import NotConfigured
from udgam.ground.connectors.time_stamps import HttpTimeStamper, default_time_stamper
from udgam.sandbox import authority
from udgam.sandbox.authority.service import AuthorityHandle
from udgam.signing.sealing.seal import TimeStampUnavailable

DIGEST = hashlib.sha256(b"a certificate of origin").digest()


@pytest.fixture(autouse=True)
def closed_circuit() -> Iterator[None]:
    time_stamps.breaker.reset()
    yield
    time_stamps.breaker.reset()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthorityHandle]:
    handle = authority.start(folder=Path(tmp_path_factory.mktemp("authority")))
    yield handle
    handle.stop()


def stamped(token: bytes) -> tsp.TSTInfo:
    return cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed


def test_a_token_stamps_the_digest(service: AuthorityHandle, settings: object) -> None:
    settings.TIME_STAMP_URL = f"{service.url}/tsa"  # type: ignore[attr-defined]
    token = default_time_stamper().stamp(DIGEST)
    assert stamped(token)["message_imprint"]["hashed_message"].native == DIGEST
    with pytest.raises(ValueError, match="32 bytes"):
        default_time_stamper().stamp(b"short")


def test_an_outage_is_said(service: AuthorityHandle) -> None:
    service.outage("tsa", True)
    with pytest.raises(TimeStampUnavailable) as caught:
        HttpTimeStamper(f"{service.url}/tsa").stamp(DIGEST)
    service.outage("tsa", False)
    assert caught.value.code == "time_stamp.unavailable"
    with pytest.raises(TimeStampUnavailable) as caught:
        HttpTimeStamper("http://127.0.0.1:1/tsa").stamp(DIGEST)
    assert caught.value.code == "time_stamp.unavailable"


def test_an_answer_to_another_question_is_refused(service: AuthorityHandle) -> None:
    kept: list[bytes] = []

    def replaying(asked: Asked) -> Reply:
        if not kept:
            from udgam.ground.connectors.http import open_client

            with open_client() as client:
                headers = {"Content-Type": "application/timestamp-query"}
                kept.append(client.post(f"{service.url}/tsa", content=asked.body, headers=headers).body)
        return Reply(kept[0])

    with serving(replaying) as server:
        HttpTimeStamper(server.url).stamp(DIGEST)
        # The same digest asked again has another nonce; another digest differs outright.
        for digest in (DIGEST, hashlib.sha256(b"another").digest()):
            with pytest.raises(TimeStampUnavailable, match="another question"):
                HttpTimeStamper(server.url).stamp(digest)


REFUSAL = bytes.fromhex("30053003020102")  # RFC 3161 section 2.4.2: status 2, rejection, and no token


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "cannot be read"),
        (b"<html>", "cannot be read"),
        (b"\x30\x00", "cannot be read"),
        (REFUSAL, "answers rejection"),
        (REFUSAL + b"x", "cannot be read"),
        (bytes.fromhex("30053003020100"), "cannot be read"),
    ],
)
def test_what_is_no_token_is_unusable(body: bytes, detail: str) -> None:
    with serving(lambda _: Reply(body)) as server, pytest.raises(TimeStampUnavailable, match=detail) as caught:
        HttpTimeStamper(server.url).stamp(DIGEST)
    assert caught.value.code == "time_stamp.unusable"


def test_an_installation_without_a_service_says_so(settings: object) -> None:
    settings.TIME_STAMP_URL = ""  # type: ignore[attr-defined]
    with pytest.raises(NotConfigured):
        default_time_stamper()
