"""The numbered checks of a certificate file: what passes, and which step stops each attack."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.signing import pki
from tests.signing.proof.attacks import ATTACKS, Attack
from tests.signing.sealing import samples
from tests.signing.sealing.office import LATER, NOW, Office, make_office
from udgam.signing.proof import (
    STEPS,
    InputUnusable,
    PublishedStatus,
    Report,
    StatusUnavailable,
    TrustFolder,
    verify_pdf,
)
from udgam.signing.proof.file import read_file


@pytest.fixture(scope="module")
def trust(trust_path: Path) -> TrustFolder:
    return TrustFolder.load(trust_path)


class Says:
    """An issuer's site that says one thing."""

    def __init__(self, status: Any, content_sha256: str | None = None) -> None:
        self.answer = PublishedStatus(status, content_sha256, LATER)

    def status_of(self, number: str) -> PublishedStatus:
        assert number == samples.NUMBER
        return self.answer


class IsDown:
    def status_of(self, number: str) -> PublishedStatus:
        raise StatusUnavailable("status.no_answer", detail="it is down")


def check(data: bytes, trust: TrustFolder, *, at: datetime = LATER, status: Any = None) -> Report:
    return verify_pdf(data, trust=trust, at=at, status=status)


def failed(report: Report) -> list[str]:
    return [one.id for one in report.checks if one.outcome == "fail"]


# What is genuine


def test_a_genuine_certificate_holds_in_every_step(issued: bytes, trust: TrustFolder) -> None:
    report = check(issued, trust, status=Says("issued"))
    assert report.valid
    assert report.integrity
    assert report.accepted(offline=False)
    assert (report.kind, report.status, report.certificate_number) == ("pdf", "issued", samples.NUMBER)
    outcomes = {one.id: one.outcome for one in report.checks}
    # A folder of the first release has no register, so it knows no powers and no key of a code or credential.
    for without in (
        "status.same_content",
        "officer.power",
        "code.agrees",
        "credential.agrees",
        "log.included",
    ):
        assert outcomes.pop(without) == "skipped"
    assert set(outcomes.values()) == {"pass"}


def test_the_steps_are_numbered_and_their_ids_never_change() -> None:
    assert [one.id for one in STEPS] == [
        "file.structure",
        "signatures.present",
        "signatures.cover_file",
        "signatures.padding",
        "signatures.containers",
        "officer.signature",
        "seal.signature",
        "seal.time_stamp",
        "seal.known",
        "officer.path",
        "officer.named",
        "content.present",
        "content.certified",
        "content.agrees",
        "officer.power",
        "code.agrees",
        "credential.agrees",
        "data.agree",
        "document.unchanged",
        "document.archived",
        "status.known",
        "status.same_content",
        "log.included",
    ]
    for number, step in enumerate(STEPS, 1):
        assert (step.run.__doc__ or "").startswith(f"{number}. "), step.id


def test_a_step_only_builds_on_earlier_ones() -> None:
    seen: set[str] = set()
    for step in STEPS:
        assert set(step.needs) <= seen
        seen.add(step.id)


@pytest.mark.parametrize("items", [1, 40])
@pytest.mark.parametrize("evidence", [False, True])
def test_small_and_large_certificates_hold(
    office: Office, trust: TrustFolder, trust_path: Path, items: int, evidence: bool
) -> None:
    content = office.content(items=items, exporter=samples.HINDI_EXPORTER)
    pdf = office.issue(content, **({"evidence": office.evidence(trust_path)} if evidence else {}))
    assert check(pdf, trust).valid


def test_elliptic_curve_keys_hold(tmp_path: Path) -> None:
    office = make_office(kind="P-256")
    assert check(office.issue(), office.trust(tmp_path)).valid


# Status


def test_a_status_nobody_knows_is_accepted_only_offline(issued: bytes, trust: TrustFolder) -> None:
    report = check(issued, trust)
    assert (report.valid, report.status, report.outcome("status.known")) == (True, "unknown", "skipped")
    assert report.accepted(offline=True)
    assert not report.accepted(offline=False)
    assert any("not known" in one for one in report.warnings)


