"""The pages of the site that belong to no room: they answer in both languages, and each stands alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from udgam.web.site_pages import PAGES, SitePage

pytestmark = pytest.mark.django_db
OWNER = {"en": "Udgam demonstration office", "hi": "उद्गम प्रदर्शन कार्यालय"}


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
    assert OWNER[client.cookies["udgam_language"].value] in text
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
    assert reverse("verification:offline") in pages
    broken = {address: client.get(address).status_code for address in pages}
    assert {address: status for address, status in broken.items() if status not in (200, 302)} == {}


def test_help_and_the_language_switch_stand_in_the_same_place_on_every_page(client: Client) -> None:
    headers = set()
    for page in PAGES:
        header = re.findall(r"<header.*?</header>", client.get(reverse(page.name)).content.decode(), re.DOTALL)[0]
        assert f'href="{reverse("help")}"' in header
        assert 'name="language"' in header
        headers.add(re.sub(r'value="[^"]*"', "", header))
    assert len(headers) == 1


def test_the_footer_names_the_owner_and_the_policies_on_every_page(client: Client) -> None:
    for page in PAGES:
        footer = re.findall(r"<footer.*?</footer>", client.get(reverse(page.name)).content.decode(), re.DOTALL)[0]
        assert OWNER[client.cookies["udgam_language"].value] in footer
        for name in ("about", "contact", "feedback", "site-map", "privacy", "terms", "copyright", "hyperlinking"):
            assert f'href="{reverse(name)}"' in footer


def test_a_phrase_in_the_other_language_says_so(client: Client) -> None:
    text = client.get(reverse("home")).content.decode()
    assert re.search(r'<button[^>]* lang="(hi|en)"', text), "the switch is written in the other language"
    assert 'lang="en">Udgam' in text
    assert 'lang="hi">उद्गम' in text


def test_nothing_moves_plays_or_waits_to_be_built(client: Client) -> None:
    for page in PAGES:
        text = client.get(reverse(page.name)).content.decode()
        assert not re.search(r"<(audio|video|marquee|blink|iframe|embed|object)\b", text)
        assert "http-equiv" not in text
        assert not re.search(r"under construction|lorem ipsum", text, re.IGNORECASE)


def test_the_contact_page_names_the_people_the_law_asks_for(client: Client, settings: Settings) -> None:
    settings.GRIEVANCE_OFFICER_NAME = settings.GRIEVANCE_OFFICER_NAME_HINDI = "Named Grievance Officer"
    settings.GRIEVANCE_OFFICER_EMAIL = "named@office.example"
    settings.WEB_INFORMATION_MANAGER = settings.WEB_INFORMATION_MANAGER_HINDI = "Named Manager"
    text = client.get(reverse("contact")).content.decode()
    for fact in ("Named Grievance Officer", "named@office.example", "Named Manager", "30", "1800 000 0000"):
        assert fact in text


def test_the_national_portal_is_linked_only_where_the_operator_says_so(client: Client, settings: Settings) -> None:
    settings.NATIONAL_PORTAL_LINK = False
    assert "india.gov.in" not in client.get("/").content.decode()
    settings.NATIONAL_PORTAL_LINK = True
    link = re.findall(r'<a href="https://www.india.gov.in/"[^>]*>(.*?)</a>', client.get("/").content.decode())
    assert link
    assert "another site" in link[0] or "दूसरी साइट" in link[0], "a link that leaves the site says so"


# What users of earlier portals really met, in the words that they saw, and the answer that must be found with them.
REALLY_MET = {
    "Expired Certificate": "expired",
    "I am in Error": "session",
    "Unable to launch application": "java",
    "incorrect format": "mobile-email",
    "IEC Not Matched, Kindly Insert Correct Token": "iec-not-matched",
    "Please Insert Dongel": "token-not-seen",
    "Your DSC is not inserted": "token-not-seen",
    "DSC Token is not connected": "agent-not-running",
    "Not Found": "agent-not-running",
}


@pytest.mark.parametrize("words", REALLY_MET)
def test_the_questions_answer_the_errors_that_users_really_met(client: Client, words: str) -> None:
    text = client.get(reverse("faq")).content.decode()
    answer = text.partition(f'id="{REALLY_MET[words]}"')[2].partition("</section>")[0]
    assert re.search(rf'<span lang="en">“[^”]*{re.escape(words)}', answer)


@pytest.mark.parametrize("topic", ["office-list", "branches-missing", "register-down", "no-password", "popup-blocked"])
def test_what_had_no_message_of_its_own_is_answered_too(client: Client, topic: str) -> None:
    assert f'id="{topic}"' in client.get(reverse("faq")).content.decode()
