"""The content in the terms of UN/CEFACT: the JSON message of a certificate of origin (BSP Preferential CoO, D22A), where it reaches.

The schema (draft 2020-12, uncefact/spec-JSONschema) knows parties, transport, packages, classification, criterion and invoices. What
it has no place for (quantity of the goods themselves, values, declarations word for word) stays in the content; members that begin
with ``x-``, which the schema allows everywhere, carry the quantity and the digest by which to find it. Document type 864 is a
preferential certificate, 861 a plain one (UNTDID 1001).
"""

from __future__ import annotations

from typing import Any

from udgam.rules.content import CertificateContent, Item, Party, canonical_json, content_digest
from udgam.rules.plain import decimal_text

PREFERENTIAL, PLAIN, INVOICE = "864", "861", "380"
# UNTDID 8067; 7075 level 3 is the outer package.
_MODES = {"sea": "1", "rail": "2", "road": "3", "air": "4", "post": "5", "multimodal": "6"}
_OUTER = "3"
_LINES = ("lineOne", "lineTwo", "lineThree", "lineFour", "lineFive")


def trade_data(content: CertificateContent) -> bytes:
    """The message for ``content``, as canonical JSON. The same content always gives the same bytes."""
    return canonical_json(
        {
            "exchangedDocument": _document(content),
            "specifiedConsignment": [_consignment(content)],
            "x-content": {"format": content.format, "sha256": content_digest(content)},
        }
    )


def _text(value: str) -> dict[str, str]:
    return {"content": value}


def _document(content: CertificateContent) -> dict[str, Any]:
    kind = PLAIN if content.agreement == "NP" else PREFERENTIAL
    declared, certified = content.declaration, content.certification
    document: dict[str, Any] = {
        "id": _text(content.number),
        "name": _text(content.title),
        "typeCode": _text(kind),
        "issueDateTime": _text(content.issued_on.isoformat()),
        "firstSignatoryDocumentAuthentication": {
            "actualDateTime": _text(declared.date.isoformat()),
            "provider": {
                "name": _text(content.exporter.name),
                "specifiedAuthoritativeSignatoryPerson": [{"name": _text(declared.name)}],
            },
            "issueLogisticsLocation": {"name": _text(declared.place)},
        },
        "issuer": {
            "id": _text(content.issuer.agency),
            "name": _text(f"{content.issuer.agency_name}, {content.issuer.office_name}"),
            "specifiedAuthoritativeSignatoryPerson": [{"name": _text(certified.signatory.name)}],
        },
    }
    if content.remarks:
        document["includedNote"] = [{"content": _text(remark)} for remark in content.remarks]
    if content.replaces:
        document["referenceReferencedDocument"] = [{"typeCode": _text(kind), "id": _text(content.replaces)}]
    return document


def _consignment(content: CertificateContent) -> dict[str, Any]:
    transport = content.transport
    movement: dict[str, Any] = {"modeCode": _text(_MODES[transport.mode])}
    if transport.vessel:
        movement["usedLogisticsTransportMeans"] = {"name": _text(transport.vessel)}
    consignment: dict[str, Any] = {
        "consignor": _party(content.exporter),
        "consignee": _party(content.consignee),
        "includedConsignmentItem": [_item(one, content) for one in content.items],
        "mainCarriageLogisticsTransportMovement": [movement],
        "applicableCrossBorderRegulatoryProcedure": [{"freeTradeAgreementName": _text(content.title)}],
    }
    if transport.departure:
        consignment["exportExitDateTime"] = _text(transport.departure.isoformat())
    if transport.port_of_loading:
        consignment["loadingLogisticsLocation"] = {"name": _text(transport.port_of_loading)}
    if transport.port_of_discharge:
        consignment["unloadingLogisticsLocation"] = {"name": _text(transport.port_of_discharge)}
    if content.third_party is not None:
        consignment["associated"] = [_party(content.third_party)]
    return consignment


def _party(party: Party) -> dict[str, Any]:
    lines = [line for line in party.address if line.strip()]
    if len(lines) > len(_LINES):
        lines = [*lines[: len(_LINES) - 1], ", ".join(lines[len(_LINES) - 1 :])]
    address: dict[str, Any] = {name: _text(line) for name, line in zip(_LINES, lines, strict=False)}
    return {"name": _text(party.name), "postalTradeAddress": {**address, "countryId": _text(party.country.code)}}


def _item(item: Item, content: CertificateContent) -> dict[str, Any]:
    dates = {one.number: one.date for one in content.invoices}
    product: dict[str, Any] = {
        "commonName": _text(item.description),
        "designatedProductClassification": [{"systemId": _text("HS"), "classCode": _text(item.hs_code)}],
        "originTradeCountry": [{"id": _text("IN")}],
    }
    if content.producer is not None:
        product["manufacturer"] = [_party(content.producer)]
    package: dict[str, Any] = {
        "itemQuantity": _text(str(item.packages)),
        "levelCode": _text(_OUTER),
        "physicalLogisticsShippingMarks": [{"marking": _text(item.marks)}],
    }
    if item.gross_weight is not None:
        package["grossWeightMeasure"] = {"content": decimal_text(item.gross_weight), "unitCode": "KGM"}
    invoice: dict[str, Any] = {"typeCode": _text(INVOICE), "id": _text(item.invoice)}
    if item.invoice in dates:
        invoice["formattedIssueDateTime"] = dates[item.invoice].isoformat()
    line: dict[str, Any] = {
        "specifiedTradeProduct": [product],
        "physicalReferencedLogisticsPackage": [package],
        "invoiceAssociatedReferencedDocument": [invoice],
        "x-quantity": {"content": decimal_text(item.quantity), "unitCode": item.unit},
    }
    return {
        "id": _text(str(item.number)),
        "includedTradeLineItem": [line],
        "applicableCrossBorderRegulatoryProcedure": [{"originCriteria": _text(item.criterion_printed)}],
    }
