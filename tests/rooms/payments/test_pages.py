"""The pages: what each shows, to whom, in print and as a file; exports run nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.fee_accounts import set_fee_account
from tests.rooms.accounts.people import sign_in
from tests.rooms.examination.cases import make_office, make_officer
from tests.rooms.payments.purse import ACTOR, Payer, paid, ready_agency
from tests.rooms.registration.colleagues import join_firm
from udgam.flow.payments import gateways, services
from udgam.flow.payments.models import Attempt, Order, Paper
from udgam.ground.pages.exports import exported, harmless
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.refusals import AgencyRefused
from udgam.web.doctor import checks
from udgam.web.settings import environment

pytestmark = pytest.mark.django_db


def browser(person: Any, *, language: str = "en") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    sign_in(client, person, stepped_up=True)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_the_order_page_shows_fee_each_tax_and_total(agency: Agency, payer: Payer) -> None:
    text = page(browser(payer.person), f"/payments/orders/{payer.order().public_id}/")
    for part in (
        "₹\u00a0200.00",
        "₹\u00a036.00",
        "₹\u00a00.00",
        "₹\u00a0236.00",
        "IGST",
        "CGST",
        "SGST",
        "Kerala (32)",
    ):
        assert part in text, part
    assert "Pay from the wallet</button>" not in text
    payer.deposit(500_00)
    assert "Pay from the wallet</button>" in page(browser(payer.person), f"/payments/orders/{payer.order().public_id}/")


def test_paying_from_the_wallet_in_the_browser(payer: Payer) -> None:
    payer.deposit(500_00)
    order, client = payer.order(), browser(payer.person)
    answer = client.post(f"/payments/orders/{order.public_id}/wallet/", follow=True)
    assert "Payment received" in answer.content.decode()
    again = client.post(f"/payments/orders/{order.public_id}/wallet/")
    assert again.status_code == 409
    assert "not waiting for payment" in again.content.decode()
    assert payer.balance == 264_00


def test_a_receipt_reads_the_same_on_screen_and_on_paper_in_both_languages(payer: Payer) -> None:
    paper = paid(payer.order()).papers.get()
    for language, title in (("en", "Receipt"), ("hi", "रसीद")):
        client = browser(payer.person, language=language)
        text = page(client, f"/payments/receipts/{paper.public_id}/")
        assert title in text
        assert paper.number in text
        assert "27ZZZAS0201C1ZK" in text
        pdf = client.get(f"/payments/receipts/{paper.public_id}/pdf/")
        assert pdf.headers["Content-Type"] == "application/pdf"
        with pikepdf.open(io.BytesIO(pdf.content)) as file:
            assert len(file.pages) == 1


def test_a_receipt_stays_as_it_was_issued(payer: Payer) -> None:
    paper = paid(payer.order()).papers.get()
    Agency.objects.update(registered_name="Another Name", gstin="")
    assert "Another Name" not in page(browser(payer.person), f"/payments/receipts/{paper.public_id}/")


def test_a_receipt_with_letters_no_font_has_is_still_printed(payer: Payer) -> None:
    paper = paid(payer.order()).papers.get()
    paper.content["customer"]["name"] = "貿易 #strong[x] \\ $a$"
    Paper.objects.filter(id=paper.id).update(content=paper.content)
    pdf = browser(payer.person).get(f"/payments/receipts/{paper.public_id}/pdf/")
    assert pdf.content.startswith(b"%PDF")


def test_a_stranger_finds_no_order_and_no_receipt(payer: Payer) -> None:
    order = paid(payer.order())
    stranger = browser(Payer(payer.agency, "mango").person)
    elsewhere = ready_agency("NTC")
    other_admin = browser(make_officer(make_office(elsewhere, "Ooty"), "Suma Rao", "administrator"))
    for path in (f"/payments/orders/{order.public_id}/", f"/payments/receipts/{order.papers.get().public_id}/"):
        assert stranger.get(path).status_code == 404
        assert other_admin.get(path).status_code == 404


def test_the_list_finds_receipts_by_number_and_day(payer: Payer) -> None:
    paper = paid(payer.order()).papers.get()
    client = browser(payer.person)
    assert paper.number in page(client, "/payments/")
    assert paper.number in page(client, f"/payments/?search={paper.number}")
    assert "no receipt here" in page(client, "/payments/?search=nothing")
    assert "no receipt here" in page(client, "/payments/?since=2999-01-01")
    assert "before the first" in page(client, "/payments/?since=2026-05-02&until=2026-05-01")


def test_a_deposit_begins_on_the_wallets_page(payer: Payer) -> None:
    client = browser(payer.person)
    assert payer.agency.name in page(client, "/payments/wallets/")
    answer = client.post("/payments/wallets/SEC/", {"amount": "500.50"})
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/payments/orders/{order.public_id}/"
    assert (order.purpose, order.total_paise) == ("deposit", 500_50)
    for amount, status in (("99.99", 409), ("1.001", 200), ("-5", 200), ("nought", 200), ("100000.01", 409)):
        assert client.post("/payments/wallets/SEC/", {"amount": amount}).status_code == status
    assert Order.objects.count() == 1
    assert client.get("/payments/wallets/XXX/").status_code == 404


def test_the_statement_can_be_had_as_csv_and_xlsx(payer: Payer) -> None:
    payer.deposit(500_00)
    order = payer.order()
    services.pay_from_wallet(order=order, actor=ACTOR, now=timezone.now())
    client = browser(payer.person)
    assert "Statement" in page(client, "/payments/wallets/SEC/")
    rows = list(csv.reader(io.StringIO(client.get("/payments/wallets/SEC/statement.csv").content.decode("utf-8-sig"))))
    assert [row[3:] for row in rows[1:]] == [["500.00", "", "500.00"], ["", "236.00", "264.00"]]
    sheet = load_workbook(io.BytesIO(client.get("/payments/wallets/SEC/statement.xlsx").content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]][4:] == [236, 264]
    assert client.get("/payments/wallets/SEC/statement.exe").status_code == 404


def test_the_agencys_page_and_settlement_agree_with_the_books(agency: Agency, payer: Payer) -> None:
    admin = make_officer(make_office(agency, "Mumbai"), "Prakash Joshi", "administrator")
    paid(payer.order())
    services.refund(order=paid(payer.order("preferential")), reason="Refused", actor=ACTOR, now=timezone.now())
    client = browser(admin)
    text = page(client, "/payments/agency/")
    for part in ("₹\u00a0944.00", "₹\u00a0708.00", "₹\u00a0200.00", "₹\u00a036.00"):
        assert part in text, part
    rows = list(csv.reader(io.StringIO(client.get("/payments/agency/settlement.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 3
    assert sum(float(cell) for row in rows[1:] for cell in row[5:] if cell) == 0
    assert len(list(csv.reader(io.StringIO(client.get("/payments/agency/settlement.csv?since=2999-01-01").content.decode("utf-8-sig"))))) == 1  # fmt: skip
    assert load_workbook(io.BytesIO(client.get("/payments/agency/settlement.xlsx").content)).active is not None


def test_the_agencys_administrator_says_where_the_fees_go(agency: Agency) -> None:
    client = browser(make_officer(make_office(agency, "Mumbai"), "Prakash Joshi", "administrator"))
    values = {
        "state_code": "29",
        "gstin": "29ZZZAN0202D1ZI",
        "billing_address": "Bengaluru 560001",
        "gateway": "sandbox",
    }
    assert client.post("/payments/agency/fee-account/", values).status_code == 302
    change = agency.fee_account_changes.get(state="waiting")
    assert (change.state_code, change.gstin) == ("29", "29ZZZAN0202D1ZI")
    for wrong, status in (({"gstin": "27ZZZAS0201C1ZK"}, 409), ({"gstin": "x"}, 409), ({"gateway": "other"}, 200), ({"gateway": "elsewhere"}, 200), ({"state_code": "99"}, 200)):  # fmt: skip
        assert client.post("/payments/agency/fee-account/", {**values, **wrong}).status_code == status
    assert agency.fee_account_changes.get(state="waiting") == change


def test_another_agencys_payment_account_cannot_be_named(agency: Agency) -> None:
    values: Any = {"agency": agency, "state_code": "27", "gstin": "", "billing_address": "Mumbai", "actor": ACTOR}
    with pytest.raises(AgencyRefused) as refused:
        set_fee_account(**values, gateway="elsewhere", now=timezone.now())
    assert refused.value.code == "agency.account_not_own"
    # Even when a row names one, the operator is told.
    Agency.objects.update(gateway="elsewhere")
    assert "elsewhere (SEC)" in checks.money().detail


def test_the_result_page_asks_the_gateway_at_most_six_times_a_minute(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Attempt] = []
    order, client = payer.order(), browser(payer.person)
    Attempt.objects.create(
        order=order, account="sandbox", amount_paise=1, started_by="x", started_at=timezone.now(), page="https://x.example/"
    )  # fmt: skip
    monkeypatch.setattr(gateways, "ask_about", lambda *, attempt, now: asked.append(attempt) or True)
    for _time in range(9):
        assert client.get(f"/payments/orders/{order.public_id}/result/").status_code == 200
    assert len(asked) == 6


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1"])
def test_no_cell_of_an_export_becomes_a_formula(text: str) -> None:
    assert harmless(text).startswith("'")
    as_csv = exported(kind="csv", name="x", heading=[text], rows=[[text]]).content.decode("utf-8-sig")
    assert all(cell.startswith("'") for row in csv.reader(io.StringIO(as_csv, newline="")) for cell in row)
    sheet = load_workbook(io.BytesIO(exported(kind="xlsx", name="x", heading=["a"], rows=[[text]]).content)).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("text", ['x;=HYPERLINK("http://x.example")', "x; \t+1", "x\t=1", "a;@b;-1"])
def test_no_part_of_a_cell_becomes_a_formula_where_lists_are_separated_otherwise(text: str) -> None:
    as_csv = exported(kind="csv", name="x", heading=["a"], rows=[[text]]).content.decode("utf-8-sig")
    for delimiter in ";\t":
        for row in csv.reader(io.StringIO(as_csv, newline=""), delimiter=delimiter):
            assert not any(cell.strip(' "').startswith(("=", "+", "-", "@")) for cell in row), row


@pytest.mark.parametrize("text", ["Pepper; whole, 500 g", "a;b", "Tel. 020-2612; ext. 4", "₹ 5; ₹ 6"])
def test_ordinary_text_is_exported_as_it_is(text: str) -> None:
    as_csv = exported(kind="csv", name="x", heading=["a"], rows=[[text]]).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(as_csv)))[1] == [text]


def test_the_operators_checks_add_everything_up(payer: Payer, capsys: pytest.CaptureFixture[str]) -> None:
    paid(payer.order())
    call_command("reconcile_payments")
    assert "unbalanced entries: 0" in capsys.readouterr().out
    assert checks.money().outcome == "ok"
    Paper.objects.all().delete()
    assert checks.money().outcome == "fail"


def test_an_account_that_the_settings_lack_is_found(payer: Payer) -> None:
    Agency.objects.update(gateway="gone")
    assert "gone" in checks.money().detail


def test_a_broker_pays_fees_online_and_sees_nothing_else_of_the_firms_money(agency: Agency, payer: Payer) -> None:
    payer.deposit(500_00)
    deposit, order = Order.objects.get(), payer.order()
    broker = browser(join_firm(payer, role="broker", name="Irfan Shaikh").person)
    assert "the wallet" not in page(broker, f"/payments/orders/{order.public_id}/").partition("<main")[2]
    assert "/payments/wallets/" not in page(broker, "/payments/")
    receipt = f"/payments/receipts/{deposit.papers.get().public_id}/"
    for path in ("wallets/", "wallets/SEC/", "wallets/SEC/statement.csv", f"orders/{deposit.public_id}/"):
        assert broker.get(f"/payments/{path}").status_code == 404, path
    assert broker.get(receipt).status_code == 404
    assert broker.post(f"/payments/orders/{order.public_id}/wallet/").status_code == 404
    assert payer.balance == 500_00
    drafter = browser(join_firm(payer).person)
    assert drafter.get(receipt).status_code == 200
    assert drafter.post(f"/payments/orders/{order.public_id}/wallet/").status_code == 302
    assert payer.balance == 264_00


def test_an_account_that_names_no_agency_is_named_before_the_service_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, failures = tmp_path / "accounts.json", list[str]()
    monkeypatch.setenv("UDGAM_PAYMENT_ACCOUNTS", str(file))
    monkeypatch.setattr(environment, "_failures", failures)
    file.write_text('{"bank": {"kind": "hosted-page"}}')
    assert environment.payment_accounts("UDGAM_PAYMENT_ACCOUNTS") == {}
    assert "'bank' names no agency" in failures[0]
    file.write_text('{"bank": {"kind": "hosted-page", "agency": "SEC"}}')
    assert "bank" in environment.payment_accounts("UDGAM_PAYMENT_ACCOUNTS")
    assert len(failures) == 1
