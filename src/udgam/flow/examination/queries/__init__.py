"""What stands on the desk of an office, and what is known about a case."""

from udgam.flow.examination.queries.case import (
    Case,
    Comparison,
    FirmHistory,
    Paper,
    SameInvoice,
    case_of,
    changes_of,
    colleagues_for,
    fob_in_rupees,
    notes_visible_to,
    papers_of,
)
from udgam.flow.examination.queries.desk import (
    OPEN,
    Colleague,
    counts_on_desk,
    desk,
    neighbours,
    with_item_counts,
    workload,
)

__all__ = [
    "OPEN",
    "Case",
    "Colleague",
    "Comparison",
    "FirmHistory",
    "Paper",
    "SameInvoice",
    "case_of",
    "changes_of",
    "colleagues_for",
    "counts_on_desk",
    "desk",
    "fob_in_rupees",
    "neighbours",
    "notes_visible_to",
    "papers_of",
    "with_item_counts",
    "workload",
]
