"""The whole way in a real browser: a site's page, the pop-up, the token, the answer, and every way it can go wrong."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import making
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from site_pages import Site, run_site
from test_agent_sign_documents import check_detached
from test_agent_sign_in import check_token
from tests.agent_process import RunningAgent, run_agent
from tests.softhsm_tokens import SoftHsm

from conftest import PIN

pytestmark = [pytest.mark.browser, pytest.mark.softhsm]

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    hsm = SoftHsm(tmp_path_factory.mktemp("hsm"))
    hsm.import_key(making.rsa_key(), making.certificate(making.rsa_key()), label="Asha", pin=PIN)
    twin = making.certificate(making.rsa_key(5), usage=("key_encipherment",))
    hsm.import_key(making.rsa_key(5), twin, label="Asha", pin=PIN, key_id=b"\x05", new=False)
    return hsm


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 900, "height": 700})
    context.set_default_timeout(15_000)
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

    def expect_code(self, code: str, *, within: float = 15_000) -> None:
        expect(self.page.locator("[data-agent-status]")).to_have_attribute("data-agent-code", code, timeout=within)

    def enter(self, window: Page, pin: str = PIN) -> None:
        window.fill("#pin", pin)
        window.click("#go")


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
    for _ in range(50):
        if window.is_closed():
            break
        scene.page.wait_for_timeout(100)
    assert window.is_closed()
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
    window.get_by_role("button", name="Not now").click()
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
    window.locator("[data-cancel]:visible").click()
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


# --- ways it goes wrong ----------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_without_an_agent_the_page_says_so_within_three_seconds(scene: Scene) -> None:
    scene.site.agent = f"http://127.0.0.1:{free_port()}"
    window = scene.press()
    began = time.monotonic()
    scene.expect_code("agent.not-running", within=4_000)
    assert time.monotonic() - began < 4
    assert "did not answer" in scene.status
    scene.page.wait_for_timeout(200)
    assert window.is_closed()


def test_an_agent_that_is_too_old_is_told_apart(scene: Scene) -> None:
    scene.site.minimum = "0.10.0"
    window = scene.press()
    scene.expect_code("agent.too-old")
    scene.page.wait_for_timeout(300)
    assert window.is_closed()


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
    window = scene.press()
    expect(window.get_by_text("agent.origin-null")).to_be_visible()
    scene.expect_code("agent.not-running")


def test_the_content_policy_must_name_the_agent(scene: Scene) -> None:
    scene.site.headers = {"Content-Security-Policy": "form-action 'self'"}
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

CONTENT = making.canonical(
    {"exporter": "Konkan Cashew Exports", "items": [{"hs": "080132", "fob": "12600.00"}], "draft": False}
)


@pytest.mark.parametrize("items_in_page", [False, True])
def test_one_document_is_seen_and_signed(scene: Scene, items_in_page: bool) -> None:
    scene.site.contents = [CONTENT]
    scene.site.items_in_page = items_in_page
    window = scene.press("/sign")
    window.click("#continue")
    expect(window.locator("#review")).to_contain_text("Konkan Cashew Exports")
    expect(window.locator("#review")).to_contain_text("12600.00")
    window.get_by_text("Show the exact bytes as text").click()
    assert window.locator("pre").inner_text() == CONTENT.decode()
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Finished")
    [(_, _, signature)] = scene.site.signed
    check_detached(signature, CONTENT, scene.site.certificate)
    assert all(PIN.encode() not in seen for seen in scene.site.seen)


def test_many_documents_need_one_pin(scene: Scene) -> None:
    scene.site.contents = [making.canonical({"number": at}) for at in range(4)]
    scene.site.with_pdf = True
    window = scene.press("/sign")
    expect(window.locator("#list tbody tr")).to_have_count(4)
    window.click("#continue")
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Finished")
    assert [(name, kind) for name, kind, _ in scene.site.signed] == [
        (f"c{at}", kind) for at in range(4) for kind in ("data", "pdf")
    ]
    pdf_signatures = [signature for _, kind, signature in scene.site.signed if kind == "pdf"]
    for signature, attributes in zip(pdf_signatures, scene.site.attributes, strict=True):
        scene.site.certificate.public_key().verify(signature, attributes, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg]


def test_a_refusal_of_the_site_stands_in_both_windows(scene: Scene) -> None:
    scene.site.contents = [CONTENT]
    scene.site.refuse = {
        "reason": "binding.not_listed",
        "message": "The holder is not listed.",
        "advice": "Update the record.",
    }
    window = scene.press("/sign")
    window.click("#continue")
    scene.enter(window)
    expect(window.locator("#problem")).to_contain_text("The holder is not listed.")
    scene.expect_code("binding.not_listed")
    assert "Update the record." in scene.status


def test_a_site_that_swaps_the_document_gets_no_signature(scene: Scene) -> None:
    scene.site.contents = [CONTENT]
    window = scene.press("/sign")
    expect(window.locator("#continue")).to_be_visible()
    scene.site.contents = [making.canonical({"exporter": "Somebody else"})]
    window.click("#continue")
    expect(window.locator("#problem")).to_contain_text("is not the document that was on the list")
    scene.expect_code("agent.document-differs")
    assert scene.site.signed == []
    scene.page.wait_for_timeout(300)
    assert scene.site.events[-1] == {"event": "stopped", "code": "agent.document-differs"}


def test_markup_in_a_document_is_shown_as_text(scene: Scene) -> None:
    scene.site.contents = [making.canonical({"exporter": "<img src=x onerror=alert(1)>", "note": "abc\u202egnp"})]
    window = scene.press("/sign")
    window.click("#continue")
    expect(window.locator("#review .content")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(window.locator("#review .content .sign-hidden")).to_have_text("U+202E")
    assert window.locator("#review img").count() == 0


# --- the window itself -----------------------------------------------------------------------------------------------


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
    window.keyboard.press("Enter")
    expect(scene.page.locator("h1")).to_have_text("Signed in")
