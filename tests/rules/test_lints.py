"""Each lint with samples that hold and samples that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.rules import agreement_samples
from tests.rules.samples import INDIA, KENYA, application, certificate
from udgam.rules import lints as lints_package
from udgam.rules.agreements import IssueWindow, agreement_codes, load_agreement
from udgam.rules.content import CertificateContent, Country, Invoice
from udgam.rules.lints import LINTS, last_day_of_window, lint_application, months_later, run_lints
from udgam.sandbox.specimens import specimen

GOOD = certificate()


def item(n: int = 0, **changes: Any) -> CertificateContent:
    items = list(GOOD.items)
    items[n] = replace(items[n], **changes)
    return replace(GOOD, items=tuple(items))


def transport(**changes: Any) -> CertificateContent:
    return replace(GOOD, transport=replace(GOOD.transport, **changes))


def declaration(**changes: Any) -> CertificateContent:
    return replace(GOOD, declaration=replace(GOOD.declaration, **changes))


def certification(**changes: Any) -> CertificateContent:
    return replace(GOOD, certification=replace(GOOD.certification, **changes))


def signatory(**changes: Any) -> CertificateContent:
    return certification(signatory=replace(GOOD.certification.signatory, **changes))


def exporter(**changes: Any) -> CertificateContent:
    return replace(GOOD, exporter=replace(GOOD.exporter, **changes))


def destination(country: Country) -> CertificateContent:
    text = GOOD.declaration.text.replace("Kenya", country.name)
    return replace(declaration(text=text), destination=country)


TWO_INVOICES = (*GOOD.invoices, Invoice(number="MMS/26-27/115", date=date(2026, 11, 19)))
SPLIT = replace(item(1, invoice="MMS/26-27/115"), invoices=TWO_INVOICES)

# Samples that hold, beyond the certificate of the cast, which holds for all.
HOLDS: dict[str, list[CertificateContent]] = {
    "title_has_required_words": [GOOD],
    "number_has_platform_form": [replace(GOOD, number="SEC/2026/016/0000081A/123456789")],
    "exporter_country_matches_issuer": [exporter(address=("Elsewhere in Kochi",))],
    "goods_leave_india": [destination(Country(code="NP", name="Nepal"))],
    "departure_agrees_with_shipment": [
        transport(departure=None),
        transport(departure=date(2026, 11, 21)),
        transport(shipment="after", departure=date(2026, 11, 21)),
        transport(shipment="after", departure=date(2025, 11, 21)),
    ],
    "items_numbered_consecutively": [replace(GOOD, items=GOOD.items[:1])],
    "hs_code_digits": [item(hs_code="090411"), item(hs_code="01012100")],
    "criterion_belongs_to_agreement": [GOOD],
    "quantities_positive": [item(gross_weight=None), item(quantity=Decimal("0.001"))],
    "every_item_has_its_invoice": [SPLIT],
    "one_currency_for_each_invoice": [
        replace(SPLIT, items=(SPLIT.items[0], replace(SPLIT.items[1], currency="EUR"))),
    ],
    "invoice_date_not_after_issue": [replace(GOOD, invoices=(replace(GOOD.invoices[0], date=GOOD.issued_on),))],
    "declaration_not_after_issue": [declaration(date=GOOD.issued_on)],
    "statements_are_the_agreements_own": [destination(Country(code="NP", name="Nepal"))],
    "signatory_is_identified": [signatory(name="मीरा कुलकर्णी")],
    "signatory_within_authorisation": [
        signatory(authorised_until=None),
        signatory(authorised_until=GOOD.issued_on),
        signatory(authorised_from=GOOD.issued_on),
    ],
    "texts_are_printable": [item(description="इलायची, हरी"), item(description="क्\u200dष")],
}

# Samples that do not hold, and where.
FAILS: dict[str, list[tuple[CertificateContent, str]]] = {
    "title_has_required_words": [
        (replace(GOOD, title="CERTIFICATE OF ORIGIN"), "title"),
        (replace(GOOD, title="Non-Preferential anything"), "title"),
    ],
    "number_has_platform_form": [
        (replace(GOOD, number="81"), "number"),
        (replace(GOOD, number="SEC/2026/016/0000082A/00000002"), "number"),
        (replace(GOOD, number="SEC/2026/013/0000081A/00000002", application_number="SEC/2026/013/0000081A"), "number"),
        (replace(GOOD, number="sec/2026/016/0000081A/00000002"), "number"),
        (replace(GOOD, issuer=replace(GOOD.issuer, agency="EIC")), "number"),
        (replace(GOOD, scheme="013"), "number"),
        (
            replace(GOOD, number="SEC/2027/016/0000081A/00000002", application_number="SEC/2027/016/0000081A"),
            "number",
        ),
    ],
    "exporter_country_matches_issuer": [(exporter(country=KENYA), "exporter.country")],
    "goods_leave_india": [
        (destination(INDIA), "destination"),
        (destination(Country(code="Kenya", name="Kenya")), "destination"),
        (destination(Country(code="KE", name=" ")), "destination"),
    ],
    "departure_agrees_with_shipment": [
        (transport(departure=date(2026, 11, 20)), "transport.departure"),
        (transport(shipment="after", departure=None), "transport.departure"),
        (transport(shipment="after", departure=date(2026, 11, 22)), "transport.departure"),
    ],
    "items_numbered_consecutively": [
        (item(number=2), "items[0].number"),
        (item(1, number=3), "items[1].number"),
        (item(number=0), "items[0].number"),
        (replace(GOOD, items=()), "items"),
    ],
    "hs_code_digits": [
        (item(hs_code="0904"), "items[0].hs_code"),
        (item(hs_code="0904.11"), "items[0].hs_code"),
        (item(hs_code="0904113"), "items[0].hs_code"),
        (item(hs_code="०९०४११"), "items[0].hs_code"),
        (item(hs_code="000411"), "items[0].hs_code"),
        (item(1, hs_code=""), "items[1].hs_code"),
    ],
    "criterion_belongs_to_agreement": [(item(criterion="WO"), "items[0].criterion")],
    "quantities_positive": [
        (item(quantity=Decimal(0)), "items[0].quantity"),
        (item(fob=Decimal("-1.00")), "items[0].fob"),
        (item(packages=0), "items[0].packages"),
        (item(1, gross_weight=Decimal(0)), "items[1].gross_weight"),
    ],
    "every_item_has_its_invoice": [
        (item(invoice="MMS/26-27/999"), "items[0].invoice"),
        (replace(GOOD, invoices=TWO_INVOICES), "invoices[1].number"),
        (replace(GOOD, invoices=GOOD.invoices * 2), "invoices[1].number"),
        (replace(GOOD, invoices=()), "items[0].invoice"),
    ],
    "one_currency_for_each_invoice": [
        (item(1, currency="EUR"), "items[1].currency"),
        (item(currency="US$"), "items[0].currency"),
        (item(currency="usd"), "items[0].currency"),
    ],
    "invoice_date_not_after_issue": [
        (replace(GOOD, invoices=(replace(GOOD.invoices[0], date=date(2026, 11, 23)),)), "invoices[0].date")
    ],
    "declaration_not_after_issue": [(declaration(date=date(2026, 11, 23)), "declaration.date")],
    "statements_are_the_agreements_own": [
        (declaration(text="All is well."), "declaration.text"),
        (replace(GOOD, destination=Country(code="NP", name="Nepal")), "declaration.text"),
        (certification(text=""), "certification.text"),
    ],
    "signatory_is_identified": [
        (signatory(name=" "), "certification.signatory"),
        (signatory(designation=""), "certification.signatory"),
        (signatory(certificate_sha256="CD" * 32), "certification.signatory.certificate_sha256"),
        (signatory(certificate_sha256=""), "certification.signatory.certificate_sha256"),
    ],
    "signatory_within_authorisation": [
        (signatory(authorised_from=date(2026, 11, 23)), "certification.signatory"),
        (signatory(authorised_until=date(2026, 11, 21)), "certification.signatory"),
    ],
    "texts_are_printable": [
        (item(description="Pepper\u202e reppep"), "items[0].description"),
        (item(marks="A\x00B"), "items[0].marks"),
        (item(marks="A\nB"), "items[0].marks"),
        (item(description="  "), "items[0].description"),
        (exporter(name=""), "exporter.name"),
        (replace(GOOD, remarks=("\ue000",)), "remarks[0]"),
    ],
}


HOLDS |= agreement_samples.HOLDS
FAILS |= agreement_samples.FAILS

# The days after shipment that the agreements name were not read in any text, so that rule is tried on data that a person has
# confirmed: five working days, as the Australian text has them.
CONFIRMED = replace(
    load_agreement("UAE-CEPA"), issue_window=IssueWindow(text="Within five working days", working_days=5, days=None)
)


def test_the_certificate_of_the_cast_has_no_finding() -> None:
    assert run_lints(GOOD) == ()


@pytest.mark.parametrize("code", [code for code in agreement_codes() if not load_agreement(code).wants])
def test_a_specimen_of_every_form_has_no_finding(code: str) -> None:
    assert run_lints(specimen(load_agreement(code))) == ()


def test_late_issue_must_be_marked_once_the_days_are_known() -> None:
    content = agreement_samples.UAE
    friday, late = date(2026, 11, 13), date(2026, 11, 12)
    assert run_lints(agreement_samples.gone(content, date(2026, 11, 16)), CONFIRMED) == ()
    assert [one.where for one in run_lints(agreement_samples.gone(content, friday), CONFIRMED)] == ["marks"]
    assert [one.lint for one in run_lints(agreement_samples.gone(content, late), CONFIRMED)] == ["late_issue_is_marked"]
    marked = agreement_samples.gone(
        content, late, marks=("retrospective",), retrospective="The bank asked for it late."
    )
    assert run_lints(marked, CONFIRMED) == ()


def test_another_agreements_data_cannot_judge() -> None:
    with pytest.raises(ValueError, match="another agreement"):
        run_lints(GOOD, CONFIRMED)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(start: date, months: int, end: date) -> None:
    assert months_later(start, months) == end


def test_working_days_leave_out_the_weekend() -> None:
    assert last_day_of_window(IssueWindow(text="", working_days=5, days=None), date(2026, 11, 20)) == date(2026, 11, 27)
    assert last_day_of_window(IssueWindow(text="", working_days=1, days=None), date(2026, 11, 20)) == date(2026, 11, 23)
    assert last_day_of_window(IssueWindow(text="", working_days=None, days=3), date(2026, 11, 20)) == date(2026, 11, 23)
    assert last_day_of_window(IssueWindow(text="", working_days=None, days=None), date(2026, 11, 20)) is None


@pytest.mark.parametrize(
    ("name", "content"), [(name, content) for name, samples in HOLDS.items() for content in samples]
)
def test_a_good_sample_holds(name: str, content: CertificateContent) -> None:
    assert [finding for finding in run_lints(content) if finding.lint == name] == []


@pytest.mark.parametrize(
    ("name", "content", "where"), [(name, *sample) for name, samples in FAILS.items() for sample in samples]
)
def test_a_bad_sample_is_found_at_its_place(name: str, content: CertificateContent, where: str) -> None:
    findings = [finding for finding in run_lints(content) if finding.lint == name]
    assert where in [finding.where for finding in findings]
    for finding in findings:
        assert finding.code == f"lint.{name}"
        assert finding.message
        assert finding.advice
        assert "{" not in finding.message + finding.advice


def test_every_lint_has_good_and_bad_samples() -> None:
    names = {lint.name for lint in LINTS}
    assert len(names) == len(LINTS)
    assert set(HOLDS) == set(FAILS) == names
    assert [name for name, samples in FAILS.items() if not samples] == ["late_issue_is_marked"], "tried by itself above"


def test_every_lint_is_a_file_of_its_name_with_citation_and_effective_date() -> None:
    folder = Path(next(iter(lints_package.__path__)))
    files = {path.stem for path in folder.glob("*.py")} - {
        "__init__",
        "application",
        "criterion_figures",
        "days",
        "lint",
        "registry",
    }
    assert files == {lint.name for lint in LINTS}
    for lint in LINTS:
        assert lint.citation
        assert lint.effective >= date(2019, 1, 1)
        assert lint.check.__module__.endswith(lint.name)


def test_a_lint_does_not_reach_back_before_its_effective_date() -> None:
    mismatch = item(invoice="MMS/26-27/999")
    assert any(finding.lint == "every_item_has_its_invoice" for finding in run_lints(mismatch))
    earlier = replace(mismatch, certification=replace(mismatch.certification, date=date(2026, 4, 6)))
    assert not any(finding.lint == "every_item_has_its_invoice" for finding in run_lints(earlier))


def test_an_exporter_hears_of_a_fault_before_submitting() -> None:
    today = date(2026, 11, 22)
    assert lint_application(application(), on=today) == ()
    assert lint_application(application(number="not reserved yet"), on=today) == ()
    no_items = application(items=())
    assert {finding.lint for finding in lint_application(no_items, on=today)} == {
        "items_numbered_consecutively",
        "every_item_has_its_invoice",
    }
    late_invoice = application(invoices=(Invoice(number="MMS/26-27/114", date=date(2026, 11, 23)),))
    assert [finding.where for finding in lint_application(late_invoice, on=today)] == ["invoices[0].date"]
