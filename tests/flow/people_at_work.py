"""What people do in the browser, step by step: each function is one thing a person does."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.flow.sandbox_site import Site
from udgam.sandbox.cast import FIRMS, TOKENS, firm_by_key
from udgam.sandbox.cast.passwords import password_of, username_of

BROWSER = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
NEW_PASSWORD = "spices-from-the-coast-26"


class Person:
    """Somebody with a browser of their own and a token in the PC."""

    def __init__(self, browser: Browser, site: Site, token: str, language: str = "en-IN") -> None:
        self.site = site
        self.token = token
        self.context: BrowserContext = browser.new_context(
            locale=language, accept_downloads=True, viewport={"width": 1280, "height": 900}
        )
        self.context.set_default_timeout(20000)
        self.page: Page = self.context.new_page()

    def go(self, path: str) -> None:
        response = self.page.goto(f"{self.site.url}{path}")
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def show_token(self, button: Locator) -> None:
        """Press a button for the token, choose the certificate and type the PIN in the agent's window."""
        with self.page.expect_popup() as opened:
            button.click()
        window = opened.value
        assert window.url.startswith(self.site.agent.url) or window.wait_for_url(f"{self.site.agent.url}/**") is None
        window.locator(f'input[name=certificate][value="{self.site.fingerprints[self.token]}"]').check()
        window.locator("#pin").fill(TOKENS[self.token].pin)
        window.locator("#go").click()

    def sign(self, button: Locator) -> None:
        """Press a button that signs: choose the certificate, confirm what is shown, type the PIN once."""
        with self.page.expect_popup() as opened:
            button.click()
        window = opened.value
        window.locator(f'input[name=certificate][value="{self.site.fingerprints[self.token]}"]').check()
        window.locator("#continue").click()
        window.locator("#pin").fill(TOKENS[self.token].pin)
        window.locator("#go").click()


def register(person: Person, firm_key: str) -> str:
    """Steps 2 to 6 of the manual; returns the registration number."""
    firm, page, site = firm_by_key(firm_key), person.page, person.site
    person.go("/register/token/")
    page.get_by_label(re.compile("IEC|Importer")).first.fill(firm.iec)
    person.show_token(page.get_by_role("button", name="Fetch"))
    page.wait_for_url("**/register/contact/")
    assert firm.mobile is not None
    assert firm.email is not None
    page.get_by_label(re.compile("Mobile")).fill(firm.mobile)
    page.get_by_label(re.compile("E-mail")).fill(firm.email)
    person.press("Continue")
    page.wait_for_url("**/register/codes/")
    codes = {
        kind: re.findall(r"\b(\d{6})\b", site.wait_for_message(to, "code"))[0]
        for kind, to in (("mobile", firm.mobile), ("email", firm.email))
    }
    page.locator("input[name*=mobile]").fill(codes["mobile"])
    page.locator("input[name*=email]").fill(codes["email"])
    person.press("Continue")
    page.wait_for_url("**/register/declaration/")
    expect(page.get_by_role("button", name="Save & Next")).to_be_disabled()
    page.locator("[data-declaration-text]").focus()
    page.keyboard.press("End")
    page.locator("[data-declaration-text]").evaluate("element => element.scrollTo(0, element.scrollHeight)")
    page.get_by_label("I agree").check()
    person.press("Save & Next")
    page.wait_for_url("**/register/details/")
    for code, gstin in firm.branch_gstins().items():
        page.locator(f"input[name$='{code}-gstin']").fill(gstin)
    person.press("Register")
    page.wait_for_url("**/register/done/")
    found = re.search(r"[A-Z]+/\d{4}/\d{4,}", page.locator("main").inner_text())
    assert found is not None
    return found.group()


def read_calculation(person: Person) -> str:
    """What a person reads in the picture: here from the row behind it."""
    key = person.page.locator("input[name=calculation_0]").input_value()
    with psycopg.connect(person.site.database_url) as connection:
        row = connection.execute("SELECT response FROM captcha_captchastore WHERE hashkey = %s", (key,)).fetchone()
    assert row is not None
    return str(row[0])


def first_sign_in(person: Person, iec: str, email: str) -> None:
    """With the one-time password from the mail, then a password of one's own."""
    text = person.site.wait_for_message(email, "one-time password")
    found = re.search(r"\b([A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4})\b", text)
    assert found is not None, text
    person.go("/sign-in/")
    person.page.get_by_label("User name").first.fill(iec)
    person.page.get_by_label("Password", exact=True).fill(found.group(1))
    person.page.locator("input[name=calculation_1]").fill(read_calculation(person))
    person.press(re.compile("^(Login|Sign in)$"))
    person.page.wait_for_url("**/new-password/**")
    fields = person.page.locator("input[type=password]")
    for index in range(fields.count()):
        fields.nth(index).fill(found.group(1) if index == 0 and fields.count() == 3 else NEW_PASSWORD)
    person.page.locator("main form button.govuk-button").first.click()
    expect(person.page.get_by_role("button", name="Sign out").first).to_be_visible()


def staff_sign_in(person: Person, key: str, door: str) -> None:
    """Officers and administrators: password and token at their own door."""
    person.go(f"/{door}/")
    person.page.get_by_label("User name").fill(username_of(key))
    person.page.get_by_label("Password", exact=True).fill(password_of(key))
    person.show_token(person.page.get_by_role("button", name="Sign in with password and token"))
    expect(person.page.get_by_role("button", name="Sign out").first).to_be_visible()


def sample_pdf(path: Path, text: str) -> Path:
    """A small real PDF to upload."""
    import typst

    path.write_bytes(typst.compile(f"#set page(width: 10cm, height: 6cm)\n= {text}".encode()))
    return path


ALL_FIRMS = FIRMS
