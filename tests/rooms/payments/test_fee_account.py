"""Where an agency's fees go: the agency proposes, the platform confirms, and until then nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.rooms.accounts.people import make_person
from tests.rooms.examination.cases import make_office, make_officer
from tests.rooms.payments.purse import ACTOR, GSTIN, Payer, ready_agency
from tests.rooms.payments.test_pages import browser, page
from udgam.flow.payments.refusals import PaymentRefused
from udgam.ground.audit.queries import acts_of
from udgam.ground.messages.models import Message
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.agencies import services
from udgam.parties.agencies.models import Agency, FeeAccountChange
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.rules.identifiers import IdentifierRefused

PROPOSE = "/payments/agency/fee-account/"
PAN = "ZZZAS0201C"
# Of Karnataka, and of another PAN.
NEW = {"state_code": "29", "gstin": "29ZZZAN0202D1ZI", "billing_address": "Bengaluru 560001", "gateway": "sandbox"}
MOVED = {"state_code": "27", "gstin": GSTIN, "billing_address": "Pune 411001", "gateway": "sandbox"}


@pytest.fixture
def own(agency: Agency) -> Client:
    return browser(make_officer(make_office(agency, "Mumbai"), "Prakash Joshi", "administrator"))


@pytest.fixture
def platform(db: None) -> Client:
    return browser(make_person(Person.Kind.ADMINISTRATOR, username="root", name="Nandini Rao"))


def waiting(agency: Agency) -> FeeAccountChange:
    return agency.fee_account_changes.get(state="waiting")


def decide(agency: Agency, platform: Client, decision: str = "confirm", **more: str) -> Any:
    values = {"change": str(waiting(agency).pk), "decision": decision, **more}
    return platform.post(f"/agency/{agency.pk}/fee-account/", values)


def stands(agency: Agency) -> tuple[str, str, str]:
    agency.refresh_from_db()
    return agency.state_code, agency.gstin, agency.billing_address


def propose(agency: Agency, **values: Any) -> FeeAccountChange:
    return services.propose_fee_account(agency=agency, actor=ACTOR, now=timezone.now(), **{**NEW, **values})


def test_a_change_counts_only_once_the_platform_has_confirmed_it(
    agency: Agency, own: Client, platform: Client, payer: Payer
) -> None:
    before = stands(agency)
    assert own.post(PROPOSE, NEW).status_code == 302
    assert stands(agency) == before
    # Meanwhile fees go on as before, and both sides read so.
    order = payer.order()
    assert order.supplier_state == "27"
    told = "Until then fees go on to the confirmed account."
    assert told in page(own, "/payments/agency/")
    assert told in page(own, PROPOSE)
    assert "29ZZZAN0202D1ZI" in page(own, PROPOSE)
    assert "Sahyadri Export Council" in page(platform, "/agency/all/").partition("Fee accounts that wait for you")[2]
    of_agency = page(platform, f"/agency/{agency.pk}/")
    assert GSTIN in of_agency
    assert "fees go on to the confirmed account" in of_agency
    read = page(platform, f"/agency/{agency.pk}/fee-account/")
    assert GSTIN in read
    assert "29ZZZAN0202D1ZI" in read
    assert Message.objects.filter(template="agencies/fee_account_waits").count() == 1
    answer = decide(agency, platform, compared="on")
    assert answer.headers["Location"] == f"/agency/{agency.pk}/"
    assert stands(agency) == ("29", "29ZZZAN0202D1ZI", "Bengaluru 560001")
    assert payer.order().supplier_state == "29"
    assert Message.objects.filter(template="agencies/fee_account_confirmed").count() == 1
    acts = [line.act for line in acts_of(f"agency:{agency.code}", newest_first=True, limit=2)]
    assert acts == ["agency.fee_account_set", "agency.fee_account_proposed"]


def test_a_first_account_waits_too(own: Client, platform: Client, agency: Agency) -> None:
    Agency.objects.update(state_code="", gstin="", billing_address="", gateway="")
    agency.refresh_from_db()
    assert own.post(PROPOSE, MOVED).status_code == 302
    assert "nothing can be paid to the agency on the platform" in page(own, "/payments/agency/")
    assert "nothing can be paid to the agency on the platform" in page(platform, f"/agency/{agency.pk}/")
    with pytest.raises(PaymentRefused) as refused:
        Payer(agency).order()
    assert refused.value.code == "payment.agency_not_ready"
    assert decide(agency, platform, compared="on").status_code == 302
    agency.refresh_from_db()
    assert Payer(agency, "mango").order().supplier_state == "27"


def test_a_gstin_that_no_confirmed_pan_vouches_for_is_confirmed_knowingly(
    agency: Agency, own: Client, platform: Client
) -> None:
    own.post(PROPOSE, NEW)
    before = stands(agency)
    answer = decide(agency, platform)
    assert answer.status_code == 409
    assert "No confirmed PAN says that this GSTIN is the agency’s own." in answer.content.decode()
    assert stands(agency) == before
    assert waiting(agency)


def test_with_a_confirmed_pan_only_its_own_gstin_passes(agency: Agency, own: Client, platform: Client) -> None:
    # To state the PAN is a change of its own, which somebody compares.
    own.post(PROPOSE, {**MOVED, "pan": PAN})
    assert decide(agency, platform).status_code == 409
    assert decide(agency, platform, compared="on").status_code == 302
    agency.refresh_from_db()
    assert agency.pan == PAN
    # Another firm's GSTIN is turned away when it is proposed, whether or not the PAN is typed again.
    for pan in ("", PAN):
        assert own.post(PROPOSE, {**NEW, "pan": pan}).status_code == 409
    assert not agency.fee_account_changes.filter(state="waiting").exists()
    with pytest.raises(IdentifierRefused) as refused:
        propose(agency)
    assert refused.value.code == "gstin.pan_differs"
    # The agency's own needs no comparing again.
    own.post(PROPOSE, {**MOVED, "billing_address": "Nashik 422001"})
    assert "I have compared" not in page(platform, f"/agency/{agency.pk}/fee-account/")
    assert decide(agency, platform).status_code == 302
    # A PAN that was stated does not go away by silence, and another one is compared.
    own.post(PROPOSE, {**NEW, "pan": "ZZZAN0202D"})
    assert decide(agency, platform).status_code == 409


def test_without_a_new_number_nothing_needs_comparing(agency: Agency, own: Client, platform: Client) -> None:
    own.post(PROPOSE, MOVED)
    assert decide(agency, platform).status_code == 302
    assert stands(agency)[2] == "Pune 411001"
    own.post(PROPOSE, {**MOVED, "gstin": ""})
    assert decide(agency, platform).status_code == 302
    assert stands(agency)[1] == ""


def test_the_platform_rejects_with_a_reason_that_the_agency_reads(
    agency: Agency, own: Client, platform: Client
) -> None:
    before = stands(agency)
    own.post(PROPOSE, NEW)
    assert decide(agency, platform, "reject").status_code == 422
    assert decide(agency, platform, "reject", reason="This GSTIN is another firm’s.").status_code == 302
    assert stands(agency) == before
    assert "This GSTIN is another firm’s." in page(own, "/payments/agency/")
    assert Message.objects.filter(template="agencies/fee_account_rejected").count() == 1
    assert "No change of the fee account waits." in page(platform, f"/agency/{agency.pk}/fee-account/")


def test_what_was_replaced_or_taken_back_is_not_confirmed(agency: Agency, own: Client, platform: Client) -> None:
    before = stands(agency)
    own.post(PROPOSE, NEW)
    seen = waiting(agency)
    own.post(PROPOSE, {**NEW, "billing_address": "Elsewhere"})
    assert waiting(agency) != seen
    values = {"change": str(seen.pk), "decision": "confirm", "compared": "on"}
    assert platform.post(f"/agency/{agency.pk}/fee-account/", values).status_code == 409
    with pytest.raises(AgencyRefused) as refused:
        services.confirm_fee_account(change=seen, compared=True, actor=ACTOR, now=timezone.now())
    assert refused.value.code == "agency.fee_account_decided"
    values["change"] = str(waiting(agency).pk)
    assert own.post(PROPOSE, {"withdraw": "1"}).status_code == 302
    assert platform.post(f"/agency/{agency.pk}/fee-account/", values).status_code == 409
    assert stands(agency) == before
    assert [row.state for row in agency.fee_account_changes.order_by("id")][-2:] == ["replaced", "withdrawn"]


def test_taking_back_what_was_decided_meanwhile_is_refused_in_words(
    agency: Agency, own: Client, platform: Client
) -> None:
    own.post(PROPOSE, NEW)
    values = {"change": str(waiting(agency).pk), "decision": "reject", "reason": "No papers."}
    assert platform.post(f"/agency/{agency.pk}/fee-account/", values).status_code == 302
    answer = own.post(PROPOSE, {"withdraw": "1"})
    assert answer.status_code == 409
    assert "This change of the fee account does not wait any more." in answer.content.decode()
    assert agency.fee_account_changes.latest("id").state == "rejected"


@pytest.mark.parametrize("decision", ["confirm", "reject"])
def test_mails_in_hindi_name_the_agency_in_hindi(agency: Agency, own: Client, platform: Client, decision: str) -> None:
    Agency.objects.filter(pk=agency.pk).update(name_hindi="मसाला परिषद")
    Person.objects.update(language="hi")
    own.post(PROPOSE, NEW)
    values = {"change": str(waiting(agency).pk), "decision": decision, "compared": "on", "reason": "No papers."}
    assert platform.post(f"/agency/{agency.pk}/fee-account/", values).status_code == 302
    mails = Message.objects.filter(template__startswith="agencies/fee_account_")
    assert mails.count() >= 2
    for one in mails:
        assert "मसाला परिषद" in one.body, one.template
        assert agency.name not in one.body


def test_nobody_confirms_what_they_proposed(agency: Agency) -> None:
    person = make_person(Person.Kind.ADMINISTRATOR, username="root", name="Nandini Rao")
    change = services.propose_fee_account(agency=agency, actor=actor_of(person), now=timezone.now(), **NEW)
    with pytest.raises(AgencyRefused) as refused:
        services.confirm_fee_account(change=change, compared=True, actor=actor_of(person), now=timezone.now())
    assert refused.value.code == "agency.fee_account_own"


def test_what_stands_already_is_no_change(agency: Agency) -> None:
    values = {name: getattr(agency, name) for name in NEW}
    with pytest.raises(AgencyRefused) as refused:
        propose(agency, **values)
    assert refused.value.code == "agency.fee_account_unchanged"


def test_an_account_that_the_installation_has_lost_is_not_confirmed(agency: Agency, settings: Any) -> None:
    change = propose(agency)
    settings.PAYMENT_ACCOUNTS = {}
    with pytest.raises(AgencyRefused) as refused:
        services.confirm_fee_account(change=change, compared=True, actor=ACTOR, now=timezone.now())
    assert refused.value.code == "agency.account_not_own"
    assert waiting(agency) == change


def test_only_the_platform_confirms_and_only_the_own_agency_is_shown(agency: Agency, own: Client) -> None:
    change, other = propose(agency), ready_agency("NTC")
    stranger = browser(make_officer(make_office(other, "Ooty"), "Mohan Iyer", "administrator"))
    for client in (own, stranger):
        values = {"change": str(change.pk), "decision": "confirm", "compared": "on"}
        assert client.post(f"/agency/{agency.pk}/fee-account/", values).status_code == 404
    assert "29ZZZAN0202D1ZI" not in page(stranger, PROPOSE)
    stranger.post(PROPOSE, {"withdraw": "1"})
    assert waiting(agency) == change