@pytest.mark.parametrize("status", ["cancelled", "superseded"])
def test_a_certificate_that_was_taken_back_is_genuine_but_not_accepted(
    issued: bytes, trust: TrustFolder, status: str
) -> None:
    report = check(issued, trust, status=Says(status))
    assert (report.valid, report.status) == (True, status)
    assert not report.accepted(offline=True)
    assert any(status in one for one in report.warnings)


def test_a_site_that_is_down_is_said_and_not_accepted(issued: bytes, trust: TrustFolder) -> None:
    report = check(issued, trust, status=IsDown())
    assert not report.accepted(offline=False)
    assert any("it is down" in one for one in report.warnings)


def test_a_number_the_issuer_does_not_know_is_not_accepted(issued: bytes, trust: TrustFolder) -> None:
    assert not check(issued, trust, status=Says("unknown")).accepted(offline=False)


def test_a_number_issued_for_other_content_is_refused(issued: bytes, trust: TrustFolder, office: Office) -> None:
    report = check(issued, trust, status=Says("issued", "00" * 32))
    assert (report.valid, failed(report)) == (False, ["status.same_content"])
    from udgam.signing.sealing.stages import Draft, freeze

    own = freeze(Draft(office.content(items=3))).digest
    assert check(issued, trust, status=Says("issued", own)).outcome("status.same_content") == "pass"


# Time


def test_before_it_was_sealed_it_did_not_exist(issued: bytes, trust: TrustFolder) -> None:
    report = check(issued, trust, at=NOW - timedelta(hours=1))
    assert not report.valid
    assert "seal.time_stamp" in failed(report)


def test_without_time_stamp_the_claimed_time_counts_and_a_warning_says_so(office: Office, trust: TrustFolder) -> None:
    report = check(office.issue(stamped=False), trust)
    assert report.valid
    assert report.outcome("seal.time_stamp") == "skipped"
    assert any("no time stamp" in one for one in report.warnings)
    assert not check(office.issue(stamped=False), trust, at=NOW - timedelta(hours=1)).valid


def test_ten_years_later_the_embedded_evidence_still_proves_it(issued: bytes, trust: TrustFolder) -> None:
    late = datetime(2036, 11, 22, tzinfo=UTC)
    assert check(issued, trust, at=late).valid
    # The file proves itself: a checker without a single revocation list of its own comes to the same answer.
    for moment in (LATER, late):
        report = check(issued, replace(trust, revocation=None), at=moment)
        assert report.valid, failed(report)


def test_ten_years_later_without_embedded_evidence_nothing_is_proved(office: Office, trust: TrustFolder) -> None:
    without = replace(trust, revocation=None)
    report = check(office.issue(), without, at=datetime(2036, 11, 22, tzinfo=UTC))
    assert failed(report) == ["seal.time_stamp"]


@pytest.mark.parametrize(
    ("place", "part", "says"), [("/AcroForm", "/XFA", "/XFA"), ("/Names", "/JavaScript", "/JavaScript")]
)
def test_forms_and_scripts_are_found_behind_references_too(
    issued: bytes, trust: TrustFolder, place: str, part: str, says: str
) -> None:
    with pikepdf.open(io.BytesIO(issued)) as document:
        held = document.Root[place]
        held[part] = pikepdf.Dictionary()
        document.Root[place] = held if held.is_indirect else document.make_indirect(held)
        out = io.BytesIO()
        document.save(out)
    [structure] = [one for one in check(out.getvalue(), trust).checks if one.id == "file.structure"]
    assert structure.outcome == "fail"
    assert says in structure.detail


