"""The tables of registration: the attempt, the registered firm, the evidence of tokens, the recorded decisions."""

from udgam.flow.registration.models.attempt import DeclarationConsent, OneTimeCode, Registration, SpentForm
from udgam.flow.registration.models.changes import ContactChange
from udgam.flow.registration.models.evidence import NearMiss, RevocationFile, TokenEvidence
from udgam.flow.registration.models.firm import (
    Exporter,
    ExporterBranch,
    Invitation,
    LocalRecord,
    Membership,
)
from udgam.flow.registration.models.keys import FirmKey

__all__ = [
    "ContactChange",
    "DeclarationConsent",
    "Exporter",
    "ExporterBranch",
    "FirmKey",
    "Invitation",
    "LocalRecord",
    "Membership",
    "NearMiss",
    "OneTimeCode",
    "Registration",
    "RevocationFile",
    "SpentForm",
    "TokenEvidence",
]
