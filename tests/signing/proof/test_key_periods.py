"""Keys of the register count in their periods, and of a compromised one nothing does: through the whole check."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.register import SINCE
from tests.signing.sealing.office import LATER, NOW, Office
from udgam.rules.plain import to_plain
from udgam.signing.proof import Report
from udgam.signing.proof.bundle import write_bundle
from udgam.signing.proof.trust_list import TrustedKey, TrustedNoteKey, TrustList
from udgam.signing.sealing.proof_keys import LogKey, SoftwareProofKey

COMPROMISED = SINCE - timedelta(seconds=1)


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"), items=1)


def with_log(made: Made, **changes: object) -> TrustList:
    listed = made.register.listed()
    return replace(listed, logs=(replace(listed.logs[0], **changes),))  # type: ignore[arg-type]


def with_witness(made: Made, **changes: object) -> TrustList:
    listed = made.register.listed()
    return replace(listed, witnesses=(replace(listed.witnesses[0], **changes),))  # type: ignore[arg-type]


def with_status(made: Made, **changes: object) -> TrustList:
    listed = made.register.listed()
    return replace(listed, status_keys=(replace(listed.status_keys[0], **changes),))  # type: ignore[arg-type]


def detail(report: Report) -> str:
    return next(one.detail for one in report.checks if one.id == "log.included")


def test_a_witness_counts_in_its_period(made: Made) -> None:
    assert "witness.example witnessed" in detail(check(made.code, made.trust()))
    for changes in (
        {"until": NOW - timedelta(days=10)},
        {"until": NOW - timedelta(seconds=1)},
        {"since": NOW + timedelta(seconds=1)},
        {"until": COMPROMISED},
    ):
        report = check(made.code, made.trust(with_witness(made, **changes)))
        assert report.valid
        assert "witness.example witnessed" not in detail(report)
        assert detail(report).endswith(": witness.example.")
    for changes in ({"until": NOW}, {"since": NOW}):
        assert "witness.example witnessed" in detail(check(made.code, made.trust(with_witness(made, **changes))))


def test_the_key_of_the_log_counts_to_the_end_of_its_period(made: Made) -> None:
    for end in (NOW - timedelta(days=10), NOW - timedelta(seconds=1)):
        report = check(made.code, made.trust(with_log(made, until=end)))
        assert failed(report) == ["log.included"]
        assert "after its period had ended" in detail(report)
    assert check(made.code, made.trust(with_log(made, until=NOW))).valid
    # A key that came later may prove anew what was entered before.
    assert check(made.code, made.trust(with_log(made, since=NOW + timedelta(days=1)))).valid


def test_a_compromised_key_of_the_log_proves_nothing_either_way(made: Made) -> None:
    listed = with_log(made, until=COMPROMISED)
    report = check(made.code, made.trust(listed))
    assert report.valid
    assert report.outcome("log.included") == "skipped"
    assert any("no proof is at hand" in one for one in report.warnings)
    # Whoever has its key cannot cancel anything with it.
    assert report.status == "issued"
    new = LogKey.generate(made.register.log_key.public.name)
    both = replace(
        listed,
        logs=(*listed.logs, TrustedNoteKey(verifier_key=new.public.verifier_key, since=SINCE, until=None)),
    )
    assert check(made.code, made.trust(both)).outcome("log.included") == "skipped"


def test_a_list_by_a_compromised_status_key_says_nothing(made: Made) -> None:
    new = SoftwareProofKey.generate()
    listed = with_status(made, compromised=True, revoked_at=NOW)
    key = TrustedKey(id=new.public.id, x=new.public.x, y=new.public.y, since=SINCE, until=None)
    listed = replace(listed, status_keys=(*listed.status_keys, key))
    for said in ("issued", "cancelled", "not-issued"):
        old = made.register.status_list(said, at=NOW + timedelta(hours=1)).encode()  # type: ignore[arg-type]
        report = check(made.code, made.trust(listed, status=old))
        assert (report.valid, report.status) == (True, "unknown")
        assert not report.accepted(offline=False)
        assert any("believes no more" in one for one in report.warnings)
    renewed = replace(made.register, status_key=new).status_list("issued", at=NOW + timedelta(hours=2)).encode()
    assert check(made.code, made.trust(listed, status=renewed)).status == "issued"
    # In a bundle of before, the old list does no harm to the own new one.
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/status/0.jwt": made.register.status_list().encode()})
    assert check(bundle, made.trust(listed, status=renewed)).status == "issued"


def test_an_ended_status_key_counts_for_the_time_before(made: Made) -> None:
    old = made.register.status_list("issued", at=NOW).encode()
    assert check(made.code, made.trust(with_status(made, until=NOW), status=old), at=LATER).status == "issued"
    late = made.register.status_list("issued", at=NOW + timedelta(hours=1)).encode()
    assert failed(check(made.code, made.trust(with_status(made, until=NOW), status=late))) == ["status.known"]


def test_the_format_of_the_list_is_the_one_that_every_checker_reads(made: Made) -> None:
    plain = to_plain(with_log(made, until=COMPROMISED))
    assert plain["format"] == "udgam.trust-list/1"
    assert set(plain["logs"][0]) == {"verifier_key", "since", "until"}
