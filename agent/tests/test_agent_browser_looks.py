"""The agent's window: axe, narrow windows, keyboard."""

from __future__ import annotations

from contextlib import ExitStack

import making
import pytest
from browser_scene import CONTENT, ROOT, Scene, make_scene
from playwright.sync_api import Browser, Page, expect
from tests.browser_patience import let_go
from tests.softhsm_tokens import SoftHsm

from conftest import PIN

pytestmark = [pytest.mark.browser, pytest.mark.softhsm]


def audit(window: Page) -> None:
    window.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    result = window.evaluate("axe.run()")
    assert [(problem["id"], [node["html"] for node in problem["nodes"]]) for problem in result["violations"]] == []


def fits(window: Page) -> None:
    window.set_viewport_size({"width": 320, "height": 600})
    wide = window.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
    window.set_viewport_size({"width": 560, "height": 760})


@pytest.mark.parametrize("lang", ["en", "hi"])
def test_every_screen_passes_axe_and_fits_a_narrow_window(
    stack: ExitStack, browser: Browser, token: SoftHsm, lang: str
) -> None:
    # The audit's script is injected into the page, which the agent's content policy rightly forbids.
    context = browser.new_context(bypass_csp=True, ignore_https_errors=True)
    stack.callback(context.close)
    scene = make_scene(stack, context, token, secure=True, known=False)
    scene.site.lang = lang
    scene.site.contents = [CONTENT, making.canonical({"second": 2})]
    window = scene.press("/sign")
    expect(window.locator("#allow")).to_be_enabled()
    for step in ("#allow", "#continue", None):
        audit(window)
        fits(window)
        if step:
            window.click(step)
        expect(window.locator({"#allow": "#continue", "#continue": "#pin", None: "#pin"}[step])).to_be_visible()
    scene.enter(window, "999999")
    expect(window.locator("#pin-problem")).to_be_visible()
    audit(window)
    start = context.new_page()
    start.goto(f"{scene.agent.url}/?lang={lang}")
    audit(start)
    start.goto(f"{scene.agent.url}/nothing")
    audit(start)
    fits(start)


def test_the_window_works_by_keyboard_alone(scene: Scene) -> None:
    window = scene.press()
    expect(window.locator("#pin")).to_be_focused()
    window.keyboard.type(PIN)
    let_go(lambda: window.keyboard.press("Enter"))
    expect(scene.page.locator("h1")).to_have_text("Signed in")
