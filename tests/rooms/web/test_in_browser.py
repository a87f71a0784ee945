"""Public pages in a real browser: axe, narrow and wide windows, keyboard, spacing, no style sheet, print, the session's end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django import Settings

from tests.browser_patience import PATIENCE
from tests.rooms.accounts.people import make_person, sign_in
from udgam.web.site_pages import PAGES

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ["home", *[page.name for page in PAGES], "verification:start", "registration:start", "accounts:sign-in"]
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The browser's driver runs an event loop in this thread; the database is only used between its calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        yield driver.chromium.launch(timeout=PATIENCE, executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def open_page(browser: Browser, server: Any, *, language: str = "en", width: int = 1280, **options: Any) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    context.add_cookies([{"name": "udgam_language", "value": language, "url": server.url}])
    context.set_default_timeout(PATIENCE)
    return context.new_page()


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_public_page_passes_axe_and_fits_every_width(browser: Browser, live_server: Any, language: str) -> None:
    problems = []
    page = open_page(browser, live_server, language=language, bypass_csp=True)
    for name in NAMES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + reverse(name))
        for width in (1280, 768, 320):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                problems.append(f"{name} at {width}: scrolls sideways")
        page.add_script_tag(path=str(AXE))
        found = page.evaluate(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(', '))"
        )
        problems += [f"{name}: {line}" for line in found]
    assert problems == []


@pytest.mark.parametrize("language", ["en", "hi"])
def test_an_operators_emblem_fits_every_width(
    browser: Browser, live_server: Any, settings: Settings, tmp_path: Path, language: str
) -> None:
    Image.new("RGB", (320, 448), (20, 33, 61)).save(tmp_path / "mark.png")
    settings.EMBLEM_FILE = tmp_path / "mark.png"
    settings.EMBLEM_TEXTS = {"en": "Department of Examples", "hi": "उदाहरण विभाग"}
    settings.OWNER_URL = "https://commerce.example.in"
    page = open_page(browser, live_server, language=language, bypass_csp=True)
    page.goto(live_server.url)
    mark = page.locator(".udgam-header__emblem img")
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = mark.bounding_box()
        assert box is not None
        assert abs(box["width"] / box["height"] - 320 / 448) < 0.01, "in its right proportions"
    page.add_script_tag(path=str(AXE))
    assert page.evaluate("async () => (await axe.run()).violations.map(v => v.id)") == []


def test_the_first_tab_leads_to_the_main_content_and_focus_is_seen(browser: Browser, live_server: Any) -> None:
    page = open_page(browser, live_server)
    page.goto(live_server.url + reverse("faq"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    shown = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement); return s.boxShadow + s.outlineStyle; })()"
    )
    assert shown != "nonenone"


@pytest.mark.parametrize("name", ["home", "feedback"])
def test_the_keyboard_reaches_everything_and_is_never_trapped(browser: Browser, live_server: Any, name: str) -> None:
    page = open_page(browser, live_server)
    page.goto(live_server.url + reverse(name))
    # Radio buttons of one name are one stop.
    wanted = page.evaluate(
        """new Set([...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select')]
           .filter(e => e.offsetParent || e.className.includes('skip')).map(e => e.type === 'radio' ? e.name : e.outerHTML)).size"""
    )
    reached: set[str] = set()
    for _ in range(wanted + 10):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(e => e === document.body ? '' : e.type === 'radio' ? e.name : e.outerHTML)(document.activeElement)"
            )
        )
    assert len(reached - {""}) >= wanted - 1
    assert "" in reached, "focus leaves the page at its end"


@pytest.mark.parametrize("language", ["en", "hi"])
def test_wider_text_spacing_cuts_nothing(browser: Browser, live_server: Any, language: str) -> None:
    page = open_page(browser, live_server, language=language, width=320, bypass_csp=True)
    for name in ("home", "faq", "feedback"):
        page.goto(live_server.url + reverse(name))
        page.add_style_tag(content=SPACING)
        cut = page.evaluate(
            """[...document.querySelectorAll('p, li, h1, h2, h3, label, button, dt, dd')].filter(e =>
               ['hidden', 'clip'].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 1
               && !e.className.includes('hidden')).map(e => e.textContent)"""
        )
        assert cut == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_pages_are_readable_without_style_sheets(browser: Browser, live_server: Any) -> None:
    page = open_page(browser, live_server)
    page.route("**/*.css", lambda route: route.abort())
    page.goto(live_server.url)
    text = page.inner_text("body")
    order = [
        "Skip to main content",
        "Certificates of origin",
        "Verify a certificate",
        "Officer",
        "Notices",
        "Privacy policy",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_pages_print_on_a4(browser: Browser, live_server: Any, tmp_path: Path) -> None:
    import pikepdf

    page = open_page(browser, live_server)
    page.goto(live_server.url + reverse("manual-register"))
    page.emulate_media(media="print")
    assert not page.is_visible("footer nav")
    page.pdf(path=tmp_path / "manual.pdf", format="A4")
    with pikepdf.open(tmp_path / "manual.pdf") as printed:
        assert 1 <= len(printed.pages) <= 6


def test_pages_work_without_javascript(browser: Browser, live_server: Any) -> None:
    page = open_page(browser, live_server, java_script_enabled=False)
    page.goto(live_server.url + reverse("feedback"))
    page.check("input[value=idea]")
    page.fill("textarea", "The list of notices could have dates in it.")
    page.click("main button")
    assert page.locator("text=/F\\/20\\d\\d\\/\\d{4}/").count() == 1
    page.click("button[name=language]")
    assert page.get_attribute("html", "lang") == "hi"
    assert page.url.endswith(reverse("feedback-sent"))


def test_the_session_warning_comes_in_time_and_can_be_put_off(
    browser: Browser, live_server: Any, settings: Any
) -> None:
    settings.SESSION_COOKIE_AGE = 150
    client = Client()
    sign_in(client, make_person())
    page = open_page(browser, live_server)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("about"))
    # The warning stands at least twenty seconds before the end, here two and a half minutes.
    page.wait_for_selector("#session-warning[open]")
    assert page.evaluate("document.querySelector('#session-warning').contains(document.activeElement)")
    with page.expect_response("**/session/keep") as answer:
        page.click("[data-session-keep]")
    assert answer.value.status == 204
    page.wait_for_selector("#session-warning:not([open])", state="attached")


@pytest.mark.parametrize("language", ["en", "hi"])
def test_an_iec_of_the_wrong_length_opens_no_window(browser: Browser, live_server: Any, language: str) -> None:
    page = open_page(browser, live_server, language=language)
    page.goto(live_server.url + reverse("registration:token"))
    field = page.locator("input[name=iec]")
    for typed in ("", "030590001", "03059000171", "AAAPL123C4"):
        field.fill(typed)
        page.click("[data-agent-start]")
        said = field.evaluate("element => element.validationMessage")
        assert said == field.get_attribute("data-invalid"), typed
    assert page.context.pages == [page]
    assert page.evaluate("document.activeElement.name") == "iec"
    for typed in ("0305900017", "0305 9000-17", "aaapl1234c"):
        field.fill(typed)
        assert field.evaluate("e => { e.setCustomValidity(''); return e.validity.valid; }"), typed
