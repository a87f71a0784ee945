"""An operator's edition of an agreement is what the form shows, what judges the goods, and what is signed and printed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import ACTOR, Firm, text_of
from tests.rooms.applications.test_origin import claim, preferential
from udgam.flow.applications.content import provisional_certificate
from udgam.flow.applications.origin import findings_of
from udgam.ground.agreements.queries import agreement_for, rule_data_for
from udgam.ground.agreements.services import import_product_rules, record_edition
from udgam.rules.agreements import agreement_bytes, load_agreement
from udgam.rules.content import content_bytes, read_application
from udgam.rules.numbers import indian_date
from udgam.rules.printed import statement_of

pytestmark = pytest.mark.django_db

DECLARED = "The undersigned declares under the amended text that the goods originate, for export to {destination}."
CERTIFIED = "It is certified under the amended text that the declaration is correct."
PRODUCTS = b"""# format: udgam.product-rules/1
# agreement: AIFTA
# version: amended
# hs_edition: 2022
# citation: Appendix B, as amended
# evidence: seen
# licence: none
first,last,heading,goods,partial,effective,expires,text,rule
2925290000,2925299999,292529,Imines,no,,,Value of 90 per cent,RVC build-down FOB 90
"""


def amended() -> bytes:
    """The file of the agreement with ASEAN with other words, another paper to bring, and twice the threshold."""
    plain: dict[str, Any] = json.loads(agreement_bytes("AIFTA"))
    plain |= {"version": "2026-12", "declaration": DECLARED, "certification": CERTIFIED, "name": "ASEAN–India, amended"}
    plain["origin"]["version"] = "2026-12"
    plain["documents"].append({"kind": "test-report", "label": "Report of a laboratory"})
    [general] = plain["origin"]["general"]
    for leaf in general["rule"]["rules"][1]["rules"]:
        leaf["threshold"] = "80"
    return json.dumps(plain).encode()


def put_in_force() -> str:
    row = record_edition(
        code="AIFTA",
        data=amended(),
        effective_from=indian_date(timezone.now()),
        source="Notification of the amendment",
        reason="Amended.",
        actor=ACTOR,
        now=timezone.now(),
    )
    return row.sha256


def test_the_form_shows_and_the_finding_applies_the_edition_in_force(firm: Firm) -> None:
    application = preferential(firm)
    assert "By the computation the goods originate in India." in text_of(
        firm.get("cost-sheet", application.public_id, 1)
    )
    put_in_force()
    page = text_of(firm.get("cost-sheet", application.public_id, 1))
    # 79.73 % is enough for the built-in 35, not for the amended 80.
    assert "By the computation the goods do not originate." in page
    assert "Report of a laboratory" in text_of(firm.get("documents", application.public_id))
    assert "under the amended text" in text_of(firm.get("section", application.public_id, "declaration"))
    # A paper more is asked for, so the form is not complete.
    assert firm.get("check", application.public_id).status_code == 302


def test_what_is_signed_and_printed_is_of_the_edition_and_stays_so(firm: Firm) -> None:
    application = preferential(firm)
    digest = put_in_force()
    assert firm.upload(application.public_id, "test-report").status_code == 302
    reason = "The amendment spares running contracts."
    assert claim(firm, application, text="RVC [79.73]%+CTSH", reason=reason).status_code == 302
    # The rule about percentages is asked with the amended threshold too.
    assert firm.say(application.public_id, event="open").json()["refused"]["reason"] == "application.has_findings"
    assert claim(firm, application, text="RVC [81.00]%+CTSH", reason=reason).status_code == 302
    page = text_of(firm.get("check", application.public_id))
    assert "ASEAN–India, amended" in page
    assert "done" in firm.sign(application.public_id).json()
    submission = application.submissions.get()
    content = read_application(bytes(submission.content))
    assert content.rules is not None
    assert (content.rules.version, content.rules.sha256) == ("2026-12", digest)
    assert content.declaration.text.startswith("The undersigned declares under the amended text")
    assert content.claims[0].qualifies is False
    assert submission.findings.get().sha256 == findings_of(content)[0].sha256 == content.claims[0].finding_sha256
    printed = provisional_certificate(content, content.declaration.date)
    assert printed.certification.text == CERTIFIED
    statements = [statement_of(box, printed) for box in agreement_for(content).boxes]
    assert CERTIFIED in [statement.text for statement in statements if statement is not None]
    assert firm.get("preview", application.public_id)["Content-Type"] == "application/pdf"
    # The built-in data say otherwise, and what was signed does not follow them.
    assert agreement_for(content).sha256 == digest != load_agreement("AIFTA").sha256
    assert content_bytes(content) == bytes(submission.content)


def test_an_operators_product_rules_judge_and_later_ones_do_not_reach_back(firm: Firm) -> None:
    application = preferential(firm)
    now = timezone.now()
    common: dict[str, Any] = {"code": "AIFTA", "file_name": "b.csv", "effective_from": indian_date(now), "actor": ACTOR}
    assert claim(firm, application).status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    content = read_application(bytes(application.submissions.get().content))
    before = findings_of(content)[0].sha256
    import_product_rules(data=PRODUCTS, now=now + timedelta(days=1), **common)
    assert findings_of(content)[0].sha256 == before == content.claims[0].finding_sha256
    import_product_rules(data=PRODUCTS.replace(b"amended", b"today"), now=now, **common)
    data = rule_data_for(content)
    assert data is not None
    assert data.products is not None
    assert findings_of(content)[0].qualifies is False
