"""Code, credential, extract, picture and other people's files on the page: each with its own words, in both languages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.rooms.applications.firm import text_of
from tests.signing import pki
from tests.signing.proof.made import Made, make
from tests.signing.proof.test_foreign_pdf import plain, signed
from tests.signing.sealing.office import LATER, make_office
from udgam.flow.verification import meanings, proof_views
from udgam.flow.verification.proofs import proofs_of
from udgam.signing.proof import STEPS, PublishedStatus
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.told import Told
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.proof.verify_code import STEPS as CODE_STEPS
from udgam.signing.proof.verify_credential import STEPS as CREDENTIAL_STEPS

pytestmark = pytest.mark.django_db


class Says:
    """An issuer's site with one answer."""

    def __init__(self, status: str, digest: str | None = None) -> None:
        self.answer = PublishedStatus(status, digest, LATER)  # type: ignore[arg-type]

    def status_of(self, number: str) -> PublishedStatus:
        return self.answer


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(make_office(), tmp_path_factory.mktemp("trust"))


@pytest.fixture
def desk(made: Made, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The page of a site whose register is that of ``made``, a day after the issue."""
    believe(monkeypatch, made.trust())
    monkeypatch.setattr(proof_views, "OwnStatuses", lambda: Says("issued", made.digest))
    monkeypatch.setattr(proof_views.timezone, "now", lambda: LATER)
    return Client()


def believe(monkeypatch: pytest.MonkeyPatch, trust: TrustFolder) -> None:
    monkeypatch.setattr(proof_views, "published_trust", lambda: trust)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>", maxsplit=1)[0]))


def check_text(client: Client, text: str, status: int = 200) -> str:
    answer = client.post(reverse("verification:text"), {"text": text})
    assert answer.status_code == status
    return words(text_of(answer))


def check_file(client: Client, data: bytes, status: int = 200) -> str:
    answer = client.post(reverse("verification:pdf"), {"file": SimpleUploadedFile("x.bin", data)})
    assert answer.status_code == status
    return words(text_of(answer))


def test_the_camera_is_allowed_on_the_pages_that_can_begin_a_check_and_nowhere_else(desk: Client) -> None:
    assert "camera=(self)" in desk.get(reverse("verification:start")).headers["Permissions-Policy"]
    assert "camera=()" in desk.get(reverse("home")).headers["Permissions-Policy"]
    assert "camera=()" in desk.get(reverse("verification:certificate", args=["x"])).headers["Permissions-Policy"]


def test_a_signed_code_tells_what_it_says_and_which_proofs_agree(desk: Client, made: Made) -> None:
    page = check_text(desk, f"{made.code}\n")
    assert "This code is genuine, and its certificate counts" in page
    assert made.content.number in page
    assert made.content.exporter.name in page
    assert made.content.items[0].hs_code in page
    assert "The public log Agrees" in page
    assert "Does not hold" not in page


def test_a_picture_of_the_code_is_read_by_the_server_too(desk: Client, made: Made) -> None:
    from PIL import Image

    drawn = zxingcpp.create_barcode(made.code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = Image.fromarray(drawn.to_image(scale=6)).convert("L")
    out = io.BytesIO()
    picture.save(out, "PNG")
    assert "This code is genuine" in check_file(desk, out.getvalue())
    empty = io.BytesIO()
    Image.new("L", (200, 200), 255).save(empty, "PNG")
    assert "There is no signed code of a certificate in it." in check_file(desk, empty.getvalue(), 422)


def test_a_credential_shows_the_whole_content_and_an_extract_what_its_holder_shows(desk: Client, made: Made) -> None:
    page = check_text(desk, made.credential)
    assert "This credential is a valid certificate" in page
    assert made.content.consignee.name in page
    assert "Shown because the credential itself carries it." in page
    from udgam.signing.proof.credential import present

    page = check_text(desk, present(made.partial))
    assert "This extract is genuine" in page
    assert made.content.items[0].description[:12] in page
    assert str(made.content.items[0].fob) not in page


def test_the_pdf_names_its_eight_proofs(desk: Client, made: Made) -> None:
    page = check_file(desk, made.pdf)
    assert "This file is a valid certificate" in page
    for name in ("The signed code", "The credential", "The trade data", "The office's seal", "The public log"):
        assert f"{name} Agrees" in page.replace("&#x27;", "'")


def flipped(text: str) -> str:
    place = len(text) - 20
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def test_what_was_changed_or_made_with_another_key_is_told_with_its_meaning(
    desk: Client, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = check_text(desk, flipped(made.code))
    assert "This code is not a valid code of ours" in page
    assert "What it means:" in page
    assert made.content.exporter.name not in page
    believe(monkeypatch, made.trust(replace(made.register.listed(), agencies=())))
    page = check_text(desk, made.code)
    assert "Anybody can draw such a code." in page
    believe(monkeypatch, made.trust(made.register.with_office_key(compromised=True)))
    assert "The key of the office was compromised." in check_text(desk, made.code)


@pytest.mark.parametrize(("status", "said"), [("cancelled", "was cancelled"), ("superseded", "was replaced")])
def test_a_genuine_code_of_a_certificate_that_counts_no_more_is_refused(
    desk: Client, made: Made, monkeypatch: pytest.MonkeyPatch, status: str, said: str
) -> None:
    monkeypatch.setattr(proof_views, "OwnStatuses", lambda: Says(status, made.digest))
    for text in (made.code, made.credential):
        assert f"This certificate {said}" in check_text(desk, text)


def test_a_certificate_of_another_installation_is_not_called_ours(
    desk: Client, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof_views, "OwnStatuses", lambda: Says("unknown"))
    believe(monkeypatch, made.trust(status=None))
    assert "No certificate was issued under this number here" in check_text(desk, made.code)


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "UD1:",
        "UD1:%%%",
        "HC1:6BF",
        "eyJ.eyJ.eyJ",
        "eyJhbGciOiJub25lIn0.e30.",
        "{" * 5000,
        '{"@context": []}',
        "\x00",
        "<script>alert(1)</script>",
        "UD1:" + "A" * 390_000,
        "٣" * 100,
    ],
)
@pytest.mark.parametrize("language", ["en", "hi"])
def test_strange_texts_are_answered_with_words(desk: Client, settings: object, text: str, language: str) -> None:
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language  # type: ignore[attr-defined]
    answer = desk.post(reverse("verification:text"), {"text": text})
    assert answer.status_code in {200, 422}
    page = text_of(answer)
    assert "<script>alert" not in page
    assert "udgam-outcome--yes" not in page
    assert "error-summary" in page or "verify-failure" in page


def test_nothing_pasted_or_too_much_is_an_error_beside_the_field(desk: Client) -> None:
    for text in ("", "x" * 400_001):
        answer = desk.post(reverse("verification:text"), {"text": text})
        assert answer.status_code == 422
        assert "error-summary" in text_of(answer)


def test_a_pdf_of_somebody_else_is_told_signature_by_signature_in_both_languages(desk: Client, made: Made) -> None:
    theirs = signed(plain(), made.office.officer, office=made.office, stamped=True)
    told = check_file(desk, theirs)
    assert "Not a certificate of this platform, but unchanged since somebody known here signed it" in told
    assert "Signature 1: the key of Meera Kulkarni signed exactly these bytes." in told
    assert "It does not prove that what the file says is true" in told
    assert "Valid" not in told
    stranger = pki.make_root("Root of nobody").leaf(pki.name("Meera Kulkarni"), key_name="stranger")
    told = check_file(desk, signed(plain(), stranger, office=made.office))
    assert "but unchanged since somebody else signed it" in told
    assert "anybody can make a certificate with that name in it" in told
    desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "hi"
    told = check_file(desk, theirs)
    assert "हस्ताक्षर 1: Meera Kulkarni की कुंजी ने ठीक इसी भाग पर हस्ताक्षर किए।" in told
    assert not re.search(r"covers|signature|stamped", told)


@pytest.mark.parametrize("edition", [2, 3])
def test_a_document_of_another_platform_is_told_with_its_issuer_as_a_claim(desk: Client, edition: int) -> None:
    folder = Path(__file__).resolve().parents[2] / "signing/proof/foreign"
    told = check_file(desk, (folder / f"open-attestation-{edition}.json").read_bytes())
    assert "It says that Konkan Chamber (konkan.example) issued it." in told
    assert f"OpenAttestation document of edition {edition}; its content has the digest that it states" in told
    assert "Not a certificate of this platform" in told


def test_every_step_of_every_check_has_a_meaning_of_its_own_kind() -> None:
    ids = {step.id for steps in (STEPS, CODE_STEPS, CREDENTIAL_STEPS) for step in steps}
    foreign = {f"foreign.{name}" for name in ("whole", "issuer", "period")}
    foreign |= {f"foreign.{name}.{n}" for name in ("signature", "coverage", "time", "signer") for n in (1, 20)}
    assert [one for one in ids | foreign if not meanings.meaning_of(one)] == []


def test_the_code_reader_is_served_with_its_licence() -> None:
    from django.conf import settings

    module = (Path(settings.ASSETS) / "jsqr.js").read_text(encoding="utf-8")
    assert "Apache License 2.0" in module[:200]
    assert module.rstrip().endswith("export default module.exports;")


def test_a_code_with_other_content_under_a_genuine_number_is_not_called_genuine(desk: Client, made: Made) -> None:
    """Signed with the office's own key: the site knows the number, and that it was issued for something else."""
    other = replace(made, certified=made.office.certified(made.office.content(items=1)))
    assert (other.content.number, other.digest == made.digest) == (made.content.number, False)
    for text in (other.code, other.credential, other.partial):
        said = check_text(desk, text)
        assert "genuine" not in said
        assert "The number is real, this certificate is not." in said
        assert "The issuer&#x27;s own answer Does not agree" in said
    desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "hi"
    assert str(meanings.meaning_of("status.same_content")) not in check_text(desk, other.code)


def test_a_proof_whose_steps_were_not_all_reached_does_not_agree() -> None:
    def said(**outcomes: str) -> list[str]:
        checks = tuple(
            Check(n, one.id, one.name, outcomes.get(one.id.replace(".", "_"), "pass"), Told("x"))  # type: ignore[arg-type]
            for n, one in enumerate(STEPS, 1)
        )
        return [row.colour for row in proofs_of(Report(False, "pdf", None, "unknown", False, checks))]

    assert said() == ["green"] * 8
    # A stranger's seal with a broken time stamp: neither the seal nor the officer's path was judged.
    unreached = {"seal_time_stamp": "fail", "seal_known": "skipped", "officer_path": "skipped"}
    assert said(**unreached)[:3] == ["yellow", "yellow", "red"]
    assert said(code_agrees="skipped")[3] == "grey"
    assert said(status_same_content="skipped")[6] == "green"
    assert said(status_same_content="fail")[6] == "red"


def test_proofs_of_another_register_are_told_as_such_and_how_it_could_be_believed(desk: Client, tmp_path: Path) -> None:
    register = "did:web:elsewhere.example"
    elsewhere = make(make_office(), tmp_path, issuer=register)
    said = check_file(desk, elsewhere.pdf)
    assert "Well signed, but by a register that is not believed here" in said
    assert f"It names the register {register}, which is not pinned here" in said
    assert "compare the fingerprint of register.json by another way" in said
    assert "The officer&#x27;s signature Signed, but not confirmed" in said
    assert "was changed" not in said
    for text in (elsewhere.code, elsewhere.credential, elsewhere.partial):
        said = check_text(desk, text)
        assert "It names a register that is not believed here" in said
        assert "Anybody can draw such a code" not in said
        assert "was changed" not in said
    desk.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "hi"
    assert register in check_file(desk, elsewhere.pdf)


def test_a_cancelled_certificate_shows_the_issuers_answer_by_its_word(
    desk: Client, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof_views, "OwnStatuses", lambda: Says("cancelled", made.digest))
    assert "The issuer&#x27;s own answer Cancelled" in check_file(desk, made.pdf)
    assert "The issuer&#x27;s own answer Cancelled" in check_text(desk, made.code)
