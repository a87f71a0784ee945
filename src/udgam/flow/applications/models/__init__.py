"""An application for a certificate of origin: what the exporter typed, what was signed, what the officer asked."""

from udgam.flow.applications.models.asking import Discrepancy, DiscrepancyPoint, PhysicalVerification
from udgam.flow.applications.models.book import BookConsignee, BookProduct
from udgam.flow.applications.models.form import (
    Application,
    ApplicationDocument,
    ApplicationInvoice,
    ApplicationItem,
    ApplicationShippingBill,
    BulkUpload,
    CostMaterial,
    CostSheet,
    OriginFinding,
    Submission,
)

__all__ = [
    "Application",
    "ApplicationDocument",
    "ApplicationInvoice",
    "ApplicationItem",
    "ApplicationShippingBill",
    "BookConsignee",
    "BookProduct",
    "BulkUpload",
    "CostMaterial",
    "CostSheet",
    "Discrepancy",
    "DiscrepancyPoint",
    "OriginFinding",
    "PhysicalVerification",
    "Submission",
]
