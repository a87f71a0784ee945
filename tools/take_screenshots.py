"""Take the pictures of the documentation and of the manuals from the real pages, in both languages.

Usage: .venv/bin/python tools/take_screenshots.py [--every FOLDER]

The whole journey is walked once in a sandbox of its own, in a temporary folder, with real PKCS#11 tokens: the functions of
the browser tests do the walking, and this tool looks over their shoulder. Nothing of a running sandbox is touched.
`docs/pictures` and the manuals' pictures are replaced. `--every` puts each page at three widths and in both languages into
FOLDER instead, for looking through before a release; those pictures are not kept.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.flow import people_at_work as work  # noqa: E402  # the project's root must be on the path first
from tests.flow.sandbox_site import Site, running_site  # noqa: E402
from tests.flow.test_preferential import ANSWERS  # noqa: E402

from udgam.sandbox.cast import TOKENS  # noqa: E402
from udgam.sandbox.cast.firms import firm_by_key  # noqa: E402

DOCS = ROOT / "docs/pictures"
MANUAL = ROOT / "src/udgam/web/static/site/manual"
LANGUAGES = ("en", "hi")
WIDTHS = (320, 768, 1280)
TOKENS_IN_USE = ["exporter", "officer", "agency-admin", "administrator"]
PIXEL_RATIO = 2
LARGEST_PICTURE = 150_000
# What stands below this on a long page is left out of the documentation.
LONGEST_PICTURE = 1200
# A manual's column is about 630 points wide, so a page laid out for 660 stands in it nearly life-size.
MANUAL_WIDTH, MANUAL_HEIGHT = 660, 900
CASE = r"/applications/[0-9a-f-]{36}/"
# Copies what was typed in one window into the same form in another language.
READ_FORM = """() => [...document.querySelectorAll('main input:not([type=hidden]):not([type=file]):not([type=password]), main select, main textarea')]
  .map(field => [field.name, field.type, field.value, field.checked])"""
FILL_FORM = """rows => { for (const [name, type, value, checked] of rows) {
  for (const field of document.querySelectorAll(`main [name="${name}"]`)) {
    if (type === 'radio' || type === 'checkbox') { if (field.value === value) { field.disabled = false; field.checked = checked; } }
    else { field.value = value; } } } }"""


@dataclass(frozen=True)
class Scene:
    """One picture: its name, the page it shows, and where it belongs."""

    name: str
    path: str
    when: str = "leaving"
    widths: tuple[int, ...] = ()
    languages: tuple[str, ...] = ("en",)
    manual: bool = False


SCENES = (
    Scene("register-start", r"/register/", "arriving", widths=(320,), languages=("hi",)),
    Scene("register-token", r"/register/token/", widths=(1280,), manual=True),
    Scene("register-contact", r"/register/contact/", manual=True),
    Scene("register-codes", r"/register/codes/"),
    Scene("register-declaration", r"/register/declaration/", widths=(1280,), manual=True),
    Scene("register-details", r"/register/details/", manual=True),
    Scene("register-done", r"/register/done/", "now", widths=(1280,), manual=True),
    Scene("apply-tasks", CASE, "now", widths=(320, 1280), manual=True),
    Scene("apply-item", CASE + r"items/1/", "now", manual=True),
    Scene("apply-check", CASE + r"check/", "leaving", widths=(1280,), manual=True),
    Scene("apply-issued", CASE, "issued", widths=(320, 1280), manual=True),
)


def keep(picture: Image.Image, target: Path) -> None:
    """Save with as many colours as fit into the size that the repository bears."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for colours in (64, 32, 16):
        # One pass of k-means keeps the few points of a rare colour, such as the thin saffron line, in the palette.
        picture.convert("RGB").quantize(colours, kmeans=1, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= LARGEST_PICTURE:
            return
    raise SystemExit(f"{target.name} stays larger than {LARGEST_PICTURE} bytes; show less of the page")


class Album:
    """Takes pictures of pages and puts them where they belong."""

    def __init__(self, every: Path | None) -> None:
        self.every = every

    def take(self, scene: Scene, page: Page) -> None:
        """All the pictures of a scene, from the page as it stands."""
        for language in LANGUAGES:
            with in_language(page, language) as shown:
                if self.every is not None:
                    for width in WIDTHS:
                        _whole_page(shown, width).save(self.every / f"{scene.name}-{language}-{width}.png")
                    continue
                if language in scene.languages:
                    for width in scene.widths:
                        keep(_top(_whole_page(shown, width)), DOCS / f"{scene.name}-{language}-{width}.png")
                if scene.manual:
                    keep(_manual_part(shown), MANUAL / f"{scene.name}-{language}.png")

    def window(self, name: str, language: str, page: Page, *, manual: bool = False) -> None:
        """The agent's window, with all that can be scrolled to."""
        picture = _three_quarters(Image.open(BytesIO(page.screenshot(full_page=True))))
        if self.every is not None:
            picture.save(self.every / f"{name}-{language}.png")
            return
        keep(picture, (MANUAL if manual else DOCS) / f"{name}-{language}.png")

    def matching(self, page: Page, when: str) -> None:
        path = re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
        for scene in SCENES:
            if scene.when == when and re.fullmatch(scene.path, path):
                self.take(scene, page)


@contextmanager
def in_language(page: Page, language: str) -> Iterator[Page]:
    """The page itself in English; in Hindi a second window of the same person, filled in alike."""
    if language == "en":
        yield page
        return
    cookie = {"name": "udgam_language", "url": "/".join(page.url.split("/")[:3])}
    typed = page.evaluate(READ_FORM)
    page.context.add_cookies([{**cookie, "value": language}])  # type: ignore[typeddict-item]
    other = page.context.new_page()
    other.set_viewport_size({"width": 1280, "height": 900})
    other.goto(page.url)
    other.evaluate(FILL_FORM, typed)
    other.evaluate(
        "document.querySelectorAll('[data-declaration-text]').forEach(text => text.scrollTo(0, text.scrollHeight))"
    )
    try:
        yield other
    finally:
        other.close()
        page.context.add_cookies([{**cookie, "value": "en"}])  # type: ignore[typeddict-item]


def _whole_page(page: Page, width: int) -> Image.Image:
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 720 if width > 320 else 640})
    picture = Image.open(BytesIO(page.screenshot(full_page=True)))
    if before is not None:
        page.set_viewport_size(before)
    # Desktop pictures are halved: they are looked at in a browser's column, where twice the pixels only weigh.
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def _top(picture: Image.Image) -> Image.Image:
    return picture.crop((0, 0, picture.width, min(picture.height, LONGEST_PICTURE)))


