"""What became of it, when several speak: the most advanced signed word counts, and what nobody signed takes nothing back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.register import SINCE, trusted_key
from tests.signing.sealing import samples
from tests.signing.sealing.office import LATER, NOW, FixedTimeStamper, Office
from udgam.signing.proof import PublishedStatus, Report, TrustFolder
from udgam.signing.proof.bundle import write_bundle
from udgam.signing.proof.log import Entry, MemoryStorage
from udgam.signing.proof.published import proof_path
from udgam.signing.proof.report import Status
from udgam.signing.proof.status_list import ListedStatus
from udgam.signing.proof.trust_list import TrustedNoteKey, TrustList
from udgam.signing.sealing import register as publishing
from udgam.signing.sealing import seal
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.proof_keys import LogKey, SoftwareProofKey

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
    trust = made.trust(status=made.register.status_list("not-issued", at=NOW + 29 * HOUR).encode(), proof=None)
    report = check(getattr(made, what), trust, status=Site("issued", made.digest))
    assert failed(report) == ["status.known"]
    assert not report.accepted(offline=False)


@KINDS
@pytest.mark.parametrize("hours", [1, 28])
def test_a_list_that_may_be_older_than_the_record_of_the_issue_says_nothing_against_it(
    made: Made, what: str, hours: int
) -> None:
    """Seal and record may follow the officer's signature 28 hours later."""
    early = made.trust(status=made.register.status_list("not-issued", at=NOW + hours * HOUR).encode(), proof=None)
    report = check(getattr(made, what), early, status=Site("issued", made.digest))
    assert (report.valid, report.status) == (True, "issued")
    assert report.accepted(offline=False)
    assert failed(check(getattr(made, what), early, status=Site("issued", "ab" * 32))) == ["status.same_content"]
    for site in (None, Site("unknown")):
        alone = check(getattr(made, what), early, status=site)
        assert (alone.valid, alone.status) == (True, "unknown")
        assert not alone.accepted(offline=False)
        assert warned(alone, "Get a newer one.")


def test_what_was_signed_anew_years_later_was_issued_in_the_days_of_its_certification(made: Made) -> None:
    later = NOW + timedelta(days=400)
    code = make_code(made.certified, key=made.register.office_key, issuer=made.register.issuer, now=later)
    trust = made.trust(status=made.register.status_list("not-issued", at=later).encode(), proof=None)
    assert failed(check(code, trust, at=later + HOUR)) == ["status.known"]


@pytest.mark.parametrize("what", ["credential", "partial", "code"])
def test_other_content_under_a_number_that_counts_is_refused(made: Made, what: str) -> None:
    """Whoever holds the key of an office can sign other content under a genuine number; the digest that the issuer names tells."""
    office = made.office
    other = replace(made, certified=office.certified(office.content(items=2)))
    assert other.content.number == made.content.number
    assert other.digest != made.digest
    forged = getattr(other, what)
    report = check(forged, made.trust(), status=Site("issued", made.digest))
    assert (report.valid, failed(report)) == (False, ["status.same_content"])
    assert not report.accepted(offline=True)
    genuine = check(getattr(made, what), made.trust(), status=Site("issued", made.digest))
    assert (genuine.valid, genuine.outcome("status.same_content")) == (True, "pass")
    # Where nobody names a digest the step is open, as it is for a file.
    assert check(forged, made.trust(proof=None), status=Site("issued")).outcome("status.same_content") == "skipped"


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


# What cannot be believed any more hides nothing that can


def test_an_own_list_by_a_compromised_key_hides_none_in_a_bundle(made: Made) -> None:
    key = SoftwareProofKey.generate()
    listed = made.register.listed()
    old = replace(listed.status_keys[0], compromised=True, revoked_at=NOW)
    renewed = replace(listed, version=2, status_keys=(old, trusted_key(key, since=SINCE)))
    said = replace(made.register, status_key=key).status_list("cancelled", at=NOW + HOUR).encode()
    files = {"certificate.pdf": made.pdf, "trust/status/0.jwt": said}
    with_list = {**files, "trust/trust-list.jwt": made.register.trust_list(renewed).encode()}
    assert check(write_bundle(with_list), made.trust()).status == "cancelled"
    assert check(write_bundle(files), made.trust(renewed)).status == "cancelled"
    # Where only such lists, or nothing better, lie at hand, nothing is known.
    for beside in (made.register.status_list("cancelled").encode(), b"garbage"):
        report = check(write_bundle({**files, "trust/status/0.jwt": beside}), made.trust(renewed))
        assert (report.valid, report.status) == (True, "unknown")
        assert warned(report, "believes no more")


