"""A preferential application through the pages: cost sheet, finding, claim, signature, and what the signed content then says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.fee_accounts import set_fee_account
from tests.rooms.applications.firm import ACTOR, Firm, text_of
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import latest_signed
from udgam.flow.payments.models import Order
from udgam.parties.agencies.services import authorise_office
from udgam.rules.content import read_application
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db

LINE = {
    "description": "Guanidine derivative", "hs_code": "2925.29", "quantity": "1000", "gross_weight": "1100", "fob": "12600.00",
}  # fmt: skip
MATERIAL = {
    "description": "Alcohol, saturated", "hs_code": "2905.19", "quantity": "500", "unit": "KGM", "unit_value": "5.10804",
    "basis": "CIF", "origin": "CN", "weight_kg": "", "document_number": "BE 4711", "document_date": "2026-10-01",
    "supplier_name": "Yangtze Chemicals", "supplier_address": "Shanghai",
}  # fmt: skip
COSTS = {"labour": "3000", "overhead": "2000", "other": "545.98", "profit": "4500", "ex_works": ""}


def _begun(firm: Firm) -> Application:
    authorise_office(
        office=firm.agency.mumbai, agreement="AIFTA", valid_from=date(2026, 1, 1), actor=ACTOR, now=timezone.now()
    )
    application = firm.start(agreement="AIFTA")
    answers = firm.answers() | {"certificate": {"agreement": "AIFTA", "shipment": "before"}}
    for name, values in answers.items():
        answer = firm.fill(application.public_id, name, **values)
        assert answer.status_code == 302, (name, text_of(answer))
    assert firm.add_line(application.public_id, **LINE).status_code == 302
    for kind in ("invoice", "packing-list"):
        assert firm.upload(application.public_id, kind).status_code == 302
    return application


def _post(firm: Firm, application: Application, name: str, *args: Any, **data: str) -> int:
    data = {"edit": str(firm.edit(application.public_id)), **data}
    return firm.post(name, application.public_id, *args, data=data).status_code


def _sheet(firm: Firm, application: Application) -> None:
    assert _post(firm, application, "material-add", 1, **MATERIAL) == 302
    assert _post(firm, application, "cost-sheet", 1, **COSTS) == 302


def test_the_origin_is_shown_claimed_signed_and_paid(firm: Firm) -> None:
    application = _begun(firm)
    assert "To do" in text_of(firm.get("items", application.public_id))
    _sheet(firm, application)
    page = text_of(firm.get("claim", application.public_id, 1))
    assert "79.73" in page
    proposed = _post(firm, application, "claim", 1, criterion="RVC+CTSH", text="RVC [79.73]%+CTSH", reason="")
    assert proposed == 302
    check = text_of(firm.get("check", application.public_id))
    assert "Continue to signing" in check, check
    assert firm.get("preview", application.public_id).content.startswith(b"%PDF-")
    set_fee_account(
        agency=firm.agency.mumbai.agency, state_code="27", gstin="27ZZZAS0201C1ZK", billing_address="Mumbai",
        gateway="sandbox", actor=ACTOR, now=timezone.now(),
    )  # fmt: skip
    assert "done" in firm.sign(application.public_id).json()
    application.refresh_from_db()
    assert application.state == "awaiting_payment"
    assert Order.objects.get().fee_paise == 60_000
    signed = latest_signed(application)
    assert signed is not None
    content = read_application(bytes(signed.content))
    assert (content.kind, content.agreement, content.scheme) == ("preferential", "AIFTA", "013")
    assert content.items[0].criterion_printed == "RVC [79.73]%+CTSH"
    assert content.claims[0].finding_sha256 == content.items[0].finding_sha256
    assert str(content.cost_sheets[0].materials[0].value) == "2554.02"
    assert content.rules is not None


def test_a_claim_is_asked_for_anew_when_the_cost_sheet_changes(firm: Firm) -> None:
    application = _begun(firm)
    _sheet(firm, application)
    _post(firm, application, "claim", 1, criterion="RVC+CTSH", text="RVC [79.73]%+CTSH", reason="")
    assert _post(firm, application, "material-remove", 1, 1) == 302
    item = application.items.get()
    assert item.finding_sha256 == ""
    assert _post(firm, application, "cost-sheet", 1, **{**COSTS, "wholly_obtained": "on"}) == 302


def test_materials_worth_more_than_the_goods_stop_the_signature(firm: Firm) -> None:
    application = _begun(firm)
    _post(firm, application, "material-add", 1, **{**MATERIAL, "unit_value": "500"})
    _post(firm, application, "cost-sheet", 1, **COSTS)
    _post(firm, application, "claim", 1, criterion="PSR", text="", reason="As agreed with the office.")
    page = text_of(firm.get("check", application.public_id))
    assert "more than its FOB value" in page
    assert firm.say(application.public_id, event="open").json()["refused"]["reason"] == "application.has_findings"


def test_after_shipment_a_reason_is_asked_for(firm: Firm) -> None:
    application = _begun(firm)
    answer = firm.fill(application.public_id, "certificate", agreement="AIFTA", shipment="after", retrospective="")
    assert 'id="id_retrospective_error"' in text_of(answer)
    told = "The buyer asked for it after the ship had left."
    firm.fill(application.public_id, "certificate", agreement="AIFTA", shipment="after", retrospective=told)
    left = (indian_date(timezone.now()) - timedelta(days=1)).isoformat()
    firm.fill(application.public_id, "transport", departure=left)
    application.refresh_from_db()
    assert (application.shipment, application.retrospective) == ("after", told)


def test_an_office_that_may_not_issue_it_is_no_longer_chosen_and_an_empty_list_says_why(firm: Firm) -> None:
    application = firm.start()
    firm.fill(application.public_id, "office")
    firm.fill(application.public_id, "certificate", agreement="AIFTA", shipment="before")
    application.refresh_from_db()
    assert application.office_id is None
    page = text_of(firm.get("section", application.public_id, "office"))
    assert "No office may issue this certificate at present" in page
    assert "Choose another certificate" in page


def test_ports_are_found_by_name_and_their_code_is_kept(firm: Firm) -> None:
    application = firm.start()
    answers = firm.answers()["transport"]
    typed = {**answers, "edit": application.edit, "port_words": "haiphong", "port_of": "port_of_discharge", "find": "1"}
    page = text_of(firm.post("section", application.public_id, "transport", data=typed))
    assert "Haiphong (VNHPH)" in page
    typed.pop("find")
    page = text_of(
        firm.post("section", application.public_id, "transport", data={**typed, "choose": "Haiphong (VNHPH)"})
    )
    assert 'value="Haiphong (VNHPH)"' in page
    firm.fill(application.public_id, "transport", port_of_discharge="Haiphong (VNHPH)")
    application.refresh_from_db()
    assert (application.port_of_discharge_code, application.port_of_loading_code) == ("VNHPH", "INCOK")


def test_several_invoices_each_once_and_lines_that_name_them(firm: Firm) -> None:
    application = firm.start()
    firm.fill(application.public_id, "invoice")
    day = firm.answers()["invoice"]["date"]
    assert _post(firm, application, "invoice-add", number="MM/26-27/0042", date=day) == 302
    assert _post(firm, application, "invoice-add", number="mm/26-27/0042", date=day) == 409
    second = application.invoices.get(position=2)
    assert firm.add_line(application.public_id, invoice_id=str(second.id)).status_code == 302
    assert application.items.get().invoice == second
    assert _post(firm, application, "invoice-remove", 1) == 302
    assert [row.number for row in application.invoices.all()] == ["MM/26-27/0042"]