def _manual_part(page: Page) -> Image.Image:
    """The main part of a page without header and footer, cut off below where it is long."""
    before = page.viewport_size
    page.set_viewport_size({"width": MANUAL_WIDTH, "height": MANUAL_HEIGHT})
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("main").bounding_box()
    assert box is not None
    height = min(box["height"], MANUAL_HEIGHT)
    clip = {"x": 0, "y": box["y"], "width": MANUAL_WIDTH, "height": height}
    picture = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip)))  # type: ignore[arg-type]
    if before is not None:
        page.set_viewport_size(before)
    return _three_quarters(picture)


def _three_quarters(picture: Image.Image) -> Image.Image:
    # Sharp enough for fine screens, and light enough for slow lines.
    return picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)


class Photographed(work.Person):
    """Somebody whose way is photographed: the pages they leave, and the agent's windows they see."""

    def __init__(self, browser: Browser, site: Site, token: str, album: Album, language: str = "en-IN") -> None:
        super().__init__(browser, site, token, language, pixel_ratio=PIXEL_RATIO)
        self.album = album
        self.seen: set[str] = set()

    def go(self, path: str) -> None:
        # The walk goes on to the documents when all else is filled in: the moment to show the item and the task list.
        if path.endswith("/documents/") and "apply-item" not in self.seen:
            self.seen.add("apply-item")
            for earlier in (path.replace("documents/", "items/1/"), path.replace("documents/", "")):
                super().go(earlier)
                self.album.matching(self.page, "now")
        super().go(path)
        self.album.matching(self.page, "arriving")

    def press(self, name: str | re.Pattern[str]) -> None:
        self.album.matching(self.page, "leaving")
        super().press(name)

    def show_token(self, button: Locator) -> None:
        self.album.matching(self.page, "leaving")
        super().show_token(button)

    def sign(self, button: Locator) -> None:
        """As a person does, with a picture of each state of the window."""
        kind = "certificate" if "/signing/" in self.page.url else "application"
        with self.page.expect_popup() as opened:
            button.click()
        window = opened.value
        window.locator(f'input[name=certificate][value="{self.site.fingerprints[self.token]}"]').check()
        window.locator("#continue").click()
        window.locator("#pin").fill(TOKENS[self.token].pin)
        self.album.window(f"agent-sign-{kind}", "en", window)
        window.locator("#go").click()


