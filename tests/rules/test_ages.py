"""The table of how long algorithms are relied on: ordered, with a source, and applied by the longest key that fits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from udgam.rules.ages import AGES, relied_on_until


def test_every_row_has_its_source_and_longer_keys_never_end_earlier() -> None:
    assert all(one.source for one in AGES)
    for one in AGES:
        assert all(other.until >= one.until for other in AGES if other.kind == one.kind and other.bits > one.bits)


@pytest.mark.parametrize(
    ("kind", "bits", "year"),
    [("RSA", 1024, None), ("RSA", 2048, 2030), ("RSA", 3071, 2030), ("RSA", 4096, 2035), ("EC", 224, None), ("EC", 521, 2035)],
)  # fmt: skip
def test_the_longest_key_that_fits_counts(kind: str, bits: int, year: int | None) -> None:
    found = relied_on_until(kind, bits)  # type: ignore[arg-type]
    assert (found.year if found else None) == year
    assert found is None or found > datetime(found.year, 12, 31, 23, 59, tzinfo=UTC)
