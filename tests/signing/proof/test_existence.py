"""At which moment is whom judged, and what proves that moment (ADR 0056)."""

from __future__ import annotations

import random
import re
import shutil
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509

from tests.signing import pki
from tests.signing.proof.made import Made, check, failed, make
from tests.signing.sealing.office import LATER, NOW, FixedTimeStamper, Office, make_office
from udgam.rules.content import CertificateContent
from udgam.signing.proof import InputUnusable, TrustFolder
from udgam.signing.proof.log import Entry
from udgam.signing.proof.trust_list import TrustedOffice, TrustedOfficer, TrustList
from udgam.signing.sealing import register as publishing
from udgam.signing.sealing import seal
from udgam.signing.sealing.archive import add_archive_stamp
from udgam.signing.trust import FolderRevocation

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Flags = x509.ReasonFlags


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def unstamped(made: Made) -> bytes:
    office = made.office
    return office.issue(made.content, proofs=made.register.proofs, stamped=False, evidence=office.evidence(made.folder))


def stamped_late(made: Made, pdf: bytes, after: timedelta) -> bytes:
    stamper = FixedTimeStamper(made.office.stamps, [made.office.below.certificate], NOW + after)
    return add_archive_stamp(pdf, time_stamper=stamper, evidence=made.office.evidence(made.folder))


def sealed_again(made: Made, after: timedelta) -> bytes:
    """The same page of the officer, under a seal and a stamp of later: what a re-sealing makes."""
    signed = made.office.signed(made.office.drawn(made.certified, made.register.proofs(made.certified)))
    stamper = FixedTimeStamper(made.office.stamps, [made.office.below.certificate], NOW + after)
    return seal.apply(
        signed,
        seal_key=made.office.seal_key,
        time_stamper=stamper,
        evidence=made.office.evidence(made.folder),
        now=NOW + after,
    )


def dated_back(made: Made, by: timedelta, *, stamped: bool = True) -> bytes:
    """The officer dates content and signature back; the stamp is honest."""
    content = backdated(made.content, by)
    certified = made.office.certified(content, at=NOW - by)
    signed = made.office.signed(made.office.drawn(certified, made.register.proofs(certified)))
    return seal.apply(
        signed,
        seal_key=made.office.seal_key,
        time_stamper=made.office.time_stamper if stamped else None,
        evidence=seal.NO_EVIDENCE,
        now=NOW,
    )


def backdated(content: CertificateContent, by: timedelta) -> CertificateContent:
    day = (NOW - by).date()
    return replace(
        content,
        invoices=tuple(replace(one, date=day) for one in content.invoices),
        declaration=replace(content.declaration, date=day),
        certification=replace(content.certification, date=day),
    )


def with_officer(made: Made, change: Callable[[TrustedOfficer], TrustedOfficer]) -> TrustList:
    listed = made.register.listed()
    agency = listed.agencies[0]
    return replace(listed, agencies=(replace(agency, officers=(change(agency.officers[0]),)),))


def with_office(made: Made, change: Callable[[TrustedOffice], TrustedOffice]) -> TrustList:
    listed = made.register.listed()
    agency = listed.agencies[0]
    return replace(listed, agencies=(replace(agency, offices=(change(agency.offices[0]),)),))


def post(made: Made, **period: datetime | None) -> TrustList:
    def change(one: TrustedOfficer) -> TrustedOfficer:
        powers = tuple(replace(power, **period) for power in one.posts[0].powers)  # type: ignore[arg-type]
        return replace(one, posts=(replace(one.posts[0], powers=powers),))

    return with_officer(made, change)


def token(made: Made, until: datetime) -> TrustList:
    return with_officer(made, lambda one: replace(one, certificates=(replace(one.certificates[0], until=until),)))


def seal_until(made: Made, until: datetime) -> TrustList:
    return with_office(made, lambda one: replace(one, seals=(replace(one.seals[0], until=until),)))


def power_until(made: Made, until: datetime) -> TrustList:
    return with_office(made, lambda one: replace(one, powers=(replace(one.powers[0], until=until),)))


def revoked(
    made: Made, who: str, *, at: datetime, reason: Flags, listed: TrustList | None = None, **files: None
) -> TrustFolder:
    """The trust folder with lists of today that say when that certificate was revoked, and why."""
    folder = made.folder.parent / f"revoked-{who}-{reason.name}-{at:%d%H%M}"
    shutil.copytree(made.folder / "crls", folder, dirs_exist_ok=True)
    serial = getattr(made.office, who).certificate.serial_number
    replace(made.office, revoked={serial: reason}).write_crls(
        folder, this_update=LATER - HOUR, next_update=LATER + 9 * DAY, revoked_at=at
    )
    return replace(made.trust(listed, **files), revocation=FolderRevocation(folder))


