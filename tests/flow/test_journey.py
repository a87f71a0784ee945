"""From the first visit to a verified certificate, in a real browser, with real tokens through the real agent.

Nothing is intercepted and nobody signs in by a side door. The tests build on each other, in the order in which they stand.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.architecture.source import ROOT
from tests.flow import people_at_work as work
from tests.flow.people_at_work import Person
from tests.flow.sandbox_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.softhsm, pytest.mark.xdist_group("journey")]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
MAIL = "exports@malabar-monsoon.example"


@dataclass
class Story:
    """What has happened so far."""

    folder: Path
    exporter: Person
    officer: Person
    number: str = ""
    certificate_number: str = ""
    pdf: Path = Path()
    seen: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def story(site: Site, browser: Browser) -> Story:
    return Story(
        folder=site.folder, exporter=Person(browser, site, "exporter"), officer=Person(browser, site, "officer")
    )


def verify_file(site: Site, file: Path, *more: str) -> tuple[int, dict[str, object]]:
    """What `udgam verify` says of a file: its exit status and its answer."""
    command = [
        str(Path(sys.executable).parent / "udgam"),
        "verify",
        str(file),
        "--trust",
        str(site.folder / "sandbox" / "trust"),
        "--json",
        *more,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    answer: dict[str, object] = json.loads(result.stdout)
    return result.returncode, answer


def test_an_exporter_registers_with_the_token(story: Story) -> None:
    assert work.register(story.exporter, "spices").startswith("EIC/")


def test_the_platform_saw_a_real_token_and_not_the_file_mode(story: Story, site: Site) -> None:
    with psycopg.connect(site.database_url) as connection:
        rows = connection.execute("SELECT raw FROM registration_tokenevidence").fetchall()
    assert rows
    for (raw,) in rows:
        text = bytes(raw).decode() if not isinstance(raw, str) else raw
        assert "udgam-agent" in text
        assert "sandbox-files" not in text


def test_the_exporter_signs_in_with_the_mailed_password_and_chooses_another(story: Story) -> None:
    work.first_sign_in(story.exporter, "0305900017", MAIL)


@pytest.mark.parametrize(("token", "firm", "says"), [("wrong-firm", "mango", "IEC"), ("revoked", "mango", "revoked")])
def test_a_token_that_may_not_act_for_the_firm_is_refused_with_the_reason(
    site: Site, browser: Browser, token: str, firm: str, says: str
) -> None:
    stranger = Person(browser, site, token)
    stranger.go("/register/token/")
    stranger.page.locator("main input[type=text]").first.fill(work.firm_by_key(firm).iec)
    stranger.show_token(stranger.page.get_by_role("button", name="Fetch"))
    expect(stranger.page.locator("main")).to_contain_text(says)
    assert "/register/contact/" not in stranger.page.url
    stranger.context.close()


def test_the_exporter_applies_and_signs(story: Story) -> None:
    story.number = work.apply(story.exporter, story.folder)
    assert story.number.startswith("SEC/")


def test_a_stranger_sees_nothing_of_the_application(story: Story, site: Site, browser: Browser) -> None:
    stranger = Person(browser, site, "other-exporter")
    work.register(stranger, "mango")
    stranger.go("/sign-in/")
    stranger.show_token(stranger.page.get_by_role("button", name="Sign in with the token"))
    work.choose_password(stranger)
    stranger.go("/applications/")
    expect(stranger.page.locator("body")).not_to_contain_text(story.number)
    response = stranger.page.goto(story.exporter.page.url)
    assert response is not None
    assert response.status == 404
    expect(stranger.page.locator("body")).not_to_contain_text(story.number)
    stranger.context.close()


def test_an_officer_examines_and_approves(story: Story) -> None:
    work.staff_sign_in(story.officer, "officer", "officer")
    work.approve(story.officer, story.number)


def test_the_officer_certifies_with_the_token(story: Story) -> None:
    story.pdf = work.certify(story.officer, story.number, story.folder)
    assert story.pdf.read_bytes().startswith(b"%PDF-1.7")


def test_the_exporter_finds_the_certificate_and_is_told_by_mail(story: Story, site: Site) -> None:
    story.exporter.go("/applications/")
    story.exporter.follow(story.number)
    expect(story.exporter.page.locator("main")).to_contain_text(f"{story.number}/")
    found = re.search(re.escape(story.number) + r"/\d{8}", story.exporter.page.locator("main").inner_text())
    assert found is not None
    story.certificate_number = found.group()
    assert story.certificate_number in site.wait_for_message(MAIL, story.certificate_number)


def test_somebody_who_knows_nothing_of_the_platform_verifies_the_file(story: Story, site: Site) -> None:
    status, answer = verify_file(site, story.pdf)
    assert (status, answer["valid"], answer["status"]) == (0, True, "issued")
    assert answer["certificate_number"] == story.certificate_number
    spoiled = story.folder / "spoiled.pdf"
    data = bytearray(story.pdf.read_bytes())
    data[len(data) // 2] ^= 1
    spoiled.write_bytes(data)
    status, answer = verify_file(site, spoiled, "--offline")
    assert status in {1, 2}
    assert answer["valid"] is False


def test_the_public_page_shows_little_by_number_and_all_to_the_holder(
    story: Story, site: Site, browser: Browser
) -> None:
    customs = Person(browser, site, "exporter")
    customs.go("/")
    customs.page.locator("#verify-number").fill(story.certificate_number)
    customs.press("Verify certificate")
    main = customs.page.locator("main")
    expect(main).to_contain_text("Malabar Monsoon Spices Private Limited")
    expect(main).not_to_contain_text("Black pepper")
    expect(main).not_to_contain_text("61")
    customs.go("/verify/")
    customs.page.locator("input[type=file]").set_input_files(story.pdf)
    customs.page.locator("main form:has(input[type=file]) button").first.click()
    expect(main).to_contain_text("Black pepper")
    customs.context.close()


PUBLIC = ["/", "/help/", "/register/", "/register/check-token/", "/register/notice/", "/sign-in/", "/sign-in/forgot/", "/officer/", "/agency-administrator/", "/administrator/", "/verify/", "/agency/bring-token/"]  # fmt: skip
EXPORTER = ["/applications/", "/applications/start/", "/register/my-iec/", "/account/", "/account/sign-ins/"]
OFFICER = ["/desk/", "/signing/", "/account/"]


def _problems(person: Person, path: str) -> list[str]:
    person.go(path)
    found = (
        person.page.evaluate(
            "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(', '))"
        )
        if not _add_axe(person)
        else []
    )
    wide = person.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{path}: {text}" for text in found] + ([f"{path}: scrolls sideways"] if wide else [])


def _add_axe(person: Person) -> None:
    # The page's own policy refuses scripts from elsewhere, as it should; the tool therefore comes in through the debugger.
    person.page.evaluate(AXE.read_text())


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_pass_axe_and_never_scroll_sideways(story: Story, site: Site, browser: Browser, width: int) -> None:
    anyone = Person(browser, site, "exporter")
    problems: list[str] = []
    case = story.exporter.page.url.removeprefix(site.url)
    for person, paths in (
        (anyone, [*PUBLIC, f"/verify/{story.certificate_number}"]),
        (story.exporter, [*EXPORTER, case]),
        (story.officer, OFFICER),
    ):
        person.page.set_viewport_size({"width": width, "height": 900})
        for path in paths:
            problems += _problems(person, path)
    assert problems == [], "\n".join(problems)
    anyone.context.close()
