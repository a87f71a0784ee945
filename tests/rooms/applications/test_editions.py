"""An operator's edition of an agreement is what the form shows, what judges the goods, and what is signed and printed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.rooms.applications.firm import ACTOR, Firm, text_of
from tests.rooms.applications.test_origin import claim, preferential
from udgam.flow.applications.content import provisional_certificate
from udgam.flow.applications.models import Application
from udgam.flow.applications.origin import findings_of
from udgam.flow.applications.queries import published_tables_named
from udgam.ground.agreements import queries
from udgam.ground.agreements.models import AgreementEdition, HsCorrelation, ProductRuleTable, RuleFile
from udgam.ground.agreements.queries import agreement_for, rule_data_for, rule_data_on
from udgam.ground.agreements.services import import_correlation, import_product_rules, keep_rule_files, record_edition
from udgam.rules.agreements import AgreementRefused, agreement_bytes, load_agreement, read_agreement
from udgam.rules.content import ApplicationContent, RuleTables, canonical_json, content_bytes, read_application
from udgam.rules.numbers import indian_date
from udgam.rules.origin import ProductRulesRefused
from udgam.rules.printed import statement_of
from udgam.web.cli import main
from udgam.web.doctor.checks import rule_tables

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


def bring_products(version: bytes, *, least: bytes = b"90", **changed: Any) -> None:
    now = timezone.now()
    options = {"effective_from": indian_date(now), "now": now} | changed
    data = PRODUCTS.replace(b"amended", version).replace(b"90", least)
    import_product_rules(code="AIFTA", data=data, file_name="b.csv", actor=ACTOR, **options)


def signed(firm: Firm, **typed: str) -> tuple[Application, ApplicationContent]:
    application = preferential(firm)
    assert claim(firm, application, **typed).status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    return application, read_application(bytes(application.submissions.get().content))


def test_what_is_brought_after_a_signature_reaches_it_neither_later_nor_on_the_same_day(firm: Firm) -> None:
    application, content = signed(firm)
    digest = content.claims[0].finding_sha256
    assert content.tables == RuleTables(product_rules=None, correlation=None)
    bring_products(b"tomorrow", now=timezone.now() + timedelta(days=1))
    bring_products(b"today")
    bring_products(b"last year", effective_from=indian_date(timezone.now()) - timedelta(days=365))
    import_correlation(data=b"HS2022,HS2007\n292529,292520\n", file_name="c.csv", actor=ACTOR, now=timezone.now())
    put_in_force()
    assert findings_of(content)[0].sha256 == digest
    assert "computing it again gives the same" in text_of(firm.get("derivation", application.public_id, 1, 1))
    # The form of the next application follows them.
    assert rule_data_on("AIFTA", content.declaration.date) != rule_data_for(content)


def test_content_that_names_no_tables_is_judged_by_those_known_at_the_end_of_its_day(firm: Firm) -> None:
    _application, content = signed(firm)
    earlier = replace(content, format="udgam.application/3", tables=None)
    bring_products(b"tomorrow", now=timezone.now() + timedelta(days=1))
    assert findings_of(earlier)[0].qualifies is True
    bring_products(b"today")
    assert findings_of(earlier)[0].qualifies is False


def test_product_rules_in_force_at_the_signature_are_named_and_found_again(
    firm: Firm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring_products(b"first", least=b"70")
    application, content = signed(firm, criterion="PSR")
    bring_products(b"second")
    assert content.tables is not None
    assert content.claims[0].qualifies is True
    assert findings_of(content)[0].sha256 == content.claims[0].finding_sha256
    with zipfile.ZipFile(io.BytesIO(firm.get("derivation-bundle", application.public_id, 1, 1).content)) as bundle:
        bundle.extractall(tmp_path)
    brought = (tmp_path / "product-rules.csv").read_bytes()
    assert hashlib.sha256(brought).hexdigest() == content.tables.product_rules
    files = [
        "--agreement-file",
        str(tmp_path / "agreement.json"),
        "--product-rules",
        str(tmp_path / "product-rules.csv"),
    ]
    main(["origin", str(tmp_path / "case.json"), *files, "--json"])
    assert canonical_json(json.loads(capsys.readouterr().out)) == (tmp_path / "derivation.json").read_bytes()


def test_a_later_release_with_other_data_makes_the_old_finding_again(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, content = signed(firm)
    assert content.rules is not None
    kept = RuleFile.objects.get(code="AIFTA", kind=RuleFile.Kind.AGREEMENT)
    assert (kept.sha256, kept.data.encode()) == (content.rules.sha256, agreement_bytes("AIFTA"))
    later = read_agreement(amended(), on=content.declaration.date)
    monkeypatch.setattr(queries, "load_agreement", lambda code, on=None: later)
    monkeypatch.setattr(queries, "agreement_bytes", lambda code: amended())
    assert rule_data_on("AIFTA", content.declaration.date) != rule_data_for(content)
    assert agreement_for(content).sha256 == content.rules.sha256
    assert findings_of(content)[0].sha256 == content.claims[0].finding_sha256
    page = firm.get("derivation-bundle", application.public_id, 1, 1)
    with zipfile.ZipFile(io.BytesIO(page.content)) as bundle:
        assert hashlib.sha256(bundle.read("agreement.json")).hexdigest() == content.rules.sha256


def test_a_table_of_an_earlier_release_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    agreement = load_agreement("UK-CETA", indian_date(now))
    data = queries.rule_data_under(agreement, indian_date(now))
    for _time in range(2):
        keep_rule_files(agreement=agreement, data=data, now=now)
    assert sorted(RuleFile.objects.values_list("kind", flat=True)) == ["agreement", "product-rules"]
    named = queries.tables_named(data)
    assert named is not None
    assert data is not None
    monkeypatch.setattr(queries, "_built_in_products", lambda agreement: None)
    assert queries._products_named(agreement, str(named.product_rules)) == data.products
    assert queries._products_named(agreement, "0" * 64) is None


def lose_tables() -> None:
    for table in (ProductRuleTable, RuleFile, HsCorrelation):
        table.objects.all().delete()


@pytest.mark.parametrize("named", [{"product_rules": "a" * 64}, {"correlation": "a" * 64}])
def test_a_named_table_that_is_nowhere_decides_nothing_and_is_said(firm: Firm, named: dict[str, str]) -> None:
    _application, content = signed(firm)
    lost = replace(content, tables=RuleTables(**{"product_rules": None, "correlation": None, **named}))
    with pytest.raises(AgreementRefused) as refused:
        findings_of(lost)
    assert refused.value.code == "agreement.table_lost"
    assert "a" * 16 in refused.value.message
    assert "nothing was changed" in refused.value.advice


def test_without_the_table_the_kept_derivation_is_there_and_nothing_is_computed_in_its_place(firm: Firm) -> None:
    bring_products(b"first", least=b"70")
    application, content = signed(firm, criterion="PSR")
    kept = bytes(application.submissions.get().findings.get().derivation)
    assert published_tables_named()[0].tables == content.tables
    assert rule_tables().outcome == "ok"
    lose_tables()
    for name in ("derivation", "derivation-bundle"):
        answer = firm.get(name, application.public_id, 1, 1)
        assert answer.status_code == 409
        assert "this installation does not have it" in text_of(answer)
        assert "Tell the operator" in text_of(answer)
    assert firm.get("derivation-file", application.public_id, 1, 1).content == kept
    found = rule_tables()
    assert content.tables is not None
    assert (found.outcome, f"AIFTA: SHA-256 {content.tables.product_rules}") == ("fail", found.detail)
    bring_products(b"first", least=b"70")
    assert rule_tables().outcome == "ok"
    assert firm.get("derivation", application.public_id, 1, 1).status_code == 200


def test_data_that_name_a_table_which_does_not_exist_are_refused(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = json.loads(amended())
    plain["origin"]["product_rules"] = {**plain["origin"]["product_rules"], "listed": "yes", "table": "no-such-table"}
    now = timezone.now()
    options: dict[str, Any] = {"effective_from": indian_date(now), "source": "x", "reason": "y", "actor": ACTOR}
    with pytest.raises(AgreementRefused) as refused:
        record_edition(code="AIFTA", data=json.dumps(plain).encode(), now=now, **options)
    assert refused.value.code == "agreement.table_missing"
    assert not AgreementEdition.objects.exists()
    # A later release may have let it go.
    there = load_agreement("UK-CETA", indian_date(now))
    assert there.origin is not None

    def gone(name: str) -> None:
        raise ProductRulesRefused("products.form", where="the name of the table", expected="a table that exists")

    monkeypatch.setattr(queries, "load_table", gone)
    found = rule_tables()
    assert (found.outcome, "UK-CETA" in found.detail) == ("fail", True)