def _show(person: Photographed, name: str, path: str, **options: object) -> None:
    person.go(path)
    person.album.take(Scene(name, path, "now", **options), person.page)  # type: ignore[arg-type]


def photograph_agent(browser: Browser, site: Site, album: Album) -> None:
    """The window that asks for the PIN, in both languages."""
    for language, locale in (("en", "en-IN"), ("hi", "hi-IN")):
        person = Photographed(browser, site, "exporter", album, locale)
        person.go("/register/check-token/")
        with person.page.expect_popup() as opened:
            person.page.locator("[data-agent-start]").click()
        window = opened.value
        window.locator(f'input[name=certificate][value="{site.fingerprints["exporter"]}"]').check()
        window.locator("#pin").fill(TOKENS["exporter"].pin)
        album.window("agent-window", language, window, manual=True)
        person.context.close()


def photograph_start(browser: Browser, site: Site, album: Album) -> None:
    """What anybody sees."""
    anyone = Photographed(browser, site, "exporter", album)
    _show(anyone, "welcome", "/", widths=WIDTHS, languages=LANGUAGES)
    _show(anyone, "sign-in", "/sign-in/", widths=(1280,))
    _show(anyone, "officer-door", "/officer/")
    _show(anyone, "check-token", "/register/check-token/")
    for name in ("help", "agent", "feedback", "notices", "site-map"):
        _show(anyone, name, f"/{name}/")
    anyone.context.close()


def photograph_certificate(pdf: Path, album: Album) -> None:
    """The issued certificate as a picture of its first page."""
    target = pdf.with_name("certificate-page")
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-singlefile", str(pdf), str(target)], check=True)
    picture = Image.open(target.with_suffix(".png"))
    if album.every is not None:
        picture.save(album.every / "certificate.png")
    else:
        keep(picture, DOCS / "certificate.png")


def photograph_verification(browser: Browser, site: Site, album: Album, number: str, pdf: Path) -> None:
    """The public page by number, and what the file shows."""
    customs = Photographed(browser, site, "exporter", album)
    _show(customs, "verify-start", "/verify/", widths=(1280,))
    _show(customs, "verify-result", f"/verify/{number}", widths=(320, 1280), manual=True)
    for language in LANGUAGES:
        customs.context.add_cookies([{"name": "udgam_language", "url": site.url, "value": language}])
        customs.go("/verify/")
        customs.page.locator("input[type=file]").set_input_files(pdf)
        customs.page.locator("main form:has(input[type=file]) button").first.click()
        customs.page.locator(".udgam-outcome").first.wait_for()
        if album.every is not None:
            for width in WIDTHS:
                _whole_page(customs.page, width).save(album.every / f"verify-pdf-{language}-{width}.png")
            continue
        keep(_manual_part(customs.page), MANUAL / f"verify-pdf-{language}.png")
        if language == "en":
            keep(_top(_whole_page(customs.page, 1280)), DOCS / f"verify-pdf-{language}-1280.png")
    customs.context.close()


