from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django import Settings

from tests.rooms.connectors.servers import Asked, Reply, Server
from tests.signing.pki import NOW, Authority, Pki, make_pki, write_folder
from udgam.ground.connectors.revocation import HttpRevocation, crl_places, ocsp_places
from udgam.signing.trust import FolderRevocation, PathRefused, TrustStore, validate_path


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Publisher:
    """Publishes what the authorities give it; `answers` is by path."""

    def __init__(self) -> None:
        self.answers: dict[str, Reply] = {}
        self.server = Server(self.answer)

    def answer(self, asked: Asked) -> Reply:
        return self.answers.get(asked.path, Reply(status=404))

    def asked(self, ending: str) -> int:
        return sum(asked.path.endswith(ending) for asked in self.server.asked)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    yield made
    made.server.stop()


@pytest.fixture
def pki(publisher: Publisher) -> Pki:
    """The hierarchy with the publisher's address in every certificate, and a fresh CRL of each authority published."""
    made = make_pki()
    for authority, label in ((made.root, "root"), (made.ca, "ca"), (made.sub, "sub")):
        authority.url = f"{publisher.server.url}/{label}"
        publisher.answers[f"/{label}.crl"] = Reply(authority.crl())
    # Addresses stand in certificates, so those below are made again with them.
    made.ca = _again(made.root, "Fictional Licensed CA", f"{publisher.server.url}/ca")
    made.sub = _again(made.ca, "Fictional Sub CA for Class 3", f"{publisher.server.url}/sub")
    made.leaf = made.sub.leaf(ocsp_url=True)
    return made


def _again(issuer: Authority, common_name: str, url: str) -> Authority:
    made = issuer.authority(common_name)
    made.url = url
    return made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(tmp_path: Path, clock: Clock) -> HttpRevocation:
    return HttpRevocation(tmp_path / "revocation", key=b"k" * 32, clock=clock)


def test_the_nightly_task_forgets_expired_lists_and_keeps_those_that_count(
    pki: Pki, settings: Settings, tmp_path: Path
) -> None:
    from udgam.ground.connectors.revocation import default_source
    from udgam.parties.accounts import jobs

    settings.REVOCATION_INDEX_FOLDER = tmp_path / "kept"
    settings.TRUST_FOLDER = tmp_path / "trust"
    source = default_source()
    assert isinstance(source, HttpRevocation)
    today = datetime.now(UTC)
    for hours in (-1, 1):
        end = today + timedelta(hours=hours)
        assert source.crl_index.verified(
            pki.ca.crl(this_update=end - timedelta(hours=2), next_update=end), pki.ca.certificate
        )
    assert len(list((tmp_path / "kept" / "index").glob("*.crlx"))) == 2
    jobs.forget_expired_crls()
    assert len(list((tmp_path / "kept" / "index").glob("*.crlx"))) == 1


def check(pki: Pki, source: HttpRevocation, at: datetime) -> None:
    store = TrustStore([pki.root.certificate], [pki.ca.certificate, pki.sub.certificate])
    validate_path(pki.leaf.certificate, store=store, revocation=source, at=at)


def test_the_addresses_stand_in_the_certificate(pki: Pki, publisher: Publisher) -> None:
    assert crl_places(pki.leaf.certificate) == [f"{publisher.server.url}/sub.crl"]
    assert ocsp_places(pki.leaf.certificate) == [f"{publisher.server.url}/sub/ocsp"]
    assert crl_places(pki.root.certificate) == ocsp_places(pki.root.certificate) == []


def test_a_path_is_proved_with_fetched_lists_which_are_then_kept(
    pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock
) -> None:
    check(pki, source, clock.now)
    check(pki, source, clock.now + timedelta(minutes=1))
    assert [publisher.asked(f"/{label}.crl") for label in ("root", "ca", "sub")] == [1, 1, 1]
    clock.now += timedelta(minutes=31)
    check(pki, source, clock.now)
    assert publisher.asked("/sub.crl") == 2


def test_a_kept_list_is_the_same_object_so_that_the_index_knows_it(pki: Pki, source: HttpRevocation) -> None:
    leaf, sub = pki.leaf.certificate, pki.sub.certificate
    assert source.crls_for(leaf, sub)[0] is source.crls_for(leaf, sub)[0]


def test_a_new_process_uses_what_the_old_one_kept(
    pki: Pki, publisher: Publisher, source: HttpRevocation, tmp_path: Path, clock: Clock
) -> None:
    check(pki, source, clock.now)
    publisher.answers.clear()
    check(pki, HttpRevocation(tmp_path / "revocation", key=b"k" * 32, clock=clock), clock.now)


def test_an_outage_is_bridged_until_the_kept_list_is_stale_and_then_refused(
    pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock
) -> None:
    check(pki, source, clock.now)
    publisher.answers.clear()
    clock.now += timedelta(days=6)
    check(pki, source, clock.now)
    clock.now += timedelta(days=2)
    with pytest.raises(PathRefused) as caught:
        check(pki, source, clock.now)
    assert caught.value.code == "revocation.stale"


