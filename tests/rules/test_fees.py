"""The fee table, the split of GST, and amounts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udgam.rules.fees import (
    FeeRefused,
    document_number,
    financial_year,
    load_fees,
    paise_of,
    read_fees,
    rounded_share,
    rupees_of,
    tax_on,
    written,
)

DAY = date(2026, 11, 30)
STATES = st.sampled_from(["04", "07", "27", "29", "32", "33", "38"])


@pytest.mark.parametrize(
    ("code", "on", "rupees"),
    [
        ("preferential", DAY, 600),
        ("preferential", date(2018, 11, 29), 350),
        ("preferential", date(2018, 11, 30), 600),
        ("non-preferential", DAY, 200),
        ("verification-single-unit", DAY, 7500),
        ("verification-multiple-units", DAY, 12000),
    ],
)
def test_the_fee_of_a_day_is_the_one_the_notice_says(code: str, on: date, rupees: int) -> None:
    fee = load_fees().fee(code, on)
    assert fee.amount_paise == rupees * 100
    assert "Notice" in fee.source


def test_a_day_or_service_without_a_fee_is_refused() -> None:
    for code, on in (("non-preferential", date(2021, 5, 26)), ("nothing", DAY)):
        with pytest.raises(FeeRefused) as refused:
            load_fees().fee(code, on)
        assert refused.value.code == "fee.unknown"
    with pytest.raises(FeeRefused):
        load_fees().tax(date(2017, 6, 30))


def _table(**changed: object) -> bytes:
    row = {"code": "a", "name": "A", "amount": "1.00", "from": "2020-01-01", "until": None, "source": "x", **changed}
    return json.dumps({"version": "1", "fees": [row, {**row, "code": "b"}], "taxes": []}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"[]",
        _table(amount="1.001"),
        _table(amount="0"),
        _table(amount="NaN"),
        _table(source=" "),
        _table(until="2019-12-31"),
        _table(code="b"),
    ],
)
def test_a_table_that_does_not_hold_together_is_refused(data: bytes) -> None:
    with pytest.raises(FeeRefused) as refused:
        read_fees(data)
    assert refused.value.code == "fee.form"


def _tax(fee: int, supplier: str, place: str, *, sez: bool = False, registered: bool = True) -> tuple[int, int, int]:
    tax = tax_on(
        fee,
        basis_points=1800,
        supplier_state=supplier,
        place_of_supply=place,
        to_sez=sez,
        supplier_registered=registered,
    )
    return tax.igst_paise, tax.cgst_paise, tax.sgst_paise


def test_gst_is_split_by_the_place_of_supply() -> None:
    assert _tax(600_00, "27", "32") == (108_00, 0, 0)
    assert _tax(600_00, "27", "27") == (0, 54_00, 54_00)
    assert _tax(200_00, "27", "27", sez=True) == (36_00, 0, 0)
    assert _tax(200_00, "27", "32", registered=False) == (0, 0, 0)
    with pytest.raises(ValueError, match="GST codes"):
        _tax(200_00, "27", "")


def test_each_tax_is_rounded_to_the_paisa_half_up() -> None:
    assert rounded_share(250, basis_points=1800) == 45
    assert rounded_share(1_25, basis_points=1800) == 23  # 22.5
    assert _tax(3, "27", "27") == (0, 0, 0)
    assert _tax(6, "27", "27") == (0, 1, 1)  # 0.54 each
    assert _tax(3, "27", "32") == (1, 0, 0)  # 0.54


@given(st.integers(1, 10**9), STATES, STATES, st.booleans())
def test_tax_is_near_the_rate_halves_are_equal_and_only_one_way_is_taken(
    fee: int, supplier: str, place: str, sez: bool
) -> None:
    igst, cgst, sgst = _tax(fee, supplier, place, sez=sez)
    assert cgst == sgst
    assert igst == 0 or cgst == 0
    exact = Decimal(fee) * 18 / 100
    assert abs(igst + cgst + sgst - exact) <= 1


@given(st.integers(-(10**12), 10**12))
def test_amounts_are_written_and_read_back(paise: int) -> None:
    assert paise_of(rupees_of(paise)) == paise
    assert Decimal(written(paise).replace(",", "")) == rupees_of(paise)


def test_amounts_are_written_in_lakhs_and_crores() -> None:
    assert [written(amount) for amount in (0, 5, 1_00, 708_00, 1_23_456_70, 12_34_56_789_01)] == [
        "0.00", "0.05", "1.00", "708.00", "1,23,456.70", "12,34,56,789.01",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="two places"):
        paise_of(Decimal("1.005"))


def test_numbers_follow_the_financial_year_by_the_date_in_india() -> None:
    before = datetime(2027, 3, 31, 18, 29, tzinfo=UTC)
    after = datetime(2027, 3, 31, 18, 30, tzinfo=UTC)
    assert (financial_year(before), financial_year(after)) == ("26-27", "27-28")
    assert document_number(series="R", now=before, n=1) == "R/26-27/0000001"
    assert len(document_number(series="C", now=before, n=99_999_999)) == 16
    with pytest.raises(ValueError, match="used up"):
        document_number(series="C", now=before, n=999_999_999)
