"""Every "no" on the way: its own reason, what to do, and nothing changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.rooms.registration.applicant import Applicant, errors_of, firm, make_token, text_of_page
from tests.rooms.registration.attempts import newest_code
from tests.rooms.registration.firms import register_firm
from udgam.flow.registration.models import (
    DeclarationConsent,
    Exporter,
    LocalRecord,
    OneTimeCode,
    Registration,
    TokenEvidence,
)
from udgam.flow.registration.services import codes
from udgam.ground.messages.models import Message
from udgam.parties.accounts.models import Person
from udgam.sandbox.registry import RegistryHandle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("key", "token", "code"),
    [
        ("inactive", "inactive-director", "binding.iec_inactive"),
        ("mismatch", "unlisted-director", "binding.holder_not_listed"),
        ("no-contact", "no-contact-proprietor", "filing.contact_missing"),
        ("pan-hash", "unprovable-director", "binding.director_not_provable"),
        ("spices", "wrong-firm", "binding.iec_differs"),
        ("spices", "two-iecs", "binding.iec_ambiguous"),
        ("spices", "near-miss", "binding.holder_near_miss"),
        ("mango", "exporter", "binding.iec_differs"),
        ("mango", "colleague", "binding.organisation_token_for_proprietorship"),
    ],
)
def test_a_token_that_may_not_act_for_the_firm_is_refused_with_its_reason(
    applicant: Applicant, key: str, token: str, code: str
) -> None:
    page = text_of_page(applicant.show_token(firm(key).iec, token))
    assert reverse("registration:refused") == applicant.get("contact").headers["Location"]
    assert code in page
    assert "Nothing was changed" in page
    attempt = Registration.objects.get()
    assert (attempt.stage, attempt.refusal) == (Registration.Stage.REFUSED, code)
    assert TokenEvidence.objects.get().decision["allowed"] is (code == "filing.contact_missing")
    assert not Exporter.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("key", "token"),
    [
        ("spices", "exporter"),
        ("spices", "colleague"),
        ("mango", "other-exporter"),
        ("loom", "loom-partner"),
        ("ceramics", "ceramics-partner"),
        ("pan-hash", "pan-hash-director"),
        ("hindi", "hindi-proprietor"),
    ],
)
def test_a_token_of_each_row_of_the_table_is_admitted(applicant: Applicant, key: str, token: str) -> None:
    response = applicant.show_token(firm(key).iec, token)
    assert response.redirect_chain[-1][0] == reverse("registration:contact"), text_of_page(response)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("expired", "expired"),
        ("revoked", "revoked"),
        ("on-hold", "suspended"),
        ("exporter-encryption", "encrypt"),
        ("class-2", "class 3"),
        ("document-signer", "document signer"),
        ("not-yet-valid", "valid only from"),
        ("untrusted", "does not trust"),
    ],
)
def test_a_token_that_cannot_be_trusted_is_refused_beside_the_form(
    applicant: Applicant, token: str, words: str
) -> None:
    response = applicant.show_token(token=token)
    (error,) = errors_of(response)
    assert words in error.lower(), error
    assert 'value="0305900017"' in text_of_page(response)
    assert not Registration.objects.exists()
    assert not TokenEvidence.objects.exists()


def test_an_unknown_iec_is_refused(applicant: Applicant) -> None:
    page = text_of_page(applicant.show_token("0399999990", "exporter"))
    assert "register.iec_unknown" in page


@pytest.mark.parametrize("typed", ["", "12345", "305900017", "ABCDE12345", "03059000170", "०३०५९०००१७x", "x" * 41])
def test_a_mistyped_iec_is_refused_beside_its_field(applicant: Applicant, typed: str) -> None:
    response = applicant.show_token(typed)
    page = text_of_page(response)
    assert errors_of(response)
    assert 'id="id_iec_error"' in page
    assert not Registration.objects.exists()


def test_a_nonce_is_good_once_and_only_in_its_own_browser(applicant: Applicant) -> None:
    answer = applicant.answer("token", "exporter")
    other = Applicant(applicant.ca)
    other.get("token")
    assert "does not belong" in errors_of(other.post("token", {"iec": "0305900017", **answer}))[0]
    first = applicant.post("token", {"iec": "0305900017", **answer})
    assert first.headers["Location"] == reverse("registration:contact")
    again = applicant.post("token", {"iec": "0305900017", **answer})
    assert "used already" in errors_of(again)[0]


def test_a_nonce_older_than_five_minutes_is_refused(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = applicant.answer("token", "exporter")
    later = timezone.now() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "five minutes" in errors_of(applicant.post("token", {"iec": "0305900017", **answer}))[0]


def test_a_token_made_for_another_site_is_refused_whatever_the_host_header_says(applicant: Applicant) -> None:
    answer = applicant.answer("token", "exporter")
    answer["token"] = make_token(applicant.loaded("exporter"), nonce=answer["nonce"], origin="https://other.example")
    response = applicant.post("token", {"iec": "0305900017", **answer}, HTTP_HOST="localhost")
    assert errors_of(response)
    assert not Registration.objects.exists()


def test_without_revocation_evidence_nobody_is_let_in(
    applicant: Applicant, settings: Settings, tmp_path: object
) -> None:
    settings.REVOCATION_INDEX_FOLDER = tmp_path
    settings.TRUST_FOLDER = _without_crls(settings.TRUST_FOLDER, tmp_path)
    applicant.ca.outage("all", True)
    response = applicant.show_token()
    assert errors_of(response), text_of_page(response)
    assert not Registration.objects.exists()


def _without_crls(folder, tmp_path):  # type: ignore[no-untyped-def]
    import shutil

    copy = tmp_path / "trust"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("crls"))
    return copy


# ── the register ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_outage_keeps_the_attempt_says_since_when_and_lets_one_continue(
    applicant: Applicant, register: RegistryHandle
) -> None:
    register.outage(True)
    response = applicant.show_token()
    page = text_of_page(response)
    assert response.redirect_chain[-1][0] == reverse("registration:waiting")
    assert "has not answered since" in page
    assert Registration.objects.get().unavailable_since is not None
    assert "asked again just now" in text_of_page(applicant.post("waiting"))
    register.outage(False)
    _let_the_breaker_rest()
    assert applicant.post("waiting").headers["Location"] == reverse("registration:contact")
    assert Registration.objects.get().unavailable_since is None


def _let_the_breaker_rest() -> None:
    from udgam.ground.connectors import iec_register

    iec_register.breaker.reset()


def test_after_an_outage_one_continues_from_another_browser_with_token_and_iec(
    applicant: Applicant, register: RegistryHandle
) -> None:
    register.outage(True)
    applicant.show_token()
    register.outage(False)
    _let_the_breaker_rest()
    elsewhere = Applicant(applicant.ca)
    elsewhere.show_token()
    assert elsewhere.attempt == applicant.attempt
    assert Registration.objects.count() == 1


def test_coming_back_with_the_token_finds_everything_that_was_done(applicant: Applicant) -> None:
    applicant.walk_to("details")
    applicant.post("details", {"gstin_0": "32TYPED", "back": "1"})
    elsewhere = Applicant(applicant.ca)
    response = elsewhere.show_token()
    assert response.redirect_chain[-1][0] == reverse("registration:details")
    assert 'value="32TYPED"' in text_of_page(response)


def test_an_outage_in_the_middle_blanks_nothing(applicant: Applicant, register: RegistryHandle) -> None:
    applicant.walk_to("details")
    applicant.post("details", {"gstin_0": "32TYPED", "back": "1"})
    Registration.objects.update(record={**applicant.attempt.record, "fetched_at": "2020-01-01T00:00:00Z"})
    LocalRecord.objects.all().delete()
    register.outage(True)
    assert applicant.get("details").headers["Location"] == reverse("registration:waiting")
    register.outage(False)
    _let_the_breaker_rest()
    response = applicant.post("waiting", follow=True)
    assert response.redirect_chain[-1][0] == reverse("registration:details")
    assert 'value="32TYPED"' in text_of_page(response)


@pytest.mark.parametrize(("key", "token"), [("down", "down-partner"), ("garbled", None)])
def test_a_register_that_fails_for_one_firm_is_an_outage_too(applicant: Applicant, key: str, token: str | None) -> None:
    response = applicant.show_token(firm(key).iec, token or "exporter")
    assert response.redirect_chain[-1][0] == reverse("registration:waiting")


def test_without_a_register_the_imported_file_is_the_source(applicant: Applicant, settings: Settings) -> None:
    from tests.rooms.registration.firms import firm_record
    from udgam.flow.registration.services import import_records
    from udgam.ground.audit.actors import SystemActor

    settings.IEC_REGISTER_URL = "import-only"
    assert "register.iec_unknown" in text_of_page(applicant.show_token())
    record = firm_record("spices", source="import", now=timezone.now() - timedelta(days=40))
    import_records(firms=[record], origin="firms.csv", actor=SystemActor("tests"), now=timezone.now())
    applicant.walk_to("done")
    assert applicant.exporter.record["source"] == "import"


# ── mobile, e-mail and codes ─────────────────────────────────────────────────────────────────────────────────────────


def test_other_mobile_and_email_are_refused_with_a_masked_hint_and_no_code_is_sent(applicant: Applicant) -> None:
    applicant.walk_to("contact")
    response = applicant.give_contact("9876543210", "somebody@else.example")
    first, second = errors_of(response)
    mobile, email = firm("spices").mobile or "", firm("spices").email or ""
    assert mobile[-3:] in first
    assert mobile[-10:] not in text_of_page(response)
    assert email[0] in second
    assert email not in text_of_page(response)
    assert "update the IEC at DGFT" in first
    assert not Message.objects.filter(template="registration/code").exists()
    assert 'value="somebody@else.example"' in text_of_page(response)


def test_codes_are_kept_only_as_keyed_hashes(applicant: Applicant) -> None:
    applicant.walk_to("codes")
    code = applicant.code("mail")
    row = OneTimeCode.objects.get(channel="email")
    assert code not in row.code_hmac
    assert len(row.code_hmac) == 64
    assert row.expires_at - row.sent_at == timedelta(minutes=10)


def test_one_right_code_stays_proved_when_the_other_is_wrong(applicant: Applicant) -> None:
    applicant.walk_to("codes")
    wrong = "000000" if applicant.code("mail") != "000000" else "000001"
    response = applicant.give_codes(email=wrong)
    (error,) = errors_of(response)
    assert "Attempts left: 4" in error
    assert applicant.attempt.mobile_proved_at
    assert not applicant.attempt.email_proved_at
    page = text_of_page(applicant.get("codes"))
    assert 'name="mobile"' not in page
    assert applicant.give_codes().redirect_chain[-1][0] == reverse("registration:declaration")


def test_after_five_wrong_guesses_even_the_right_code_is_refused(applicant: Applicant) -> None:
    applicant.walk_to("codes")
    right = applicant.code("mail")
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(codes.MOST_ATTEMPTS):
        applicant.give_codes(email=wrong)
    assert "too often" in errors_of(applicant.give_codes(email=right))[0]
    assert not applicant.attempt.email_proved_at


def test_a_code_is_refused_after_ten_minutes(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant.walk_to("codes")
    mobile, email = applicant.code("text"), applicant.code("mail")
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    errors = errors_of(applicant.give_codes(mobile, email))
    assert len(errors) == 2
    assert all("ten minutes" in error for error in errors)


def test_a_new_code_replaces_the_old_one(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant.walk_to("codes")
    old = applicant.code("mail")
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    applicant.post("resend", {"channel": "email"})
    new = applicant.code("mail")
    assert OneTimeCode.objects.filter(channel="email", replaced_at__isnull=True).count() == 1
    if old != new:
        assert errors_of(applicant.give_codes(email=old))
    assert applicant.give_codes(email=new).redirect_chain[-1][0] == reverse("registration:declaration")


def test_sending_again_has_limits(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant.walk_to("codes")
    assert "Wait" in text_of_page(applicant.post("resend", {"channel": "email"}, follow=True))
    assert OneTimeCode.objects.filter(channel="email").count() == 1
    begun = timezone.now()
    for step in range(1, 8):
        monkeypatch.setattr(timezone, "now", lambda step=step: begun + timedelta(seconds=61 * step))
        response = applicant.post("resend", {"channel": "email"}, follow=True)
    assert "Too many codes" in text_of_page(response)
    assert OneTimeCode.objects.filter(channel="email").count() == codes.MOST_IN_WINDOW


def test_going_back_and_forth_sends_no_second_code(applicant: Applicant) -> None:
    applicant.walk_to("codes")
    applicant.give_contact()
    applicant.give_contact()
    assert OneTimeCode.objects.count() == 2


def test_going_back_after_the_proof_keeps_it(applicant: Applicant) -> None:
    applicant.walk_to("declaration")
    assert applicant.give_contact().redirect_chain[-1][0] == reverse("registration:declaration")
    assert OneTimeCode.objects.count() == 2


def test_a_code_of_another_attempt_proves_nothing(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant.walk_to("codes")
    foreign = applicant.code("mail")
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    other = Applicant(applicant.ca)
    other.walk_to("codes", token="colleague")
    if foreign != newest_code("mail", to=firm("spices").email):
        assert errors_of(other.give_codes(email=foreign))


# ── the declaration ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"agree": ""}, "not agreed"),
        ({"version": "2019-01"}, "renewed"),
        ({"form_token": "forged"}, "Send it again"),
        ({"form_token": ""}, "Send it again"),
        ({"form_token": "x" * 5000}, "Send it again"),
    ],
)
def test_agreeing_needs_tick_version_and_form_token(applicant: Applicant, changed: dict[str, str], words: str) -> None:
    applicant.walk_to("declaration")
    response = applicant.agree(**changed)
    assert words in text_of_page(response)
    assert not DeclarationConsent.objects.exists()
    assert applicant.attempt.stage == Registration.Stage.CONTACT_PROVED


def test_the_form_of_the_declaration_is_taken_once(applicant: Applicant) -> None:
    applicant.walk_to("declaration")
    form = {**applicant.declaration_form(), "agree": "yes"}
    assert applicant.post("declaration", form).headers["Location"] == reverse("registration:details")
    assert "already sent" in text_of_page(applicant.post("declaration", form))
    assert DeclarationConsent.objects.count() == 1


def test_two_tabs_of_the_declaration_both_work_and_record_one_agreement(applicant: Applicant) -> None:
    applicant.walk_to("declaration")
    first, second = applicant.declaration_form(), applicant.declaration_form()
    applicant.post("declaration", {**first, "agree": "yes"})
    assert applicant.post("declaration", {**second, "agree": "yes"}).status_code == 302
    assert DeclarationConsent.objects.count() == 1


def test_a_form_token_of_one_attempt_does_not_serve_another(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.walk_to("declaration")
    stolen = applicant.declaration_form()
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    other = Applicant(applicant.ca)
    other.walk_to("declaration", token="colleague")
    assert "Send it again" in text_of_page(other.agree(form_token=stolen["form_token"]))


def test_without_scripts_the_whole_text_stands_before_the_box_and_nothing_is_disabled(applicant: Applicant) -> None:
    applicant.walk_to("declaration")
    page = text_of_page(applicant.get("declaration"))
    assert page.index("End of the declaration") < page.index('id="agree"') < page.index("data-declaration-next")
    assert " disabled" not in page
    assert "udgam-scroll" not in page


# ── the details ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"gstin_0": ""}, "gstin_0", "Neither"),
        ({"gstin_0": "", "is_sez_0": "on", "sez_state_0": ""}, "sez_state_0", "State"),
        ({"is_sez_0": "on", "sez_state_0": "32"}, "gstin_0", "Both"),
        ({"gstin_0": "27ABCDE1234F1Z5"}, "gstin_0", ""),
        ({"aeo": "!"}, "aeo", "AEO"),
        ({"gstin_0": "", "is_sez_0": "on", "sez_state_0": "ZZ"}, "sez_state_0", ""),
    ],
)
def test_wrong_details_are_refused_beside_their_field(
    applicant: Applicant, sent: dict[str, str], field: str, words: str
) -> None:
    applicant.walk_to("details")
    response = applicant.give_details(**sent)
    page = text_of_page(response)
    assert f'id="id_{field}_error"' in page
    assert any(words in error for error in errors_of(response))
    assert not Exporter.objects.exists()


def test_a_branch_in_an_sez_is_taken_with_its_state(applicant: Applicant) -> None:
    applicant.walk_to("details", firm("sez").iec, "sez-director")
    applicant.give_details(gstin_1="", is_sez_1="on", sez_state_1="24")
    second = applicant.exporter.branches.get(code="2")
    assert (second.gstin, second.is_sez, second.sez_state_code) == ("", True, "24")


def test_a_firm_without_branches_gives_one_gstin_for_itself(applicant: Applicant) -> None:
    applicant.walk_to("done", firm("no-branches").iec, "no-branches-director")
    (branch,) = applicant.exporter.branches.all()
    assert branch.code == ""
    assert branch.gstin.startswith("33")


def test_ladakh_has_a_code_of_its_own(applicant: Applicant) -> None:
    applicant.walk_to("done", firm("ladakh").iec, "ladakh-partner")
    assert applicant.exporter.branches.get().gstin.startswith("38")


def test_a_tampered_form_changes_nothing_but_what_may_be_given(applicant: Applicant) -> None:
    applicant.walk_to("details")
    applicant.give_details(
        name="Other Name",
        iec="ZZZPD0101A",
        email="evil@else.example",
        mobile="9876543210",
        username="root",
        registration_number="EIC/1999/0001",
        pan="AAAAA0000A",
        code_0="99",
        address_0="elsewhere",
        gstin_7="32AAAAA0000A1Z5",
        is_sez_9="on",
        stage="completed",
    )
    exporter = applicant.exporter
    assert (exporter.iec, exporter.email) == ("0305900017", firm("spices").email)
    assert exporter.name == firm("spices").name
    assert Person.objects.get().username == "0305900017"
    assert exporter.branches.count() == len(firm("spices").branches)


# ── twice, and somebody else's ───────────────────────────────────────────────────────────────────────────────────────


def test_registering_twice_is_refused_and_changes_nothing(applicant: Applicant) -> None:
    exporter, person = register_firm("spices", now=timezone.now() - timedelta(hours=1))
    before = (exporter.record, person.password)
    page = text_of_page(applicant.show_token(token="colleague"))
    assert "already registered" in page
    assert reverse("accounts:sign-in") in page
    exporter.refresh_from_db()
    person.refresh_from_db()
    assert (exporter.record, person.password) == before
    assert Person.objects.count() == Exporter.objects.count() == 1


def test_a_token_enrolled_with_another_account_registers_nothing(applicant: Applicant) -> None:
    from tests.rooms.accounts.people import enrol, make_person

    enrol(make_person(username="SOMEBODY"), applicant.loaded("exporter").certificate)
    applicant.walk_to("details")
    response = applicant.give_details()
    assert "already enrolled with another account" in errors_of(response)[0]
    assert not Exporter.objects.exists()
    assert Person.objects.count() == 1


def test_a_declaration_renewed_in_the_meantime_must_be_agreed_to_first(
    applicant: Applicant,
) -> None:
    applicant.walk_to("details")
    DeclarationConsent.objects.update(version="2019-01")
    response = applicant.give_details()
    assert "renewed" in errors_of(response)[0]
    assert not Exporter.objects.exists()
    applicant.agree()
    applicant.give_details()
    assert Exporter.objects.count() == 1
