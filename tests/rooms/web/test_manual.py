"""The manual of an application names what the pages offer, by the words that the pages use, and shows it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import translation

from udgam import web

PAGES = Path(web.__file__).parent / "templates/site/pages"
# Buttons, links and sections of the way, as the pages call them.
NAMED = (
    "New application",
    "People of the firm",
    "Copy",
    "Producer",
    "Invoice by a third party",
    "Shipping bills",
    "From a table",
    "Goods",
    "Origin claim",
    "Change it",
    "Withdraw",
)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_manual_names_each_part_of_the_way_as_the_pages_do(language: str) -> None:
    client = Client()
    client.cookies["udgam_language"] = language
    text = client.get(reverse("manual-apply")).content.decode().partition("<main")[2].partition("</main>")[0]
    with translation.override(language):
        missing = [name for name in NAMED if translation.gettext(name) not in text]
    assert missing == []


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_picture_of_a_manual_has_been_taken(language: str) -> None:
    named = {
        name for page in PAGES.glob("manual_*.html") for name in re.findall(r'{% figure "([^"]+)"', page.read_text())
    }
    assert {"apply-costs", "apply-claim", "apply-table", "apply-copy", "apply-withdraw"} <= named
    assert [name for name in sorted(named) if not finders.find(f"site/manual/{name}-{language}.png")] == []
