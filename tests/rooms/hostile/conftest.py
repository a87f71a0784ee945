"""The world of the walk: made once for the whole file, in a transaction that is rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.rooms.hostile.world import World, make_world
from tests.signing.pki import make_pki

# Hashing is slow on purpose, and the walk types some thousand passwords; nothing outside the machine is asked.
QUICK = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "IEC_REGISTER_URL": "",
    "TIME_STAMP_URL": "",
    "TEXT_MESSAGE_URL": "",
}


def _trust(folder: Path) -> Path:
    """A root that the site trusts, so that tokens are looked at and not turned away before."""
    (folder / "anchors").mkdir()
    (folder / "anchors" / "root.pem").write_bytes(make_pki().root.certificate.public_bytes(Encoding.PEM))
    return folder


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    files, trust = tmp_path_factory.mktemp("files"), _trust(tmp_path_factory.mktemp("trust"))
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        override_settings(MEDIA_ROOT=files, TRUST_FOLDER=trust, **QUICK),
        transaction.atomic(),
    ):
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()
