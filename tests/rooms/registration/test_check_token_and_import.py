"""The live check of a token, the public pages, and the operator's file of IEC records."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.rooms.registration.applicant import Applicant, text_of_page
from udgam.flow.registration import declarations
from udgam.flow.registration.models import LocalRecord, Registration, TokenEvidence

pytestmark = pytest.mark.django_db


def _check(applicant: Applicant, token: str, iec: str = "") -> str:
    return text_of_page(applicant.post("check-token", {"iec": iec, **applicant.answer("check-token", token)}))


@pytest.mark.parametrize(
    ("token", "iec", "words"),
    [
        ("exporter", "", "It carries the IEC 0305900017"),
        ("exporter", "0305900017", "It carries the IEC 0305900017"),
        ("exporter", "ZZZPD0101A", "carries another IEC"),
        ("other-exporter", "", "no IEC was found in it"),
        ("colleague", "", "It is a token of"),
        ("expired", "", "expired on"),
        ("revoked", "", "revoked"),
        ("exporter-encryption", "", "encryption certificate of the token"),
        ("document-signer", "", "document signer"),
        ("class-2", "", "not of class 3"),
        ("untrusted", "", "does not trust"),
    ],
)
def test_the_check_says_in_plain_words_how_the_token_stands(
    applicant: Applicant, token: str, iec: str, words: str
) -> None:
    assert words in _check(applicant, token, iec)
    assert not TokenEvidence.objects.exists()
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("exporter", "टोकन ठीक है"),
        ("other-exporter", "आईईसी नहीं मिला"),
        ("expired", "अवधि"),
        ("revoked", "रद्द किया गया"),
        ("exporter-encryption", "टोकन का एन्क्रिप्शन प्रमाणपत्र"),
        ("document-signer", "दस्तावेज़-हस्ताक्षरकर्ता"),
        ("class-2", "श्रेणी 3"),
        ("untrusted", "भरोसा नहीं करती"),
    ],
)
def test_the_check_says_it_in_hindi_too(applicant: Applicant, token: str, words: str) -> None:
    applicant.client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "hi"})
    page = _check(applicant, token)
    outcome = page.partition("udgam-outcome ")[2].partition("</div>")[0] or page
    assert words in outcome, outcome
    assert "The certificate" not in outcome


def test_pages_with_a_token_button_let_the_agent_answer_and_no_other_does(applicant: Applicant) -> None:
    for name in ("check-token", "token", "update-email"):
        response = applicant.get(name)
        assert response.headers["Referrer-Policy"] == "origin"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
        assert "form-action 'self' http://127.0.0.1:26511" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store, private"
    assert "26511" not in applicant.get("start").headers["Content-Security-Policy"]


def test_the_notice_stands_apart_and_lists_field_and_purpose(applicant: Applicant) -> None:
    page = text_of_page(applicant.get("notice"))
    assert page.count('scope="row"') == len(declarations.notice_rows())
    assert "grievance" in page.lower()
    assert "Data Protection Board" in page


def test_the_digest_of_a_declaration_is_of_its_words_not_of_its_markup() -> None:
    assert declarations.digest("<p>One  two</p>") == declarations.digest("<div>\nOne two </div>")
    assert declarations.digest("<p>One</p>") != declarations.digest("<p>Two</p>")


def test_the_start_page_offers_to_continue(applicant: Applicant) -> None:
    assert "Continue where you left off" not in text_of_page(applicant.get("start"))
    applicant.walk_to("contact")
    assert "Continue where you left off" in text_of_page(applicant.get("start"))


HEADER = (
    "row,iec,name,name_as_per_pan,pan,status,constitution,email,mobile,line1,line2,city,state,pin,as_of,"
    "role,pan_sha256,branch_code"
)
FILE = (
    HEADER + """
firm,0305900017,Malabar Monsoon Spices Private Limited,Malabar Monsoon Spices Private Limited,ZZZCM0102B,active,company,"""
    """office@malabar-monsoon.example,9999900102,1 Pepper Road,,Kochi,Kerala,682002,2026-11-20,,,
person,0305900017,Ravi Menon,,,,,,,,,,,,,director,,
branch,0305900017,,,,,,,,1 Pepper Road,,Kochi,Kerala,682002,,,,1
"""
)


def test_an_operator_imports_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "firms.csv"
    file.write_text(FILE)
    call_command("import_iec", str(file), "--check")
    assert not LocalRecord.objects.exists()
    call_command("import_iec", str(file))
    row = LocalRecord.objects.get()
    assert (row.iec, row.source, row.origin) == ("0305900017", "import", "firms.csv")
    assert row.record["people"][0]["name"] == "Ravi Menon"


@pytest.mark.parametrize(
    "content", ["", "nonsense", HEADER, "\x00\x01", "firm,1\nfirm,2", FILE.replace("0305900017", "12")]
)
def test_a_file_that_cannot_be_read_is_refused_and_keeps_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "firms.csv"
    file.write_text(content)
    with pytest.raises(CommandError):
        call_command("import_iec", str(file))
    assert not LocalRecord.objects.exists()


def test_a_missing_file_is_said_to_be_missing() -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("import_iec", "/nowhere/firms.csv")


def test_refused_pages_are_not_for_those_who_were_not_refused(applicant: Applicant) -> None:
    applicant.walk_to("contact")
    assert applicant.get("refused").headers["Location"] == reverse("registration:contact")
