"""A crawl of all public pages in Hindi: no Latin word outside the allow-list, and Hindi declared as the language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.rooms.web.hindi_pages import latin_words

pytestmark = pytest.mark.django_db
NOT_PAGES = re.compile(r"^/(static|media|captcha|agent/file|api)/|\.(wav|png|pdf|json)$")


def crawl(client: Client, start: str = "/", limit: int = 200) -> dict[str, str]:
    """Every page reached by links from the start, with its HTML."""
    pages: dict[str, str] = {}
    waiting = [start]
    while waiting and len(pages) < limit:
        address = waiting.pop()
        if address in pages or NOT_PAGES.search(address):
            continue
        response = client.get(address, follow=True)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        pages[address] = response.content.decode()
        waiting += [found for found in re.findall(r'href="(/[^"#?]*)', pages[address]) if found not in pages]
    return pages


def test_a_latin_word_is_found_wherever_it_hides() -> None:
    assert latin_words("<p>यह button है</p>") == {"button"}
    assert latin_words('<img alt="picture">') == {"picture"}
    assert latin_words('<input placeholder="type">') == {"type"}
    assert latin_words('<p>यह <span lang="en">button</span> है। PDF देखें</p>') == set()


def test_public_pages_in_hindi_hold_no_latin_word_outside_the_list() -> None:
    client = Client()
    client.cookies["udgam_language"] = "hi"
    pages = crawl(client)
    assert len(pages) > 25
    assert all('<html lang="hi"' in page for page in pages.values())
    found = {address: latin_words(page) for address, page in pages.items()}
    assert {address: words for address, words in found.items() if words} == {}


@pytest.mark.parametrize("address", ["/no-such-page/", "/verify/SEC/2026/016/0000081A/00000002"])
def test_pages_for_what_went_wrong_are_hindi_too(address: str) -> None:
    client = Client()
    client.cookies["udgam_language"] = "hi"
    assert latin_words(client.get(address, follow=True).content.decode()) == set()
