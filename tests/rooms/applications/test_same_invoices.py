"""An invoice that the firm named before is found whatever its case, and not where the application was given up or is another firm's."""

from __future__ import annotations

import pytest

from tests.rooms.examination.cases import Filer, make_agency, make_office
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import same_invoices_elsewhere

pytestmark = pytest.mark.django_db


def test_the_first_other_application_of_the_firm_is_named_for_each_number() -> None:
    office, firm, stranger = make_office(make_agency(), "Mumbai"), Filer(), Filer("mango")
    mine = firm.draft(office, invoice="MM/26-27/0041")
    assert same_invoices_elsewhere(mine, ["MM/26-27/0041"]) == []
    first, second = firm.draft(office, invoice="mm/26-27/0041"), firm.draft(office, invoice="MM/26-27/0041")
    other = firm.draft(office, invoice="MM/26-27/0042")
    stranger.draft(office, invoice="MM/26-27/0043")
    asked = ["Mm/26-27/0041", "MM/26-27/0043", "MM/26-27/0042", "MM/26-27/0044"]
    assert same_invoices_elsewhere(mine, asked) == [("Mm/26-27/0041", first), ("MM/26-27/0042", other)]
    for given_up, left in ((first, [(asked[0], second)]), (second, [])):
        Application.objects.filter(pk=given_up.pk).update(state="withdrawn")
        assert same_invoices_elsewhere(mine, asked[:1]) == left
    assert same_invoices_elsewhere(mine, []) == []
