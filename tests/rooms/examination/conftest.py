"""An office with two officers, another office, another agency, and a firm that has filed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.rooms.examination.cases import Filer, browser_of, make_agency, make_office, make_officer
from udgam.flow.applications.models import Application
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, Office


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@dataclass
class Desk:
    agency: Agency
    mumbai: Office
    pune: Office
    meera: Person
    arjun: Person
    filer: Filer


@pytest.fixture
def office(db: None) -> Desk:
    agency = make_agency()
    mumbai, pune = make_office(agency, "Mumbai"), make_office(agency, "Pune")
    return Desk(
        agency=agency,
        mumbai=mumbai,
        pune=pune,
        meera=make_officer(mumbai),
        arjun=make_officer(mumbai, "Arjun Shinde", "examiner"),
        filer=Filer(),
    )


@pytest.fixture
def application(office: Desk) -> Application:
    return office.filer.submitted(office.mumbai)


@pytest.fixture
def meera(office: Desk) -> Client:
    return browser_of(office.meera)


@pytest.fixture
def arjun(office: Desk) -> Client:
    return browser_of(office.arjun)
