"""A preferential certificate in a real browser: cost sheet, finding, claim, fee, a question answered, issue, check by anybody.

Nothing is intercepted. The tests build on each other, in the order in which they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.flow import people_at_work as work
from tests.flow.people_at_work import Person
from tests.flow.sandbox_site import Site
from tests.flow.test_journey import MAIL, verify_file

pytestmark = [pytest.mark.browser, pytest.mark.softhsm, pytest.mark.xdist_group("preferential")]
INVOICE = "MMS/26-27/207"
ANSWERS = {
    "consignee": {
        "consignee_name": "Mekong Chemical Trading Co.",
        "consignee_address": "12 Nguyen Hue\nHo Chi Minh City",
        "consignee_country": "VN",
        "destination": "VN",
    },
    "transport": {
        "transport_mode": "sea",
        "vessel": "MV Neela Sagar",
        "port_of_loading": "Cochin",
        "port_of_discharge": "Ho Chi Minh City",
    },
    "invoice": {"number": INVOICE, "date": "2026-11-18"},
    "items/add": {
        "description": "Guanidine derivative",
        "hs_code": "2925.29",
        "marks": "MMS 1-40",
        "packages": "40",
        "package_kind": "drums",
        "quantity": "1000",
        "unit": "KGM",
        "gross_weight": "1100",
        "fob": "12600.00",
        "currency": "USD",
    },
    "items/1/materials/add": {
        "description": "Alcohol, saturated",
        "hs_code": "2905.19",
        "quantity": "500",
        "unit": "KGM",
        "unit_value": "5.10804",
        "basis": "CIF",
        "origin": "CN",
        "document_number": "BE 4711",
        "document_date": "2026-10-01",
        "supplier_name": "Yangtze Chemicals",
        "supplier_address": "Shanghai",
    },
    "items/1/cost-sheet": {"labour": "3000", "overhead": "2000", "other": "545.98", "profit": "4500"},
}


@dataclass
class Story:
    """What has happened so far."""

    folder: Path
    exporter: Person
    officer: Person
    case: str = ""
    number: str = ""
    certificate_number: str = ""
    pdf: Path = Path()


@pytest.fixture(scope="module")
def story(site: Site, browser: Browser) -> Story:
    return Story(
        folder=site.folder, exporter=Person(browser, site, "exporter"), officer=Person(browser, site, "officer")
    )


def test_the_exporter_states_costs_and_sees_what_is_found(story: Story) -> None:
    person = story.exporter
    work.register(person, "spices")
    work.first_sign_in(person, "0305900017", MAIL)
    story.case = work.begin(person, "AIFTA")
    person.go(f"{story.case}office/")
    person.page.locator("[name=office_id]").select_option(index=1)
    person.page.locator(work.SAVE).first.click()
    person.go(f"{story.case}exporter/")
    person.page.locator("[name=branch_id]").first.check()
    person.page.locator(work.SAVE).first.click()
    for name, values in ANSWERS.items():
        work.fill(person, f"{story.case}{name}/", values)
    person.go(f"{story.case}items/1/claim/")
    expect(person.page.locator("main")).to_contain_text("79.73")
    work.fill(person, f"{story.case}items/1/claim/", {"criterion": "RVC+CTSH", "text": "RVC [79.73]%+CTSH"})


def test_the_exporter_signs_and_pays_six_hundred_rupees_and_tax(story: Story) -> None:
    person = story.exporter
    work.upload_papers(person, story.case, story.folder, INVOICE)
    work.declare(person, story.case)
    story.number = work.sign_application(person, story.case)
    main = person.page.locator("main")
    expect(main).to_contain_text("600.00")
    expect(main).to_contain_text("708.00")
    work.pay(person, story.case)


def test_an_officer_asks_and_the_exporter_answers_and_signs_again_without_a_second_fee(
    story: Story, site: Site
) -> None:
    officer, exporter = story.officer, story.exporter
    work.staff_sign_in(officer, "officer", "officer")
    officer.go("/desk/")
    officer.follow(story.number)
    officer.press("Take up")
    expect(officer.page.locator("main")).to_contain_text("Yangtze Chemicals")
    officer.press("Ask the exporter")
    officer.page.locator("select[name$=-place]").first.select_option(index=1)
    officer.page.locator("textarea[name$=-question]").first.fill("Which ship carries the goods?")
    officer.press("Send to the exporter")
    assert story.number in site.wait_for_message(MAIL, "Which ship")
    exporter.go(f"{story.case}answer/")
    expect(exporter.page.locator("main")).to_contain_text("Which ship carries the goods?")
    work.fill(exporter, f"{story.case}answer/", {"answer_1": "The ship was changed."})
    work.fill(exporter, f"{story.case}transport/", {"vessel": "MV Malabar Coast"})
    assert work.sign_application(exporter, story.case) == story.number
    expect(exporter.page.locator("main")).not_to_contain_text("Proceed to payment")


def test_the_officer_sees_the_change_approves_and_certifies(story: Story) -> None:
    officer = story.officer
    officer.go("/desk/")
    officer.follow(story.number)
    main = officer.page.locator("main")
    expect(main).to_contain_text("MV Neela Sagar")
    expect(main).to_contain_text("MV Malabar Coast")
    expect(main).to_contain_text("The ship was changed.")
    if officer.page.get_by_role("button", name="Take up").count():
        officer.press("Take up")
    officer.press("Approve")
    expect(main).to_contain_text("Approved")
    story.pdf = work.certify(officer, story.number, story.folder)


def test_anybody_checks_it_by_number_and_by_file(story: Story, site: Site, browser: Browser) -> None:
    story.exporter.go(story.case)
    found = re.search(re.escape(story.number) + r"/\d{8}", story.exporter.page.locator("main").inner_text())
    assert found is not None
    story.certificate_number = found.group()
    assert "attached" in site.wait_for_message(MAIL, story.certificate_number)
    [letter] = [row for row in site.messages(MAIL) if row["attachments"]]
    assert letter["attachments"] == [f"{story.certificate_number.replace('/', '-')}.pdf"]
    status, answer = verify_file(site, story.pdf)
    assert (status, answer["valid"], answer["status"]) == (0, True, "issued")
    customs = Person(browser, site, "exporter")
    customs.go("/")
    customs.page.locator("#verify-number").fill(story.certificate_number)
    customs.press("Verify certificate")
    main = customs.page.locator("main")
    expect(main).to_contain_text("Malabar Monsoon Spices Private Limited")
    expect(main).not_to_contain_text("Guanidine")
    customs.go("/verify/")
    customs.page.locator("input[type=file]").set_input_files(story.pdf)
    customs.page.locator("main form:has(input[type=file]) button").first.click()
    expect(main).to_contain_text("Guanidine derivative")
    expect(main).to_contain_text("RVC [79.73]%+CTSH")
    customs.context.close()
