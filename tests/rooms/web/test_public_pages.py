"""The pages of the site that belong to no room: they answer in both languages, and each stands alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from udgam.web.site_pages import PAGES, SitePage

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["en", "hi"])
def client(request: pytest.FixtureRequest) -> Client:
    client = Client()
    client.cookies["udgam_language"] = request.param
    return client


def test_the_start_page_shows_four_doors_notices_manuals_and_the_help_desk(client: Client) -> None:
    page = client.get(reverse("home"))
    assert page.status_code == 200
    text = page.content.decode()
    for name in ("sign-in", "officer-sign-in", "agency-sign-in", "administrator-sign-in"):
        assert f'href="{reverse(f"accounts:{name}")}"' in text
    for name in ("manual-register", "manual-apply", "manual-verify", "manual-old-portal", "faq", "agent", "site-map"):
        assert f'href="{reverse(name)}"' in text
    assert "1800 000 0000" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_stands_alone(client: Client, page: SitePage) -> None:
    response = client.get(reverse(page.name))
    assert response.status_code == 200
    text = response.content.decode()
    assert text.count("<h1") == 1
    assert re.search(r'class="govuk-breadcrumbs__link" href="/"', text), "a way home"
    for parent in [page.parent] if page.parent else []:
        assert f'class="govuk-breadcrumbs__link" href="{reverse(parent)}"' in text
    assert "2026" in text
    assert "Udgam demonstration office" in text
    assert '<meta name="robots"' not in text, "public pages may be found"


def test_titles_and_descriptions_are_unique(client: Client) -> None:
    texts = [client.get(reverse(page.name)).content.decode() for page in PAGES]
    for pattern in (r"<title>(.*?)</title>", r'<meta name="description" content="(.*?)">'):
        found = [re.findall(pattern, text, re.DOTALL)[0] for text in texts]
        assert len(set(found)) == len(found)


def test_no_link_of_a_public_page_is_broken(client: Client) -> None:
    seen: set[str] = set()
    for page in PAGES:
        text = client.get(reverse(page.name)).content.decode()
        seen |= set(re.findall(r'(?:href|src)="(/[^"#?]*)', text))
    pages = {address for address in seen if not address.startswith("/static/")}
    broken = {address: client.get(address).status_code for address in pages}
    assert {address: status for address, status in broken.items() if status not in (200, 302)} == {}
