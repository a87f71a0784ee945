"""What people do in the browser, step by step: each function is one thing a person does."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser_patience import PATIENCE, let_go
from tests.flow.sandbox_site import Site
from udgam.sandbox.cast import FIRMS, TOKENS, firm_by_key
from udgam.sandbox.cast.passwords import password_of, username_of

BROWSER = "/usr/bin/chromium"
SAVE = "main form button.govuk-button:visible:not(.govuk-button--secondary)"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
NEW_PASSWORD = "spices-from-the-coast-26"


class Person:
    """Somebody with a browser of their own and a token in the PC."""

    def __init__(
        self, browser: Browser, site: Site, token: str, language: str = "en-IN", pixel_ratio: float = 1
    ) -> None:
        self.site = site
        self.token = token
        self.context: BrowserContext = browser.new_context(
            locale=language,
            accept_downloads=True,
            viewport={"width": 1280, "height": 900},
            device_scale_factor=pixel_ratio,
        )
        self.context.set_default_timeout(PATIENCE)
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
        let_go(window.locator("#go").click)

    def sign(self, button: Locator) -> None:
        """Press a button that signs: choose the certificate, confirm what is shown, type the PIN once."""
        with self.page.expect_popup() as opened:
            button.click()
        window = opened.value
        window.locator(f'input[name=certificate][value="{self.site.fingerprints[self.token]}"]').check()
        window.locator("#continue").click()
        window.locator("#pin").fill(TOKENS[self.token].pin)
        let_go(window.locator("#go").click)


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
    for field, gstin in zip(page.get_by_label(re.compile("GSTIN")).all(), firm.branch_gstins().values(), strict=True):
        field.fill(gstin)
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
    person.page.locator("input[name=username]").fill(iec)
    person.page.locator("input[name=password]").fill(found.group(1))
    person.page.locator("input[name=calculation_1]").fill(read_calculation(person))
    person.press(re.compile("^(Login|Sign in)$"))
    choose_password(person, one_time=found.group(1))
    expect(person.page.get_by_role("button", name="Sign out").first).to_be_visible()


def choose_password(person: Person, *, one_time: str = "") -> None:
    """Choose a password of one's own, which every first sign-in asks for, by password and by token alike."""
    person.page.wait_for_url("**/account/password/**")
    fields = person.page.locator("input[type=password]")
    for index in range(fields.count()):
        fields.nth(index).fill(one_time if index == 0 and fields.count() == 3 else NEW_PASSWORD)
    person.page.locator(SAVE).first.click()
    person.page.wait_for_url(re.compile(r"^(?!.*/account/password/).*$"))


def staff_sign_in(person: Person, key: str, door: str) -> None:
    """Officers and administrators: password and token at their own door."""
    person.go(f"/{door}/")
    person.page.locator("input[name=username]").fill(username_of(key))
    person.page.locator("input[name=password]").fill(password_of(key))
    person.show_token(person.page.get_by_role("button", name="Sign in with password and token"))
    expect(person.page.get_by_role("button", name="Sign out").first).to_be_visible()


def sample_pdf(path: Path, text: str) -> Path:
    """A small real PDF to upload."""
    import typst

    path.write_bytes(typst.compile(f"#set page(width: 10cm, height: 6cm)\n= {text}".encode()))
    return path


ALL_FIRMS = FIRMS


def begin(person: Person, agreement: str = "NP") -> str:
    """Begin an application; returns the address of its case."""
    person.go("/applications/start/")
    person.page.locator("main select[name=agreement]").select_option(agreement)
    person.page.locator(SAVE).first.click()
    person.page.wait_for_url(re.compile(r"/applications/[0-9a-f-]{36}/"))
    found = re.search(r"/applications/[0-9a-f-]{36}/", person.page.url)
    assert found is not None
    return found.group()


def apply(person: Person, folder: Path, invoice: str = "MMS/26-27/118") -> str:
    """Fill the form section by section, upload the papers, check, sign, pay; returns the application's number."""
    case = begin(person)
    fill_parties(person, case, invoice)
    fill(person, f"{case}items/add/", PEPPER)
    upload_papers(person, case, folder, invoice)
    declare(person, case)
    number = sign_application(person, case)
    pay(person, case)
    return number


