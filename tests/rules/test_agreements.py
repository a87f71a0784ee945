"""The data of the non-preferential certificate and the strictness of its reading."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest

from udgam.rules.agreements import AgreementRefused, agreement_codes, load_agreement, read_agreement
from udgam.rules.plain import ShapeRefused

NP = load_agreement("NP")


def data() -> dict[str, Any]:
    text = resources.files("udgam.rules.agreements").joinpath("non_preferential.json").read_text("utf-8")
    value: dict[str, Any] = json.loads(text)
    return value


def test_there_are_twelve_boxes_and_certification_comes_before_declaration() -> None:
    assert [box.number for box in NP.boxes] == list(range(1, 13))
    assert NP.box("certification").number == 11
    assert NP.box("declaration").number == 12
    assert NP.box("criterion").label == "Origin criteria"
    with pytest.raises(KeyError):
        NP.box("third-party-invoicing")


def test_the_arrangement_is_what_the_rules_say() -> None:
    assert (NP.code, NP.scheme) == ("NP", "016")
    assert "NON-PREFERENTIAL" in NP.title
    assert [criterion.code for criterion in NP.criteria] == ["INDIAN"]
    assert (NP.fee.amount, NP.fee.currency) == (Decimal("200.00"), "INR")
    assert {document.kind for document in NP.documents} == {"invoice", "packing-list"}
    assert "NP" in agreement_codes()


def test_every_country_but_india_is_a_destination() -> None:
    assert NP.admits("KE")
    assert not NP.admits("IN")


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(AgreementRefused) as caught:
        load_agreement("../NP")
    assert caught.value.code == "agreement.unknown"


@pytest.mark.parametrize(
    "change",
    [
        {"scheme": "16"},
        {"scheme": "०१६"},
        {"title": "CERTIFICATE OF ORIGIN"},
        {"criteria": []},
        {"partners": []},
        {"sources": []},
        {"declaration": "All is well."},
        {"boxes": list(reversed(data()["boxes"]))},
        {"boxes": [data()["boxes"][0], data()["boxes"][1] | {"fills": "exporter"}]},
        {"public": data()["public"] | {"by_number": ["everything"]}},
        {"public": data()["public"] | {"comparable": ["price"]}},
        {"public": data()["public"] | {"full": ["asking-nicely"]}},
        {"fee": data()["fee"] | {"amount": 200.0}},
        {"fee": None},
        {"surprise": 1},
    ],
)
def test_data_that_does_not_hold_together_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((AgreementRefused, ShapeRefused)):
        read_agreement(json.dumps(data() | change).encode())


def test_data_that_is_not_json_is_refused() -> None:
    for wrong in (b"", b"\xff", b"[" * 100_000):
        with pytest.raises(AgreementRefused):
            read_agreement(wrong)
    with pytest.raises(ShapeRefused):
        read_agreement(b"[]")
