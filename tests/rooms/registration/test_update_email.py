"""UPDATE EMAIL?: token, fresh record, code to the new address, notice to the old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.rooms.registration.applicant import Applicant, errors_of, firm, text_of_page
from tests.rooms.registration.attempts import newest_code
from tests.rooms.registration.colleagues import accept, invite
from tests.rooms.registration.firms import register_firm
from udgam.flow.registration.models import ContactChange, Exporter, OneTimeCode, TokenEvidence
from udgam.ground.connectors import iec_register
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.models import Person
from udgam.sandbox.registry import RegistryHandle

pytestmark = pytest.mark.django_db
IEC = firm("spices").iec
NEW = "new@malabar-monsoon.example"


@pytest.fixture(autouse=True)
def registered() -> None:
    register_firm("spices", now=timezone.now() - timedelta(hours=2))


def _show(applicant: Applicant, token: str = "exporter", iec: str = IEC):  # type: ignore[no-untyped-def]
    return applicant.post("update-email", {"iec": iec, **applicant.answer("update-email", token)}, follow=True)


def test_the_address_is_changed_and_both_addresses_hear_of_it(applicant: Applicant, register: RegistryHandle) -> None:
    old = firm("spices").email
    register.firms.change(IEC, {"email": NEW})
    assert _show(applicant).redirect_chain[-1][0] == reverse("registration:update-email-address")
    wrong = applicant.post("update-email-address", {"email": "other@else.example"})
    assert "update the IEC at DGFT" in errors_of(wrong)[0]
    applicant.post("update-email-address", {"email": NEW})
    assert Exporter.objects.get().email == old
    applicant.post("update-email-code", {"code": newest_code("mail", to=NEW)})
    assert "From now on" in text_of_page(applicant.get("update-email-done"))
    assert Exporter.objects.get().email == Person.objects.get().email == NEW
    assert Person.objects.get().email_changed_at
    assert TokenEvidence.objects.get(purpose="update-email").decision["allowed"]
    run_deferred()
    assert any(message.to == [old] for message in mail.outbox)


def test_an_address_that_is_not_in_the_fresh_record_gets_no_code(applicant: Applicant) -> None:
    _show(applicant)
    assert errors_of(applicant.post("update-email-address", {"email": NEW}))
    present = applicant.post("update-email-address", {"email": firm("spices").email})
    assert "already in use" in errors_of(present)[0]
    assert not OneTimeCode.objects.filter(subject__startswith="email_update").exists()


@pytest.mark.parametrize(
    ("token", "code"),
    [("other-exporter", "binding."), ("wrong-firm", "binding.iec_differs"), ("near-miss", "near_miss")],
)
def test_somebody_elses_token_changes_nothing(
    applicant: Applicant, register: RegistryHandle, token: str, code: str
) -> None:
    register.firms.change(IEC, {"email": NEW})
    page = text_of_page(_show(applicant, token))
    assert code in page
    assert applicant.get("update-email-address").headers["Location"] == reverse("registration:update-email-refused")
    assert Exporter.objects.get().email == firm("spices").email


def test_a_firm_that_is_not_registered_is_told_so(applicant: Applicant) -> None:
    assert "not registered here" in errors_of(_show(applicant, "ceramics-partner", firm("ceramics").iec))[0]
    assert not ContactChange.objects.exists()


def test_an_outage_keeps_the_wish(applicant: Applicant, register: RegistryHandle) -> None:
    from udgam.flow.registration.models import LocalRecord

    LocalRecord.objects.all().delete()
    register.outage(True)
    assert _show(applicant).redirect_chain[-1][0] == reverse("registration:update-email-waiting")
    assert "asked again just now" in text_of_page(applicant.post("update-email-waiting"))
    register.outage(False)
    iec_register.breaker.reset()
    assert applicant.post("update-email-waiting").headers["Location"] == reverse("registration:update-email-address")


def test_the_code_has_the_same_limits(applicant: Applicant, register: RegistryHandle) -> None:
    register.firms.change(IEC, {"email": NEW})
    _show(applicant)
    applicant.post("update-email-address", {"email": NEW})
    right = newest_code("mail", to=NEW)
    wrong = "000000" if right != "000000" else "000001"
    assert "Wait" in text_of_page(applicant.post("update-email-code", {"send": "1"}, follow=True))
    for _ in range(5):
        applicant.post("update-email-code", {"code": wrong})
    assert "too often" in errors_of(applicant.post("update-email-code", {"code": right}))[0]
    assert Exporter.objects.get().email != NEW


def test_capital_letters_bring_no_more_codes(applicant: Applicant, register: RegistryHandle) -> None:
    register.firms.change(IEC, {"email": NEW})
    _show(applicant)
    applicant.post("update-email-address", {"email": NEW})
    assert OneTimeCode.objects.filter(subject__startswith="email_update").count() == 1
    for spelling in (NEW.replace("new@", "New@"), NEW.replace("new@", "NEW@"), NEW.replace("new@", "nEw@")):
        assert "Wait" in errors_of(applicant.post("update-email-address", {"email": spelling}))[0]
    assert OneTimeCode.objects.filter(subject__startswith="email_update").count() == 1


def test_pages_out_of_order_lead_to_where_the_change_stands(applicant: Applicant) -> None:
    names = ("address", "code", "done", "waiting", "refused")
    for name in names:
        location = applicant.get(f"update-email-{name}").headers["Location"]
        assert location == reverse("registration:update-email")
    _show(applicant)
    for name in names[1:]:
        location = applicant.get(f"update-email-{name}").headers["Location"]
        assert location == reverse("registration:update-email-address")


def test_colleagues_keep_the_addresses_under_which_they_joined(applicant: Applicant, register: RegistryHandle) -> None:
    """Whoever reads the firm's mailbox must not become able to reset a colleague's password."""
    exporter, person = Exporter.objects.get(), Person.objects.get()
    colleague = accept(invite(exporter, person, email="deepa@drafter.example"))
    register.firms.change(IEC, {"email": NEW})
    _show(applicant)
    applicant.post("update-email-address", {"email": NEW})
    applicant.post("update-email-code", {"code": newest_code("mail", to=NEW)})
    person.refresh_from_db()
    colleague.refresh_from_db()
    assert (person.email, colleague.email) == (NEW, "deepa@drafter.example")
    assert colleague.email_changed_at is None
