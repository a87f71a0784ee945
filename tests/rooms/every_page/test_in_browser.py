"""Every page in a real browser, whoever it is for: one half of them. `walk.py` says what is asked of each."""

from __future__ import annotations

import pytest

from tests.rooms.every_page.walk import faults
from tests.rooms.hostile.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_every_page_passes_axe_fits_prints_and_works_by_keyboard(world: World) -> None:
    wrong = faults(world, 0)
    assert wrong == [], "\n".join(wrong)
