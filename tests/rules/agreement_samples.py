"""Certificates under several arrangements: for each rule about agreements some that hold and some that do not, each a mutation of a good one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from udgam.rules.agreements import load_agreement
from udgam.rules.content import CertificateContent, Country, ShippingBill
from udgam.sandbox.specimens import specimen

ASEAN, KOREA, SAARC, UAE, JAPAN, UK, NP = (
    specimen(load_agreement(code)) for code in ("AIFTA", "IKCEPA", "SAFTA", "UAE-CEPA", "IJCEPA", "UK-CETA", "NP")
)


def text(content: CertificateContent, code: str, words: str, n: int = 0) -> CertificateContent:
    items = list(content.items)
    items[n] = replace(items[n], criterion=code, criterion_text=words)
    return replace(content, items=tuple(items))


def gone(content: CertificateContent, on: date, **changes: Any) -> CertificateContent:
    """The same goods, gone already on that day."""
    return replace(content, transport=replace(content.transport, shipment="after", departure=on), **changes)


def _late(content: CertificateContent, on: date, **changes: Any) -> CertificateContent:
    values = {"marks": ("retrospective",), "retrospective": "The invoice was corrected by the buyer.", **changes}
    return gone(content, on, **values)


THIRD = specimen(load_agreement("UAE-CEPA"), marks=("third-party",))
BILL = ShippingBill(number="7104412", date=date(2026, 11, 20), port="INNSA1")
FIRST = "SEC/2026/016/0000080A/00000001"

HOLDS: dict[str, list[CertificateContent]] = {
    "agreement_is_in_force": [ASEAN, UK, NP],
    "destination_is_a_partner": [ASEAN, SAARC, replace(NP, destination=Country(code="BR", name="Brazil"))],
    "criterion_text_is_the_agreements_own": [
        ASEAN,
        text(ASEAN, "RVC+CTSH", "RVC [35]%+CTSH"),
        text(KOREA, "CTC+RVC", "CTH + RVC 40%"),
        text(SAARC, "B", '"B" 50 per cent'),
        NP,
    ],
    "percentage_is_on_the_right_side": [
        text(ASEAN, "RVC+CTSH", "RVC [35.00]%+CTSH"),
        text(SAARC, "B", '"B" 60 per cent'),
        text(specimen(load_agreement("GSTP")), "C", '"C" 60 per cent'),
        text(specimen(load_agreement("MERCOSUR-PTA")), "B", "B 40"),
        text(specimen(load_agreement("ISCECA")), "SINGLE COUNTRY CONTENT", "SINGLE COUNTRY CONTENT 35"),
    ],
    "marks_have_the_agreements_words": [
        replace(UAE, marks=("retrospective",)),
        replace(JAPAN, marks=("third-party", "retrospective")),
        specimen(load_agreement("IKCEPA"), marks=("third-party",)),
    ],
    # The UAE's window was not read, so nothing is late by it; Mauritius and the others name none.
    "late_issue_is_marked": [gone(UAE, date(2026, 11, 2)), gone(ASEAN, date(2026, 11, 2))],
    "retrospective_within_its_window": [_late(UAE, date(2025, 11, 22)), _late(JAPAN, date(2026, 1, 5))],
    "validity_is_the_agreements_own": [ASEAN, replace(ASEAN, valid_until=None), NP],
    "third_party_is_named_and_allowed": [THIRD, UAE],
    "back_to_back_is_allowed": [replace(NP, marks=("back-to-back",)), replace(ASEAN, marks=("back-to-back",))],
    "replaced_certificate_is_named": [replace(NP, marks=("in-lieu",), replaces=FIRST), replace(NP, replaces=FIRST)],
    "shipping_bills_fit_the_consignment": [replace(UAE, shipping_bills=()), UAE],
}

FAILS: dict[str, list[tuple[CertificateContent, str]]] = {
    "agreement_is_in_force": [
        (replace(UK, certification=replace(UK.certification, date=date(2026, 7, 14))), "agreement"),
        (replace(specimen(load_agreement("DFTP")), destination=Country(code="BD", name="Bangladesh")), "agreement"),
    ],
    "destination_is_a_partner": [
        (replace(ASEAN, destination=Country(code="KE", name="Kenya")), "destination"),
        (replace(specimen(load_agreement("APTA")), destination=Country(code="MN", name="Mongolia")), "destination"),
    ],
    "criterion_text_is_the_agreements_own": [
        (text(ASEAN, "RVC+CTSH", "RVC 79.73% + CTSH"), "items[0].criterion_text"),
        (text(ASEAN, "RVC+CTSH", ""), "items[0].criterion_text"),
        (text(SAARC, "B", '"B" 50%'), "items[0].criterion_text"),
        (text(SAARC, "B", '"C" 50 per cent'), "items[0].criterion_text"),
        (text(SAARC, "D", '"D" 40 per cent', 1), "items[1].criterion_text"),
        (text(ASEAN, "PSR", "PSR "), "items[0].criterion_text"),
    ],
    "percentage_is_on_the_right_side": [
        (text(ASEAN, "RVC+CTSH", "RVC [34.99]%+CTSH"), "items[0].criterion_text"),
        (text(ASEAN, "RVC+CTSH", "RVC [101]%+CTSH"), "items[0].criterion_text"),
        # The trap: with B the figure is the non-originating share, so a high one fails.
        (text(SAARC, "B", '"B" 61 per cent'), "items[0].criterion_text"),
        (text(specimen(load_agreement("GSTP")), "C", '"C" 59 per cent'), "items[0].criterion_text"),
        (text(specimen(load_agreement("MERCOSUR-PTA")), "B", "B 41"), "items[0].criterion_text"),
    ],
    "marks_have_the_agreements_words": [
        (replace(ASEAN, marks=("retrospective",)), "marks[0]"),
        (replace(NP, marks=("exhibition",)), "marks[0]"),
        (replace(UAE, marks=("retrospective", "invented")), "marks[1]"),
    ],
    "late_issue_is_marked": [],
    "retrospective_within_its_window": [
        (_late(UAE, date(2025, 11, 21)), "certification.date"),
        (_late(UAE, date(2026, 10, 1), retrospective=" "), "retrospective"),
        (replace(UAE, marks=("retrospective",), retrospective="Why."), "transport.departure"),
    ],
    "validity_is_the_agreements_own": [
        (replace(ASEAN, valid_until=date(2027, 11, 22)), "valid_until"),
        (replace(NP, valid_until=date(2027, 11, 21)), "valid_until"),
    ],
    "third_party_is_named_and_allowed": [
        (replace(THIRD, third_party=None), "third_party"),
        (replace(THIRD, marks=()), "third_party.name"),
    ],
    "back_to_back_is_allowed": [
        (replace(UAE, marks=("back-to-back",)), "marks"),
        (replace(KOREA, marks=("back-to-back",)), "marks"),
    ],
    "replaced_certificate_is_named": [
        (replace(NP, marks=("in-lieu",)), "replaces"),
        (replace(NP, replaces="the old one"), "replaces"),
        (replace(NP, replaces=NP.number), "replaces"),
        (replace(NP, replaces="EIC/2026/016/0000080A/00000001"), "replaces"),
    ],
    "shipping_bills_fit_the_consignment": [
        (replace(UAE, shipping_bills=(replace(BILL, date=date(2026, 11, 17)),)), "shipping_bills[0]"),
        (replace(UAE, shipping_bills=(BILL, replace(BILL, date=date(2026, 11, 23)))), "shipping_bills[1]"),
        (replace(UAE, shipping_bills=(replace(BILL, number=" "),)), "shipping_bills[0]"),
    ],
}
