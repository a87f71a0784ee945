"""Checking what was issued: numbered steps, each with its outcome. No keys, no page, no framework, no network."""

from __future__ import annotations

from udgam.signing.proof.file import InputUnusable
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.reporting import with_log_required
from udgam.signing.proof.status import PublishedStatus, StatusSnapshot, StatusSource, StatusUnavailable
from udgam.signing.proof.trust_folder import IssuerEntry, OfficerEntry, TrustFolder, TrustFolderUnusable
from udgam.signing.proof.verify import OPEN_BEFORE_ISSUE, OPEN_IN_FIRST_RELEASE, STEPS, verify_pdf
from udgam.signing.proof.verify_any import verify
from udgam.signing.proof.verify_code import verify_code
from udgam.signing.proof.verify_credential import verify_credential

__all__ = [
    "OPEN_BEFORE_ISSUE",
    "OPEN_IN_FIRST_RELEASE",
    "STEPS",
    "Check",
    "InputUnusable",
    "IssuerEntry",
    "OfficerEntry",
    "PublishedStatus",
    "Report",
    "StatusSnapshot",
    "StatusSource",
    "StatusUnavailable",
    "TrustFolder",
    "TrustFolderUnusable",
    "verify",
    "verify_code",
    "verify_credential",
    "verify_pdf",
    "with_log_required",
]
