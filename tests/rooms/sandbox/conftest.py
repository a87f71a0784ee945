"""One authority for all tests of this folder: making its keys is the slow part. Each test gives back what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from udgam.sandbox import authority, mailbox, registry


@pytest.fixture(scope="session")
def running_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[authority.AuthorityHandle]:
    handle = authority.start(folder=tmp_path_factory.mktemp("authority"))
    yield handle
    handle.stop()


@pytest.fixture
def ca(running_authority: authority.AuthorityHandle) -> Iterator[authority.AuthorityHandle]:
    yield running_authority
    running_authority.outage("all", False)
    for name in ("exporter", "colleague"):
        running_authority.authority.release(token=name)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[registry.RegistryHandle]:
    handle = registry.start(folder=tmp_path / "registry", slow_seconds=0.4)
    yield handle
    handle.stop()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[mailbox.MailboxHandle]:
    handle = mailbox.start(folder=tmp_path / "mailbox")
    yield handle
    handle.stop()