@pytest.mark.parametrize(("revoked_at", "holds"), [(NOW - timedelta(days=1), False), (NOW + timedelta(hours=6), True)])
@pytest.mark.parametrize("who", ["officer", "seal", "stamps"])
def test_revocation_counts_from_its_moment(
    *, office: Office, issued: bytes, tmp_path: Path, revoked_at: datetime, holds: bool, who: str
) -> None:
    serial = getattr(office, who).certificate.serial_number
    later = replace(office, revoked={serial: x509.ReasonFlags.cessation_of_operation})
    folder = later.write_trust(tmp_path)
    later.write_crls(
        folder / "crls", this_update=LATER - timedelta(hours=1), next_update=LATER + pki.DAY, revoked_at=revoked_at
    )
    report = check(issued, TrustFolder.load(folder))
    assert report.valid is holds
    if not holds:
        expected = {"officer": "officer.path", "seal": "seal.known", "stamps": "seal.time_stamp"}[who]
        assert expected in failed(report)


# Whom to believe


def issuers(office: Office, **changes: Any) -> dict[str, Any]:
    plain = office.issuers()
    plain["issuers"][0].update(changes)
    return plain


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"seal_sha256": ["00" * 32]}, "seal.known"),
        ({"officers": []}, "officer.named"),
        (
            {"officers": [{"name": "M", "certificate_sha256": ["11" * 32], "from": "2026-01-01", "to": None}]},
            "officer.named",
        ),
        ({"agency": "OTHER"}, "content.agrees"),
    ],
)
def test_who_is_not_listed_is_not_believed(
    office: Office, issued: bytes, tmp_path: Path, change: dict[str, Any], step: str
) -> None:
    folder = office.write_trust(tmp_path, issuers=issuers(office, **change))
    report = check(issued, TrustFolder.load(folder))
    assert failed(report) == [step]
    assert report.integrity, "the file is whole; it is only not theirs"


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [("2026-11-22", "2026-11-22", True), ("2026-11-23", None, False), ("2026-01-01", "2026-11-21", False)],
)
def test_an_officer_certifies_only_within_the_period(
    *, office: Office, issued: bytes, tmp_path: Path, since: str, until: str | None, holds: bool
) -> None:
    plain = office.issuers()
    plain["issuers"][0]["officers"][0].update({"from": since, "to": until})
    report = check(issued, TrustFolder.load(office.write_trust(tmp_path, issuers=plain)))
    assert report.valid is holds
    assert holds or failed(report) == ["officer.named"]


def test_other_anchors_believe_nothing(issued: bytes, office: Office, tmp_path: Path) -> None:
    folder = office.write_trust(tmp_path)
    stranger = pki.make_root("Nobody's Root")
    (folder / "anchors" / "root.pem").write_bytes(stranger.certificate.public_bytes(pki.Encoding.PEM))
    report = check(issued, TrustFolder.load(folder))
    assert {"officer.path", "seal.known"} <= set(failed(report))


# Attacks


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_attack_is_refused(attack: Attack, office: Office, issued: bytes, trust: TrustFolder) -> None:
    data = attack.make(office, issued)
    assert data != issued
    try:
        report = check(data, trust, status=Says("issued"))
    except InputUnusable:
        assert attack.step == "unusable"
        return
    assert not report.valid
    assert not report.accepted(offline=True)
    assert attack.step in failed(report), (
        attack.step,
        [(one.id, one.detail) for one in report.checks if one.outcome == "fail"],
    )


def test_no_changed_byte_passes(issued: bytes, trust: TrustFolder) -> None:
    """A seeded sample: both containers with their padding, the tables at the end of each revision, and bytes anywhere."""
    chosen = random.Random(20261122)
    fields = read_file(issued).signatures
    places = [chosen.randrange(len(issued)) for _ in range(60)]
    for field in fields:
        start, end = field.hole
        places += [chosen.randrange(start, end) for _ in range(30)]
        places += [start, start + 1, end - 1, end - 2]
    places += range(len(issued) - 30, len(issued))
    for place in places:
        changed = bytearray(issued)
        changed[place] ^= chosen.choice((0x01, 0x02, 0x04, 0x20, 0x40, 0x80))
        try:
            report = check(bytes(changed), trust, status=Says("issued"))
        except InputUnusable:
            continue
        assert not report.valid, place
        assert not report.integrity or report.outcome("seal.time_stamp") == "fail" or "seal.known" in failed(report), (
            place
        )


