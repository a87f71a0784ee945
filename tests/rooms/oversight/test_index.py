"""The figures of a period do not read the whole register of applications."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from udgam.flow.applications.models import Application
from udgam.flow.oversight.queries import Period
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db


def test_the_applications_of_a_period_are_found_by_an_index() -> None:
    today = indian_date(timezone.now())
    begins, ends = Period(since=today, until=today).bounds
    rows = Application.objects.order_by().filter(submitted_at__gte=begins, submitted_at__lt=ends)
    with connection.cursor() as cursor:
        # The tables of a test are too small for any index; this asks which one there would be.
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "application_submitted" in rows.explain()