def test_a_broken_own_list_hides_none_in_a_bundle(made: Made) -> None:
    said = made.register.status_list("cancelled", at=NOW + HOUR).encode()
    bundle = write_bundle({"certificate.pdf": made.pdf, "trust/status/0.jwt": said})
    assert check(bundle, made.trust(status=b"garbage")).status == "cancelled"
    alone = write_bundle({"certificate.pdf": made.pdf})
    assert failed(check(alone, made.trust(status=b"garbage"))) == ["status.known"]


class Renewed:
    """The register after its log key was called compromised: a new key, and the issue proved anew."""

    def __init__(self, made: Made) -> None:
        self.key = LogKey.generate(made.register.log_key.public.name)
        listed = made.register.listed()
        compromised = replace(listed.logs[0], until=SINCE - timedelta(seconds=1))
        new = TrustedNoteKey(verifier_key=self.key.public.verifier_key, since=NOW, until=None)
        self.listed: TrustList = replace(listed, version=2, logs=(compromised, new))
        register = replace(made.register, log_key=self.key, storage=MemoryStorage(), size=0)
        self.checkpoint = register.log(Entry(kind="issued", commitment=made.digest, at=NOW))
        self.proof = publishing.make_proof(register.storage, index=0, checkpoint=self.checkpoint)


def sealed_later(made: Made, proof: bytes | None) -> bytes:
    """The officer's page under a seal of three days later, with a proof of the issue inside."""
    signed = made.office.signed(made.office.drawn(made.certified, made.register.proofs(made.certified)))
    at = NOW + timedelta(days=3)
    return seal.apply(
        signed,
        seal_key=made.office.seal_key,
        time_stamper=FixedTimeStamper(made.office.stamps, [made.office.below.certificate], at),
        evidence=replace(made.office.evidence(made.folder), log_proof=proof),
        now=at,
    )


def old_proof(made: Made) -> bytes:
    return made.published().files.read(proof_path(made.digest, "issued")) or b""


WORTHLESS = pytest.mark.parametrize(
    "own", [old_proof, lambda _made: b"garbage"], ids=["by a compromised key", "broken"]
)


@WORTHLESS
def test_an_own_proof_that_is_worth_nothing_hides_none_in_a_bundle(made: Made, own: Callable[[Made], bytes]) -> None:
    new = Renewed(made)
    files = {"certificate.pdf": made.pdf, f"trust/{proof_path(made.digest, 'issued')}": new.proof}
    files["trust/trust-list.jwt"] = made.register.trust_list(new.listed).encode()
    report = check(write_bundle(files), made.trust(proof=own(made)))
    assert (report.valid, report.outcome("log.included")) == (True, "pass")
    # A worthless one beside it does not change what the own one says.
    files[f"trust/{proof_path(made.digest, 'issued')}"] = own(made)
    assert check(write_bundle(files), made.trust(proof=new.proof)).outcome("log.included") == "pass"


@WORTHLESS
def test_an_own_proof_that_is_worth_nothing_hides_none_in_the_file(made: Made, own: Callable[[Made], bytes]) -> None:
    new, at = Renewed(made), NOW + timedelta(days=3, hours=1)
    file = sealed_later(made, new.proof)
    for mine in (own(made), None):
        report = check(file, made.trust(new.listed, proof=mine), at=at)
        assert (report.valid, report.outcome("log.included")) == (True, "pass"), failed(report)


def test_a_file_sealed_again_holds_by_the_proof_made_anew_when_the_enclosed_one_is_worth_nothing(made: Made) -> None:
    new, at = Renewed(made), NOW + timedelta(days=3, hours=1)
    file = sealed_later(made, old_proof(made))
    assert "content.certified" in failed(check(file, made.trust(new.listed, proof=None), at=at))
    assert check(file, made.trust(new.listed, proof=new.proof), at=at).valid
