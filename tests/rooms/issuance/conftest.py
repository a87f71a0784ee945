"""The firm and office of the applications' tests, the office's seal, and the sandbox's time-stamp service."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.rooms.applications.conftest import *  # noqa: F403 - its fixtures
from tests.rooms.applications.firm import Agency, Firm
from tests.rooms.issuance.office import Signatory, approved, make_signatory
from udgam.flow.applications.models import Application
from udgam.ground.connectors import time_stamps
from udgam.parties.agencies.models import Office
from udgam.sandbox.authority import SEAL_PIN, AuthorityHandle


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    """Limits and circuits of one test are not another's."""
    cache.clear()
    time_stamps.breaker.reset()


@pytest.fixture
def sealing(agency: Agency, ca: AuthorityHandle, settings: Settings, tmp_path: Path) -> Path:
    """The seal of each office, the time-stamp service, and a folder for the files."""
    folder = ca.authority.folder
    for office in (agency.mumbai, agency.pune):
        Office.objects.filter(id=office.id).update(
            seal_key=f"file:{folder / 'seals' / office.code}.p12", address="2 Harbour Road\nMumbai 400001\nMaharashtra"
        )
    settings.SEAL_FILE_PASSWORD = SEAL_PIN
    settings.TIME_STAMP_URL = f"{ca.url}/tsa"
    settings.MEDIA_ROOT = tmp_path / "files"
    return folder


@pytest.fixture
def officer(sealing: Path, firm: Firm, ca: AuthorityHandle) -> Signatory:
    return make_signatory(ca, firm.agency.officer)


@pytest.fixture
def application(officer: Signatory, firm: Firm) -> Application:
    return approved(firm)
