"""Who may do what, and for how long things last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.rules.samples import NOW, SPICES_IEC, facts, spices
from udgam.rules import duties
from udgam.rules.binding import decide_exporter
from udgam.rules.duties import (
    DECLARATIONS,
    FirmRole,
    OfficerStanding,
    current_declaration,
    may_decide,
    may_examine,
    may_file,
    may_register,
    may_sign,
    may_undo,
    record_is_stale,
)
from udgam.rules.firm import FirmRecord

TODAY = date(2026, 11, 22)
SIGNATORY = OfficerStanding(
    agency="SEC",
    office="MUM",
    duties=frozenset({"signatory"}),
    since=date(2026, 1, 1),
    until=date(2026, 12, 31),
    agency_suspended=False,
    agreements=frozenset({"NP"}),
    certificate_enrolled=True,
)
EXAMINER = replace(SIGNATORY, duties=frozenset({"examiner"}), certificate_enrolled=False)

STANDING: list[tuple[dict[str, Any], str]] = [
    ({"agency": "EIC"}, "duty.wrong_agency"),
    ({"office": "PUN"}, "duty.wrong_office"),
    ({"agency_suspended": True}, "duty.agency_suspended"),
    ({"since": date(2026, 11, 23)}, "duty.not_authorised_yet"),
    ({"until": date(2026, 11, 21)}, "duty.no_longer_authorised"),
]


@pytest.mark.parametrize(("changes", "reason"), STANDING)
def test_standing_in_the_office_comes_before_every_duty(changes: dict[str, Any], reason: str) -> None:
    officer = replace(SIGNATORY, **changes)
    assert may_examine(officer, agency="SEC", office="MUM", on=TODAY).reason == reason
    assert may_decide(officer, agency="SEC", office="MUM", agreement="NP", on=TODAY).reason == reason
    assert may_sign(officer, agency="SEC", office="MUM", agreement="NP", on=TODAY).reason == reason


@pytest.mark.parametrize("changes", [{}, {"until": None}, {"since": TODAY}, {"until": TODAY}])
def test_authority_holds_on_its_first_and_last_day(changes: dict[str, Any]) -> None:
    assert may_sign(replace(SIGNATORY, **changes), agency="SEC", office="MUM", agreement="NP", on=TODAY)


def test_an_examiner_examines_and_decides_but_never_signs() -> None:
    assert may_examine(EXAMINER, agency="SEC", office="MUM", on=TODAY)
    assert may_decide(EXAMINER, agency="SEC", office="MUM", agreement="NP", on=TODAY)
    answer = may_sign(EXAMINER, agency="SEC", office="MUM", agreement="NP", on=TODAY)
    assert answer.reason == "duty.not_signatory"


def test_somebody_without_a_duty_does_nothing() -> None:
    nobody = replace(SIGNATORY, duties=frozenset())
    assert may_examine(nobody, agency="SEC", office="MUM", on=TODAY).reason == "duty.not_examiner"


def test_an_office_issues_only_what_it_is_authorised_for() -> None:
    for may in (may_decide, may_sign):
        answer = may(SIGNATORY, agency="SEC", office="MUM", agreement="AIFTA", on=TODAY)
        assert answer.reason == "duty.agreement_not_authorised"
        assert "AIFTA" in answer.message


def test_a_signatory_needs_an_enrolled_certificate() -> None:
    officer = replace(SIGNATORY, certificate_enrolled=False)
    answer = may_sign(officer, agency="SEC", office="MUM", agreement="NP", on=TODAY)
    assert answer.reason == "duty.certificate_not_enrolled"


@pytest.mark.parametrize(
    ("firm", "reason"),
    [
        (spices(), None),
        (spices(status="inactive"), "filing.iec_inactive"),
        (spices(email=None), "filing.contact_missing"),
        (spices(mobile=""), "filing.contact_missing"),
        (spices(email=None, mobile=None), "filing.contact_missing"),
        (spices(people=()), "filing.nobody_listed"),
    ],
)
def test_a_firm_registers_only_with_a_complete_record(firm: FirmRecord, reason: str | None) -> None:
    answer = may_register(firm)
    assert answer.reason == reason
    assert bool(answer) == (reason is None)


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ({"email": None}, "no e-mail"),
        ({"mobile": None}, "no mobile"),
        ({"email": None, "mobile": None}, "no e-mail and mobile"),
    ],
)
def test_a_firm_without_contact_is_told_what_is_missing(missing: dict[str, Any], word: str) -> None:
    assert word in may_register(spices(**missing)).message


@pytest.mark.parametrize(
    ("firm", "changes", "reason"),
    [
        (spices(), {}, None),
        (spices(), {"branch": "1", "branches_without_tax_place": {"2"}}, None),
        (spices(), {"branch": "2", "branches_without_tax_place": {"2"}}, "filing.tax_place_missing"),
        (spices(), {"branches_without_tax_place": {"2", "1"}}, "filing.tax_place_missing"),
        (spices(), {"contact_proved": False}, "filing.contact_unproved"),
        (spices(), {"now": NOW + timedelta(days=1, seconds=1)}, "filing.record_stale"),
        (spices(status="inactive"), {}, "filing.iec_inactive"),
        (spices(mobile=None), {}, "filing.contact_missing"),
        (
            spices(),
            {"token_decision": decide_exporter(facts(holder="Anita Deshmukh"), spices(), SPICES_IEC)},
            "binding.holder_not_listed",
        ),
        (spices(), {"token_decision": decide_exporter(facts(), spices(), SPICES_IEC)}, None),
    ],
)
def test_what_stops_filing(firm: FirmRecord, changes: dict[str, Any], reason: str | None) -> None:
    known: dict[str, Any] = {"now": NOW, "branches_without_tax_place": (), "contact_proved": True}
    answer = may_file(firm, **(known | changes))
    assert answer.reason == reason
    assert bool(answer) == (reason is None)
    if reason:
        assert answer.message
        assert answer.advice


def test_the_periods_are_those_that_were_promised() -> None:
    assert timedelta(hours=72) == duties.ONE_TIME_PASSWORD_LIFETIME
    assert timedelta(minutes=10) == duties.ONE_TIME_CODE_LIFETIME
    assert timedelta(minutes=5) == duties.NONCE_LIFETIME
    assert timedelta(days=1) == duties.RECORD_REFRESH_AGE
    assert timedelta(weeks=1) == duties.EMAIL_CHANGE_GUARD


def test_a_record_is_stale_after_a_day() -> None:
    assert not record_is_stale(NOW, NOW + timedelta(days=1))
    assert record_is_stale(NOW, NOW + timedelta(days=1, seconds=1))


def test_the_declaration_in_force_is_the_latest_that_has_begun() -> None:
    assert [d.effective for d in DECLARATIONS] == sorted(d.effective for d in DECLARATIONS)
    assert len({d.version for d in DECLARATIONS}) == len(DECLARATIONS)
    assert current_declaration(TODAY) == DECLARATIONS[-1]
    assert current_declaration(date(2020, 1, 1)) == DECLARATIONS[0]


@pytest.mark.parametrize(
    ("role", "is_signed", "allowed"),
    [
        ("signatory", True, True),
        ("signatory", False, True),
        ("drafter", True, False),
        ("drafter", False, True),
        ("broker", True, False),
        ("broker", False, True),
        (None, True, False),
        (None, False, False),
    ],
)
def test_what_was_signed_only_signatories_undo(role: FirmRole | None, is_signed: bool, allowed: bool) -> None:
    answer = may_undo(role, is_signed=is_signed)
    assert answer.allowed is allowed
    assert answer.reason == (None if allowed else "filing.only_signatory")
