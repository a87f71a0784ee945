"""The trade data against what the schema of UN/CEFACT says, written down here by hand and not taken from the code that makes them.

Source: github.com/uncefact/spec-JSONschema, D22A/snapshot/UNECE-BSPPreferentialCoO.json ("BSP Preferential CoO", draft 2020-12), read in December 2026:
the members of each type that a certificate uses, which of them are lists, which are required, what the message narrows, and the code
lists UNTDID 1001, 7075 and 8067. One rule cannot be held: for the kind of document the schema demands as ``const`` a list of four codes, which
no text can be; it is read as "one of the four". Members that begin with ``x-`` are free in every type.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.signing.sealing import samples
from udgam.rules.content import CertificateContent
from udgam.signing.proof.trade_data import trade_data

# A leaf is an object with a text in "content"; of its other members only those named here may stand.
LEAVES: dict[str, set[str]] = {
    "text": {"languageId"},
    "address line": set(),
    "id": set(),
    "party id": {"schemeAgencyId"},
    "code": {"listAgencyId"},
    "country": {"schemeAgencyId"},
    "moment": {"format"},
    "quantity": {"unitCode"},
    "weight": {"unitCode", "unitCodeListVersionId"},
}
DOCUMENT_KINDS = {"860", "861", "864", "865"}
TRANSPORT_MODES = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
PACKAGE_LEVELS = {"1", "2", "3", "4", "5"}
# Type: its members, each as a leaf or a type; "[]" marks a list, "!" a member that is required. A member with a set of codes takes one of them.
Members = dict[str, Any]
TYPES: dict[str, Members] = {
    "message": {"exchangedDocument": "document", "specifiedConsignment[]": "consignment", "acknowledgementDocument[]": None},
    "document": {
        "id": "id", "name": "text", "typeCode": DOCUMENT_KINDS, "statusCode": "code", "issueDateTime": "moment",
        "includedNote[]": "note", "referenceReferencedDocument[]": "referenced", "firstSignatoryDocumentAuthentication": "authentication",
        "issuer": "issuer",
    },
    "note": {"content": "text", "subjectCode": "code"},
    "authentication": {"actualDateTime": "moment", "provider": "provider", "issueLogisticsLocation": "location"},
    # The message takes number and address away from whoever signed first.
    "provider": {"name": "text", "specifiedAuthoritativeSignatoryPerson[]": "person"},
    "issuer": {"id": "party id", "name": "text", "postalTradeAddress": "address", "specifiedAuthoritativeSignatoryPerson[]": "person"},
    "person": {"name!": "text", "attainedAcademicQualification[]": None},
    "party": {
        "id": "party id", "name": "text", "definedTradeContact[]": None, "postalTradeAddress": "address",
        "specifiedAuthoritativeSignatoryPerson[]": "person",
    },
    "address": {
        "lineOne": "address line", "lineTwo": "address line", "lineThree": "address line", "lineFour": "address line",
        "lineFive": "address line", "countryId": "country",
    },
    "location": {"id": "party id", "name": "text", "typeCode": "code", "description": "text"},
    "named place": {"id": "party id", "name": "text"},
    "referenced": {
        "typeCode": "code", "relationshipTypeCode": "code", "id": "id", "attachmentBinaryObject": None, "information": "text",
        "formattedIssueDateTime": "day",
    },
    "invoice": {"typeCode": "code", "id": "id", "information": "text", "formattedIssueDateTime": "day"},
    "consignment": {
        "id": "id", "availabilityDueDateTime": "moment", "exportExitDateTime": "moment", "consignor": "party", "consignee": "party",
        "includedConsignmentItem[]": "item", "mainCarriageLogisticsTransportMovement[]": "movement", "associated[]": "party",
        "applicableCrossBorderRegulatoryProcedure[]": "agreement", "unloadingLogisticsLocation": "named place",
        "loadingLogisticsLocation": "named place",
    },
    # Of one and the same type the consignment names the agreement, and each item the criterion.
    "agreement": {"freeTradeAgreementName": "text"},
    "criterion": {"originCriteria": "text", "exportLicenceControlClassificationId": "id"},
    "movement": {"modeCode": TRANSPORT_MODES, "id": "id", "usedLogisticsTransportMeans": "means"},
    "means": {"typeCode": "code", "id": "party id", "name": "text"},
    "item": {"id": "id", "includedTradeLineItem[]!": "line", "applicableCrossBorderRegulatoryProcedure[]": "criterion"},
    "line": {
        "descriptionCode": "code", "specifiedTradeProduct[]": "product", "physicalReferencedLogisticsPackage[]": "package",
        "invoiceAssociatedReferencedDocument[]": "invoice",
    },
    "product": {
        "commonName": "text", "scientificName": "text", "designatedProductClassification[]": "classification",
        "originTradeCountry[]": "origin", "manufacturer[]": "maker", "additionalReferenceReferencedDocument[]": None,
    },
    "classification": {"systemId": "party id", "classCode": "code", "className": "text"},
    "origin": {"id": "country", "name": "text"},
    "maker": {"id": "party id", "name": "text", "postalTradeAddress": "address"},
    "package": {
        "itemQuantity!": "quantity", "levelCode!": PACKAGE_LEVELS, "typeCode": "code", "grossWeightMeasure": "weight",
        "grossVolumeMeasure": None, "physicalLogisticsShippingMarks[]": "marks",
    },
    "marks": {"marking": "text"},
}  # fmt: skip
MOST = {"specifiedConsignment": 1, "specifiedTradeProduct": 1}
NUMBER = re.compile(r"\d+(\.\d+)?")


def faults(value: Any, kind: str, path: str) -> list[str]:
    """Everything in which a value is not of its type."""
    if kind == "day":
        return [] if isinstance(value, str) and date.fromisoformat(value) else [f"{path}: no date"]
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    if kind in LEAVES:
        return leaf_faults(value, LEAVES[kind], kind, path)
    found = []
    members = {name.rstrip("!").removesuffix("[]"): (name, inner) for name, inner in TYPES[kind].items()}
    for name, (marks, _) in members.items():
        if marks.endswith("!") and name not in value:
            found.append(f"{path}: {name} is missing")
    for name, one in value.items():
        here = f"{path}.{name}"
        if name.startswith("x-"):
            continue
        if name not in members:
            found.append(f"{here}: not in the schema")
            continue
        marks, inner = members[name]
        listed = "[]" in marks
        if listed is not isinstance(one, list):
            found.append(f"{here}: a list where none may stand, or none where one must")
            continue
        if listed and not 0 < len(one) <= MOST.get(name, 1_000):
            found.append(f"{here}: too many, or none")
        for part in one if listed else [one]:
            if isinstance(inner, set):
                found += leaf_faults(part, {"listAgencyId"}, "code", here)
                found += (
                    [] if part.get("content") in inner else [f"{here}: {part.get('content')} is not in its code list"]
                )
            elif inner is None:
                found.append(f"{here}: not looked at here")
            else:
                found += faults(part, inner, here)
    return found


def leaf_faults(value: dict[str, Any], allowed: set[str], kind: str, path: str) -> list[str]:
    found = [f"{path}.{name}: not in the schema" for name in set(value) - {"content"} - allowed]
    text = value.get("content")
    if not isinstance(text, str):
        return [*found, f"{path}: no text"]
    if kind in {"quantity", "weight"} and not NUMBER.fullmatch(text):
        found.append(f"{path}: {text} is no number")
    if kind == "country" and not re.fullmatch("[A-Z]{2}", text):
        found.append(f"{path}: {text} is no country")
    if kind == "moment" and not date.fromisoformat(text):
        found.append(f"{path}: no date")
    return found


def everything() -> CertificateContent:
    """A certificate in which everything stands that the trade data have a place for."""
    plain = samples.content(items=3, remarks=("ISSUED RETROACTIVELY",))
    long = replace(plain.exporter, address=tuple(f"line {n}" for n in range(9)))
    return replace(
        plain,
        agreement="AIFTA",
        exporter=long,
        producer=plain.exporter,
        third_party=plain.consignee,
        replaces=samples.NUMBER,
    )


CONTENTS = {
    "plain": samples.content(),
    "many lines": samples.content(items=40),
    "Hindi": samples.content(exporter=samples.HINDI_EXPORTER),
    "everything": everything(),
    "as little as possible": replace(
        samples.content(goods=(samples.item(1, gross_weight=None),)),
        transport=replace(
            samples.content().transport,
            mode="multimodal",
            vessel=None,
            departure=None,
            port_of_loading=None,
            port_of_discharge=None,
        ),
    ),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_the_trade_data_are_of_the_types_that_the_schema_names(name: str) -> None:
    assert faults(json.loads(trade_data(CONTENTS[name])), "message", "") == []


def test_they_say_what_the_certificate_says() -> None:
    """By values written down here, so that a mistake in the code that makes them is not repeated by the check."""
    found = json.loads(trade_data(everything()))
    document, [consignment] = found["exchangedDocument"], found["specifiedConsignment"]
    assert document["id"] == {"content": "SEC/2026/016/0000001A/00000001"}
    assert document["typeCode"] == {"content": "864"}
    assert document["issueDateTime"] == {"content": "2026-11-22"}
    assert document["issuer"]["specifiedAuthoritativeSignatoryPerson"] == [{"name": {"content": "Meera Kulkarni"}}]
    assert document["firstSignatoryDocumentAuthentication"]["actualDateTime"] == {"content": "2026-11-21"}
    assert consignment["consignee"]["postalTradeAddress"]["countryId"] == {"content": "VN"}
    assert consignment["consignor"]["postalTradeAddress"]["lineFive"] == {
        "content": "line 4, line 5, line 6, line 7, line 8"
    }
    assert consignment["mainCarriageLogisticsTransportMovement"][0]["modeCode"] == {"content": "1"}
    [line] = consignment["includedConsignmentItem"][1]["includedTradeLineItem"]
    [product], [package] = line["specifiedTradeProduct"], line["physicalReferencedLogisticsPackage"]
    assert product["designatedProductClassification"][0]["classCode"] == {"content": "630221"}
    assert product["originTradeCountry"] == [{"id": {"content": "IN"}}]
    assert package["itemQuantity"] == {"content": "10"}
    assert package["grossWeightMeasure"] == {"content": "1250.50", "unitCode": "KGM"}
    assert line["x-quantity"] == {"content": "1200.00", "unitCode": "NMB"}
    assert json.loads(trade_data(samples.content()))["exchangedDocument"]["typeCode"] == {"content": "861"}


@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        (("exchangedDocument", "typeCode", "content"), "380", "is not in its code list"),
        (("exchangedDocument", "kind"), {"content": "x"}, "not in the schema"),
        (("exchangedDocument", "issuer", "specifiedAuthoritativeSignatoryPerson", 0), {}, "name is missing"),
        (("specifiedConsignment", 0, "consignor", "roleCode"), {"content": "CZ"}, "not in the schema"),
        (("specifiedConsignment", 0, "includedConsignmentItem"), {}, "a list where none may stand, or none where one must"),
        (("exchangedDocument", "issueDateTime"), "2026-11-22", "no object"),
    ],
)  # fmt: skip
def test_the_rules_find_what_is_wrong(where: tuple[Any, ...], value: Any, says: str) -> None:
    changed = json.loads(trade_data(samples.content()))
    place = changed
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    assert any(says in one for one in faults(changed, "message", ""))
