"""How the tests use a browser on a machine of any speed: they wait for what must come, and let windows go that close themselves.

Whatever drives a browser imports this, so that Playwright's own five seconds never decide.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Error, Page, expect

# Milliseconds. Only what never comes is waited for so long; what comes sooner is seen sooner.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


def let_go(act: Callable[[], object]) -> None:
    """Press something after which the window may close itself.

    It may be gone before the browser has answered the press, which Playwright calls an error. That is no fault: what the press
    did is seen in the window that asked.
    """
    try:
        act()
    except Error as problem:
        if "has been closed" not in str(problem):
            raise


def wait_until_closed(window: Page) -> None:
    """See the window go."""
    if not window.is_closed():
        window.wait_for_event("close", timeout=PATIENCE)
