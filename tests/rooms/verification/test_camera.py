"""The camera in a real browser: a film of the printed code is read and checked; without a camera the page says what else can be done."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser_patience import PATIENCE
from tests.flow.people_at_work import BROWSER, FLAGS
from tests.rooms.verification.test_proofs import Says, believe
from tests.signing.proof.made import Made, make
from tests.signing.sealing.office import LATER, make_office
from udgam.flow.verification import proof_views

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH, HEIGHT = 1280, 960


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(make_office(), tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def film(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The printed page as a camera would see it, near enough for the large code: raw frames in YUV4MPEG2."""
    raster = subprocess.run(
        ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "-"], input=made.pdf, capture_output=True, check=True
    ).stdout
    page = Image.open(io.BytesIO(raster)).convert("RGB")
    [code] = [one for one in zxingcpp.read_barcodes(page) if one.text.startswith("UD1:")]
    corner, opposite = code.position.top_left, code.position.bottom_right
    edge = 40
    seen = page.crop((corner.x - edge, corner.y - edge, opposite.x + edge, opposite.y + edge)).resize((HEIGHT, HEIGHT))
    frame = Image.new("RGB", (WIDTH, HEIGHT), "white")
    frame.paste(seen.rotate(2, fillcolor="white"), ((WIDTH - HEIGHT) // 2, 0))
    light, blue, red = frame.convert("YCbCr").split()
    half = (WIDTH // 2, HEIGHT // 2)
    planes = light.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    file = tmp_path_factory.mktemp("film") / "paper.y4m"
    file.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + planes) * 5)
    return file


@contextmanager
def page_with(server: Any, *flags: str, permission: bool) -> Iterator[Page]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(timeout=PATIENCE, executable_path=BROWSER, args=[*FLAGS, *flags])
            context = browser.new_context(viewport={"width": 320, "height": 700}, locale="en-IN")
            context.set_default_timeout(PATIENCE)
            if permission:
                context.grant_permissions(["camera"], origin=server.url)
            page = context.new_page()
            page.goto(server.url + reverse("verification:start"))
            yield page
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def test_the_camera_reads_the_printed_code_and_the_check_follows(
    live_server: Any, made: Made, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    believe(monkeypatch, made.trust())
    monkeypatch.setattr(proof_views, "OwnStatuses", lambda: Says("issued", made.digest))
    monkeypatch.setattr(proof_views.timezone, "now", lambda: LATER)
    flags = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    with page_with(live_server, *flags, permission=True) as page:
        page.click("[data-scan-start]")
        page.wait_for_selector("h1:has-text('This code is genuine')")
        assert made.content.number in page.inner_text("main")
        # Elsewhere on the site the camera stays shut, though the person allowed it.
        page.goto(live_server.url + reverse("home"))
        refused = page.evaluate(
            "navigator.mediaDevices.getUserMedia({video: true}).then(() => 'opened', (error) => error.name)"
        )
        assert refused == "NotAllowedError"


def test_who_refuses_the_camera_is_told_what_else_can_be_done(live_server: Any) -> None:
    with page_with(live_server, "--use-fake-device-for-media-stream", permission=False) as page:
        page.click("[data-scan-start]")
        page.locator("[data-scan-status]", has_text="may not use").wait_for()
        assert "choose a picture below" in page.inner_text("[data-scan-status]")
        assert page.is_visible("[data-scan-start]")
        assert page.is_hidden("video")
        assert page.is_visible("input[type=file]")


def test_a_device_without_a_camera_is_told_so(live_server: Any) -> None:
    with page_with(live_server, permission=True) as page:
        page.click("[data-scan-start]")
        page.locator("[data-scan-status]", has_text="has no camera").wait_for()
        assert page.is_visible("[data-scan-start]")
