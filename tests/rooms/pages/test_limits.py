"""Limits count exactly, however many ask at once, in threads and in processes of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from udgam.ground.pages.limits import Limit, forget_counts, within
from udgam.ground.pages.models import RateCount

HOUR = Limit("test-hour", 3, 3600)


@pytest.mark.django_db
def test_what_is_beyond_the_limit_waits_until_the_time_has_passed() -> None:
    begin = 1_800_000_000.0
    assert [within(HOUR, "a", now=begin + second) for second in (0, 1, 2, 3)] == [True, True, True, False]
    # Neither a pause nor asking on changes when the hour is over.
    assert within(HOUR, "a", now=begin + 1200) is False
    assert within(HOUR, "a", now=begin + 3599) is False
    assert within(HOUR, "a", now=begin + 3600) is True


@pytest.mark.django_db
def test_places_and_limits_do_not_share_a_counter() -> None:
    other = Limit("test-other", 3, 3600)
    for _ in range(4):
        within(HOUR, "a")
    assert within(HOUR, "b")
    assert within(other, "a")


@pytest.mark.django_db(transaction=True)
def test_connections_of_their_own_count_exactly() -> None:
    def ask(_number: int) -> bool:
        try:
            return within(Limit("test-many", 20, 60), "a")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(60)))
    assert answers.count(True) == 20


@pytest.mark.django_db
def test_a_reader_of_the_table_learns_no_name_and_old_counters_go() -> None:
    begin = 1_800_000_000.0
    within(HOUR, "192.0.2.0/24", now=begin)
    within(Limit("test-day", 3, 86400), "192.0.2.0/24", now=begin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM pages_ratecount t")
        assert "192.0.2" not in cursor.fetchone()[0]
    assert forget_counts(now=datetime.fromtimestamp(begin + 3600, UTC)) == 1
    assert RateCount.objects.count() == 1
