"""Signing in in a real browser: a site's page, the pop-up, the token, the answer."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from browser_scene import Scene, make_scene
from playwright.sync_api import BrowserContext, expect
from site_pages import run_site
from test_agent_sign_in import check_token
from tests.agent_process import run_agent
from tests.browser_patience import let_go, wait_until_closed
from tests.softhsm_tokens import SoftHsm

from conftest import PIN

pytestmark = [pytest.mark.browser, pytest.mark.softhsm]


@pytest.mark.parametrize("secure", [False, True], ids=["http on this machine", "https"])
def test_a_person_signs_in_and_the_pin_stays_in_the_agents_window(
    stack: ExitStack, context: BrowserContext, token: SoftHsm, secure: bool
) -> None:
    scene = make_scene(stack, context, token, secure=secure)
    window = scene.press()
    expect(window.locator("#origin")).to_have_text(scene.site.url)
    assert window.url.startswith(scene.agent.url)
    assert window.get_by_text("This is the sandbox").is_visible() is not secure
    expect(window.locator("label.certificate")).to_have_count(1)
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Signed in")
    [answer] = scene.site.tokens
    check_token(answer, origin=scene.site.url, nonce=scene.site.nonce)
    assert answer["appVersion"] == "urn:udgam-agent:0.1.0"
    assert all(PIN.encode() not in seen for seen in scene.site.seen)
    assert PIN not in scene.agent.log.read_text()
    wait_until_closed(window)
    assert scene.errors == []


def test_a_site_that_asks_for_the_first_time_is_allowed_on_the_agents_page(
    stack: ExitStack, context: BrowserContext, token: SoftHsm
) -> None:
    scene = make_scene(stack, context, token, secure=True, known=False)
    window = scene.press()
    expect(window.get_by_text("This site asks for the first time")).to_be_visible()
    expect(window.locator("#pin")).to_have_count(0)
    assert window.locator("#allow").is_disabled()
    window.click("#allow")
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Signed in")
    assert scene.site.url in scene.agent.config.read_text()


def test_a_site_that_is_not_allowed_gets_nothing(stack: ExitStack, context: BrowserContext, token: SoftHsm) -> None:
    scene = make_scene(stack, context, token, secure=True, known=False)
    window = scene.press()
    let_go(window.get_by_role("button", name="Not now").click)
    scene.expect_code("agent.cancelled")
    assert scene.site.tokens == []
    assert not scene.agent.config.exists()


def test_a_wrong_pin_is_told_in_both_windows_and_can_be_corrected(scene: Scene) -> None:
    window = scene.press()
    scene.enter(window, "999999")
    expect(window.locator("#pin-problem")).to_contain_text("The PIN is wrong.")
    expect(window.locator("#pin")).to_have_value("")
    scene.expect_code("agent.pin-wrong")
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Signed in")


def test_the_window_speaks_hindi_when_asked(scene: Scene) -> None:
    scene.site.lang = "hi"
    window = scene.press()
    expect(window.locator("h1")).to_have_text("अपने टोकन से लॉग इन करें")
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Signed in")


def test_cancelling_leaves_the_page_as_it_was(scene: Scene) -> None:
    window = scene.press()
    scene.cancel(window)
    scene.expect_code("agent.cancelled")
    with scene.page.expect_popup() as opened:
        scene.page.click("[data-agent-start]")
    scene.enter(opened.value)
    expect(scene.page.locator("h1")).to_have_text("Signed in")


def test_closing_the_window_is_noticed(scene: Scene) -> None:
    window = scene.press()
    expect(window.locator("#pin")).to_be_visible()
    window.close()
    scene.expect_code("agent.cancelled")


@pytest.mark.parametrize(
    ("lang", "before", "last", "locked"),
    [
        ("en", "A wrong PIN was given before", "One try is left", "This token is locked"),
        ("hi", "पहले गलत पिन दिया गया था", "एक ही मौका बचा है", "यह टोकन लॉक है"),
    ],
)
def test_the_window_says_how_the_pin_stands_before_it_asks(
    *, stack: ExitStack, context: BrowserContext, files: Path, lang: str, before: str, last: str, locked: str
) -> None:
    """Before each question for the PIN, not only after a wrong one; a locked token is not asked at all."""
    site = stack.enter_context(run_site(secure=False))
    agent = stack.enter_context(run_agent(sandbox_files=files, sites=[site.url]))
    site.agent, site.lang = agent.url, lang
    scene = Scene(context, site, agent)
    for number, said in enumerate(("", before, last, locked)):
        window = scene.press()
        state = window.locator("#pin-state")
        if said:
            expect(state).to_contain_text(said)
        else:
            expect(window.locator("#pin")).to_be_visible()
            expect(state).to_be_hidden()
        if said == locked:
            expect(window.locator("#go")).to_be_disabled()
            break
        scene.enter(window, "999999")
        scene.expect_code(("agent.pin-wrong", "agent.pin-last-try", "agent.pin-locked")[number])
        window.close()
    assert site.tokens == []