# A claim alone dates nothing back


@pytest.mark.parametrize("who", ["officer", "seal"])
@pytest.mark.parametrize("reason", [Flags.cessation_of_operation, Flags.key_compromise])
def test_without_a_proof_a_later_revocation_counts(made: Made, unstamped: bytes, who: str, reason: Flags) -> None:
    at = NOW + 2 * HOUR
    step = {"officer": "officer.path", "seal": "seal.known"}[who]
    assert step in failed(check(unstamped, revoked(made, who, at=at, reason=reason, proof=None)))
    # With the log's entry of the issue the content was certified before; who signed and sealed this page with a key that was lost,
    # only a stamp would prove.
    holds = who == "officer" and reason is Flags.cessation_of_operation
    assert check(unstamped, revoked(made, who, at=at, reason=reason)).valid is holds
    assert check(made.pdf, revoked(made, who, at=at, reason=reason, proof=None)).valid


ENDED: tuple[tuple[str, Callable[[Made, datetime], TrustList]], ...] = (
    ("officer.named", lambda made, at: post(made, until=at)),
    ("officer.named", token),
    ("seal.known", seal_until),
    ("officer.power", power_until),
    ("code.agrees", lambda made, at: made.register.with_office_key(revoked_at=at)),
    ("code.agrees", lambda made, at: made.register.with_office_key(revoked_at=at, compromised=True)),
)


@pytest.mark.parametrize(("step", "listed"), ENDED)
def test_without_a_proof_what_ended_later_counts(
    made: Made, unstamped: bytes, step: str, listed: Callable[[Made, datetime], TrustList]
) -> None:
    ended = listed(made, NOW + HOUR)
    report = check(unstamped, made.trust(ended, proof=None))
    assert step in failed(report)
    said = next(one.detail for one in report.checks if one.id == step)
    assert "nothing at hand proves" in said or "could not sign" in said
    assert check(unstamped, made.trust(proof=None)).valid
    assert check(unstamped, made.trust(ended)).valid is (step != "seal.known")
    assert check(made.pdf, made.trust(ended, proof=None)).valid


def test_what_a_file_without_a_stamp_rests_on_is_said(made: Made, unstamped: bytes) -> None:
    assert any("what the log says" in one for one in check(unstamped, made.trust()).warnings)
    assert any("only what the signer says" in one for one in check(unstamped, made.trust(proof=None)).warnings)


@pytest.mark.parametrize("away", [-2 * HOUR, 40 * DAY])
def test_an_entry_of_the_log_that_is_not_near_the_signature_proves_nothing(
    made: Made, unstamped: bytes, away: timedelta
) -> None:
    register = made.register
    signed = register.log(Entry(kind="issued", commitment=made.digest, at=NOW + away))
    proof = publishing.make_proof(register.storage, index=register.size - 1, checkpoint=signed)
    assert "officer.named" in failed(check(unstamped, made.trust(post(made, until=NOW + HOUR), proof=proof)))
    assert "content.certified" in failed(check(sealed_again(made, 5 * DAY), made.trust(proof=proof), at=NOW + 6 * DAY))


# A date cannot be set back


def test_a_date_set_back_is_refused_with_its_own_words(made: Made) -> None:
    report = check(dated_back(made, 20 * DAY), made.trust())
    assert failed(report) == ["content.certified"]
    assert "dated back" in next(one.detail for one in report.checks if one.id == "content.certified")


def test_a_date_before_the_post_began_is_refused(made: Made) -> None:
    pdf = dated_back(made, DAY)
    assert check(pdf, made.trust()).valid
    assert "officer.named" in failed(check(pdf, made.trust(post(made, since=NOW - HOUR))))


def test_a_date_before_the_power_of_the_office_is_refused(made: Made) -> None:
    pdf = dated_back(made, DAY)
    later = with_office(made, lambda one: replace(one, powers=(replace(one.powers[0], since=NOW - HOUR),)))
    assert failed(check(pdf, made.trust(later))) == ["officer.power"]


def test_the_clock_of_the_officer_may_be_slow_by_minutes(made: Made) -> None:
    assert check(made.pdf, made.trust(post(made, since=NOW))).valid
    slow = dated_back(made, timedelta(minutes=8))
    assert check(slow, made.trust(post(made, since=NOW - timedelta(minutes=1)))).valid
    slower = dated_back(made, timedelta(minutes=20))
    assert "officer.named" in failed(check(slower, made.trust(post(made, since=NOW - timedelta(minutes=1)))))


