"""Whether a certificate may act for a firm or an agency: the versioned decision table and what it stands on."""

from udgam.rules.binding.decision import TABLE_VERSION, Decision, NameException
from udgam.rules.binding.exporter import TABLE, decide_exporter
from udgam.rules.binding.facts import CLASS_3, DOCUMENT_SIGNER, CertificateFacts, IecFinding
from udgam.rules.binding.kind import check_certificate_kind, is_encryption_twin, same_holder
from udgam.rules.binding.locators import (
    DEFAULT_PROFILES,
    CertificateField,
    LocatorProfile,
    default_profiles_json,
    find_iecs,
    read_profiles,
)
from udgam.rules.binding.names import NameAgreement, names_agree
from udgam.rules.binding.officer import decide_administrator, decide_officer
from udgam.rules.binding.reasons import REASONS

__all__ = [
    "CLASS_3",
    "DEFAULT_PROFILES",
    "DOCUMENT_SIGNER",
    "REASONS",
    "TABLE",
    "TABLE_VERSION",
    "CertificateFacts",
    "CertificateField",
    "Decision",
    "IecFinding",
    "LocatorProfile",
    "NameAgreement",
    "NameException",
    "check_certificate_kind",
    "decide_administrator",
    "decide_exporter",
    "decide_officer",
    "default_profiles_json",
    "find_iecs",
    "is_encryption_twin",
    "names_agree",
    "read_profiles",
    "same_holder",
]
