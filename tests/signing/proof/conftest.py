"""One office and one issued certificate for all tests of this folder; issuing again for each would cost a second a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.signing.sealing.office import Office, make_office


@pytest.fixture(scope="session")
def office() -> Office:
    return make_office()


@pytest.fixture(scope="session")
def trust_path(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return office.write_trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="session")
def issued(office: Office, trust_path: Path) -> bytes:
    """A finished certificate with three lines of goods and embedded evidence."""
    return office.issue(office.content(items=3), evidence=office.evidence(trust_path))