# What was right at its time stays right


@pytest.mark.parametrize(("_step", "listed"), [ENDED[0], ENDED[1], ENDED[3], ENDED[4]])
def test_a_late_stamp_does_not_undo_what_was_right_at_the_signing(
    made: Made, unstamped: bytes, _step: str, listed: Callable[[Made, datetime], TrustList]
) -> None:
    late = stamped_late(made, unstamped, 3 * HOUR)
    for proof in ({}, {"proof": None}):
        assert check(late, made.trust(listed(made, NOW + HOUR), **proof)).valid


def test_what_ended_between_signing_and_stamp_and_left_the_key_with_the_officer_counts_later(
    made: Made, unstamped: bytes
) -> None:
    late, at = stamped_late(made, unstamped, 3 * HOUR), NOW + HOUR
    assert check(late, revoked(made, "officer", at=at, reason=Flags.cessation_of_operation, proof=None)).valid
    for reason in (Flags.key_compromise, Flags.unspecified):
        # The log took the content in before the key was lost, but says nothing of the page that is stamped only now.
        for proof in ({}, {"proof": None}):
            assert "officer.path" in failed(check(late, revoked(made, "officer", at=at, reason=reason, **proof)))


def test_a_stamp_that_came_days_late_needs_the_log(made: Made, unstamped: bytes) -> None:
    late = stamped_late(made, unstamped, 3 * DAY)
    at = NOW + 4 * DAY
    assert check(late, made.trust(post(made, until=NOW + HOUR)), at=at).valid
    assert "content.certified" in failed(check(late, made.trust(proof=None), at=at))


@pytest.mark.parametrize(("_step", "listed"), [ENDED[0], ENDED[1], ENDED[3]])
def test_a_file_sealed_again_after_the_officer_left_holds_by_the_log(
    made: Made, _step: str, listed: Callable[[Made, datetime], TrustList]
) -> None:
    again, at = sealed_again(made, 5 * DAY), NOW + 6 * DAY
    report = check(again, made.trust(listed(made, NOW + DAY)), at=at)
    assert report.valid, failed(report)
    assert "the log holds it since" in next(one.detail for one in report.checks if one.id == "content.certified")
    without = check(again, made.trust(listed(made, NOW + DAY), proof=None), at=at)
    assert "content.certified" in failed(without)
    assert "evidence of the register" in next(one.detail for one in without.checks if one.id == "content.certified")


@pytest.mark.parametrize(
    ("revoked_at", "reason", "holds"),
    [
        (NOW - HOUR, Flags.key_compromise, False),
        # Whoever found the key could sign another page for the content that the log holds.
        (NOW + 5 * DAY, Flags.key_compromise, False),
        (NOW + 5 * DAY, Flags.unspecified, False),
        (NOW + 5 * DAY, Flags.superseded, True),
    ],
)
def test_a_file_sealed_again_after_the_officers_token_was_revoked(
    made: Made, revoked_at: datetime, reason: Flags, holds: bool
) -> None:
    again = sealed_again(made, 8 * DAY)
    report = check(again, revoked(made, "officer", at=revoked_at, reason=reason), at=NOW + 9 * DAY)
    assert report.valid is holds
    assert holds or "officer.path" in failed(report)


def test_a_page_that_was_signed_long_after_its_content_does_not_belong_to_it(made: Made) -> None:
    drawn = made.office.drawn(made.certified, made.register.proofs(made.certified))
    signed = made.office.signed(drawn, at=NOW + 6 * DAY)
    stamper = FixedTimeStamper(made.office.stamps, [made.office.below.certificate], NOW + 6 * DAY)
    forged = seal.apply(
        signed, seal_key=made.office.seal_key, time_stamper=stamper, evidence=made.office.evidence(made.folder), now=NOW + 6 * DAY
    )  # fmt: skip
    assert "content.certified" in failed(check(forged, made.trust(), at=NOW + 7 * DAY))


