"""Days in the columns of lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_day_of_a_column_is_indian_and_never_broken(language: str) -> None:
    page = Template("{% load pages %}{{ moment|short_time }}|{{ nothing|short_time }}")
    with translation.override(language):
        told = page.render(Context({"moment": datetime(2026, 11, 30, 20, 5, tzinfo=UTC), "nothing": None}))
    assert told == '<span class="udgam-whole">01-12-2026</span> 01:35|'
