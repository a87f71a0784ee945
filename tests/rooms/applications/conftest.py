"""The sandbox's authority and register, an agency with two offices, a registered firm, and its browser."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.rooms.applications.firm import Agency, Firm, make_agency, make_firm
from tests.rooms.registration.conftest import (  # noqa: F401 - fixtures
    ca,
    outside,
    register,
    revocation_folder,
    running_authority,
    running_mailbox,
    running_register,
)
from udgam.sandbox.authority import AuthorityHandle


@pytest.fixture
def agency(db: None) -> Agency:
    return make_agency()


@pytest.fixture
def firm(agency: Agency, ca: AuthorityHandle) -> Firm:  # noqa: F811 - the fixture is imported above
    return make_firm(ca, agency)


@pytest.fixture
def stranger(agency: Agency, ca: AuthorityHandle) -> Firm:  # noqa: F811
    """Another firm, which has nothing to do with the first."""
    return make_firm(ca, agency, key="mango", token="other-exporter")


@pytest.fixture
def anonymous() -> Client:
    return Client()
