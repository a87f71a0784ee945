"""File, credential and code of one certificate: each holds by itself, they agree, and each step says no when it should."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.proof.test_command import AT, run
from tests.signing.register import SINCE
from tests.signing.sealing import samples
from tests.signing.sealing.office import LATER, NOW, Office
from udgam.signing.proof import InputUnusable, PublishedStatus, TrustFolder, TrustFolderUnusable
from udgam.signing.proof.code import read_code
from udgam.signing.proof.credential import present
from udgam.signing.proof.log import Entry, MemoryStorage, read_checkpoint
from udgam.signing.sealing import register as publishing
from udgam.signing.sealing.code import draw_code, sign_code
from udgam.signing.sealing.proof_keys import SoftwareProofKey


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("made"))


def picture(text: str, *, scale: int = 4, kind: str = "PNG") -> bytes:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    out = io.BytesIO()
    Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=scale, add_quiet_zones=True)).save(out, kind)
    return out.getvalue()


def drawn_by_the_library(text: str) -> str:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=True))


# What is genuine


def test_the_file_holds_with_all_its_proofs(made: Made) -> None:
    report = check(made.pdf, made.trust())
    outcomes = {one.id: one.outcome for one in report.checks}
    assert outcomes.pop("status.same_content") == "skipped"
    assert set(outcomes.values()) == {"pass"}
    assert (report.valid, report.kind, report.status) == (True, "pdf", "issued")
    assert report.warnings == ()


@pytest.mark.parametrize("what", ["credential", "partial", "code"])
def test_credential_and_code_hold_with_the_register_alone(made: Made, what: str, tmp_path: Path) -> None:
    folder = made.register.write(tmp_path, commitment=made.digest)
    report = check(getattr(made, what), TrustFolder.load(folder))
    assert report.valid, failed(report)
    assert (report.kind, report.status) == ("code" if what == "code" else "credential", "issued")
    assert report.certificate_number == samples.NUMBER
    assert report.integrity
    if what == "credential":
        assert report.content == made.certified.content.canonical
    if what == "code":
        assert report.code is not None
        assert report.code.exporter == samples.EXPORTER.name


def test_a_credential_without_prices_holds(made: Made) -> None:
    report = check(present(made.partial), made.trust())
    assert (report.valid, report.status) == (True, "issued")
    assert report.shown is not None
    assert "fob" not in json.dumps(report.shown)
    assert report.outcome("credential.content") == "skipped"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_of_the_code_is_read(made: Made, kind: str) -> None:
    assert check(picture(made.code, kind=kind), made.trust()).valid


def test_line_ends_behind_the_code_do_no_harm_and_spaces_do(made: Made) -> None:
    assert check("\n" + made.code + "\r\n", made.trust()).valid
    assert not check(made.code + " ", made.trust()).valid


@pytest.mark.parametrize(
    "data",
    [
        picture("https://udgam.example/verify/x"),
        picture("UD2:ABC"),
        b"\x89PNG\r\n\x1a\nnonsense",
        b"hello",
        b"{}",
        b"\xff\xfe",
    ],
)
def test_what_holds_no_code_cannot_be_used(made: Made, data: bytes) -> None:
    with pytest.raises(InputUnusable):
        check(data, made.trust())


# Copies of the file at different ages


@pytest.mark.parametrize("stamps", [1, 2])
def test_copies_taken_at_any_age_hold(made: Made, stamps: int) -> None:
    pdf = made.archived(stamps)
    report = check(pdf, made.trust())
    assert report.valid, failed(report)
    assert pdf.startswith(made.pdf)
    assert str(stamps) in next(one.detail for one in report.checks if one.id == "document.archived")


def test_a_stamp_that_came_late_says_when_the_file_existed(made: Made) -> None:
    from udgam.signing.sealing.archive import add_archive_stamp, is_archived, stamps_of

    office = made.office
    bare = office.issue(made.content, proofs=made.register.proofs, stamped=False)
    assert check(bare, made.trust()).outcome("seal.time_stamp") == "skipped"
    assert not is_archived(bare)
    late = add_archive_stamp(bare, time_stamper=office.time_stamper, evidence=office.evidence(made.folder))
    report = check(late, made.trust())
    assert report.valid, failed(report)
    assert report.outcome("seal.time_stamp") == "pass"
    assert [one.stamped_at for one in stamps_of(late)] == [NOW]
    assert is_archived(late)


def test_a_stamp_ages_with_its_algorithm_before_its_certificate_ends(made: Made) -> None:
    """RSA-2048 is relied on until the end of 2030, whatever its certificate says; an elliptic curve five years longer."""
    from udgam.rules.ages import relied_on_until
    from udgam.signing.proof.time_stamp import Token
    from udgam.signing.sealing.archive import lasts_until

    for kind, named, bits in (("RSA-2048", "RSA", 2048), ("P-256", "EC", 256)):
        long_lived = made.office.below.leaf(kind=kind, key_name="ages", not_after=NOW + timedelta(days=20 * 365))
        token = Token(b"", NOW, long_lived.certificate, ())
        assert lasts_until(token) == relied_on_until(named, bits)  # type: ignore[arg-type]
        short = made.office.below.leaf(kind=kind, key_name="ages", not_after=NOW + timedelta(days=300))
        assert lasts_until(Token(b"", NOW, short.certificate, ())) == short.certificate.not_valid_after_utc


def test_stamps_out_of_order_are_refused(made: Made) -> None:
    from tests.signing.sealing.office import FixedTimeStamper
    from udgam.signing.sealing.archive import add_archive_stamp

    office = made.office
    earlier = FixedTimeStamper(office.stamps, [office.below.certificate], NOW - timedelta(hours=1))
    pdf = add_archive_stamp(made.pdf, time_stamper=earlier, evidence=office.evidence(made.folder))
    assert "seal.time_stamp" in failed(check(pdf, made.trust()))


# What became of it


def status(made: Made, status: str, **options: object) -> TrustFolder:
    return made.trust(status=made.register.status_list(status, **options).encode())  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["pdf", "credential", "code"])
@pytest.mark.parametrize("ending", ["cancelled", "superseded"])
def test_what_was_taken_back_is_genuine_but_not_accepted(made: Made, what: str, ending: str) -> None:
    report = check(getattr(made, what), status(made, ending))
    assert (report.valid, report.status) == (True, ending)
    assert not report.accepted(offline=True)


@pytest.mark.parametrize("what", ["pdf", "credential", "code"])
def test_what_was_abandoned_before_issue_is_refused(made: Made, what: str) -> None:
    report = check(getattr(made, what), status(made, "not-issued", at=NOW + timedelta(hours=29)))
    assert failed(report) == ["status.known"]
    assert not report.accepted(offline=True)


def test_a_list_older_than_the_certificate_does_not_know_it_yet(made: Made) -> None:
    for moment in (NOW - timedelta(hours=1), NOW + timedelta(minutes=1), NOW + timedelta(hours=28)):
        report = check(made.code, status(made, "not-issued", at=moment))
        assert (report.valid, report.status) == (True, "unknown")
        assert any("Get a newer one." in one for one in (*report.warnings, *(step.detail for step in report.checks)))


def test_an_old_list_still_tells_of_endings_but_of_nothing_good(made: Made) -> None:
    much_later = LATER + timedelta(days=60)
    assert check(made.code, status(made, "issued"), at=much_later).status == "unknown"
    assert check(made.code, status(made, "cancelled"), at=much_later).status == "cancelled"


def test_a_list_for_others_does_not_speak_for_it(made: Made) -> None:
    report = check(made.code, made.trust(status=None))
    assert (report.valid, report.status) == (True, "unknown")
    assert not report.accepted(offline=False)
    assert report.accepted(offline=True)


def test_the_site_is_asked_first(made: Made) -> None:
    class Site:
        def status_of(self, number: str) -> PublishedStatus:
            assert number == samples.NUMBER
            return PublishedStatus("cancelled", None, LATER)

    assert check(made.code, made.trust(), status=Site()).status == "cancelled"


def test_was_it_valid_on_that_day(made: Made) -> None:
    """A cancellation that the log proves counts from its moment; without the proof the list alone counts, for ever."""
    ended = NOW + timedelta(days=2)
    trust = status(made, "cancelled", at=ended + timedelta(days=1))
    assert check(made.code, trust, at=ended - timedelta(hours=1)).status == "cancelled"
    register = made.register
    signed = register.log(Entry(kind="cancelled", commitment=made.digest, at=ended))
    proof = publishing.make_proof(register.storage, index=register.size - 1, checkpoint=signed)
    assert trust.register is not None
    files = trust.register.files
    assert isinstance(files, MemoryStorage)
    files[f"proof/{made.digest[:2]}/{made.digest}.cancelled"] = proof
    assert check(made.code, trust, at=ended - timedelta(hours=1)).status == "issued"
    assert check(made.code, trust, at=ended + timedelta(hours=1)).status == "cancelled"
    assert check(made.pdf, trust, at=ended - timedelta(hours=1)).status == "issued"


# Whom to believe


@pytest.mark.parametrize("what", ["credential", "code"])
@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"since": NOW + timedelta(days=1)}, "time"),
        ({"until": NOW - timedelta(days=1)}, "time"),
        ({"revoked_at": NOW - timedelta(hours=1)}, "time"),
        ({"revoked_at": NOW + timedelta(hours=1), "compromised": True}, "time"),
    ],
)
def test_a_key_outside_its_period_is_refused(made: Made, what: str, change: dict[str, object], step: str) -> None:
    report = check(getattr(made, what), made.trust(made.register.with_office_key(**change)))
    assert failed(report) == [f"{what}.{step}"]
    assert report.integrity


def test_a_key_revoked_later_still_counts_for_what_it_signed_before(made: Made) -> None:
    trust = made.trust(made.register.with_office_key(revoked_at=NOW + timedelta(hours=1)))
    assert check(made.code, trust).valid
    assert check(made.pdf, trust).valid


def test_time_stamp_and_seal_carry_the_file_over_a_compromised_key(made: Made) -> None:
    trust = made.trust(made.register.with_office_key(revoked_at=NOW + timedelta(hours=1), compromised=True))
    assert check(made.pdf, trust).valid
    assert not check(made.code, trust).valid


def test_an_office_without_power_is_refused(made: Made) -> None:
    listed = made.register.listed()
    agency = listed.agencies[0]
    office = agency.offices[0]
    for power in ((), (replace(office.powers[0], until=SINCE),), (replace(office.powers[0], agreement="AIFTA"),)):
        changed = replace(listed, agencies=(replace(agency, offices=(replace(office, powers=power),)),))
        assert failed(check(made.code, made.trust(changed))) == ["code.power"]
        assert failed(check(made.credential, made.trust(changed))) == ["credential.power"]


def test_an_officer_without_power_under_the_agreement_is_refused(made: Made) -> None:
    listed = made.register.listed()
    agency = listed.agencies[0]
    officer = agency.officers[0]
    post = officer.posts[0]
    other = replace(officer, posts=(replace(post, powers=(replace(post.powers[0], agreement="AIFTA"),)),))
    elsewhere = replace(officer, posts=(replace(post, office="SEC-NAGPUR"),))
    for one in (other, elsewhere):
        changed = replace(listed, agencies=(replace(agency, officers=(one,)),))
        assert failed(check(made.pdf, made.trust(changed))) == ["officer.power"]


def test_a_seal_outside_its_period_is_refused(made: Made) -> None:
    listed = made.register.listed()
    agency = listed.agencies[0]
    office = agency.offices[0]
    late = replace(office, seals=(replace(office.seals[0], since=NOW + timedelta(days=1)),))
    changed = replace(listed, agencies=(replace(agency, offices=(late,)),))
    assert "seal.known" in failed(check(made.pdf, made.trust(changed)))


def test_a_stale_trust_list_is_said(made: Made) -> None:
    report = check(made.code, made.trust(), at=LATER + timedelta(days=30))
    assert any("renewed" in one for one in report.warnings)


def test_after_its_last_day_it_is_genuine_and_a_warning_says_so(made: Made) -> None:
    claims = replace(read_code(made.code).claims(), valid_until=NOW.date())
    code = sign_code(claims, key=made.register.office_key)
    assert not any("was valid until" in one for one in check(code, made.trust(), at=NOW).warnings)
    report = check(code, made.trust(), at=NOW + timedelta(days=2))
    assert report.valid
    assert any("was valid until" in one for one in report.warnings)


def test_before_it_was_signed_it_did_not_exist(made: Made) -> None:
    assert failed(check(made.code, made.trust(), at=NOW - timedelta(hours=1))) == ["code.time"]
    assert "credential.time" in failed(check(made.credential, made.trust(), at=NOW - timedelta(hours=1)))


def test_without_a_trust_list_no_key_is_believed(made: Made, office: Office, tmp_path: Path) -> None:
    report = check(made.code, TrustFolder.load(office.write_trust(tmp_path)))
    assert failed(report) == ["code.key"]


def test_a_folder_whose_trust_list_does_not_hold_is_not_used(made: Made, tmp_path: Path) -> None:
    folder = made.register.write(tmp_path)
    listed = folder / "trust-list.jwt"
    listed.write_bytes(listed.read_bytes()[:-4] + b"AAAA")
    with pytest.raises(TrustFolderUnusable) as refusal:
        TrustFolder.load(folder)
    assert refusal.value.code == "trust.list"
    listed.unlink()
    with pytest.raises(TrustFolderUnusable):
        TrustFolder.load(folder)


def test_a_proof_from_another_log_is_refused(made: Made) -> None:
    trust = made.trust()
    assert trust.register is not None
    proof = trust.register.files.read(f"proof/{made.digest[:2]}/{made.digest}.issued") or b""
    assert failed(check(made.code, made.trust(proof=proof.replace(b"index 0", b"index 1")))) == ["log.included"]
    read_checkpoint(
        proof.partition(b"\n\n")[2], logs=[made.register.log_key.public], witnesses=[made.register.witness_key.public]
    )


# The command


@pytest.mark.parametrize("what", ["certificate.pdf", "credential.jwt", "code.txt", "code.png"])
def test_the_command_takes_every_kind(
    made: Made, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = {
        "certificate.pdf": made.pdf,
        "credential.jwt": made.credential.encode(),
        "code.txt": made.code.encode() + b"\n",
        "code.png": picture(made.code),
    }[what]
    (tmp_path / what).write_bytes(data)
    assert run(tmp_path / what, "--trust", made.folder, "--offline", "--json", *AT) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["valid"], printed["status"], printed["certificate_number"]) == (True, "issued", samples.NUMBER)
    assert run(tmp_path / what, "--trust", made.folder, "--offline", *AT) == 0
    said = capsys.readouterr().out
    assert "valid, status issued" in said
    if what.startswith("code"):
        assert samples.EXPORTER.name in said


def test_a_strangers_credential_is_one(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.jwt").write_text("eyJhbGciOiJFUzI1NiJ9.e30.x")
    assert run(tmp_path / "x.jwt", "--trust", made.folder, "--offline", "--json", *AT) == 1
    assert json.loads(capsys.readouterr().out)["kind"] == "foreign-credential"


def test_a_picture_too_long_for_the_reader_of_codes_is_refused(made: Made) -> None:
    out = io.BytesIO()
    Image.new("L", (70_000, 2), 255).save(out, "PNG")
    with pytest.raises(InputUnusable) as refusal:
        check(out.getvalue(), made.trust())
    assert refusal.value.code == "input.picture"


# The drawing that we hand out ourselves


def test_our_own_drawing_of_the_code_is_read(made: Made) -> None:
    drawing = draw_code(made.code)
    report = check(drawing, made.trust())
    assert (report.kind, report.valid, report.certificate_number) == ("code", True, samples.NUMBER)
    # As an editor on another system leaves it.
    assert check("\ufeff" + drawing.replace("><", ">\r\n<"), made.trust()).valid
    assert check(drawn_by_the_library(made.code), made.trust()).valid
    other = sign_code(replace(read_code(made.code).claims(), exporter="Somebody else"), key=SoftwareProofKey.generate())
    assert not check(draw_code(other), made.trust()).valid


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</svg>", "<script>alert(1)</script></svg>"),
        ("</svg>", '<image href="https://elsewhere.example/x"/></svg>'),
        ("<svg", '<!DOCTYPE svg [<!ENTITY a "aa">]><svg'),
        ("<path d", '<path transform="scale(2)" d'),
        ('<path d="M', '<path d="M0 0h999v999h-999zM'),
        ('<path d="M', '<path d="M0 0h0v0h-0zM'),
        ('<path d="M', '<path d="M0 0h2v1h-1zM'),
        ('<path d="M', '<path d="M0 0h2v1h-2zM1 0h2v1h-2zM'),
        ("<path d", '<path fill="#fff" d="M0 0h9v9h-9z"/><path d'),
    ],
)
def test_a_drawing_of_any_other_form_is_refused(made: Made, old: str, new: str) -> None:
    for drawing in (draw_code(made.code), drawn_by_the_library(made.code)):
        assert old in drawing
        with pytest.raises(InputUnusable) as refused:
            check(drawing.replace(old, new, 1), made.trust())
        assert refused.value.code == "input.picture"


def test_a_drawing_that_would_take_long_to_paint_is_refused_before(made: Made) -> None:
    drawing = draw_code(made.code)
    width = re.search(r'width="(\d+)"', drawing)
    assert width is not None
    whole = f"M0 0h{width[1]}v{width[1]}h-{width[1]}z"
    for bars in (whole * 2, whole * 50_000):
        with pytest.raises(InputUnusable) as refused:
            check(re.sub(r'<path d="[^"]*"', f'<path d="{bars}"', drawing), made.trust())
        assert refused.value.code == "input.picture"
    huge = re.sub(rf"\b{width[1]}\b", "999", drawing)
    with pytest.raises(InputUnusable):
        check(huge, made.trust())
    # White alone holds no code.
    with pytest.raises(InputUnusable) as empty:
        check(re.sub(r'<path d="[^"]*"', '<path d="M0 0h1v1h-1z"', drawing), made.trust())
    assert empty.value.code == "input.no_code"
