"""What became of it, when several speak: the most advanced signed word counts, and what nobody signed takes nothing back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.sealing import samples
from tests.signing.sealing.office import LATER, NOW, Office
from udgam.signing.proof import PublishedStatus, Report, TrustFolder
from udgam.signing.proof.bundle import write_bundle
from udgam.signing.proof.log import Entry, MemoryStorage
from udgam.signing.proof.published import proof_path
from udgam.signing.proof.report import Status
from udgam.signing.proof.status_list import ListedStatus
from udgam.signing.sealing import register as publishing

HOUR = timedelta(hours=1)
KINDS = pytest.mark.parametrize("what", ["pdf", "credential", "code"])


class Site:
    """A site that answers what it is told to answer."""

    def __init__(self, status: Status, digest: str | None = None) -> None:
        self.status, self.digest = status, digest

    def status_of(self, number: str) -> PublishedStatus:
        assert number == samples.NUMBER
        return PublishedStatus(self.status, self.digest, LATER)


@pytest.fixture
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"), items=1)


def listed(made: Made, status: ListedStatus, *, at: datetime = NOW + 2 * HOUR) -> TrustFolder:
    return made.trust(status=made.register.status_list(status, at=at).encode())


def with_proof(made: Made, trust: TrustFolder, kind: str, *, at: datetime) -> TrustFolder:
    """The folder with the log's proof of an ending."""
    register = made.register
    signed = register.log(Entry(kind=kind, commitment=made.digest, at=at))  # type: ignore[arg-type]  # an ending
    proof = publishing.make_proof(register.storage, index=register.size - 1, checkpoint=signed)
    assert trust.register is not None
    files = trust.register.files
    assert isinstance(files, MemoryStorage)
    files[proof_path(made.digest, kind)] = proof  # type: ignore[arg-type]
    # The folder's checkpoint is the newest, as a register publishes it.
    files["checkpoint"] = signed.text
    return trust


def warned(report: Report, words: str) -> bool:
    return any(words in one for one in report.warnings)


@KINDS
@pytest.mark.parametrize("ending", ["cancelled", "superseded"])
@pytest.mark.parametrize("answer", ["issued", "unknown"])
def test_a_site_takes_no_signed_ending_back(made: Made, what: str, ending: ListedStatus, answer: Status) -> None:
    report = check(getattr(made, what), listed(made, ending), status=Site(answer))
    assert (report.valid, report.status) == (True, ending)
    assert not report.accepted(offline=False)
    assert warned(report, "site and register disagree")


@KINDS
def test_a_site_does_not_issue_what_a_list_calls_not_issued(made: Made, what: str) -> None:
    trust = made.trust(status=made.register.status_list("not-issued", at=NOW + 2 * HOUR).encode(), proof=None)
    report = check(getattr(made, what), trust, status=Site("issued", made.digest))
    assert failed(report) == ["status.known"]
    assert not report.accepted(offline=False)


@KINDS
def test_a_newer_ending_of_the_site_is_believed_and_is_no_conflict(made: Made, what: str) -> None:
    report = check(getattr(made, what), listed(made, "issued"), status=Site("cancelled"))
    assert (report.valid, report.status) == (True, "cancelled")
    assert not warned(report, "disagree")


@KINDS
def test_a_site_alone_may_say_that_it_stands(made: Made, what: str) -> None:
    report = check(getattr(made, what), made.trust(status=None), status=Site("issued", made.digest))
    assert (report.valid, report.status) == (True, "issued")
    assert report.accepted(offline=False)


def test_the_digest_that_a_site_names_counts_though_the_list_went_further(made: Made) -> None:
    report = check(made.pdf, listed(made, "cancelled"), status=Site("issued", "ab" * 32))
    assert failed(report) == ["status.same_content"]


def test_a_list_does_not_speak_for_a_number_that_the_site_does_not_know(made: Made) -> None:
    """A place in a list can be borrowed by whoever holds an office's key; the log's proof speaks of the content."""
    unproved = check(made.code, made.trust(proof=None), status=Site("unknown"))
    assert (unproved.valid, unproved.status) == (True, "unknown")
    assert not unproved.accepted(offline=False)
    assert warned(unproved, "does not know this number")
    proved = check(made.code, made.trust(), status=Site("unknown"))
    assert (proved.valid, proved.status) == (True, "issued")
    assert warned(proved, "disagree")


@KINDS
@pytest.mark.parametrize("ending", ["cancelled", "superseded"])
def test_the_log_ends_what_an_older_list_calls_issued(made: Made, what: str, ending: Status) -> None:
    trust = with_proof(made, made.trust(status=made.register.status_list().encode()), ending, at=NOW + HOUR)
    report = check(getattr(made, what), trust, status=Site("issued"))
    assert (report.valid, report.status) == (True, ending)


def test_the_log_ends_it_without_any_list(made: Made) -> None:
    trust = with_proof(made, made.trust(status=None), "cancelled", at=NOW + HOUR)
    assert check(made.code, trust).status == "cancelled"


def test_an_ending_counts_from_its_moment_whoever_tells_of_it(made: Made) -> None:
    ended = NOW + 2 * HOUR
    trust = with_proof(made, listed(made, "cancelled", at=ended + HOUR), "cancelled", at=ended)
    before, after = ended - HOUR, ended + HOUR
    assert check(made.code, trust, at=before, status=Site("cancelled")).status == "issued"
    assert check(made.code, trust, at=after, status=Site("cancelled")).status == "cancelled"


def test_a_newer_list_in_a_bundle_does_not_take_back_the_own_one(made: Made) -> None:
    newer = made.register.status_list("issued", at=NOW + 3 * HOUR).encode()
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/status/0.jwt": newer})
    report = check(bundle, listed(made, "cancelled"))
    assert (report.valid, report.status) == (True, "cancelled")
    assert warned(report, "takes back")


def test_an_own_list_of_before_the_issue_yields_to_a_newer_one_in_a_bundle(made: Made) -> None:
    newer = made.register.status_list("issued", at=NOW + 3 * HOUR).encode()
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/status/0.jwt": newer})
    report = check(bundle, listed(made, "not-issued"))
    assert (report.valid, report.status) == (True, "issued")
    assert not warned(report, "takes back")
    older = made.register.status_list("issued", at=NOW + HOUR).encode()
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/status/0.jwt": older})
    trust = made.trust(status=made.register.status_list("not-issued", at=NOW + 2 * HOUR).encode())
    assert failed(check(bundle, trust)) == ["status.known"]


def test_a_broken_list_in_a_bundle_takes_nothing_from_the_own_one(made: Made) -> None:
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/status/0.jwt": b"garbage"})
    assert check(bundle, made.trust()).status == "issued"
