"""A clock that the tests turn, and a certificate hierarchy that the site trusts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.signing.pki import NOW, Pki, make_pki
from udgam.parties.accounts.services import checking
from udgam.signing.trust import FolderRevocation


class Clock:
    """The moment it is; ``forward`` lets time pass."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turning = Clock()
    monkeypatch.setattr(timezone, "now", turning)
    cache.clear()
    return turning


@pytest.fixture
def pki(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Pki:
    """A hierarchy whose root the site trusts, with fresh CRLs at hand."""
    made = make_pki()
    for folder, authorities in {"anchors": [made.root], "intermediates": [made.ca, made.sub]}.items():
        (tmp_path / folder).mkdir()
        for number, authority in enumerate(authorities):
            (tmp_path / folder / f"{number}.pem").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "crls").mkdir()
    for number, crl in enumerate(made.crls()):
        (tmp_path / "crls" / f"{number}.crl").write_bytes(crl)
    settings.TRUST_FOLDER = tmp_path
    monkeypatch.setattr(checking, "revocation_source", lambda: FolderRevocation(tmp_path / "crls"))
    return made


@pytest.fixture
def client() -> Client:
    """A browser that checks for forgery as a real one would meet it."""
    return Client(enforce_csrf_checks=False)
