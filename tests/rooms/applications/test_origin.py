"""The finding beside the cost sheet, the claim that must agree with it or say why not, and the derivation that is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import ACTOR, Firm, text_of
from udgam.flow.applications.models import Application, OriginFinding
from udgam.flow.applications.origin import against_the_findings, findings_of
from udgam.parties.agencies.services import authorise_office
from udgam.rules.content import read_application
from udgam.rules.numbers import indian_date

MATERIAL = {
    "description": "Dicyandiamide",
    "hs_code": "2905.19",
    "quantity": "1000",
    "unit": "KGM",
    "unit_value": "2.554020",
    "basis": "CIF",
    "origin": "CN",
    "weight_kg": "",
    "document_number": "BE 77",
    "document_date": "2026-10-01",
    "supplier_name": "Far Works",
    "supplier_address": "Ningbo",
}
COSTS = {"labour": "0", "overhead": "0", "other": "", "profit": "", "ex_works": ""}
REASON = "The material was made in Gujarat; the bill of entry is wrong."

pytestmark = pytest.mark.django_db


def preferential(firm: Firm, **material: Any) -> Application:
    """A draft under the agreement with ASEAN with one line, its material and costs, and no claim yet."""
    authorise_office(
        office=firm.agency.mumbai, agreement="AIFTA", valid_from=date(2026, 1, 1), actor=ACTOR, now=timezone.now()
    )
    application = firm.start("AIFTA")
    for name in firm.answers():
        changed = {"agreement": "AIFTA"} if name == "certificate" else {}
        answer = firm.fill(application.public_id, name, **changed)
        assert answer.status_code == 302, (name, text_of(answer))
    line = {"description": "Metformin", "hs_code": "2925.29"}
    assert firm.add_line(application.public_id, **line).status_code == 302
    for kind in ("invoice", "packing-list"):
        assert firm.upload(application.public_id, kind).status_code == 302
    for name, data in (("material-add", {**MATERIAL, **material}), ("cost-sheet", COSTS)):
        answer = firm.post(name, application.public_id, 1, data={"edit": firm.edit(application.public_id), **data})
        assert answer.status_code == 302, (name, text_of(answer))
    application.refresh_from_db()
    return application


def claim(firm: Firm, application: Application, **typed: str) -> Any:
    data = {"edit": firm.edit(application.public_id), "criterion": "RVC+CTSH", "text": "", "reason": "", **typed}
    return firm.post("claim", application.public_id, 1, data=data)


def test_the_finding_stands_beside_the_cost_sheet(firm: Firm) -> None:
    application = preferential(firm)
    page = text_of(firm.get("cost-sheet", application.public_id, 1))
    assert "By the computation the goods originate in India." in page
    assert "RVC [79.73]%+CTSH" in page
    assert "79.73 %" in page
    firm.client.cookies["udgam_language"] = "hi"
    page = text_of(firm.get("cost-sheet", application.public_id, 1))
    assert "गणना के अनुसार माल की उत्पत्ति भारत में है।" in page
    assert "हर गैर-उत्पत्ति सामग्री का वर्गीकरण उपशीर्ष (CTSH) के स्तर पर 292529 से अलग है।" in page


def test_what_is_missing_and_by_how_much_is_said(firm: Firm) -> None:
    application = preferential(firm, quantity="4000")
    page = text_of(firm.get("cost-sheet", application.public_id, 1))
    assert "By the computation the goods do not originate." in page
    # 10,216.08 of 12,600 is foreign; 8,190 would be permitted.
    assert "2,026.08" in page


def test_what_was_computed_is_proposed_and_printed(firm: Firm) -> None:
    application = preferential(firm)
    page = text_of(firm.get("claim", application.public_id, 1))
    assert 'value="RVC [79.73]%+CTSH"' in page
    assert claim(firm, application).status_code == 302
    item = application.items.get()
    assert item.finding_qualifies is True
    assert len(item.finding_sha256) == 64


def test_a_claim_that_contradicts_the_finding_needs_a_reason(firm: Firm) -> None:
    application = preferential(firm)
    for typed in ({"criterion": "WO"}, {"text": "RVC [90.00]%+CTSH"}):
        refused = claim(firm, application, **typed)
        assert refused.status_code == 200
        assert "is not what was computed" in text_of(refused)
        assert application.items.get().criterion == ""
        assert claim(firm, application, **typed, reason="  ").status_code == 200
    assert claim(firm, application, criterion="WO", reason=REASON).status_code == 302
    assert application.items.get().claim_reason == REASON


def test_goods_that_do_not_originate_cannot_be_claimed_without_a_reason(firm: Firm) -> None:
    application = preferential(firm, quantity="4000")
    assert "is not what was computed" in text_of(claim(firm, application))
    assert claim(firm, application, reason=REASON).status_code == 302


def test_a_material_changed_after_the_claim_is_seen_before_signing(firm: Firm) -> None:
    application = preferential(firm)
    assert claim(firm, application).status_code == 302
    data = {"edit": firm.edit(application.public_id), **MATERIAL, "quantity": "4000"}
    assert firm.post("material", application.public_id, 1, 1, data=data).status_code == 302
    page = text_of(firm.get("check", application.public_id))
    assert "is not what was computed" in page
    assert f"/applications/{application.public_id}/items/1/claim/" in page
    assert "error" in str(firm.say(application.public_id, event="open").content) or not OriginFinding.objects.exists()


def test_the_derivation_is_kept_with_the_signed_version_byte_for_byte(firm: Firm) -> None:
    application = preferential(firm)
    assert claim(firm, application).status_code == 302
    answer = firm.sign(application.public_id)
    assert "done" in answer.json(), answer.json()
    submission = application.submissions.get()
    content = read_application(bytes(submission.content))
    kept = submission.findings.get()
    [found] = findings_of(content)
    assert bytes(kept.derivation) == found.derivation
    assert kept.sha256 == found.sha256 == content.claims[0].finding_sha256 == content.items[0].finding_sha256
    assert content.items[0].criterion_text == "RVC [79.73]%+CTSH"
    assert (kept.qualifies, content.claims[0].qualifies) == (True, True)
    assert against_the_findings(content) == []


def test_a_contradicting_claim_is_signed_with_its_reason_and_stands_out(firm: Firm) -> None:
    application = preferential(firm, quantity="4000")
    assert claim(firm, application, text="RVC [81.10]%+CTSH", reason=REASON).status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    content = read_application(bytes(application.submissions.get().content))
    [line] = against_the_findings(content)
    assert (line.standing, line.claim and line.claim.reason) == ("against", REASON)
    assert content.declaration.date <= indian_date(timezone.now()) + timedelta(days=0)


def test_without_materials_the_page_says_what_is_missing(firm: Firm) -> None:
    application = preferential(firm)
    data = {"edit": firm.edit(application.public_id)}
    assert firm.post("material-remove", application.public_id, 1, 1, data=data).status_code == 302
    page = text_of(firm.get("cost-sheet", application.public_id, 1))
    assert "No materials are stated" in page


def test_goods_for_another_country_are_not_computed_but_told_why(firm: Firm) -> None:
    application = preferential(firm)
    answer = firm.fill(application.public_id, "consignee", consignee_country="US", destination="US")
    assert answer.status_code in (200, 302)
    page = text_of(firm.get("cost-sheet", application.public_id, 1))
    assert "US is no partner of AIFTA" in page or "By the computation" in page
