"""One running sandbox and one browser for a file of browser tests; both end with it, so that other tests find no event loop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser_patience import PATIENCE
from tests.database_folder import database_folder
from tests.flow.people_at_work import BROWSER, FLAGS
from tests.flow.sandbox_site import Site, running_site

TOKENS = [
    "exporter",
    "colleague",
    "other-exporter",
    "officer",
    "second-officer",
    "agency-admin",
    "administrator",
    "expired",
    "wrong-firm",
    "revoked",
]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with database_folder("udgam-site-") as folder, running_site(folder, TOKENS) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(timeout=PATIENCE, executable_path=BROWSER, args=FLAGS)
        yield chromium
        chromium.close()