def photograph_origin(exporter: Photographed) -> None:
    """A preferential application up to the claim of origin, and what else the manual shows of an application."""
    case = work.begin(exporter, "AIFTA")
    for section, field in (("office", "office_id"), ("exporter", "branch_id")):
        exporter.go(f"{case}{section}/")
        control = exporter.page.locator(f"main [name={field}]").first
        if field == "office_id":
            control.select_option(index=1)
        else:
            control.check()
        exporter.page.locator(work.SAVE).first.click()
    for name, values in ANSWERS.items():
        work.fill(exporter, f"{case}{name}/", values)
    for name, path in (
        ("apply-table", "items/table/"),
        ("apply-shipping-bill", "shipping-bills/add/"),
        ("apply-costs", "items/1/cost-sheet/"),
        ("apply-claim", "items/1/claim/"),
        ("apply-copy", "copy/"),
        ("apply-withdraw", "withdraw/"),
    ):
        _show(exporter, name, f"{case}{path}", manual=True)


def photograph_mailbox(browser: Browser, site: Site, album: Album) -> None:
    """The sandbox's mailbox, which stands on a port of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, device_scale_factor=PIXEL_RATIO)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{site.port + 3}/")
    picture = Image.open(BytesIO(page.screenshot())).resize((1280, 900), Image.Resampling.LANCZOS)
    if album.every is not None:
        picture.save(album.every / "mailbox.png")
    else:
        keep(picture, DOCS / "mailbox.png")
    context.close()


def walk(browser: Browser, site: Site, album: Album) -> None:
    """The journey of the README, with its pictures."""
    photograph_start(browser, site, album)
    photograph_agent(browser, site, album)
    exporter = Photographed(browser, site, "exporter", album)
    exporter.go("/register/")
    work.register(exporter, "spices")
    album.matching(exporter.page, "now")
    firm = firm_by_key("spices")
    work.first_sign_in(exporter, firm.iec, firm.email or "")
    for name, path in (("my-iec", "/register/my-iec/"), ("account", "/account/"), ("sign-ins", "/account/sign-ins/")):
        _show(exporter, name, path)
    application = work.apply(exporter, site.folder)
    case = exporter.page.url.removeprefix(site.url)
    _show(exporter, "applications", "/applications/", widths=(1280,))
    officer = Photographed(browser, site, "officer", album)
    work.staff_sign_in(officer, "officer", "officer")
    _show(officer, "desk", "/desk/", widths=(1280,))
    officer.follow(application)
    _show(officer, "case", officer.page.url.removeprefix(site.url), widths=(1280,))
    work.approve(officer, application)
    _show(officer, "to-sign", "/signing/", widths=(1280,))
    pdf = work.certify(officer, application, site.folder)
    _show(officer, "signed", officer.page.url.removeprefix(site.url), widths=(1280,))
    photograph_certificate(pdf, album)
    exporter.go(case)
    album.matching(exporter.page, "issued")
    photograph_origin(exporter)
    found = re.search(re.escape(application) + r"/\d{8}", exporter.page.locator("main").inner_text())
    assert found is not None
    photograph_verification(browser, site, album, found.group(), pdf)
    photograph_mailbox(browser, site, album)
    for token, door, path in (
        ("agency-admin", "agency-administrator", "/agency/"),
        ("administrator", "administrator", "/agency/all/"),
    ):
        staff = Photographed(browser, site, token, album)
        work.staff_sign_in(staff, token, door)
        _show(staff, f"{token}-home", path)
        staff.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--every", type=Path, metavar="FOLDER", help="every page, three widths, both languages, into FOLDER"
    )
    every: Path | None = parser.parse_args().every
    folder = Path(tempfile.mkdtemp(prefix="udgam-pictures-"))
    # The embedded database runs as another user when this runs as root: it must reach its folder.
    folder.chmod(0o755)
    if every is not None:
        every.mkdir(parents=True, exist_ok=True)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    try:
        with running_site(folder, TOKENS_IN_USE) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=work.BROWSER, args=work.FLAGS)
            walk(browser, site, Album(every))
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
