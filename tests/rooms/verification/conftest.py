"""The office and firm of the issuance tests, and one issued certificate."""

from __future__ import annotations

import re

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from tests.rooms.issuance.conftest import *  # noqa: F403 - its fixtures
from tests.rooms.issuance.office import Signatory
from udgam.flow.applications.models import Application
from udgam.flow.issuance.models import Certificate


@pytest.fixture
def certificate(officer: Signatory, application: Application) -> Certificate:
    return officer.issue(application)


@pytest.fixture
def passer_by() -> Client:
    """Somebody at customs, without an account."""
    return Client()


@pytest.fixture
def link(certificate: Certificate, tmp_path: object) -> str:
    """The address in the QR code of the printed certificate, read as a telephone would."""
    import io
    import subprocess

    data = certificate.file.read()
    picture = subprocess.run(
        ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", "-"], input=data, capture_output=True, check=True
    ).stdout
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    addresses = [code.text for code in codes if re.match(r"https?://", code.text)]
    assert len(addresses) == 1, codes
    return addresses[0]