def test_nothing_to_be_had_is_refused(pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock) -> None:
    publisher.answers.clear()
    with pytest.raises(PathRefused) as caught:
        check(pki, source, clock.now)
    assert caught.value.code == "revocation.missing"


def test_an_address_that_fails_is_left_alone_for_a_while(
    pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock
) -> None:
    publisher.answers.clear()
    leaf, sub = pki.leaf.certificate, pki.sub.certificate
    for _ in range(3):
        assert source.crls_for(leaf, sub) == []
        assert source.ocsp_for(leaf, sub) is None
    assert publisher.asked("/sub.crl") == publisher.asked("/sub/ocsp") == 1
    clock.now += timedelta(seconds=31)
    source.crls_for(leaf, sub)
    assert publisher.asked("/sub.crl") == 2


def test_a_revocation_that_was_published_is_seen_after_the_kept_list_grew_old(
    pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock
) -> None:
    check(pki, source, clock.now)
    later = NOW + timedelta(minutes=10)
    serial = pki.leaf.certificate.serial_number
    publisher.answers["/sub.crl"] = Reply(
        pki.sub.crl({serial: x509.ReasonFlags.key_compromise}, this_update=later, revoked_at=later, number=2)
    )
    clock.now += timedelta(minutes=31)
    with pytest.raises(PathRefused) as caught:
        check(pki, source, clock.now)
    assert caught.value.code == "revocation.revoked"


def test_what_the_issuer_did_not_sign_and_what_is_older_never_replaces_a_kept_list(
    pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock
) -> None:
    leaf, sub = pki.leaf.certificate, pki.sub.certificate
    good = source.crls_for(leaf, sub)
    bad = [
        b"",
        b"<html>",
        pki.ca.crl(),
        pki.sub.crl(signing_key=pki.ca.key),
        pki.sub.crl(this_update=NOW - timedelta(days=3)),
        b"x" * 1000,
    ]
    for body in bad:
        publisher.answers["/sub.crl"] = Reply(body)
        clock.now += timedelta(minutes=31)
        assert source.crls_for(leaf, sub) == good


def test_a_list_published_as_pem_is_kept_as_der(pki: Pki, publisher: Publisher, source: HttpRevocation) -> None:
    der = pki.sub.crl()
    publisher.answers["/sub.crl"] = Reply(x509.load_der_x509_crl(der).public_bytes(Encoding.PEM))
    assert source.crls_for(pki.leaf.certificate, pki.sub.certificate) == [der]


def test_an_answer_of_the_responder_is_kept_a_few_minutes(
    pki: Pki, publisher: Publisher, source: HttpRevocation, clock: Clock
) -> None:
    leaf, sub = pki.leaf.certificate, pki.sub.certificate
    answer = pki.sub.ocsp(leaf)
    publisher.answers["/sub/ocsp"] = Reply(answer)
    assert source.ocsp_for(leaf, sub) == source.ocsp_for(leaf, sub) == answer
    assert publisher.asked("/sub/ocsp") == 1
    assert publisher.server.asked[0].headers["content-type"] == "application/ocsp-request"
    clock.now += timedelta(minutes=6)
    source.ocsp_for(leaf, sub)
    assert publisher.asked("/sub/ocsp") == 2


@pytest.mark.parametrize("kind", ["garbage", "forged", "another", "empty"])
def test_an_answer_that_proves_nothing_is_not_handed_on(
    pki: Pki, publisher: Publisher, source: HttpRevocation, kind: str
) -> None:
    leaf, sub = pki.leaf.certificate, pki.sub.certificate
    good = pki.sub.ocsp(leaf)
    publisher.answers["/sub/ocsp"] = Reply(
        {
            "garbage": b"\x30\x03\x0a\x01\x06",
            "forged": good[:-1] + bytes([good[-1] ^ 1]),
            "another": pki.sub.ocsp(pki.sub.leaf("Another").certificate),
            "empty": b"",
        }[kind]
    )
    assert source.ocsp_for(leaf, sub) is None


def test_lists_that_an_operator_laid_beside_are_used_too(tmp_path: Path, clock: Clock) -> None:
    pki = make_pki()  # its certificates name ca.example, which nobody answers
    labels = {f"{number}.crl": crl for number, crl in enumerate(pki.crls())}
    beside = FolderRevocation(write_folder(tmp_path / "laid", labels))
    source = HttpRevocation(tmp_path / "revocation", key=b"k" * 32, beside=beside, clock=clock)
    check(pki, source, clock.now)


def test_a_certificate_of_a_stranger_cannot_make_us_call_a_private_address(
    pki: Pki, publisher: Publisher, source: HttpRevocation, settings: object
) -> None:
    settings.CONNECTOR_PRIVATE_HOSTS = []  # type: ignore[attr-defined]
    assert source.crls_for(pki.leaf.certificate, pki.sub.certificate) == []
    assert source.ocsp_for(pki.leaf.certificate, pki.sub.certificate) is None
    assert publisher.server.asked == []


def test_a_list_that_is_too_large_is_not_read(
    pki: Pki, publisher: Publisher, source: HttpRevocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("udgam.ground.connectors.revocation.CRL_BYTES", 100)
    assert source.crls_for(pki.leaf.certificate, pki.sub.certificate) == []
