"""A browser, a token, a running agent and a site that asks it: the scene of the tests in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import making
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from site_pages import Site, run_site
from tests.agent_process import RunningAgent, run_agent
from tests.browser_patience import PATIENCE, let_go, wait_until_closed
from tests.softhsm_tokens import SoftHsm

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(timeout=PATIENCE, executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    hsm = SoftHsm(tmp_path_factory.mktemp("hsm"))
    hsm.import_key(making.rsa_key(), making.certificate(making.rsa_key()), label="Asha", pin=making.PIN)
    twin = making.certificate(making.rsa_key(5), usage=("key_encipherment",))
    hsm.import_key(making.rsa_key(5), twin, label="Asha", pin=making.PIN, key_id=b"\x05", new=False)
    return hsm


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 900, "height": 700})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


class Scene:
    """A site, an agent that may know it, and a page of the site."""

    def __init__(self, context: BrowserContext, site: Site, agent: RunningAgent) -> None:
        self.context, self.site, self.agent = context, site, agent
        self.page = context.new_page()
        self.errors: list[str] = []
        context.on("weberror", lambda problem: self.errors.append(str(problem.error)))

    def press(self, path: str = "/") -> Page:
        """Open the page, press the button with the mouse, and return the window that opens."""
        self.page.goto(self.site.url + path)
        with self.page.expect_popup() as opened:
            self.page.click("[data-agent-start]")
        return opened.value

    @property
    def status(self) -> str:
        return self.page.locator("[data-agent-status]").inner_text()

    def expect_code(self, code: str) -> None:
        expect(self.page.locator("[data-agent-status]")).to_have_attribute("data-agent-code", code)

    def expect_event(self, event: dict[str, str]) -> None:
        """Wait until that is the last thing the site was told."""
        for _ in range(PATIENCE // 50):
            if self.site.events[-1] == event:
                return
            self.page.wait_for_timeout(50)
        assert self.site.events[-1] == event

    def hold_the_clock(self) -> None:
        """Let the windows' time stand still until `pass_time`, so that nothing depends on how fast the machine is."""
        self.page.clock.install(time=making.NOW)
        # The clock runs from its installation on, and cannot be stopped at a moment that it has passed.
        self.page.clock.pause_at(making.NOW + timedelta(minutes=10))

    def pass_time(self, seconds: float) -> None:
        self.page.clock.run_for(int(seconds * 1000))

    def cancel(self, window: Page) -> None:
        """Press "Cancel" and see the window go."""
        let_go(window.locator("[data-cancel]:visible").click)
        wait_until_closed(window)

    def enter(self, window: Page, pin: str = making.PIN) -> None:
        window.fill("#pin", pin)
        let_go(window.locator("#go").click)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def make_scene(
    stack: ExitStack, context: BrowserContext, token: SoftHsm, *, secure: bool = False, known: bool = True
) -> Scene:
    site = stack.enter_context(run_site(secure=secure))
    agent = stack.enter_context(
        run_agent(modules=[token.module], environment=token.environment(), sites=[site.url] if known else [])
    )
    site.agent = agent.url
    return Scene(context, site, agent)


@pytest.fixture
def scene(stack: ExitStack, context: BrowserContext, token: SoftHsm) -> Scene:
    return make_scene(stack, context, token)


# --- signing in ------------------------------------------------------------------------------------------------------


CONTENT = making.canonical(
    {"exporter": "Konkan Cashew Exports", "items": [{"hs": "080132", "fob": "12600.00"}], "draft": False}
)
