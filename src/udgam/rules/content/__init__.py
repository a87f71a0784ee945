"""The content that is signed: exactly what a certificate or an application says, apart from how it is drawn.

A format never changes once something was issued in it. A new need makes a new format with its own reader; the readers of all
formats stay, and ``tests/archive`` reads a sample of each.
"""

from udgam.rules.content.application import (
    APPLICATION_FORMAT,
    Applicant,
    ApplicationContent,
    ApplicationDeclaration,
    AttachedDocument,
    CostSheet,
    DeclaredRupees,
    MaterialRow,
    OriginClaim,
    RuleTables,
)
from udgam.rules.content.canonical import canonical_json
from udgam.rules.content.certificate import (
    CERTIFICATE_FORMAT,
    CertificateContent,
    Certification,
    Declaration,
    Issuer,
    Signatory,
)
from udgam.rules.content.derive import certificate_from_application
from udgam.rules.content.parts import Country, Invoice, Item, Party, RuleData, ShippingBill, Transport
from udgam.rules.content.reading import content_bytes, content_digest, read_application, read_content
from udgam.rules.content.refused import REASONS, ContentRefused

__all__ = [
    "APPLICATION_FORMAT",
    "CERTIFICATE_FORMAT",
    "REASONS",
    "Applicant",
    "ApplicationContent",
    "ApplicationDeclaration",
    "AttachedDocument",
    "CertificateContent",
    "Certification",
    "ContentRefused",
    "CostSheet",
    "Country",
    "Declaration",
    "DeclaredRupees",
    "Invoice",
    "Issuer",
    "Item",
    "MaterialRow",
    "OriginClaim",
    "Party",
    "RuleData",
    "RuleTables",
    "ShippingBill",
    "Signatory",
    "Transport",
    "canonical_json",
    "certificate_from_application",
    "content_bytes",
    "content_digest",
    "read_application",
    "read_content",
]
