"""An agency that can be paid, and a firm that pays."""

from __future__ import annotations

import pytest

from tests.rooms.payments.purse import TASK, Payer, ready_agency
from udgam.ground.tasks import registry, task
from udgam.parties.agencies.models import Agency

if TASK not in registry.registered():

    @task(TASK)
    def settled(*, subject: str) -> None:
        """Stands for the task of the room that opened the order."""


@pytest.fixture
def agency(db: None) -> Agency:
    return ready_agency()


@pytest.fixture
def payer(agency: Agency) -> Payer:
    return Payer(agency)
