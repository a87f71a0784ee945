"""Who fills in for a firm undoes nothing that was signed: the role table, at the services and at the pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.rooms.examination.cases import Filer, browser_of, make_agency, make_office
from tests.rooms.registration.applicant import text_of_page
from tests.rooms.registration.colleagues import join_firm
from udgam.flow.applications import services
from udgam.flow.applications.refusals import FilingRefused
from udgam.parties.accounts.actors import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def filer() -> Filer:
    return Filer("spices")


@pytest.mark.parametrize("role", ["drafter", "broker"])
def test_who_only_fills_in_neither_withdraws_nor_takes_back_what_was_signed(filer: Filer, role: str) -> None:
    member = join_firm(filer, role=role)
    client, now = browser_of(member.person), timezone.now()
    office = make_office(make_agency(), "Mumbai")
    case = filer.submitted(office)
    actor = actor_of(member.person)
    for undo in (services.withdraw, services.take_back):
        with pytest.raises(FilingRefused) as refused:
            undo(application=case, person=member.person, actor=actor, now=now)
        assert refused.value.code == "filing.only_signatory"
    for page in ("withdraw", "take-back"):
        address = reverse(f"applications:{page}", args=[case.public_id])
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302
    shown_page = text_of_page(client.get(reverse("applications:detail", args=[case.public_id])))
    assert "Ask somebody who signs for the firm." in shown_page
    assert "Withdraw this application" not in shown_page
    assert "Change this application" not in shown_page
    state = case.state
    case.refresh_from_db()
    assert case.state == state

    draft = filer.draft(office, invoice="MM/26-27/0042")
    assert client.post(reverse("applications:withdraw", args=[draft.public_id])).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "withdrawn"


def test_a_draft_that_was_never_signed_is_put_away_after_a_question(filer: Filer) -> None:
    draft = filer.draft(make_office(make_agency(), "Mumbai"))
    client = browser_of(filer.person)
    where = reverse("applications:withdraw", args=[draft.public_id])
    assert where in client.get(reverse("applications:detail", args=[draft.public_id])).content.decode()
    assert "Put this draft away?" in client.get(where).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"
    page = client.post(where, follow=True).content.decode()
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert "The draft is put away." in page
    assert browser_of(Filer("mango").person).post(where).status_code == 404
