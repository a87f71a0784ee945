""" "My IEC details": fetched again, what changed, what is missing, and when filing stops."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.registration.applicant import Applicant, errors_of, firm, text_of_page
from tests.rooms.registration.attempts import newest_code
from tests.rooms.registration.firms import certificate_for, firm_record, register_firm
from udgam.flow.registration import fetching, policies, queries, services
from udgam.flow.registration.models import DeclarationConsent, Exporter, ExporterBranch, OneTimeCode
from udgam.ground.audit.actors import SystemActor
from udgam.ground.connectors import iec_register
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.renewal import renewal_for
from udgam.parties.accounts.services import renew_token
from udgam.rules.binding import decide_exporter
from udgam.sandbox import cast
from udgam.sandbox.registry import RegistryHandle
from udgam.signing.trust import read_facts

pytestmark = pytest.mark.django_db
IEC = firm("spices").iec


@pytest.fixture
def registered(register: RegistryHandle) -> tuple[Exporter, Person]:
    """The firm as the register has it at this moment."""
    exporter, person = register_firm("spices")
    fetching.refresh_record(exporter.public_id, actor=SystemActor("tests"), now=timezone.now())
    exporter.refresh_from_db()
    OneTimeCode.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    return exporter, person


@pytest.fixture
def browser(registered: tuple[Exporter, Person]) -> Client:
    client = Client()
    sign_in(client, registered[1])
    return client


def _page(browser: Client, name: str = "my-iec", *args: str) -> str:
    return text_of_page(browser.get(reverse(f"registration:{name}", args=args)))


def _fetch(browser: Client) -> str:
    return text_of_page(browser.post(reverse("registration:my-iec-fetch"), follow=True))


def test_the_page_shows_the_record_and_that_the_firm_may_file(browser: Client) -> None:
    page = _page(browser)
    assert IEC in page
    assert firm("spices").name in page
    assert "May file applications" in page
    assert "Update the IEC at DGFT first" in page


def test_a_fetch_without_changes_says_so(browser: Client) -> None:
    assert "Nothing has changed" in _fetch(browser)


def test_an_inactive_iec_stops_filing_and_says_what_to_do(
    browser: Client, registered: tuple[Exporter, Person], register: RegistryHandle
) -> None:
    register.firms.change(IEC, {"active": False})
    page = _fetch(browser)
    assert "No application can be filed at present" in page
    assert "DGFT" in page
    verdict = policies.may_file(Exporter.objects.get(), timezone.now())
    assert (verdict.allowed, verdict.reason) == (False, "binding.iec_inactive")
    register.firms.change(IEC, {"active": True})
    assert "May file applications" in _fetch(browser)


def test_a_holder_no_longer_listed_stops_filing(browser: Client, register: RegistryHandle) -> None:
    people = [person for person in register.firms.find(IEC)["people"] if person["name"] != "Ravi Menon"]
    register.firms.change(IEC, {"people": people})
    page = _fetch(browser)
    assert "Ravi Menon" in page
    assert policies.may_file(Exporter.objects.get(), timezone.now()).reason == "binding.holder_not_listed"


def test_an_iec_that_vanished_stops_filing(registered: tuple[Exporter, Person]) -> None:
    exporter, person = registered
    services.stop_unknown(exporter_id=exporter.public_id, actor=actor_of(person), now=timezone.now())
    verdict = policies.may_file(Exporter.objects.get(), timezone.now())
    assert verdict.reason == "register.iec_unknown"
    assert IEC in verdict.message


def test_a_new_branch_asks_for_its_gstin_or_sez(browser: Client, register: RegistryHandle) -> None:
    branches = register.firms.find(IEC)["branches"]
    office = firm("mango").branches[0].address
    new = {**branches[0], "code": 77, "address": {**branches[0]["address"], "state": office.state, "line1": "New yard"}}
    register.firms.change(IEC, {"branches": [*branches, new]})
    page = _fetch(browser)
    assert "Branch 77 was added" in page
    assert "Give the GSTIN or SEZ of 1 branch" in page
    exporter = Exporter.objects.get()
    assert policies.may_file(exporter, timezone.now())
    assert policies.may_file(exporter, timezone.now(), branch="77").reason == "filing.tax_place_missing"
    assert "77" not in set(queries.branches_of(exporter, ready_only=True).values_list("code", flat=True))

    address = reverse("registration:my-iec-branches")
    wrong = browser.post(address, {"gstin_0": cast.gstin("32", exporter.record["pan"])})
    assert "Maharashtra" in errors_of(wrong)[0]
    right = cast.gstin("27", exporter.record["pan"])
    assert browser.post(address, {"gstin_0": right}).status_code == 302
    assert ExporterBranch.objects.get(code="77").gstin == right
    assert policies.may_file(exporter, timezone.now(), branch="77")


def test_the_page_for_branches_leaves_finished_ones_alone(browser: Client) -> None:
    before = list(ExporterBranch.objects.order_by("pk").values())
    answer = browser.post(reverse("registration:my-iec-branches"), {"gstin_0": "x", "is_sez_0": "on"})
    assert answer.headers["Location"] == reverse("registration:my-iec")
    assert list(ExporterBranch.objects.order_by("pk").values()) == before


def test_a_removed_branch_leaves_the_list_and_stays_in_the_table(browser: Client, register: RegistryHandle) -> None:
    branches = register.firms.find(IEC)["branches"]
    register.firms.change(IEC, {"branches": [*branches, {**branches[0], "code": 78}]})
    _fetch(browser)
    register.firms.change(IEC, {"branches": branches})
    assert "was removed" in _fetch(browser)
    assert ExporterBranch.objects.get(code="78").removed_at
    assert "78" not in set(queries.branches_of(Exporter.objects.get()).values_list("code", flat=True))


def test_a_changed_email_is_proved_again_and_the_old_address_is_told(
    browser: Client, registered: tuple[Exporter, Person], register: RegistryHandle
) -> None:
    old = firm("spices").email
    register.firms.change(IEC, {"email": "new@malabar-monsoon.example"})
    page = _fetch(browser)
    assert "Prove the new e-mail address" in page
    exporter = Exporter.objects.get()
    assert policies.may_file(exporter, timezone.now()).reason == "filing.contact_unproved"
    address = reverse("registration:my-iec-contact", args=["email"])
    browser.post(address, {"send": "1"})
    wrong = browser.post(address, {"code": "12345x"})
    assert "six digits" in errors_of(wrong)[0]
    assert Exporter.objects.get().email == old
    browser.post(address, {"code": newest_code("mail", to="new@malabar-monsoon.example")})
    assert Exporter.objects.get().email == Person.objects.get().email == "new@malabar-monsoon.example"
    assert policies.may_file(Exporter.objects.get(), timezone.now())
    run_deferred()
    assert any(message.to == [old] for message in mail.outbox)


def test_a_changed_mobile_is_proved_again(browser: Client, register: RegistryHandle) -> None:
    register.firms.change(IEC, {"mobile": "+919999912345"})
    assert "Prove the new mobile number" in _fetch(browser)
    address = reverse("registration:my-iec-contact", args=["mobile"])
    browser.post(address, {"send": "1"})
    browser.post(address, {"code": newest_code("text", to="9999912345")})
    assert Person.objects.get().mobile == "9999912345"
    assert policies.may_file(Exporter.objects.get(), timezone.now())


def test_an_outage_shows_since_when_and_keeps_the_record(browser: Client, register: RegistryHandle) -> None:
    before = Exporter.objects.get().record
    Exporter.objects.update(record_fetched_at=timezone.now() - timedelta(days=2))
    from udgam.flow.registration.models import LocalRecord

    LocalRecord.objects.all().delete()
    register.outage(True)
    page = _fetch(browser)
    assert "has not answered since" in page
    assert firm("spices").name in page
    assert Exporter.objects.get().record == before


def test_a_record_older_than_a_day_does_not_file_until_it_is_fetched_again(
    registered: tuple[Exporter, Person],
) -> None:
    exporter, _ = registered
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    assert policies.may_file(exporter, tomorrow).reason == "filing.record_stale"


def test_signing_in_fetches_a_record_older_than_a_day_and_shows_the_news_first(
    browser: Client, register: RegistryHandle
) -> None:
    arrive = reverse("registration:arrive")
    assert browser.get(f"{arrive}?next=/applications/").headers["Location"] == "/applications/"
    register.firms.change(IEC, {"name": "Malabar Monsoon Renamed Private Limited"})
    assert browser.get(arrive).headers["Location"] == reverse("accounts:home")
    record = Exporter.objects.get().record
    old = timezone.now() - timedelta(days=1, hours=1)
    Exporter.objects.update(
        record_fetched_at=old, record={**record, "fetched_at": old.isoformat().replace("+00:00", "Z")}
    )
    location = browser.get(f"{arrive}?next=/applications/").headers["Location"]
    assert location == reverse("registration:my-iec") + "?next=%2Fapplications%2F"
    assert "Renamed" in _page(browser)


def test_the_way_onward_never_leaves_the_site(browser: Client) -> None:
    for claimed in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert "evil" not in browser.get(reverse("registration:arrive"), {"next": claimed}).headers["Location"]
        page = text_of_page(browser.get(reverse("registration:my-iec"), {"next": claimed}))
        assert not re.search(r'href="[^"/#?][^"]*(evil|javascript)', page)


# ── agreement ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_withdrawing_the_agreement_stops_filing_and_agreeing_again_lets_it_go_on(browser: Client) -> None:
    address = reverse("registration:consent")
    browser.post(address, {"do": "withdraw"})
    assert DeclarationConsent.objects.get().withdrawn_at
    assert policies.may_file(Exporter.objects.get(), timezone.now()).reason == "filing.consent_withdrawn"
    _fetch(browser)
    assert policies.may_file(Exporter.objects.get(), timezone.now()).reason == "filing.consent_withdrawn"
    token = services.make_form_token(purpose="consent", subject=f"exporter:{Exporter.objects.get().public_id}")
    form = {"do": "agree", "form_token": token, "version": "2026-11", "read_in": "en"}
    assert "not agreed" in text_of_page(browser.post(address, form))
    assert browser.post(address, {**form, "agree": "yes"}).status_code == 302
    assert policies.may_file(Exporter.objects.get(), timezone.now())
    assert DeclarationConsent.objects.count() == 2


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_any_token_the_table_admits_may_sign_for_the_firm(
    applicant: Applicant, registered: tuple[Exporter, Person]
) -> None:
    exporter, _ = registered
    assert policies.signatory_token_accepts(exporter, applicant.loaded("exporter").certificate)
    assert policies.signatory_token_accepts(exporter, applicant.loaded("colleague").certificate)
    refused = policies.signatory_token_accepts(exporter, applicant.loaded("other-exporter").certificate)
    assert not refused
    assert refused.reason == "binding.holder_not_listed" or refused.reason.startswith("binding.")
    assert refused.message
    assert refused.advice


def test_a_renewed_certificate_that_satisfies_the_rule_simply_works_and_colleagues_are_told(
    registered: tuple[Exporter, Person],
) -> None:
    exporter, person = registered
    colleague = make_person(username="COLLEAGUE", email="colleague@malabar-monsoon.example")
    exporter.memberships.create(person=colleague, holder_name="Lakshmi Pillai", since=timezone.now())
    hook = renewal_for("exporter")
    assert hook is not None
    assert hook.after is not None
    renewed = certificate_for("Ravi Menon", iec=IEC)
    decision = hook.decide(person, read_facts(renewed), timezone.now())
    assert decision.allowed
    old = person.tokens.get()
    new = renew_token(old=old, certificate=renewed, decision=decision, actor=actor_of(person), now=timezone.now())
    hook.after(person, new, timezone.now())
    assert new.der == renewed.public_bytes(Encoding.DER)
    assert [bool(token.retired_at) for token in person.tokens.order_by("enrolled_at")] == [True, False]
    run_deferred()
    assert any(message.to == [colleague.email] and "renewed" in message.subject for message in mail.outbox)
    stranger = hook.decide(person, read_facts(certificate_for("Somebody Else", iec=IEC)), timezone.now())
    assert not stranger.allowed


# ── strangers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["my-iec", "my-iec-branches", "consent", "arrive"])
def test_nobody_and_the_wrong_people_see_no_firm(registered: tuple[Exporter, Person], name: str) -> None:
    address = reverse(f"registration:{name}")
    assert reverse("accounts:sign-in") in Client().get(address).headers["Location"]
    for kind in ("officer", "agency_admin", "administrator"):
        client = Client()
        sign_in(client, make_person(kind, username=kind))
        assert client.get(address).status_code == 404, kind


def test_an_exporter_without_a_firm_gets_404(registered: tuple[Exporter, Person]) -> None:
    client = Client()
    sign_in(client, make_person(username="firmless"))
    for name in ("my-iec", "my-iec-branches", "consent"):
        assert client.get(reverse(f"registration:{name}")).status_code == 404
    assert client.post(reverse("registration:my-iec-fetch")).status_code == 404


def test_firms_are_seen_through_the_person(registered: tuple[Exporter, Person]) -> None:
    exporter, person = registered
    other, stranger = register_firm("ceramics")
    assert list(queries.exporters_visible_to(actor_of(person))) == [exporter]
    assert list(queries.exporters_visible_to(actor_of(stranger))) == [other]
    assert not queries.exporters_visible_to(actor_of(make_person("officer", username="officer"))).exists()
    assert queries.exporters_visible_to(actor_of(make_person("administrator", username="administrator"))).count() == 2


def test_own_data_can_be_taken_along_and_forgotten(registered: tuple[Exporter, Person]) -> None:
    from udgam.flow.registration import hooks

    _, person = registered
    data = hooks.export_own_data(person)
    assert data["iec"] == IEC
    assert data["agreed"][0]["version"] == "2026-11"
    kept = hooks.erase_own_data(person, timezone.now())
    assert kept
    assert queries.exporter_of(person) is None


def test_the_stored_decision_can_be_repeated_from_what_was_kept(registered: tuple[Exporter, Person]) -> None:
    from udgam.flow.registration.models import TokenEvidence

    evidence = TokenEvidence.objects.get()
    again = decide_exporter(queries.facts_of(evidence), firm_record("spices"), IEC)
    assert again.to_json() == evidence.decision
    assert iec_register.breaker.since is None
