"""Switching, confirming, new data and imported tables: each with its act, each refused where it cannot stand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from udgam.ground.agreements import queries, services
from udgam.ground.agreements.models import AgreementEdition, AgreementSwitch, ProductRuleTable
from udgam.ground.agreements.refusals import AgreementsRefused
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.queries import acts_of
from udgam.rules.agreements import AgreementRefused, ConfirmationRefused, agreement_bytes, load_agreement, open_fields
from udgam.rules.numbers import indian_date
from udgam.rules.origin import CorrelationRefused, ProductRulesRefused
from udgam.rules.plain import ShapeRefused
from udgam.sandbox.specimens import specimen

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
TODAY = indian_date(NOW)
ACTOR = Actor(kind="person", id="root", role="administrator", name="Nandini Rao")
PRODUCTS = b"""# format: udgam.product-rules/1
# agreement: CECPA
# version: test
# hs_edition: 2022
# citation: Annex, page 3
# evidence: seen
# licence: none
first,last,heading,goods,partial,effective,expires,text,rule
0910000000,0910999999,0910,Ginger and spices,no,,,Change of heading,CTH
"""


def switch(code: str, on: bool, now: datetime = NOW) -> AgreementSwitch:
    return services.switch_agreement(code=code, on=on, reason="A letter of the Department.", actor=ACTOR, now=now)


def confirm(code: str, *fields: str, now: datetime = NOW) -> AgreementEdition:
    return services.confirm_fields(
        code=code, fields=fields, source="Notification, annexure IV", reason="Compared.", actor=ACTOR, now=now
    )


def acts(code: str) -> list[str]:
    return [act.act for act in acts_of(f"agreement:{code}")]


# ── As delivered ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_as_delivered_what_is_known_is_on_and_the_rest_is_off() -> None:
    open_codes = {agreement.code for agreement in queries.agreements_open_on(TODAY)}
    assert open_codes == {
        "NP", "AIFTA", "IKCEPA", "IJCEPA", "ISCECA", "SAFTA", "SAPTA", "APTA", "MERCOSUR-PTA", "GSTP", "CECPA", "UAE-CEPA", "UK-CETA",
    }  # fmt: skip
    for state in queries.agreement_states_on(TODAY):
        assert state.is_open or state.reason, state.agreement.code


def test_an_agreement_opens_on_the_day_it_comes_into_force() -> None:
    assert not queries.agreement_state_on("UK-CETA", date(2026, 7, 14)).is_open
    assert queries.agreement_state_on("UK-CETA", date(2026, 7, 15)).is_open


# ── Switching ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_off_and_on_again_with_reason_and_act() -> None:
    switch("AIFTA", False)
    state = queries.agreement_state_on("AIFTA", TODAY)
    assert (state.is_open, state.reason) == (False, "A letter of the Department.")
    switch("AIFTA", True, NOW + timedelta(hours=1))
    assert queries.agreement_state_on("AIFTA", TODAY).is_open
    assert acts("AIFTA") == ["agreement.switched_off", "agreement.switched_on"]


@pytest.mark.parametrize(
    ("code", "on", "refusal"),
    [
        ("AIFTA", True, "agreements.on_already"),
        ("TEPA", False, "agreements.off_already"),
        ("TEPA", True, "agreements.not_ready"),
        ("GSP", True, "agreements.not_ready"),
        ("EU-FTA", True, "agreements.not_issued"),
    ],
)
def test_a_switch_that_cannot_be_is_refused_and_leaves_nothing(code: str, on: bool, refusal: str) -> None:
    with pytest.raises(AgreementsRefused) as caught:
        switch(code, on)
    assert caught.value.code == refusal
    assert not AgreementSwitch.objects.exists()
    assert acts(code) == []


# ── Confirming ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_that_was_not_seen_is_printed_only_after_it_was_confirmed() -> None:
    waiting = [path for path, _note in open_fields(queries.complete_on("TEPA", TODAY))]
    assert {"boxes", "criteria", "title"} <= set(waiting)
    confirm("TEPA", *waiting)
    state = queries.agreement_state_on("TEPA", TODAY)
    assert (state.wants, state.is_open) == ((), False), "confirming opens nothing by itself"
    switch("TEPA", True)
    assert "TEPA" in {agreement.code for agreement in queries.agreements_open_on(TODAY)}
    assert acts("TEPA") == ["agreement.fields_confirmed", "agreement.switched_on"]
    assert open_fields(queries.complete_on("TEPA", TODAY)) == ()
    entry = queries.complete_on("TEPA", TODAY).evidence_for("boxes")
    assert entry is not None
    assert entry.certainty == "confirmed"
    assert load_agreement("TEPA").is_printable is False, "the delivered data stay as they are"


def test_one_confirmed_wording_can_be_printed_and_a_certificate_finds_its_own_data_again() -> None:
    assert load_agreement("AIFTA").wording("retrospective") is None
    row = confirm("AIFTA", "marks.retrospective")
    agreement = queries.agreement_on("AIFTA", TODAY)
    assert agreement.wording("retrospective") is not None
    assert agreement.sha256 == row.sha256 != load_agreement("AIFTA").sha256
    assert queries.agreement_on("AIFTA", TODAY - timedelta(days=1)).wording("retrospective") is None
    from dataclasses import replace

    from udgam.rules.content import RuleData

    content = replace(specimen(agreement), rules=RuleData(version=agreement.version, sha256=agreement.sha256))
    confirm("AIFTA", "retrospective.months", now=NOW + timedelta(minutes=5))
    assert queries.agreement_of(content).sha256 == row.sha256
    assert queries.agreement_on("AIFTA", TODAY).sha256 != row.sha256


@pytest.mark.parametrize("fields", [(), ("title",), ("boxes.13", "nonsense"), ("origin.general.0",)])
def test_only_what_waits_can_be_confirmed(fields: tuple[str, ...]) -> None:
    with pytest.raises(ConfirmationRefused):
        confirm("AIFTA", *fields)
    assert not AgreementEdition.objects.exists()
    assert acts("AIFTA") == []


# ── New data ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def edition(**changes: object) -> bytes:
    plain = json.loads(agreement_bytes("CECPA")) | changes
    plain["origin"]["version"] = plain["version"]
    return json.dumps(plain).encode()


def record(data: bytes, code: str = "CECPA", start: date = TODAY) -> AgreementEdition:
    return services.record_edition(
        code=code, data=data, effective_from=start, source="file", reason="Amended.", actor=ACTOR, now=NOW
    )


def test_new_data_count_from_their_day_and_old_days_keep_theirs() -> None:
    record(edition(version="2027-01", paper="White"), start=date(2027, 1, 1))
    assert queries.agreement_on("CECPA", date(2026, 12, 31)).paper == "Light pink"
    assert queries.agreement_on("CECPA", date(2027, 1, 1)).paper == "White"
    assert acts("CECPA") == ["agreement.edition_recorded"]


def test_data_that_cannot_stand_are_refused() -> None:
    record(edition(version="2027-01"))
    for data, code, error in (
        (edition(version="2027-01"), "CECPA", AgreementsRefused),
        (edition(version="2027-01", paper="White"), "CECPA", AgreementsRefused),
        (edition(version="2027-02"), "UAE-CEPA", AgreementsRefused),
        (b"{}", "CECPA", ShapeRefused),
        (b"no", "CECPA", AgreementRefused),
        (edition(version="2027-03", boxes=[]), "CECPA", AgreementRefused),
    ):
        with pytest.raises(error):
            record(data, code)
    assert AgreementEdition.objects.count() == 1


# ── Tables ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def import_products(data: bytes = PRODUCTS, code: str = "CECPA") -> ProductRuleTable:
    row, _report = services.import_product_rules(
        code=code, data=data, file_name="rules.csv", effective_from=TODAY, actor=ACTOR, now=NOW
    )
    return row


def test_imported_product_rules_decide_from_their_day() -> None:
    before = queries.rule_data_on("CECPA", TODAY)
    assert before is not None
    assert before.products is None
    assert import_products().rows == 1
    after = queries.rule_data_on("CECPA", TODAY)
    assert after is not None
    assert after.products is not None
    assert [rule.heading for rule in after.products.rules] == ["0910"]
    yesterday = queries.rule_data_on("CECPA", TODAY - timedelta(days=1))
    assert yesterday is not None
    assert yesterday.products is None
    with pytest.raises(AgreementsRefused):
        import_products()
    assert acts("CECPA") == ["agreement.product_rules_imported"]


@pytest.mark.parametrize("data", [b"", b"#", b"\xff\xfe", PRODUCTS.replace(b"CTH\n", b"CTH or\n"), b"[]"])
def test_product_rules_that_cannot_be_read_are_refused(data: bytes) -> None:
    with pytest.raises(Exception) as caught:
        import_products(data)
    assert type(caught.value).__name__ in {"ProductRulesRefused", "NotationRefused"}
    assert issubclass(ProductRulesRefused, Exception)
    assert not ProductRuleTable.objects.exists()


def test_product_rules_of_another_agreement_are_refused() -> None:
    with pytest.raises(AgreementsRefused):
        import_products(code="UAE-CEPA")


def test_a_correlation_is_imported_once() -> None:
    table = b"HS2022,HS2007\n091030,091030\n"
    row = services.import_correlation(data=table, file_name="2022-2007.csv", actor=ACTOR, now=NOW)
    assert (row.edition, row.codes) == ("2007", 1)
    data = queries.rule_data_on("IJCEPA", TODAY)
    assert data is not None
    assert data.correlation is not None
    with pytest.raises(AgreementsRefused):
        services.import_correlation(data=table, file_name="again.csv", actor=ACTOR, now=NOW)
    with pytest.raises(CorrelationRefused):
        services.import_correlation(data=b"no", file_name="no.csv", actor=ACTOR, now=NOW)


def test_the_commands_say_what_they_did(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.csv"
    file.write_bytes(PRODUCTS)
    call_command("import_product_rules", "CECPA", str(file), "--check")
    assert not ProductRuleTable.objects.exists()
    call_command("import_product_rules", "CECPA", str(file))
    assert ProductRuleTable.objects.get().code == "CECPA"
    assert "1 of 1 decided" in capsys.readouterr().out
    for wrong in (["CECPA", str(tmp_path / "none")], ["NONE", str(file)], ["CECPA", str(file), "--from", "soon"]):
        with pytest.raises(CommandError):
            call_command("import_product_rules", *wrong)
    table = tmp_path / "hs.csv"
    table.write_text("HS2022,HS2017\n091030,091030\n")
    call_command("import_hs_correlation", str(table))
    assert "HS 2017: 1 codes" in capsys.readouterr().out
