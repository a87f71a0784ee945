"""Every way in which a real browser, a site or another program can spoil the encounter, told apart."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from browser_scene import Scene, make_scene
from playwright.sync_api import BrowserContext, expect
from tests.browser_patience import wait_until_closed
from tests.ports import dead_port
from tests.softhsm_tokens import SoftHsm

pytestmark = [pytest.mark.browser, pytest.mark.softhsm]


@pytest.mark.parametrize(("granted", "seconds"), [(None, 3), (20, 20)])
def test_without_an_agent_the_page_says_so_within_three_seconds_or_as_many_as_are_granted(
    stack: ExitStack, scene: Scene, granted: int | None, seconds: int
) -> None:
    scene.site.agent = f"http://127.0.0.1:{stack.enter_context(dead_port())}"
    scene.site.agent_wait = granted
    scene.hold_the_clock()
    window = scene.press()
    scene.pass_time(seconds - 0.1)
    assert scene.page.locator("[data-agent-code]").count() == 0
    assert not window.is_closed()
    scene.pass_time(0.2)
    scene.expect_code("agent.not-running")
    assert "did not answer" in scene.status
    wait_until_closed(window)


def test_an_agent_that_is_too_old_is_told_apart(scene: Scene) -> None:
    scene.site.minimum = "0.10.0"
    window = scene.press()
    scene.expect_code("agent.too-old")
    wait_until_closed(window)


def test_a_blocked_window_is_told_apart(scene: Scene) -> None:
    # A sandboxed page may open no windows: `window.open` then answers as it does when the browser's blocker steps in.
    scene.site.headers = {"Content-Security-Policy": "sandbox allow-scripts allow-forms allow-same-origin"}
    scene.page.goto(scene.site.url)
    scene.page.click("[data-agent-start]")
    scene.expect_code("agent.popup-blocked")
    assert len(scene.context.pages) == 1


def test_a_stricter_opener_policy_loses_the_answer(scene: Scene) -> None:
    scene.site.headers = {"Cross-Origin-Opener-Policy": "same-origin"}
    window = scene.press()
    expect(window.get_by_text("The connection to the page that asked was lost.")).to_be_visible()
    expect(scene.page.locator("[data-agent-status]")).to_have_attribute("data-agent-code", "agent.closed")
    assert scene.site.tokens == []


def test_a_nameless_window_loses_the_answer(scene: Scene) -> None:
    window = scene.press("/bare")
    expect(window.get_by_text("The connection to the page that asked was lost.")).to_be_visible()


@pytest.mark.parametrize("policy", [None, "same-origin", "strict-origin"])
def test_a_page_that_hides_its_origin_is_refused(
    stack: ExitStack, context: BrowserContext, token: SoftHsm, policy: str | None
) -> None:
    scene = make_scene(stack, context, token, secure=True)
    scene.site.headers = {"Referrer-Policy": policy}
    scene.site.agent_wait = None
    scene.hold_the_clock()
    window = scene.press()
    expect(window.get_by_text("agent.origin-null")).to_be_visible()
    scene.pass_time(3.1)
    scene.expect_code("agent.not-running")


def test_the_content_policy_must_name_the_agent(scene: Scene) -> None:
    scene.site.headers = {"Content-Security-Policy": "form-action 'self'"}
    scene.site.agent_wait = None
    scene.press()
    scene.expect_code("agent.not-running")


def test_the_agent_is_never_shown_inside_a_page(scene: Scene) -> None:
    scene.page.goto(scene.site.url + "/framing")
    scene.page.click("[data-agent-start]")
    scene.page.wait_for_timeout(800)
    inner = scene.page.frames[1]
    assert inner.locator("#heading").count() == 0
    assert inner.locator("#pin").count() == 0


def test_no_other_window_can_play_the_agent(scene: Scene) -> None:
    window = scene.press()
    expect(window.locator("#pin")).to_be_visible()
    forged = {"udgam": 1, "type": "token", "token": {"format": "web-eid:1.0"}}
    scene.page.evaluate("message => window.postMessage(message, '*')", forged)
    other = scene.context.new_page()
    other.goto(scene.site.url + "/nothing")
    scene.page.wait_for_timeout(300)
    assert scene.site.tokens == []
    assert "window" in scene.status


def test_a_second_request_waits_for_the_first(scene: Scene) -> None:
    first = scene.press()
    expect(first.locator("#pin")).to_be_visible()
    other = Scene(scene.context, scene.site, scene.agent)
    # Another tab of the same site: its window of the same name is a window of its own.
    second = other.press()
    expect(second.get_by_text("Another request is open")).to_be_visible()
    first.close()
    scene.enter(second)
    expect(other.page.locator("h1")).to_have_text("Signed in")


# --- signing documents -----------------------------------------------------------------------------------------------
