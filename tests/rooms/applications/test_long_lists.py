"""Applications with many lines: pages show fifty at a time, and only the check of the whole reads them all."""

from __future__ import annotations

import re
from copy import copy
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications.models import Application, ApplicationItem
from udgam.flow.applications.queries import values_in_rupees

pytestmark = pytest.mark.django_db


@pytest.fixture
def long(firm: Firm) -> Application:
    """120 lines, the last with a value in rupees of its own."""
    application = firm.complete()
    first, rows = application.items.get(), []
    for position in range(2, 121):
        row = copy(first)
        row.pk, row.position, row.description = None, position, f"Goods number {position:03}"
        rows.append(row)
    rows[-1].inr_value, rows[-1].inr_reason = Decimal("100.00"), "Agreed with the bank"
    ApplicationItem.objects.bulk_create(rows)
    return application


def test_the_list_of_goods_reads_the_lines_of_one_page(firm: Firm, long: Application) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = text_of(firm.get("items", long.public_id))
    reading = [one["sql"] for one in asked if 'FROM "applications_applicationitem"' in one["sql"]]
    assert [sql for sql in reading if '"description"' in sql and "LIMIT" not in sql] == []
    assert "120 lines of goods" in page
    assert ("Goods number 050" in page, "Goods number 051" in page) == (True, False)
    page = text_of(firm.get("items", long.public_id, data={"page": "3"}))
    assert ("Goods number 100" in page, "Goods number 101" in page, "Goods number 120" in page) == (False, True, True)


def test_the_check_shows_fifty_lines_and_judges_them_all(firm: Firm, long: Application) -> None:
    page = text_of(firm.get("check", long.public_id))
    assert ("Goods number 050" in page, "Goods number 051" in page) == (True, False)
    assert "Page 1 of 3" in page
    long.items.filter(position=120).update(hs_code="0000.00")
    assert "Continue to signing" not in text_of(firm.get("check", long.public_id))


def test_a_hundred_faults_are_counted_and_the_first_fifty_named(firm: Firm, long: Application) -> None:
    long.items.filter(position__gt=20).update(hs_code="0000.00")
    page = text_of(firm.get("check", long.public_id))
    found = re.search(r"(\d+) things must be corrected", page)
    assert found is not None
    assert int(found[1]) >= 100
    assert "Only the first 50 are named here." in page


def test_values_in_rupees_are_added_up_in_the_database(long: Application) -> None:
    with CaptureQueriesContext(connection) as asked:
        values = values_in_rupees(long)
    assert len(asked) < 8
    fob = long.items.get(position=1).fob
    assert sorted((row.fob, row.reason) for row in values.rows) == [(fob, "Agreed with the bank"), (fob * 119, "")]
