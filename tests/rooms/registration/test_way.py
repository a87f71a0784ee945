"""The whole way, from token to registration number."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.rooms.registration.applicant import MALABAR, Applicant, errors_of, gstins, text_of_page
from udgam.flow.registration import policies, queries
from udgam.flow.registration.models import DeclarationConsent, Exporter, TokenEvidence
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.models import Person

pytestmark = pytest.mark.django_db


def test_a_firm_registers_and_gets_number_person_and_password(applicant: Applicant) -> None:
    applicant.walk_to("done")
    page = text_of_page(applicant.get("done"))
    exporter = Exporter.objects.get()
    assert re.fullmatch(r"EIC/\d{4}/0001", exporter.registration_number)
    assert exporter.registration_number in page
    assert exporter.iec == MALABAR.iec == "0305900017"
    person = Person.objects.get()
    assert (person.username, person.email, person.kind) == (MALABAR.iec, MALABAR.email, "exporter")
    assert queries.exporter_of(person) == exporter
    assert policies.may_file(exporter, timezone.now())

    run_deferred()
    password_mail = next(message for message in mail.outbox if MALABAR.iec in message.body)
    assert password_mail.to == [MALABAR.email]
    password = re.search(r"One-time password: (\S+)", password_mail.body)
    assert password, password_mail.body
    assert Person.objects.get().check_password(password.group(1))


def test_raw_token_path_decision_rule_version_and_revocation_evidence_are_kept(applicant: Applicant) -> None:
    applicant.walk_to("contact")
    evidence = TokenEvidence.objects.get()
    assert "unverifiedCertificate" in evidence.raw
    assert evidence.decision["allowed"] is True
    assert evidence.decision["rule"] == "iec-inside"
    assert evidence.rule_version.startswith("udgam.binding/")
    assert evidence.path
    files = list(evidence.revocation_files.all())
    assert files
    assert all(len(bytes(file.data)) > 100 for file in files)


def test_what_was_agreed_is_recorded_with_version_language_and_digest(applicant: Applicant) -> None:
    applicant.walk_to("details")
    consent = DeclarationConsent.objects.get()
    assert (consent.version, consent.language, consent.notice_version) == ("2026-11", "en", "2026-11")
    assert len(consent.text_sha256) == 64


def test_the_hindi_text_is_recorded_as_hindi(ca: object) -> None:
    applicant = Applicant(ca, language="hi")  # type: ignore[arg-type]
    applicant.walk_to("details")
    assert DeclarationConsent.objects.get().language == "hi"


def test_back_loses_nothing_that_was_typed(applicant: Applicant) -> None:
    applicant.walk_to("contact")
    left = applicant.post("contact", {"mobile": "98765", "email": "half@", "back": "1"})
    assert left.headers["Location"] == reverse("registration:token")
    assert 'value="0305900017"' in text_of_page(applicant.get("token"))
    page = text_of_page(applicant.get("contact"))
    assert 'value="98765"' in page
    assert 'value="half@"' in page


def test_back_from_the_details_keeps_gstin_and_aeo(applicant: Applicant) -> None:
    applicant.walk_to("details")
    applicant.post("details", {"gstin_0": "32AB", "aeo": "INX", "sez_state_0": "27", "back": "1"})
    page = text_of_page(applicant.get("details"))
    assert 'value="32AB"' in page
    assert 'value="INX"' in page


def test_every_step_shows_where_one_is_and_links_the_manual_and_the_help(applicant: Applicant) -> None:
    applicant.walk_to("details")
    for name in ("token", "contact", "declaration", "details"):
        page = text_of_page(applicant.get(name))
        assert page.count('aria-current="step"') == 1, name
        assert reverse("registration:notice") in page
        assert "Back" in page


def test_pages_out_of_order_lead_to_where_the_attempt_stands(applicant: Applicant) -> None:
    for name in ("contact", "codes", "declaration", "details", "done", "waiting", "refused"):
        assert applicant.get(name).headers["Location"] == reverse("registration:token")
    applicant.walk_to("contact")
    for name in ("codes", "declaration", "details", "done", "refused"):
        assert applicant.get(name).headers["Location"] == reverse("registration:contact"), name
    assert applicant.post("details", {"gstin_0": "x"}).headers["Location"] == reverse("registration:contact")


def test_a_finished_attempt_shows_only_its_number(applicant: Applicant) -> None:
    applicant.walk_to("done")
    for name in ("contact", "codes", "declaration", "details", "waiting"):
        assert applicant.get(name).headers["Location"] == reverse("registration:done"), name


def test_sending_the_details_twice_registers_once(applicant: Applicant) -> None:
    applicant.walk_to("details")
    sent = gstins(applicant.attempt)
    first = applicant.post("details", sent)
    second = applicant.post("details", sent)
    assert first.headers["Location"] == second.headers["Location"] == reverse("registration:done")
    assert Exporter.objects.count() == 1
    assert not errors_of(first)
