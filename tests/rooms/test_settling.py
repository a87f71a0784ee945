"""A process that has loaded what it needs."""

from __future__ import annotations

import gc

from udgam.ground.settling import settle


def test_what_is_loaded_is_set_aside_and_what_comes_later_is_still_collected() -> None:
    before = gc.get_freeze_count()
    settle()
    try:
        assert gc.get_freeze_count() > before
        later: list[object] = []
        later.append(later)
        del later
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
