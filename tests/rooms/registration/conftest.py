"""The sandbox's authority, register and mailbox on free ports; an applicant who walks through the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.rooms.registration.applicant import Applicant
from udgam.ground.connectors import iec_register
from udgam.sandbox import authority, mailbox, registry


@pytest.fixture(scope="session")
def running_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[authority.AuthorityHandle]:
    handle = authority.start(folder=tmp_path_factory.mktemp("authority"))
    yield handle
    handle.stop()


@pytest.fixture(scope="session")
def running_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[registry.RegistryHandle]:
    handle = registry.start(folder=tmp_path_factory.mktemp("register"), slow_seconds=0.2)
    yield handle
    handle.stop()


@pytest.fixture(scope="session")
def running_mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mailbox.MailboxHandle]:
    handle = mailbox.start(folder=tmp_path_factory.mktemp("mailbox"))
    yield handle
    handle.stop()


@pytest.fixture(scope="session")
def revocation_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("revocation")


@pytest.fixture(autouse=True)
def outside(
    settings: Settings,
    running_authority: authority.AuthorityHandle,
    running_register: registry.RegistryHandle,
    running_mailbox: mailbox.MailboxHandle,
    revocation_folder: Path,
) -> Iterator[None]:
    """Point the settings at the stand-ins, and put every stand-in back in order before and after a test."""
    settings.TRUST_FOLDER = running_authority.authority.folder / "trust"
    settings.REVOCATION_INDEX_FOLDER = revocation_folder
    settings.IEC_REGISTER_URL = running_register.api_url
    settings.IEC_REGISTER_KEY = registry.API_KEY
    settings.IEC_REGISTER_CLIENT = registry.CLIENT_ID
    settings.TEXT_MESSAGE_URL = f"{running_mailbox.url}/sms"
    cache.clear()
    iec_register.breaker.reset()
    yield
    running_register.outage(False)
    running_register.firms.restore()
    running_authority.outage("all", False)
    iec_register.breaker.reset()


@pytest.fixture
def register(running_register: registry.RegistryHandle) -> registry.RegistryHandle:
    return running_register


@pytest.fixture
def ca(running_authority: authority.AuthorityHandle) -> authority.AuthorityHandle:
    return running_authority


@pytest.fixture
def applicant(ca: authority.AuthorityHandle) -> Applicant:
    return Applicant(ca)