def test_no_changed_digit_of_a_container_passes(issued: bytes, trust: TrustFolder) -> None:
    """Changes that stay within capital hexadecimal digits, so that only the meaning of the container can stop them."""
    chosen = random.Random(11222026)
    start, end = read_file(issued).signatures[1].hole
    for _ in range(60):
        place = chosen.randrange(start + 1, end - 1)
        digit = chosen.choice(b"0123456789ABCDEF")
        if issued[place] == digit:
            continue
        changed = bytearray(issued)
        changed[place] = digit
        try:
            assert not check(bytes(changed), trust, status=Says("issued")).valid, place
        except InputUnusable:
            continue


# Broken, hostile and foreign input


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "input.empty"),
        (b"hello", "input.not_pdf"),
        (b"\x89PNG\r\n", "input.not_pdf"),
        (b"%PDF-1.7", "input.damaged"),
        (b"%PDF-1.7\n" + b"\0" * 5000, "input.damaged"),
        (b"%PDF-" + b"0" * (26 * 1024 * 1024), "input.too_large"),
        (
            b"%PDF-1.7\nxref\n0 99999999999\ntrailer<</Size 99999999999/Prev 0/Root 1 0 R>>\nstartxref\n9\n%%EOF",
            "input.damaged",
        ),
        (b"%PDF-1.7\n" + b"[" * 200_000 + b"\nstartxref\n9\n%%EOF", "input.damaged"),
    ],
)
def test_what_is_no_readable_pdf_is_unusable(data: bytes, code: str, trust: TrustFolder) -> None:
    with pytest.raises(InputUnusable) as refusal:
        check(data, trust)
    assert refusal.value.code == code


def test_a_number_that_is_none_is_an_outcome(issued: bytes, trust: TrustFolder) -> None:
    place = issued.rindex(b"/ByteRange [0 ") + len(b"/ByteRange [")
    for number in (b".", b"-", b"+"):
        with contextlib.suppress(InputUnusable):
            assert not check(issued[:place] + number + issued[place + 1 :], trust).valid


