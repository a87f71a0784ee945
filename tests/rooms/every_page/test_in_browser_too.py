"""Every page in a real browser, whoever it is for: the other half of them. `walk.py` says what is asked of each."""

from __future__ import annotations

import pytest

from tests.rooms.every_page.walk import faults
from tests.rooms.hostile.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_every_other_page_passes_axe_fits_prints_and_works_by_keyboard(world: World) -> None:
    wrong = faults(world, 1)
    assert wrong == [], "\n".join(wrong)
