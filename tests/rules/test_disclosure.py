"""What the public sees by number alone, and how a paper is compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.samples import certificate
from udgam.rules.agreements import PublicViews, load_agreement
from udgam.rules.disclosure import compare, opens_full_content, shown_by_number
from udgam.rules.public_fields import COMPARABLE

NP = load_agreement("NP")
CLOSED = replace(NP, public=PublicViews(by_number=(), comparable=(), full=()))


def test_the_number_alone_opens_the_listed_fields_and_nothing_else() -> None:
    shown = {entry.field: entry.value for entry in shown_by_number(certificate(), NP, status="issued")}
    assert shown == {
        "status": "issued",
        "agency": "Sahyadri Export Council",
        "office": "Mumbai Regional Office",
        "issued_on": "2026-11-22",
        "agreement": "Non-preferential certificate of origin",
        "exporter_name": "Malabar Monsoon Spices Private Limited",
        "destination": "Kenya",
        "item_count": "2",
    }
    text = " ".join(shown.values())
    for secret in ("Savanna", "pepper", "12600", "MMS/26-27/114", "Kochi"):
        assert secret not in text


def test_an_agreement_that_lists_nothing_shows_nothing() -> None:
    assert shown_by_number(certificate(), CLOSED, status="issued") == ()
    assert compare(certificate(), CLOSED, {"fob": "16000"}) == ()
    assert not opens_full_content(certificate(), CLOSED, invoice_number="MMS/26-27/114", consignee_country="KE")


@pytest.mark.parametrize(
    ("field", "typed", "outcome"),
    [
        ("issued_on", "22-11-2026", "agrees"),
        ("issued_on", "22/11/2026", "agrees"),
        ("issued_on", "2026-11-22", "agrees"),
        ("issued_on", "11-22-2026", "differs"),
        ("exporter_name", "malabar monsoon spices private limited.", "agrees"),
        ("exporter_name", "Malabar Monsoon Spices", "differs"),
        ("exporter_name", "...", "differs"),
        ("consignee_name", "SAVANNA FOODS LIMITED", "agrees"),
        ("consignee_country", "ke", "agrees"),
        ("consignee_country", "Kenya", "agrees"),
        ("consignee_country", "Uganda", "differs"),
        ("destination", "KENYA", "agrees"),
        ("invoice_number", "mms/26-27/114", "agrees"),
        ("invoice_number", "MMS 26 27 114", "differs"),
        ("invoice_date", "18.11.2026", "agrees"),
        ("invoice_date", "soon", "differs"),
        ("hs_code", "0904.11.30", "agrees"),
        ("hs_code", "090411", "agrees"),
        ("hs_code", "09041140", "differs"),
        ("hs_code", "0904", "differs"),
        ("gross_weight", "2,150.5 kg", "agrees"),
        ("gross_weight", "2150.500", "agrees"),
        ("gross_weight", "2150", "differs"),
        ("packages", "50", "agrees"),
        ("packages", "fifty", "differs"),
        ("fob", "USD 16,000.00", "agrees"),
        ("fob", "16000.01", "differs"),
        ("fob", "₹ 16 000", "agrees"),
        ("fob", "\uff11\uff16\uff10\uff10\uff10", "agrees"),
        ("fob", "Rs. 16,000", "agrees"),
        ("fob", "160,00", "differs"),
        ("fob", "16.000", "differs"),
        ("fob", "1,6,000", "differs"),
        ("fob", "16a000", "differs"),
        ("fob", "16-000", "differs"),
        ("fob", "+16000", "differs"),
        ("fob", "16\u200b000", "differs"),
        ("fob", "\u0661\u0666\u0660\u0660\u0660", "differs"),
        ("fob", "16000e0", "differs"),
        ("packages", "5,0", "differs"),
        ("fob", "9" * 60, "differs"),
    ],
)
def test_a_typed_field_agrees_or_differs(field: str, typed: str, outcome: str) -> None:
    (answer,) = compare(certificate(), NP, {field: typed})
    assert (answer.field, answer.outcome) == (field, outcome)


def test_every_comparable_field_has_a_sample() -> None:
    rows = test_a_typed_field_agrees_or_differs.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {field for field, *_ in rows} == set(COMPARABLE) == set(NP.public.comparable)


def test_empty_and_unknown_fields_are_not_answered() -> None:
    assert compare(certificate(), NP, {"fob": "  ", "application_number": "x", "exporter_iec": "0305900017"}) == ()


def test_what_the_certificate_does_not_state_is_said_so() -> None:
    items = certificate().items
    no_weight = certificate(items=tuple(replace(item, gross_weight=None) for item in items))
    assert compare(no_weight, NP, {"gross_weight": "1"})[0].outcome == "not-stated"
    mixed = certificate(items=(items[0], replace(items[1], currency="EUR")))
    assert compare(mixed, NP, {"fob": "16000"})[0].outcome == "not-stated"


@pytest.mark.parametrize(
    ("invoice", "country", "opens"),
    [
        ("MMS/26-27/114", "KE", True),
        (" mms/26-27/114 ", "kenya", True),
        ("MMS/26-27/115", "KE", False),
        ("MMS/26-27/114", "UG", False),
        ("", "KE", False),
        ("MMS/26-27/114", "", False),
    ],
)
def test_invoice_and_country_together_open_the_content(invoice: str, country: str, opens: bool) -> None:
    assert opens_full_content(certificate(), NP, invoice_number=invoice, consignee_country=country) == opens
