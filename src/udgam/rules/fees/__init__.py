"""Fees and taxes: the dated table with its sources, the split of GST, numbers of receipts, periods, the states of an order."""

from udgam.rules.fees.money import paise_of, rounded_share, rupees_of, written
from udgam.rules.fees.orders import ORDER, REFUND
from udgam.rules.fees.series import Series, document_number, financial_year, series_key
from udgam.rules.fees.table import REASONS, Fee, FeeRefused, FeeTable, TaxRate, load_fees, read_fees
from udgam.rules.fees.tax import WITHOUT_LEGISLATURE, Tax, tax_on

__all__ = [
    "ORDER",
    "REASONS",
    "REFUND",
    "WITHOUT_LEGISLATURE",
    "Fee",
    "FeeRefused",
    "FeeTable",
    "Series",
    "Tax",
    "TaxRate",
    "document_number",
    "financial_year",
    "load_fees",
    "paise_of",
    "read_fees",
    "rounded_share",
    "rupees_of",
    "series_key",
    "tax_on",
    "written",
]