def test_a_truncated_certificate_never_passes_and_never_raises_else(issued: bytes, trust: TrustFolder) -> None:
    for length in [*range(0, len(issued), len(issued) // 40), len(issued) - 1, len(issued) - 6]:
        try:
            assert not check(issued[:length], trust).valid, length
        except InputUnusable:
            continue


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nothing_escapes_whatever_is_spliced_in(issued: bytes, trust: TrustFolder, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(issued)))
    cut = data.draw(st.integers(0, 2000))
    noise = data.draw(
        st.binary(max_size=200) | st.sampled_from([b"<<" * 500, b"[" * 500, b"endobj", b"%%EOF\n", b"1 0 R"])
    )
    changed = issued[:place] + noise + issued[place + cut :]
    with contextlib.suppress(InputUnusable):
        assert changed == issued or not check(changed, trust).valid


def test_a_decompression_bomb_is_stopped(trust: TrustFolder) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["content.json"] = pikepdf.AttachedFileSpec(pdf, b"{}", filename="content.json")
    stream = pdf.attachments["content.json"].get_file().obj
    stream.write(zlib.compress(b"0" * (200 * 1024 * 1024)), filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False)
    with pytest.raises(InputUnusable) as refusal:
        check(out.getvalue(), trust)
    assert refusal.value.code == "input.damaged"


def test_a_pdf_of_somebody_else_is_called_foreign(trust: TrustFolder) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    report = check(out.getvalue(), trust)
    assert (report.valid, report.kind, report.integrity) == (False, "foreign-pdf", False)
    assert report.certificate_number is None


@pytest.mark.parametrize("tamper", [False, True])
def test_a_pdf_well_signed_by_somebody_else_is_foreign_all_the_same(
    office: Office, trust: TrustFolder, tamper: bool
) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata

    pdf = pikepdf.new()
    pdf.add_blank_page()
    plain = io.BytesIO()
    pdf.save(plain)
    key = office.officer.key.private_bytes(pki.Encoding.PEM, *_plain_pkcs8())
    signer = signers.SimpleSigner(signing_cert=_asn1(office.officer.der), signing_key=_key(key), cert_registry=None)
    signed = signers.sign_pdf(
        IncrementalPdfFileWriter(plain), PdfSignatureMetadata(field_name="Theirs"), signer=signer
    ).getvalue()
    if tamper:
        signed = (
            signed.replace(b"/Type /Page", b"/Type /Pagf", 1) if b"/Type /Page" in signed else signed + b"\n%%EOF\n"
        )
    report = check(signed, trust)
    assert (report.valid, report.kind) == (False, "foreign-pdf")
    assert report.integrity is not tamper


def _plain_pkcs8() -> tuple[Any, Any]:
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    return PrivateFormat.PKCS8, NoEncryption()


def _asn1(der: bytes) -> Any:
    from asn1crypto import x509 as asn1_x509

    return asn1_x509.Certificate.load(der)


def _key(pem: bytes) -> Any:
    from pyhanko.keys import load_private_key_from_pemder_data

    return load_private_key_from_pemder_data(pem, None)


# Content that was certified, but not as it should have been


def test_a_date_of_issue_on_another_day_is_refused(office: Office, trust: TrustFolder) -> None:
    content = office.content()
    backdated = replace(content, certification=replace(content.certification, date=date(2026, 11, 21)))
    assert failed(check(office.issue(backdated), trust)) == ["content.agrees"]


def test_nothing_is_logged_about_a_strangers_file(
    issued: bytes, trust: TrustFolder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="udgam"):
        check(issued.replace(b"Sahyadri", b"Sahyadry"), trust)
    assert not [record for record in caplog.records if record.name.startswith("udgam")]


# The trust folder itself


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "issuers.json").unlink(),
        lambda folder: (folder / "issuers.json").write_text("{}"),
        lambda folder: (folder / "issuers.json").write_text("not json"),
        lambda folder: (folder / "issuers.json").write_text(json.dumps({"format": "udgam.issuers/2", "issuers": []})),
        lambda folder: (folder / "issuers.json").write_text(
            json.dumps(
                {
                    "format": "udgam.issuers/1",
                    "issuers": [{"agency": "A", "name": "A", "seal_sha256": "ab", "officers": []}],
                }
            )
        ),
        lambda folder: (folder / "anchors" / "root.pem").unlink(),
        lambda folder: (folder / "anchors" / "root.pem").write_text("nonsense"),
        lambda folder: (folder / "tsa" / "stamps.pem").write_text("nonsense"),
    ],
)
def test_half_a_trust_folder_is_not_believed(office: Office, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    from udgam.signing.proof import TrustFolderUnusable

    folder = office.write_trust(tmp_path)
    damage(folder)
    with pytest.raises(TrustFolderUnusable):
        TrustFolder.load(folder)


# Words


def test_every_sentence_of_a_report_is_a_translatable_template(
    issued: bytes, trust: TrustFolder, office: Office
) -> None:
    from udgam.signing.proof.texts import all_texts

    texts = all_texts()
    assert len(texts) == len(set(texts)) > 80
    reports = [
        check(issued, trust, status=Says("cancelled", "00" * 32)),
        check(issued, trust, status=IsDown()),
        check(issued.replace(b"Typst 0.1", b"Typst 9.1", 1), trust),
        check(office.issue(stamped=False), trust),
        check(issued, replace(trust, issuers=())),
    ]
    for report in reports:
        for one in report.checks:
            assert one.name in texts
            assert one.detail.template in texts, one
            assert one.detail == one.detail.template.format_map(one.detail.params)
        assert all(warning.template in texts for warning in report.warnings)


def test_moments_are_named_in_indian_time_with_the_zone() -> None:
    from datetime import UTC, datetime

    from udgam.signing.proof.checks.moments import moment_text

    assert moment_text(datetime(2026, 11, 22, 20, 57, 13, tzinfo=UTC)) == "2026-11-23 02:27:13 (UTC+05:30)"
