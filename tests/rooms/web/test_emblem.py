"""The emblem of an entitled office: shown only when the operator has set it whole, and refused with a hint when half set."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from tests.rooms.production.processes import run_in_production

OWNER = "https://commerce.example.in"


def _png(folder: Path) -> Path:
    """A picture that is nobody's emblem."""
    out = io.BytesIO()
    Image.new("RGB", (40, 64), (20, 33, 61)).save(out, "PNG")
    (folder / "mark.png").write_bytes(out.getvalue())
    return folder / "mark.png"


@pytest.fixture
def entitled(settings: Settings, tmp_path: Path) -> Settings:
    settings.EMBLEM_FILE = _png(tmp_path)
    settings.EMBLEM_TEXTS = {"en": "Department of Examples", "hi": "उदाहरण विभाग"}
    settings.OWNER_URL = OWNER
    return settings


@pytest.mark.django_db
def test_nothing_is_shown_and_nothing_is_served_by_default() -> None:
    page = Client().get(reverse("home")).content.decode()
    assert "emblem" not in page
    assert "another site" not in page
    assert Client().get(reverse("emblem")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "text"), [("en", "Department of Examples"), ("hi", "उदाहरण विभाग")])
def test_the_operators_emblem_leads_to_its_owner_and_says_what_it_is(
    entitled: Settings, language: str, text: str
) -> None:
    client = Client()
    client.cookies[entitled.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("home")).content.decode()
    header = page.partition("<header")[2].partition("</header>")[0]
    assert f'href="{OWNER}" rel="external noreferrer"><img src="{reverse("emblem")}" alt="{text} ' in header
    footer = page.partition("<footer")[2]
    assert f'href="{OWNER}"' in footer
    served = client.get(reverse("emblem"))
    assert served.headers["Content-Type"] == "image/png"
    assert b"".join(served.streaming_content) == Path(entitled.EMBLEM_FILE).read_bytes()  # type: ignore[attr-defined]


LOAD = """
import json
from django.core.exceptions import ImproperlyConfigured
try:
    from udgam.web.settings import production
    said = [str(production.EMBLEM_FILE), production.OWNER_URL]
except ImproperlyConfigured as refusal:
    said = [str(refusal)]
print(json.dumps(said))
"""


def _settings(**given: str) -> list[str]:
    done = run_in_production(LOAD, **given)
    assert done.returncode == 0, done.stderr[-2000:]
    said: list[str] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def test_whole_settings_load(tmp_path: Path) -> None:
    file = str(_png(tmp_path))
    whole = {"UDGAM_EMBLEM_FILE": file, "UDGAM_EMBLEM_TEXT": "Department", "UDGAM_EMBLEM_TEXT_HINDI": "विभाग"}
    assert _settings(**whole, UDGAM_OWNER_URL=OWNER) == [file, OWNER]
    # A link to the owner needs no emblem.
    assert _settings(UDGAM_OWNER_URL=OWNER) == ["None", OWNER]


def test_what_is_missing_or_wrong_stops_the_start_and_is_named(tmp_path: Path) -> None:
    file = str(_png(tmp_path))
    [half] = _settings(UDGAM_EMBLEM_FILE=file, UDGAM_EMBLEM_TEXT="Department")
    for name in ("UDGAM_EMBLEM_TEXT_HINDI", "UDGAM_OWNER_URL"):
        assert name in half
    assert "docs/operate/settings.md" in half
    (tmp_path / "mark.svg").write_text("<svg/>")
    texts = {"UDGAM_EMBLEM_TEXT": "Department", "UDGAM_EMBLEM_TEXT_HINDI": "विभाग"}
    [wrong] = _settings(
        UDGAM_EMBLEM_FILE=str(tmp_path / "mark.svg"), UDGAM_OWNER_URL="http://commerce.example.in", **texts
    )
    assert "must name a PNG file" in wrong
    assert "UDGAM_OWNER_URL must be an https address" in wrong
    [gone] = _settings(UDGAM_EMBLEM_FILE=str(tmp_path / "gone.png"), UDGAM_OWNER_URL=OWNER, **texts)
    assert "cannot be read" in gone
