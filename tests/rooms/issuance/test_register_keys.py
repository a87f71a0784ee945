"""The register's own keys: another takes the place of one, an operator says that one was lost, and everything is signed anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from tests.rooms.issuance.test_register import files, folder, published_paths, register
from udgam.flow.applications.models import Application
from udgam.flow.issuance.models import Certificate, RegisterKey
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register import publishing
from udgam.flow.issuance.register.keys import forget_opened
from udgam.flow.issuance.upkeep import recheck
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.signing.proof.log import FolderStorage
from udgam.signing.proof.published import PublishedRegister
from udgam.web.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(officer: Signatory, application: Application) -> Certificate:
    certificate = officer.issue(application)
    run_deferred()
    return certificate


@pytest.fixture
def another(issued: Certificate, officer: Signatory, firm: Firm) -> Certificate:
    """Issued, and not published before somebody publishes."""
    return officer.issue(approved(firm))


def key_file(name: str) -> Path:
    return Path(str(django_settings.REGISTER_KEYS).removeprefix("file:")) / f"{name}.pem"


@pytest.fixture
def lose(request: pytest.FixtureRequest) -> Any:
    """Put another key in the place of one; the sandbox makes it. The old one comes back behind the test, for the others."""

    def lose(name: str) -> None:
        place = key_file(name)
        old = place.read_bytes()

        def back() -> None:
            place.write_bytes(old)
            forget_opened()

        request.addfinalizer(back)
        place.unlink()
        forget_opened()

    return lose


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = main([*words, "--json"])
    return status, json.loads(capsys.readouterr().out)


def key_of(purpose: str) -> RegisterKey:
    return RegisterKey.objects.filter(purpose=purpose).earliest("id")


def stands(certificate: Certificate) -> PublishedRegister:
    """The register as a stranger reads it, with everything in it that tells of the certificate."""
    found = register()
    listed = found.status_list_for(certificate.status_index or 0)
    assert listed is not None
    assert listed.status_of(certificate.status_index or 0) == "issued"
    assert found.checkpoint() is not None
    assert found.proof_of(certificate.content_sha256, "issued") is not None
    assert set(files(folder())) == published_paths()
    assert publishing.publish(now=timezone.now()).files == 0
    run = recheck.recheck(clock=timezone.now)
    assert run.differences == 0
    return found


@pytest.mark.parametrize("name", ["list", "status", "log"])
def test_another_key_takes_the_place_of_one(issued: Certificate, name: str, lose: Any) -> None:
    before = files(folder())
    lose(name)
    publishing.publish(now=timezone.now())
    found = stands(issued)
    assert files(folder())[{"list": "trust-list.jwt", "status": "status/0.jwt", "log": "checkpoint"}[name]] != before
    # What the earlier key proved stands: its period holds the time of the entry.
    proof = next(one for one in before if one.endswith(f"{issued.content_sha256}.issued"))
    assert files(folder())[proof] == before[proof]
    keys = {"list": found.pin.keys, "status": found.trust.status_keys, "log": found.trust.logs}[name]
    assert [one.until is None for one in keys] == [False, True]


@pytest.mark.parametrize("name", ["list", "status", "log"])
def test_a_lost_key_is_revoked_and_everything_is_signed_anew(
    issued: Certificate, name: str, lose: Any, capsys: pytest.CaptureFixture[str], another: Certificate
) -> None:
    old = key_of(name).name
    status, answer = said(capsys, "register", "revoke", old)
    assert (status, answer["reason"]) == (1, "register.key_in_use")
    lose(name)
    publishing.publish(now=timezone.now())
    before = files(folder())
    status, answer = said(capsys, "register", "revoke", old, "--reason", "key-compromise")
    assert (status, answer["done"], answer["purpose"], answer["revoked_before"]) == (0, True, name, False)
    found = stands(issued)
    row = key_of(name)
    assert (row.revoked_reason, row.revoked_at is not None) == ("key-compromise", True)
    assert [line.act for line in acts_of(f"key:{old[:64]}")] == ["issuing_key.revoked"]
    if name == "log":
        assert found.trust.logs[0].compromised
        proof = next(one for one in before if one.endswith(f"{issued.content_sha256}.issued"))
        assert files(folder())[proof] != before[proof]
    elif name == "status":
        assert (found.trust.status_keys[0].compromised, found.trust.status_keys[1].compromised) == (True, False)
    else:
        assert (found.pin.keys[0].compromised, found.pin.keys[1].compromised) == (True, False)
    # Again changes nothing; the key that was lost signs no more; issuing goes on.
    status, answer = said(capsys, "register", "revoke", old, "--reason", "key-compromise")
    assert (status, answer["revoked_before"], answer["files_written"]) == (0, True, 0)
    stands(another)


def test_a_revoked_key_that_comes_back_signs_nothing(issued: Certificate, lose: Any) -> None:
    old = key_file("status").read_bytes()
    lose("status")
    publishing.publish(now=timezone.now())
    assert main(["register", "revoke", key_of("status").name]) == 0
    key_file("status").write_bytes(old)
    forget_opened()
    before = files(folder())
    with pytest.raises(IssueRefused) as refused:
        publishing.publish(now=timezone.now())
    assert refused.value.code == "register.key_revoked"
    assert files(folder()) == before


def test_the_keys_are_listed(issued: Certificate, capsys: pytest.CaptureFixture[str]) -> None:
    status, answer = said(capsys, "register", "keys")
    assert status == 0
    assert {one["purpose"] for one in answer["keys"]} >= {"list", "status", "log"}
    assert main(["register", "keys"]) == 0
    assert key_of("log").name in capsys.readouterr().out
    status, answer = said(capsys, "register", "revoke", "nonsense")
    assert (status, answer["reason"]) == (1, "register.unknown_key")


def test_a_witness_is_ended_too(issued: Certificate, capsys: pytest.CaptureFixture[str]) -> None:
    from udgam.signing.sealing.proof_keys import LogKey

    key = LogKey.generate("watcher.example", witness=True)
    RegisterKey.objects.create(purpose="witness", name=key.public.verifier_key, first_used_at=timezone.now())
    publishing.publish(now=timezone.now())
    status, answer = said(capsys, "register", "revoke", key.public.verifier_key.split("+")[1], "--reason", "cessation")
    assert (status, answer["purpose"]) == (0, "witness")
    found = PublishedRegister.read(FolderStorage(folder()))
    assert found is not None
    assert found.trust.witnesses[0].until is not None
    assert not found.trust.witnesses[0].compromised
