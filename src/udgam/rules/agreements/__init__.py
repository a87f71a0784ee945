"""The arrangements under which certificates are issued: one data file each, read into typed values."""

from udgam.rules.agreements.agreement import (
    Agreement,
    Box,
    Copies,
    Criterion,
    Fee,
    PublicViews,
    RequiredDocument,
)
from udgam.rules.agreements.loading import REASONS, AgreementRefused, agreement_codes, load_agreement, read_agreement

__all__ = [
    "REASONS",
    "Agreement",
    "AgreementRefused",
    "Box",
    "Copies",
    "Criterion",
    "Fee",
    "PublicViews",
    "RequiredDocument",
    "agreement_codes",
    "load_agreement",
    "read_agreement",
]
