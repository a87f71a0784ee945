"""What must hold of every certificate before it is signed: one file for each rule, with its source and effective date.

A lint states what must hold. It looks at the content alone, so an auditor can run it on any certificate at any later time;
it applies to certificates issued on or after its effective date.
"""

from udgam.rules.lints.application import lint_application
from udgam.rules.lints.days import last_day_of_window, months_later, validity_end
from udgam.rules.lints.lint import Finding, Lint
from udgam.rules.lints.registry import LINTS, REASONS, run_lints

__all__ = [
    "LINTS",
    "REASONS",
    "Finding",
    "Lint",
    "last_day_of_window",
    "lint_application",
    "months_later",
    "run_lints",
    "validity_end",
]