def test_a_file_sealed_again_after_the_officers_certificate_expired(tmp_path: Path) -> None:
    """Lists of today no longer name what expired before them; what the file brings about the token of the day proves it."""
    office = make_office()
    short = office.below.leaf(
        pki.name("Meera Kulkarni", O="Sahyadri Export Council"),
        kind="RSA-2048",
        key_name="officer",
        not_after=NOW + 2 * DAY,
    )
    made = make(replace(office, officer=short), tmp_path / "made")
    again, at = sealed_again(made, 5 * DAY), NOW + 6 * DAY
    made.office.write_crls(tmp_path / "crls", this_update=at - HOUR, next_update=at + DAY)
    today = replace(made.trust(), revocation=FolderRevocation(tmp_path / "crls"))
    report = check(again, today, at=at)
    assert report.valid, failed(report)
    bare = made.office.issue(made.content, proofs=made.register.proofs)
    assert failed(check(bare, today, at=at)) == ["officer.path"]


# The office


@pytest.mark.parametrize("powers", ["none", "ended"])
def test_an_office_that_could_not_issue_is_refused(made: Made, powers: str) -> None:
    listed = (
        with_office(made, lambda one: replace(one, powers=())) if powers == "none" else power_until(made, NOW - DAY)
    )
    report = check(made.pdf, made.trust(listed))
    assert failed(report) == ["officer.power"]
    assert "Regional Office Pune could not" in next(one.detail for one in report.checks if one.id == "officer.power")


# The proofs in the file


def test_only_the_first_format_may_go_without_the_proofs(made: Made) -> None:
    office = made.office
    bare = seal.apply(
        office.signed(office.drawn(made.certified)),
        seal_key=office.seal_key,
        time_stamper=office.time_stamper,
        evidence=seal.NO_EVIDENCE,
        now=NOW,
    )
    assert failed(check(bare, made.trust())) == ["code.agrees", "credential.agrees", "data.agree"]
    first = replace(made.content, format="udgam.certificate/1", salt=None, status_index=None, valid_until=None)
    certified = office.certified(first)
    old = seal.apply(
        office.signed(office.drawn(certified)),
        seal_key=office.seal_key,
        time_stamper=office.time_stamper,
        evidence=seal.NO_EVIDENCE,
        now=NOW,
    )
    assert check(old, made.trust()).valid


@pytest.mark.parametrize(
    "hurt",
    [
        lambda store: store.__setitem__("/UDGM_LogProof", pikepdf.Dictionary(A=1)),
        lambda store: store.__setitem__("/UDGM_LogProof", pikepdf.Array([1])),
        lambda store: store["/UDGM_LogProof"].__setitem__("/Filter", pikepdf.Name("/Unknown")),
        lambda store: store["/UDGM_LogProof"].__setitem__("/Filter", pikepdf.Name("/FlateDecode")),
        lambda store: store["/UDGM_LogProof"].write(
            zlib.compress(bytes(60_000_000)), filter=pikepdf.Name("/FlateDecode")
        ),
        lambda store: store["/UDGM_LogProof"].write(
            zlib.compress(b"x" * 99),
            filter=pikepdf.Name("/FlateDecode"),
            decode_parms=pikepdf.Dictionary(Predictor=12, Columns=-1),
        ),
    ],
)
def test_an_enclosed_proof_that_was_made_to_hurt_is_no_proof(
    made: Made, unstamped: bytes, hurt: Callable[[Any], None]
) -> None:
    with pikepdf.open(BytesIO(unstamped)) as pdf:
        pdf.Root.DSS["/UDGM_LogProof"] = pdf.make_stream(b"a proof")
        hurt(pdf.Root.DSS)
        out = BytesIO()
        pdf.save(out)
    assert not check(out.getvalue(), made.trust()).valid


def test_no_change_of_some_bytes_makes_the_checker_fall_over(made: Made, unstamped: bytes) -> None:
    late, seed = stamped_late(made, unstamped, HOUR), random.Random(56)
    for _ in range(150):
        changed = bytearray(late)
        for _place in range(seed.randint(1, 2)):
            changed[seed.randrange(len(changed))] = seed.randrange(256)
        try:
            check(bytes(changed), made.trust())
        except InputUnusable:
            continue


def test_a_table_that_names_another_object_is_refused_and_ends_no_process(made: Made) -> None:
    """qpdf ends the process when it meets a broken object within another one, so all are read one after the other first."""
    data = made.archived()
    headers = [found.span(1) for found in re.finditer(rb"\n(\d{2,3}) \d{1,2}\n\d{10} \d{5} n", data)]
    assert len(headers) > 3
    for begin, end in headers:
        for other in (int(data[begin:end]) - 1, int(data[begin:end]) + 1):
            changed = data[:begin] + str(other).zfill(end - begin).encode() + data[end:]
            try:
                assert not check(changed, made.trust()).valid
            except InputUnusable:
                continue
