"""The fields of a certificate that a public view may show or compare; which of them, the data of each agreement says."""

from __future__ import annotations

from collections.abc import Mapping

# Field -> English label. The value is text; the state of the certificate is handed in.
SHOWABLE: Mapping[str, str] = {
    "status": "Status",
    "agency": "Issuing agency",
    "office": "Office",
    "issued_on": "Date of issue",
    "agreement": "Agreement",
    "exporter_name": "Exporter",
    "destination": "Country of destination",
    "item_count": "Number of items",
}

COMPARABLE: Mapping[str, str] = {
    "issued_on": "Date of issue",
    "exporter_name": "Exporter's name",
    "consignee_name": "Consignee's name",
    "consignee_country": "Consignee's country",
    "destination": "Country of destination",
    "invoice_number": "Invoice number",
    "invoice_date": "Invoice date",
    "hs_code": "HS code of an item",
    "gross_weight": "Total gross weight in kilograms",
    "packages": "Total number of packages",
    "fob": "Total FOB value",
}
