"""What a stranger sees of a certificate, and what only its holder sees."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.rooms.applications.firm import text_of
from udgam.flow.issuance.models import Certificate
from udgam.signing.proof import STEPS

pytestmark = pytest.mark.django_db


def address(name: str, number: str) -> str:
    return reverse(f"verification:{name}", args=[number])


def visible_text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_number_alone_tells_the_eight_public_things_and_no_more(
    certificate: Certificate, passer_by: Client
) -> None:
    answer = passer_by.get(address("certificate", certificate.number))
    assert answer.status_code == 200
    page = visible_text(text_of(answer))
    for told in ("Issued", "Sahyadri Export Council", "Mumbai Office", "Malabar Monsoon Spices", "Vietnam"):
        assert told in page
    for secret in ("Mekong Spice", "MM/26-27/0041", "turmeric", "12600", "12,600", "MV Neela Sagar", "091030"):
        assert secret not in page
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_percent_encoded_small_and_slashed_numbers_lead_to_the_same_page(
    certificate: Certificate, passer_by: Client
) -> None:
    for claimed in (
        certificate.number,
        quote(certificate.number, safe=""),
        certificate.number.lower(),
        f"{certificate.number}/",
    ):
        assert passer_by.get(f"/verify/{claimed}").status_code == 200, claimed


def test_the_qr_code_opens_the_whole_content(certificate: Certificate, link: str, passer_by: Client) -> None:
    parts = urlsplit(link)
    assert f"{parts.scheme}://{parts.netloc}" == settings.SITE_ORIGIN
    key = parts.query.removeprefix("k=")
    assert len(key) == 22
    answer = passer_by.get(f"{parts.path}?{parts.query}")
    page = visible_text(text_of(answer))
    for told in ("Mekong Spice Trading Co.", "MM/26-27/0041", "turmeric", "12,600", "Meera Kulkarni"):
        assert told in page
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert certificate.key_sha256 != key
    wrong = visible_text(text_of(passer_by.get(f"{parts.path}?k={'A' * 22}")))
    assert "Mekong" not in wrong
    assert "does not carry the key" in wrong


def test_invoice_number_and_country_open_the_content(certificate: Certificate, passer_by: Client) -> None:
    where = address("open", certificate.number)
    wrong = passer_by.post(where, {"invoice_number": "MM/26-27/0042", "country": "VN"})
    assert wrong.status_code == 422
    assert "Mekong" not in text_of(wrong)
    right = passer_by.post(where, {"invoice_number": "mm/26-27/0041", "country": "Viet Nam"})
    assert "Mekong Spice Trading Co." in text_of(right)


def test_the_paper_is_compared_field_by_field_and_nothing_is_given_away(
    certificate: Certificate, passer_by: Client
) -> None:
    typed = {"exporter_name": "MALABAR MONSOON SPICES  PRIVATE LIMITED", "fob": "12,600.00", "hs_code": "0910.31"}
    page = visible_text(text_of(passer_by.post(address("compare", certificate.number), typed)))
    assert "1 field differs" in page
    assert page.count("Agrees") == 2
    assert page.count("Differs") == 1
    assert "091030" not in page


def test_the_file_shows_each_step_and_the_content(certificate: Certificate, passer_by: Client) -> None:
    upload = SimpleUploadedFile("certificate.pdf", certificate.file.read(), content_type="application/pdf")
    answer = passer_by.post(reverse("verification:pdf"), {"file": upload})
    page = visible_text(text_of(answer))
    assert answer.status_code == 200
    assert "This file is a valid certificate" in page
    assert "Mekong Spice Trading Co." in page
    assert "Does not hold" not in page
    # The log's proof is published only after the issue.
    assert page.count("Holds") == len(STEPS) - 1
