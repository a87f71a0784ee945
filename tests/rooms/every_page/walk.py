"""The walk through every page in a real browser: axe at 320 and 1280 pixels, width in both languages, keyboard, print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser_patience import PATIENCE
from tests.rooms.every_page.pages import every_page
from tests.rooms.every_page.served import served
from tests.rooms.hostile.world import World

ROOT = Path(__file__).resolve().parents[3]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
# The printable width of A4 with margins of a centimetre, in pixels of 96 to the inch.
A4 = 718
# Halves of the work, each a test file of its own, because a file is given to one process of the test run.
PARTS = 2

RUN_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
    v => v.id + ': ' + v.nodes.slice(0, 4).map(n => n.target + (n.any[0] ? ' (' + n.any[0].message + ')' : '')).join(', '))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Everything a person may act on, with radio buttons of one name as one stop, as the browser has it.
STOPS = """() => {
    const name = e => e.type === 'radio' ? 'radio ' + e.name : e.tagName.toLowerCase() + ' ' + (e.id || e.name || e.getAttribute('href') || e.textContent.trim().slice(0, 40));
    const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
        .filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true}) && !e.closest('dialog:not([open])'));
    window.reached = [];
    window.dim = [];
    document.addEventListener('focusin', event => {
        const e = event.target, s = getComputedStyle(e), near = getComputedStyle(e.nextElementSibling || e, '::before');
        window.reached.push(name(e));
        const seen = s.outlineStyle !== 'none' || s.boxShadow !== 'none' || near.boxShadow !== 'none' || near.outlineStyle !== 'none';
        if (!seen) window.dim.push(name(e));
    });
    // Day, month, year and the calendar of a date are stops of their own.
    const dates = all.filter(e => e.type === 'date').length;
    return {wanted: [...new Set(all.map(name))], count: all.length + 4 * dates, order: all.filter(e => e.tabIndex > 0).map(name)};
}"""


@contextmanager
def _open_browser() -> Iterator[Page]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            timeout=PATIENCE, executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = started.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE)
        yield page
        started.close()


def _tab(page: Page, label: str) -> list[str]:
    """Go through the page with the Tab key alone."""
    found = page.evaluate(STOPS)
    page.evaluate("document.activeElement.blur()")
    for _ in range(found["count"] + 3):
        page.keyboard.press("Tab")
    reached, dim = page.evaluate("[window.reached, window.dim]")
    wrong = [f"{label}: the keyboard never reaches {name}" for name in found["wanted"] if name not in reached]
    wrong += [f"{label}: focus is not seen on {name}" for name in dict.fromkeys(dim)]
    return wrong + [f"{label}: {name} jumps the order" for name in found["order"]]


def _fits(page: Page, label: str) -> list[str]:
    """Whether all of the page stands within a wide screen, a narrow one and a printed sheet."""
    wrong = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(WIDER) > 0:
            wrong.append(f"{label}: scrolls sideways at {width}")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    if page.evaluate(WIDER) > 0:
        wrong.append(f"{label}: wider than a printed sheet")
    page.emulate_media(media="screen")
    return wrong


def _axe(page: Page, label: str, widths: tuple[int, ...]) -> list[str]:
    wrong = []
    page.evaluate(AXE)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [f"{label} at {width}: {line}" for line in page.evaluate(RUN_AXE)]
    return wrong


def faults(world: World, part: int) -> list[str]:
    """What is wrong on the pages of one part, whoever they are for.

    Axe and the keyboard are asked of the English pages, which have the same parts; the width is asked of both languages.
    """
    shown = {language: every_page(world, language)[part::PARTS] for language in ("en", "hi")}
    paths = {f"/{language}/{number}": page for language, pages in shown.items() for number, page in enumerate(pages)}
    wrong: list[str] = []
    with served({path: page.html for path, page in paths.items()}) as origin, _open_browser() as page:
        for path, looked_at in paths.items():
            page.goto(origin + path)
            label = f"{looked_at.label} [{path[1:3]}]"
            wrong += _fits(page, label)
            if path.startswith("/en/"):
                is_opened = looked_at.how != "sent empty"
                wrong += _axe(page, label, (320, 1280) if is_opened else (320,))
                wrong += _tab(page, label) if is_opened else []
    return wrong
