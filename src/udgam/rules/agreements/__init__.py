"""The arrangements under which certificates are issued, and those that are not in force: one data file each, read into typed values."""

from udgam.rules.agreements.agreement import (
    Agreement,
    Box,
    Column,
    Copies,
    Criterion,
    Fee,
    FieldEvidence,
    IssueWindow,
    Layout,
    MarkText,
    Permission,
    PublicViews,
    Replacement,
    RequiredDocument,
    Retrospective,
    SourceText,
    Validity,
)
from udgam.rules.agreements.confirming import CONFIRMING_REASONS, ConfirmationRefused, confirmed_data, open_fields
from udgam.rules.agreements.loading import REASONS as LOADING_REASONS
from udgam.rules.agreements.loading import (
    AgreementRefused,
    agreement_bytes,
    agreement_codes,
    load_agreement,
    load_complete,
    read_agreement,
    read_complete,
)

REASONS = {**LOADING_REASONS, **CONFIRMING_REASONS}

__all__ = [
    "REASONS",
    "Agreement",
    "AgreementRefused",
    "Box",
    "Column",
    "ConfirmationRefused",
    "Copies",
    "Criterion",
    "Fee",
    "FieldEvidence",
    "IssueWindow",
    "Layout",
    "MarkText",
    "Permission",
    "PublicViews",
    "Replacement",
    "RequiredDocument",
    "Retrospective",
    "SourceText",
    "Validity",
    "agreement_bytes",
    "agreement_codes",
    "confirmed_data",
    "load_agreement",
    "load_complete",
    "open_fields",
    "read_agreement",
    "read_complete",
]
