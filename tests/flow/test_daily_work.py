"""The day's work of a non-preferential office in a real browser: a table of goods, a refusal with its refund, a copy, a print by post,
a colleague who stands in, a post that is suspended. Nothing is intercepted; the tests build on each other, in their order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.flow import people_at_work as work
from tests.flow.people_at_work import Person
from tests.flow.sandbox_site import Site
from tests.flow.test_journey import MAIL, verify_file
from udgam.flow.applications.forms.bulk import GOODS
from udgam.rules.numbers import indian_date

pytestmark = [pytest.mark.browser, pytest.mark.softhsm, pytest.mark.xdist_group("daily-work")]
ARTICLE = "EE000000005IN"


@dataclass
class Story:
    """What has happened so far."""

    folder: Path
    exporter: Person
    officer: Person
    second: Person
    admin: Person
    case: str = ""
    number: str = ""
    copied: str = ""
    copied_number: str = ""
    pdf: Path = Path()


@pytest.fixture(scope="module")
def story(site: Site, browser: Browser) -> Story:
    keys = ("exporter", "officer", "second-officer", "agency-admin")
    exporter, officer, second, admin = (Person(browser, site, key) for key in keys)
    return Story(folder=site.folder, exporter=exporter, officer=officer, second=second, admin=admin)


def today() -> date:
    from django.utils import timezone

    return indian_date(timezone.now())


def table(path: Path, hs_code: str, lines: int) -> Path:
    rows = [",".join(GOODS)]
    rows += [
        f'{n},"Black pepper, grade {n}",{hs_code},MMS {n},10,bags,500,KGM,510,2000.00,USD,' for n in range(1, lines + 1)
    ]
    path.write_text("\n".join(rows) + "\n")
    return path


def upload_table(person: Person, case: str, file: Path, heading: str) -> None:
    person.go(f"{case}items/table/")
    person.page.locator("input[type=file]").set_input_files(file)
    person.press("Upload")
    # The page looks again by itself while the worker reads.
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_goods_come_from_a_table_and_one_wrong_row_adds_nothing(story: Story) -> None:
    person = story.exporter
    work.register(person, "spices")
    work.first_sign_in(person, "0305900017", MAIL)
    story.case = work.begin(person)
    work.fill_parties(person, story.case, "MMS/26-27/301")
    person.go(f"{story.case}office/")
    person.page.get_by_label(re.compile("Send a print")).check()
    person.page.locator(work.SAVE).first.click()
    upload_table(person, story.case, table(story.folder / "wrong.csv", "999999", 3), "The table has errors")
    expect(person.page.locator("main")).to_contain_text("3 errors were found; nothing was added")
    person.go(f"{story.case}items/")
    expect(person.page.locator("main")).not_to_contain_text("grade 1")
    upload_table(person, story.case, table(story.folder / "right.csv", "090411", 12), "The table is right")
    person.press("Add the rows")
    person.go(f"{story.case}items/")
    expect(person.page.locator("main")).to_contain_text("Black pepper, grade 12")
    work.upload_papers(person, story.case, story.folder, "MMS/26-27/301")
    work.declare(person, story.case)
    story.number = work.sign_application(person, story.case)
    work.pay(person, story.case)


def test_a_refusal_gives_the_reason_and_the_fee_goes_back(story: Story, site: Site) -> None:
    officer, exporter = story.officer, story.exporter
    work.staff_sign_in(officer, "officer", "officer")
    officer.go("/desk/")
    officer.follow(story.number)
    officer.press("Take up")
    officer.press("Refuse")
    officer.page.locator("[name=code][value=papers_contradict]").check()
    officer.page.locator("[name=reason]").fill("The packing list names 11 lines.")
    officer.press("Refuse the application")
    expect(officer.page.locator("main")).to_contain_text("Refused")
    assert "11 lines" in site.wait_for_message(MAIL, "packing list names")
    assert story.number in site.wait_for_message(MAIL, "were paid back")
    exporter.go(story.case)
    main = exporter.page.locator("main")
    expect(main).to_contain_text("The papers contradict the application")
    expect(main).to_contain_text("The packing list names 11 lines.")
    exporter.go("/payments/")
    expect(main).to_contain_text("Credit note")
    with psycopg.connect(site.database_url) as connection:
        orders = connection.execute("SELECT state, total_paise FROM payments_order").fetchall()
        refunds = connection.execute('SELECT state, amount_paise, "to" FROM payments_refund').fetchall()
        left = connection.execute(
            "SELECT kind, sum(amount_paise) FROM payments_ledgerposting p"
            " JOIN payments_ledgeraccount a ON a.id = p.account_id GROUP BY kind"
        ).fetchall()
    assert [state for state, _total in orders] == ["refunded"]
    assert refunds == [("done", orders[0][1], "source")]
    assert {kind: int(total) for kind, total in left if total} == {}


def test_the_exporter_copies_what_was_refused_and_files_it_again(story: Story) -> None:
    person = story.exporter
    person.go(f"{story.case}copy/")
    person.press("Copy")
    person.page.wait_for_url(re.compile(r"/applications/[0-9a-f-]{36}/$"))
    story.copied = re.sub(r"^.*(/applications/)", r"\1", person.page.url)
    assert story.copied != story.case
    expect(person.page.locator("main")).to_contain_text("Copied")
    person.go(f"{story.copied}items/")
    expect(person.page.locator("main")).to_contain_text("Black pepper, grade 12")
    person.go(f"{story.copied}check/")
    expect(person.page.get_by_role("button", name="Continue to signing")).to_have_count(0)
    work.fill(person, f"{story.copied}certificate/", {"shipment": "before"})
    work.fill(person, f"{story.copied}invoice/", {"number": "MMS/26-27/302", "date": "2026-11-19"})
    work.upload_papers(person, story.copied, story.folder, "MMS/26-27/302")
    story.copied_number = work.sign_application(person, story.copied)
    assert story.copied_number != story.number
    work.pay(person, story.copied)


def officer_page(story: Story, name: str) -> str:
    story.admin.go("/agency/")
    story.admin.follow(name)
    story.admin.page.wait_for_url("**/agency/officers/**")
    return re.sub(r"^https?://[^/]+", "", story.admin.page.url)


def test_a_colleague_of_another_office_stands_in_during_a_leave(story: Story) -> None:
    admin, officer, second = story.admin, story.officer, story.second
    work.staff_sign_in(admin, "agency-admin", "agency-administrator")
    work.staff_sign_in(second, "second-officer", "officer")
    second.go("/desk/")
    expect(second.page.locator("main")).not_to_contain_text(story.copied_number)
    page = officer_page(story, "Meera Kulkarni")
    admin.press("Enter a leave")
    day = today().isoformat()
    for name, value in (("since", day), ("until", (today() + timedelta(days=2)).isoformat())):
        admin.page.locator(f"[name={name}]").fill(value)
    stand_in = admin.page.locator("[name=stand_in] option", has_text="Arjun Shinde").get_attribute("value")
    admin.page.locator("[name=stand_in]").select_option(stand_in)
    admin.press("Enter the leave")
    expect(admin.page.locator("main")).to_contain_text("Arjun Shinde stands in")
    officer.go("/desk/")
    expect(officer.page.locator("main")).to_contain_text("You are entered as being on leave today.")
    second.go("/desk/")
    expect(second.page.locator("main")).to_contain_text("in place of Meera Kulkarni")
    second.follow(story.copied_number)
    second.press("Take up")
    second.press("Approve")
    expect(second.page.locator("main")).to_contain_text("Approved")
    admin.go(page)
    admin.follow("End the leave")
    admin.press("End the leave")
    expect(admin.page.locator("main")).to_contain_text("No leave is entered.")
    second.go("/desk/")
    expect(second.page.locator("main")).not_to_contain_text("in place of Meera Kulkarni")


def test_the_officer_certifies_prints_and_posts(story: Story, site: Site) -> None:
    officer, exporter = story.officer, story.exporter
    story.pdf = work.certify(officer, story.copied_number, story.folder)
    status, answer = verify_file(site, story.pdf)
    assert (status, answer["valid"], answer["status"]) == (0, True, "issued")
    officer.go("/signing/post/")
    main = officer.page.locator("main")
    expect(main).to_contain_text("Original, Duplicate")
    officer.follow(story.copied_number)
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="Duplicate").evaluate(
            "link => { link.download = 'leaf.pdf'; link.click() }"
        )
    download.value.save_as(story.folder / "leaf.pdf")
    assert (story.folder / "leaf.pdf").read_bytes().startswith(b"%PDF")
    officer.go("/signing/post/")
    officer.page.locator("input[name^=article_]").fill(ARTICLE)
    officer.press("Note as sent")
    expect(main).to_contain_text("Nothing waits to be sent")
    assert ARTICLE in site.wait_for_message(MAIL, ARTICLE)
    exporter.go(story.copied)
    expect(exporter.page.locator("main")).to_contain_text(ARTICLE)


def test_a_suspended_officer_is_told_why_and_what_was_issued_stays_good(story: Story, site: Site) -> None:
    officer, admin = story.officer, story.admin
    page = officer_page(story, "Meera Kulkarni")
    admin.press("Suspend the post")
    admin.press("Suspend")
    expect(admin.page.locator("main")).to_contain_text("Suspended")
    for address in ("/desk/", "/signing/"):
        officer.go(address)
        expect(officer.page.locator("main")).to_contain_text("Your post is suspended.")
        expect(officer.page.locator("main")).to_contain_text("Ask the administrator of your agency.")
        expect(officer.page.locator("main")).not_to_contain_text(story.copied_number)
    status, answer = verify_file(site, story.pdf)
    assert (status, answer["valid"], answer["status"]) == (0, True, "issued")
    admin.go(page)
    admin.press("Reinstate the post")
    admin.press("Reinstate")
    officer.go("/desk/")
    expect(officer.page.locator("main")).not_to_contain_text("Your post is suspended.")
