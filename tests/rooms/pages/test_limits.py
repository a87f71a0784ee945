"""Limits count the same with every cache, above all with the one that production shares between processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import override_settings

from udgam.ground.pages.limits import Limit, within

HOUR = Limit("test-hour", 3, 3600)


@pytest.fixture(params=["locmem", "filebased"])
def counters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    backend = {"locmem": "locmem.LocMemCache", "filebased": "filebased.FileBasedCache"}[request.param]
    caches = {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": str(tmp_path)}}
    with override_settings(CACHES=caches):
        cache.clear()
        yield


@pytest.mark.usefixtures("counters")
def test_what_is_beyond_the_limit_waits_until_the_time_has_passed() -> None:
    begin = 1_800_000_000.0
    assert [within(HOUR, "a", now=begin + second) for second in (0, 1, 2, 3)] == [True, True, True, False]
    # Neither a pause of more than the cache's own five minutes nor asking on changes when the hour is over.
    assert within(HOUR, "a", now=begin + 1200) is False
    assert within(HOUR, "a", now=begin + 3599) is False
    assert within(HOUR, "a", now=begin + 3600) is True


@pytest.mark.usefixtures("counters")
def test_places_and_limits_do_not_share_a_counter() -> None:
    other = Limit("test-other", 3, 3600)
    for _ in range(4):
        within(HOUR, "a")
    assert within(HOUR, "b")
    assert within(other, "a")


@pytest.mark.usefixtures("counters")
def test_threads_count_exactly() -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _number: within(Limit("test-many", 20, 60), "a"), range(60)))
    assert answers.count(True) == 20


def test_production_shares_its_counters_between_processes() -> None:
    from udgam.web.settings import shared

    assert shared.CACHES["default"]["BACKEND"].endswith("FileBasedCache")
