"""The rows of issuance."""

from udgam.flow.issuance.models.certificate import ENDED, LIVE, Certificate, stage_path
from udgam.flow.issuance.models.keys import IssuerKey, RegisterKey, UsedSeal
from udgam.flow.issuance.models.post import PostalDispatch
from udgam.flow.issuance.models.register import Checkpoint, Edition, LogEntry
from udgam.flow.issuance.models.requests import CertificateRequest
from udgam.flow.issuance.models.runs import RunEntry, SigningRun
from udgam.flow.issuance.models.upkeep import Alarm, FileRevision, Outage, RecheckRun, Resealing

__all__ = [
    "ENDED",
    "LIVE",
    "Alarm",
    "Certificate",
    "CertificateRequest",
    "Checkpoint",
    "Edition",
    "FileRevision",
    "IssuerKey",
    "LogEntry",
    "Outage",
    "PostalDispatch",
    "RecheckRun",
    "RegisterKey",
    "Resealing",
    "RunEntry",
    "SigningRun",
    "UsedSeal",
    "stage_path",
]
