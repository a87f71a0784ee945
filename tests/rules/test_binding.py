"""The decision table: good and bad samples for each row, every reason reached, and what a near miss needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.samples import MANGO_IEC, SPICES_IEC, facts, iec_inside, individual, mango, pan_hash, spices
from udgam.rules.binding import (
    CLASS_3,
    DOCUMENT_SIGNER,
    REASONS,
    TABLE,
    TABLE_VERSION,
    CertificateFacts,
    IecFinding,
    NameException,
    check_certificate_kind,
    decide_administrator,
    decide_exporter,
    decide_officer,
    same_holder,
)
from udgam.rules.firm import FirmPerson, FirmRecord

PROVABLE = spices(
    people=(
        FirmPerson(name="Ravi Menon", role="managing_director", pan_hash=pan_hash("ZZZPM0201A")),
        FirmPerson(name="Lakshmi Pillai", role="director"),
    )
)
NAMESAKES = spices(
    people=(
        FirmPerson(name="Ravi Menon", pan_hash=pan_hash("ZZZPM0299A")),
        FirmPerson(name="Ravi Menon", pan_hash=pan_hash("ZZZPM0201A")),
    )
)
OTHER_IEC = "0405900031"

# Row, token, firm, IEC.
GOOD: list[tuple[str, CertificateFacts, FirmRecord, str]] = [
    ("iec-inside", iec_inside(), spices(), SPICES_IEC),
    ("iec-inside", iec_inside(organisation=None), spices(), SPICES_IEC),
    ("iec-inside", iec_inside(organisation="SOMETHING ELSE"), spices(), SPICES_IEC),
    ("iec-inside", iec_inside(MANGO_IEC, holder="Anita Deshmukh"), mango(), MANGO_IEC),
    ("iec-inside", facts(iec_findings=(IecFinding(SPICES_IEC, "bare value in OU", "subject.OU", "claimed"),)), spices(), SPICES_IEC),
    ("individual-proprietor", individual("ZZZPD0101A", "ANITA DESHMUKH"), mango(), MANGO_IEC),
    ("individual-proprietor", individual("ZZZPD0101A", "Smt. Deshmukh Anita", ), mango(), MANGO_IEC),
    ("individual-proprietor", replace(individual("ZZZPD0101A", "Anita Deshmukh"), organisation=None), mango(), MANGO_IEC),
    ("individual-proprietor", replace(individual("ZZZPD0101A", "Anita Deshmukh"), organisation=" PERSONAL "), mango(), MANGO_IEC),
    ("individual-proprietor", individual("ZZZPD0101A", "Anita Deshmukh", ), mango(people=(FirmPerson(name="Anita Deshmukh"),)), MANGO_IEC),
    ("individual-proprietor", replace(individual("ZZZPD0101A", "Anita Deshmukh"), serial_number_attr=pan_hash("ZZZPD0101A").upper()), mango(), MANGO_IEC),
    ("individual-director", individual("ZZZPM0201A", "Ravi Menon"), PROVABLE, SPICES_IEC),
    ("individual-director", individual("ZZZPM0201A", "Ravi Menon"), NAMESAKES, SPICES_IEC),
    ("organisation", facts(), spices(), SPICES_IEC),
    ("organisation", facts(holder="Mr. Menon, Ravi"), spices(), SPICES_IEC),
    ("organisation", facts(organisation="Malabar  Monsoon Spices (Private) Limited."), spices(), SPICES_IEC),
    ("organisation", facts(organisation="M/s Malabar Monsoon Spices Private Limited"), spices(), SPICES_IEC),
    ("organisation", facts(iec_findings=(IecFinding("9876543210", "bare value in OU", "subject.OU", "claimed"),)), spices(), SPICES_IEC),
    ("organisation", facts(), spices(constitution="llp"), SPICES_IEC),
]  # fmt: skip

# Reason, row, token, firm, IEC.
BAD: list[tuple[str, str, CertificateFacts, FirmRecord, str]] = [
    ("binding.record_of_other_iec", "before the table", facts(), mango(), SPICES_IEC),
    ("binding.iec_inactive", "before the table", facts(), spices(status="inactive"), SPICES_IEC),
    ("certificate.document_signer", "before the table", facts(is_document_signer=True), spices(), SPICES_IEC),
    ("certificate.document_signer", "before the table", facts(policies=(CLASS_3, DOCUMENT_SIGNER)), spices(), SPICES_IEC),
    ("certificate.encryption_twin", "before the table", facts(is_encryption_twin=True), spices(), SPICES_IEC),
    ("certificate.encryption_twin", "before the table", facts(key_usage=frozenset({"keyEncipherment"})), spices(), SPICES_IEC),
    ("certificate.cannot_sign", "before the table", facts(key_usage=frozenset({"keyCertSign"})), spices(), SPICES_IEC),
    ("certificate.not_class_3", "before the table", facts(policies=("2.16.356.100.2.2",)), spices(), SPICES_IEC),
    ("binding.iec_ambiguous", "before the table",
     facts(iec_findings=(IecFinding(SPICES_IEC, "marked", "subject.OU"), IecFinding(OTHER_IEC, "marked", "san.rfc822Name"))), spices(), SPICES_IEC),
    ("binding.iec_differs", "iec-inside", iec_inside(OTHER_IEC), spices(), SPICES_IEC),
    ("binding.holder_not_listed", "iec-inside", iec_inside(holder="Anita Deshmukh"), spices(), SPICES_IEC),
    ("binding.holder_near_miss", "iec-inside", iec_inside(holder="Ravi K Menon"), spices(), SPICES_IEC),
    ("binding.holder_unnamed", "iec-inside", iec_inside(holder="  . "), spices(), SPICES_IEC),
    ("binding.pan_unknown", "individual-proprietor", individual("ZZZPD0101A", "Anita Deshmukh"), mango(pan=None), MANGO_IEC),
    ("binding.pan_unknown", "individual-proprietor", individual("ZZZPD0101A", "Anita Deshmukh"), mango(pan="nonsense"), MANGO_IEC),
    ("binding.pan_missing_in_certificate", "individual-proprietor",
     replace(individual("ZZZPD0101A", "Anita Deshmukh"), serial_number_attr=None), mango(), MANGO_IEC),
    ("binding.pan_differs", "individual-proprietor", individual("ZZZPM0201A", "Anita Deshmukh"), mango(), MANGO_IEC),
    ("binding.holder_not_listed", "individual-proprietor", individual("ZZZPD0101A", "Ravi Menon"), mango(), MANGO_IEC),
    ("binding.holder_not_listed", "individual-proprietor", individual("ZZZPD0101A", "Ravi Menon"),
     mango(people=(FirmPerson(name="Anita Deshmukh", role="proprietor"), FirmPerson(name="Ravi Menon"))), MANGO_IEC),
    ("binding.director_not_provable", "individual-director", individual("ZZZPM0201A", "Ravi Menon"), spices(), SPICES_IEC),
    ("binding.director_pan_differs", "individual-director", individual("ZZZPM0299A", "Ravi Menon"), PROVABLE, SPICES_IEC),
    ("binding.pan_missing_in_certificate", "individual-director",
     replace(individual("ZZZPM0201A", "Ravi Menon"), serial_number_attr=""), PROVABLE, SPICES_IEC),
    ("binding.holder_not_listed", "individual-director", individual("ZZZPM0201A", "Anita Deshmukh"), PROVABLE, SPICES_IEC),
    ("binding.organisation_token_for_proprietorship", "organisation", facts(organisation="ANITA DESHMUKH", holder="Anita Deshmukh"), mango(), MANGO_IEC),
    ("binding.name_as_per_pan_unknown", "organisation", facts(), spices(name_as_per_pan=None), SPICES_IEC),
    ("binding.organisation_differs", "organisation", facts(organisation="Deccan Loom LLP"), spices(), SPICES_IEC),
    ("binding.organisation_differs", "organisation", facts(organisation="!!!"), spices(), SPICES_IEC),
    ("binding.organisation_near_miss", "organisation", facts(organisation="Malabar Monsoon Spices Pvt Ltd"), spices(), SPICES_IEC),
    ("binding.holder_not_listed", "organisation", facts(holder="Anita Deshmukh"), spices(), SPICES_IEC),
    ("binding.holder_near_miss", "organisation", facts(holder="R Menon"), spices(), SPICES_IEC),
]  # fmt: skip


@pytest.mark.parametrize(("row", "token", "firm", "iec"), GOOD)
def test_a_token_that_satisfies_a_row_may_act(row: str, token: CertificateFacts, firm: FirmRecord, iec: str) -> None:
    decision = decide_exporter(token, firm, iec)
    assert decision.allowed, decision.reason
    assert decision.rule == row
    assert decision.version == TABLE_VERSION
    assert decision.person in {person.name for person in firm.people}
    assert decision.reason is None
    assert decision.exception is None


@pytest.mark.parametrize(("reason", "row", "token", "firm", "iec"), BAD)
def test_a_token_that_fails_a_row_is_refused_with_its_reason(
    reason: str, row: str, token: CertificateFacts, firm: FirmRecord, iec: str
) -> None:
    decision = decide_exporter(token, firm, iec)
    assert not decision
    assert (decision.reason, decision.rule) == (reason, row)
    assert decision.message
    assert decision.advice
    assert "{" not in decision.message + decision.advice
    assert decision.version == TABLE_VERSION
    assert (decision.near_miss is not None) == reason.endswith("near_miss")


def test_every_row_and_every_reason_is_reached() -> None:
    assert {row for row, *_ in GOOD} == {row.name for row in TABLE}
    for_exporters = {code for code in REASONS if not code.startswith(("officer.", "administrator."))}
    assert {reason for reason, *_ in BAD} == for_exporters


def test_every_row_names_its_source() -> None:
    assert all(row.citation and row.effective.year >= 2019 for row in TABLE)


def test_a_near_miss_shows_both_names() -> None:
    decision = decide_exporter(facts(organisation="Malabar Monsoon Spices Pvt. Ltd."), spices(), SPICES_IEC)
    assert decision.near_miss == ("Malabar Monsoon Spices Pvt. Ltd.", "MALABAR MONSOON SPICES PRIVATE LIMITED")
    assert "Malabar Monsoon Spices Pvt. Ltd." in decision.message


def exception(subject: Any, in_certificate: str, in_record: str) -> NameException:
    return NameException(subject, in_certificate, in_record, "decision-7")


@pytest.mark.parametrize(
    ("token", "opened_by"),
    [
        (iec_inside(holder="Ravi K Menon"), exception("holder", "RAVI K MENON", "Ravi Menon")),
        (facts(holder="R Menon"), exception("holder", "R Menon", "ravi menon")),
        (
            facts(organisation="Malabar Monsoon Spices Pvt Ltd"),
            exception("organisation", "Malabar Monsoon Spices Pvt Ltd", "Malabar Monsoon Spices Private Limited"),
        ),
    ],
)
def test_an_administrators_decision_opens_exactly_that_near_miss(
    token: CertificateFacts, opened_by: NameException
) -> None:
    assert not decide_exporter(token, spices(), SPICES_IEC)
    decision = decide_exporter(token, spices(), SPICES_IEC, exceptions=[opened_by])
    assert decision.allowed
    assert decision.exception == "decision-7"
    other = replace(opened_by, in_certificate="Somebody Else")
    assert not decide_exporter(token, spices(), SPICES_IEC, exceptions=[other])
    wrong_subject = exception(
        "organisation" if opened_by.subject == "holder" else "holder", opened_by.in_certificate, opened_by.in_record
    )
    assert not decide_exporter(token, spices(), SPICES_IEC, exceptions=[wrong_subject])


def test_an_exception_never_opens_a_different_name() -> None:
    token = iec_inside(holder="Anita Deshmukh")
    decision = decide_exporter(
        token, spices(), SPICES_IEC, exceptions=[exception("holder", "Anita Deshmukh", "Ravi Menon")]
    )
    assert decision.reason == "binding.holder_not_listed"


def test_an_opened_name_still_needs_the_pan_of_that_person() -> None:
    near = individual("ZZZPM0201A", "Ravi K Menon")
    opened = [exception("holder", "Ravi K Menon", "Ravi Menon")]
    assert decide_exporter(near, PROVABLE, SPICES_IEC, exceptions=opened).exception == "decision-7"
    wrong = individual("ZZZPM0299A", "Ravi K Menon")
    assert decide_exporter(wrong, PROVABLE, SPICES_IEC, exceptions=opened).reason == "binding.director_pan_differs"
    assert decide_exporter(near, spices(), SPICES_IEC, exceptions=opened).reason == "binding.director_not_provable"


def test_a_renewed_certificate_that_satisfies_the_same_rule_simply_works() -> None:
    old = iec_inside()
    new = replace(old, sha256="ef" * 32, serial_number="99")
    assert decide_exporter(new, spices(), SPICES_IEC) == decide_exporter(old, spices(), SPICES_IEC)
    assert same_holder(old, new)
    assert not same_holder(old, replace(new, holder="Lakshmi Pillai"))
    assert not same_holder(old, replace(new, serial_number_attr=pan_hash("ZZZPM0299A")))
    assert same_holder(old, replace(new, serial_number_attr=None))


def test_the_same_value_found_twice_is_one_iec() -> None:
    twice = (IecFinding(SPICES_IEC, "marked", "subject.OU"), IecFinding(SPICES_IEC, "capricorn", "san.rfc822Name"))
    assert decide_exporter(facts(iec_findings=twice), spices(), SPICES_IEC).rule == "iec-inside"


def test_a_decision_and_its_facts_can_be_kept_as_evidence() -> None:
    decision = decide_exporter(iec_inside(), spices(), SPICES_IEC)
    kept = decision.to_json()
    assert kept["finding"] == {
        "value": SPICES_IEC,
        "profile": "marked",
        "where": "subject.OU",
        "evidence": "marker",
    }
    assert kept["version"] == TABLE_VERSION
    assert CertificateFacts.from_json(iec_inside().to_json()) == iec_inside()


AGENCY = "Sahyadri Export Council"
OFFICER = facts(holder="Meera Kulkarni", organisation="SAHYADRI EXPORT COUNCIL")
ENROLLED = frozenset({"AB" * 32})


@pytest.mark.parametrize(
    ("token", "changes", "reason"),
    [
        (OFFICER, {}, None),
        (replace(OFFICER, organisation="Sahyadri Council"), {"organisation_exceptions": ["SAHYADRI COUNCIL"]}, None),
        (replace(OFFICER, sha256="00" * 32), {"enrolling": True}, None),
        (OFFICER, {"officer_name": None}, None),
        (replace(OFFICER, sha256="00" * 32), {}, "officer.not_enrolled"),
        (OFFICER, {"enrolled": frozenset()}, "officer.not_enrolled"),
        (replace(OFFICER, organisation=None), {}, "officer.organisation_missing"),
        (replace(OFFICER, organisation="Personal"), {}, "officer.organisation_missing"),
        (replace(OFFICER, organisation="Sahyadri Export Councils"), {}, "officer.organisation_differs"),
        (replace(OFFICER, holder="Ravi Menon"), {}, "officer.holder_differs"),
        (replace(OFFICER, holder="M Kulkarni"), {}, "officer.holder_near_miss"),
        (replace(OFFICER, is_document_signer=True), {}, "certificate.document_signer"),
        (replace(OFFICER, policies=()), {}, "certificate.not_class_3"),
    ],
)
def test_an_officers_token_needs_class_3_the_agency_and_enrolment(
    token: CertificateFacts, changes: dict[str, Any], reason: str | None
) -> None:
    given_: dict[str, Any] = {"agency_name": AGENCY, "officer_name": "Meera Kulkarni", "enrolled": ENROLLED} | changes
    decision = decide_officer(token, **given_)
    assert decision.reason == reason
    assert decision.allowed == (reason is None)


def test_an_officers_near_miss_opens_by_a_recorded_decision() -> None:
    decision = decide_officer(
        replace(OFFICER, holder="M Kulkarni"),
        agency_name=AGENCY,
        officer_name="Meera Kulkarni",
        enrolled=ENROLLED,
        name_exceptions=[exception("holder", "M Kulkarni", "Meera Kulkarni")],
    )
    assert decision.exception == "decision-7"


@pytest.mark.parametrize(
    ("token", "enrolled", "reason"),
    [
        (OFFICER, ENROLLED, None),
        (replace(OFFICER, organisation="Personal"), ENROLLED, None),
        (OFFICER, frozenset(), "administrator.not_enrolled"),
        (replace(OFFICER, policies=()), ENROLLED, "certificate.not_class_3"),
        (replace(OFFICER, holder="Ravi Menon"), ENROLLED, "officer.holder_differs"),
    ],
)
def test_an_administrators_token_must_be_enrolled(
    token: CertificateFacts, enrolled: frozenset[str], reason: str | None
) -> None:
    assert decide_administrator(token, name="Meera Kulkarni", enrolled=enrolled).reason == reason


def test_a_signature_certificate_of_class_3_is_of_the_right_kind() -> None:
    assert check_certificate_kind(facts())


NAMES = st.sampled_from(["Ravi Menon", "Anita Deshmukh", "Lakshmi Pillai", "R Menon", ""])
ORGANISATIONS = st.sampled_from([None, "", "Personal", "MALABAR MONSOON SPICES PRIVATE LIMITED", "Deccan Loom LLP"])
FINDINGS = st.lists(
    st.builds(
        IecFinding,
        st.sampled_from([SPICES_IEC, OTHER_IEC]),
        st.just("marked"),
        st.just("subject.OU"),
        st.sampled_from(["marker", "claimed"]),
    ),
    max_size=3,
)
PANS = st.sampled_from([None, "", pan_hash("ZZZPM0201A"), pan_hash("ZZZPM0299A"), pan_hash("ZZZCM0102B")])


@given(
    NAMES, ORGANISATIONS, FINDINGS, PANS, st.sampled_from([spices(), PROVABLE, spices(constitution="proprietorship")])
)
def test_whoever_is_let_in_is_listed_and_proved_by_something_beyond_the_name(
    holder: str, organisation: str | None, findings: list[IecFinding], pan: str | None, firm: FirmRecord
) -> None:
    token = facts(holder=holder, organisation=organisation, iec_findings=tuple(findings), serial_number_attr=pan)
    decision = decide_exporter(token, firm, SPICES_IEC)
    if decision.allowed:
        assert holder in {person.name for person in firm.people}
        assert all(found.value == SPICES_IEC for found in findings if found.evidence == "marker")
        hashes = {person.pan_hash for person in firm.people} | {pan_hash(firm.pan or "")}
        assert (
            any(found.value == SPICES_IEC for found in findings)
            or (not token.is_personal and organisation == firm.name_as_per_pan)
            or (token.is_personal and pan in hashes)
        )