def upload_papers(
    person: Person,
    case: str,
    folder: Path,
    invoice: str,
    labels: tuple[str, ...] = ("Commercial invoice", "Packing list"),
) -> None:
    """The papers of a consignment, by the names that the page gives them."""
    page = person.page
    for label in labels:
        person.go(f"{case}documents/")
        page.get_by_label(label, exact=True).check()
        page.locator("input[type=file]").set_input_files(sample_pdf(folder / f"{label}.pdf", f"{label} {invoice}"))
        page.locator(SAVE).first.click()
        expect(page.locator("main")).to_contain_text(label)


def declare(person: Person, case: str) -> None:
    """Where the goods are, and who says that they are Indian."""
    answers = {
        "goods_at": "Willingdon Island warehouse, Kochi",
        "grounds": "Grown and processed in India",
        "place": "Kochi",
        "declarant_name": "Ravi Menon",
        "declarant_designation": "Director",
    }
    fill(person, f"{case}declaration/", answers)


def sign_application(person: Person, case: str) -> str:
    """Check the answers and sign them with the token; returns the number."""
    page = person.page
    person.go(f"{case}check/")
    person.press("Continue to signing")
    person.sign(page.locator("[data-agent-start]"))
    page.wait_for_url(re.compile(re.escape(case) + "$"))
    number = re.search(r"[A-Z]+/\d{4}/\d{3}/\d{7}[A-Z]", page.locator("main").inner_text())
    assert number is not None
    return number.group()


def pay(person: Person, case: str) -> None:
    """The fee, at the agency's gateway; the office has the application a moment after the browser is back."""
    page = person.page
    page.get_by_role("button", name="Proceed to payment").click()
    page.wait_for_url("**/payments/orders/**")
    person.press("Proceed to payment")
    page.locator("button[name=way][value=pay]").click()
    page.wait_for_url("**/payments/orders/**")
    for _ in range(240):
        person.go(case)
        if "Submitted" in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
    raise AssertionError("the payment did not submit the application")


def fill(person: Person, address: str, values: dict[str, str]) -> None:
    """Fill a form and save it; no field may be complained of."""
    page = person.page
    person.go(address)
    for field, value in values.items():
        control = page.locator(f"main [name={field}]").first
        kind = control.evaluate("element => element.type")
        if kind == "radio":
            page.locator(f"[name={field}][value='{value}']").check()
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(value)
    page.locator(SAVE).first.click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


PEPPER = {
    "description": "Black pepper, whole, garbled",
    "hs_code": "0904.11",
    "marks": "MMS 1-200",
    "packages": "200",
    "package_kind": "bags",
    "quantity": "10000",
    "unit": "KGM",
    "gross_weight": "10150",
    "fob": "61500.00",
    "currency": "USD",
}


def fill_parties(person: Person, case: str, invoice: str) -> None:
    """Everything of a non-preferential application but the goods, the papers and the declaration."""
    page = person.page

    def section(name: str, values: dict[str, str]) -> None:
        fill(person, f"{case}{name}/", values)

    person.go(f"{case}office/")
    page.locator("[name=office_id]").select_option(index=1)
    page.locator(SAVE).first.click()
    person.go(f"{case}exporter/")
    page.locator("[name=branch_id]").first.check()
    page.locator(SAVE).first.click()
    section(
        "consignee",
        {
            "consignee_name": "Hafen Gewürze GmbH",
            "consignee_address": "Speicherstadt 12\n20457 Hamburg",
            "consignee_country": "DE",
            "destination": "DE",
        },
    )
    section(
        "transport",
        {
            "transport_mode": "sea",
            "vessel": "MV Kaveri Star",
            "port_of_loading": "Cochin",
            "port_of_discharge": "Hamburg",
        },
    )
    section("invoice", {"number": invoice, "date": "2026-11-18"})


def approve(person: Person, number: str) -> None:
    """The officer finds the application on the desk, takes it up and approves it."""
    person.go("/desk/")
    person.follow(number)
    person.press("Take up")
    person.press("Approve")
    expect(person.page.locator("main")).to_contain_text("Approved")


def certify(person: Person, number: str, folder: Path) -> Path:
    """The signing officer signs what was approved and downloads the certificate."""
    page = person.page
    person.go("/signing/")
    page.get_by_label(number).check(force=True)
    person.press("Continue to signing")
    page.wait_for_url("**/signing/runs/**")
    person.sign(page.locator("[data-agent-start]"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("The certificate is issued")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download")).first.click()
    target = folder / "certificate.pdf"
    download.value.save_as(target)
    return target
