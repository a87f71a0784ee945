"""The figures of a period do not read the whole register of applications."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from udgam.flow.oversight.queries import Period, applications_counted_for
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db


def test_the_platforms_figures_find_a_period_by_its_index() -> None:
    today = indian_date(timezone.now())
    actor = Actor(kind="person", id="x", role=Person.Kind.ADMINISTRATOR)
    rows = applications_counted_for(actor, Period(since=today, until=today))
    with connection.cursor() as cursor:
        # The tables of a test are too small for any index; this asks which one there would be.
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "application_submitted" in rows.explain()
