"""The data of the arrangements: complete, read strictly, and nothing of it used that nobody has read."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from udgam.rules.agreements import (
    AgreementRefused,
    agreement_bytes,
    agreement_codes,
    load_agreement,
    load_complete,
    read_agreement,
    read_complete,
)
from udgam.rules.agreements.withholding import KEYS
from udgam.rules.plain import ShapeRefused, to_plain

NP = load_agreement("NP")
PACKAGE = Path(__file__).resolve().parents[2] / "src" / "udgam"
# Forms that nobody has seen: nothing is printed on them until an operator has compared them with the original.
FORM_NOT_SEEN = {"IMCECA", "ITFTA-EHS", "AFGPTA", "CHILE-PTA", "ECTA", "TEPA", "OMAN-CEPA"}


def data(code: str = "NP") -> dict[str, Any]:
    value: dict[str, Any] = json.loads(agreement_bytes(code))
    return value


def written(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain).encode()


def test_all_thirty_two_arrangements_are_there_and_twenty_two_are_issued_under() -> None:
    assert len(agreement_codes()) == 32
    complete = [load_complete(code) for code in agreement_codes()]
    assert sum(agreement.issued for agreement in complete) == 22
    assert {agreement.code for agreement in complete if not agreement.issued} == {
        "DFTP", "NEPAL-TREATY", "BHUTAN-TREATY", "NZ-FTA", "EU-FTA", "CHILE-CEPA", "PERU-FTA", "EAEU-FTA", "AU-CECA", "US-BTA",
    }  # fmt: skip
    assert all(agreement.off_because for agreement in complete if not agreement.issued)
    assert len({agreement.scheme for agreement in complete}) == 32


def test_a_form_that_nobody_has_seen_is_not_printed_and_off_with_the_reason() -> None:
    for code in agreement_codes():
        agreement = load_agreement(code)
        if agreement.issued:
            assert agreement.is_printable == (code not in FORM_NOT_SEEN), code
            if agreement.wants:
                assert agreement.off_because, code


def test_every_field_of_every_arrangement_has_its_mark_and_its_source() -> None:
    for code in agreement_codes():
        agreement = load_complete(code)
        for row in agreement.evidence:
            assert row.sources or row.note, (code, row.field)
        for field in ("boxes", "title", "criteria", "partners", "validity", "fee", "declaration"):
            if getattr(agreement, field) not in (None, (), ""):
                key = KEYS.get(field)
                parts = getattr(agreement, field)
                paths = [f"{field}.{getattr(part, key)}" for part in parts] if key else [field]
                assert all(agreement.evidence_for(path) for path in paths if field != "partners"), (code, field)


# ── Nothing unverified is used ─────────────────────────────────────────────────────────────────────────────────────────


def _unverified() -> Iterator[tuple[str, str]]:
    for code in agreement_codes():
        for row in data(code)["evidence"]:
            if row["certainty"] == "unverified":
                yield code, row["field"]


def _other(value: Any, name: str = "") -> Any:
    """The same shape with other content."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 7
    if isinstance(value, str):
        return "1901-01-01" if name == "effective" else f"{value} otherwise"
    if isinstance(value, list):
        return [_other(part) for part in value]
    if isinstance(value, dict):
        keep = {*KEYS.values(), "box", "shown", "fills", "prints"}
        return {key: part if key in keep else _other(part, key) for key, part in value.items()}
    return value


def _altered(plain: dict[str, Any], field: str) -> dict[str, Any]:
    altered: dict[str, Any] = json.loads(json.dumps(plain))
    *above, last = field.split(".")
    place: Any = altered
    for n, name in enumerate(above):
        place = next(p for p in place if p[KEYS[above[n - 1]]] == name) if isinstance(place, list) else place[name]
    if isinstance(place, list):
        key = KEYS.get(above[-1])
        if key is None:
            return altered
        place[:] = [_other(part) if part[key] == last else part for part in place]
    else:
        place[last] = _other(place[last], last)
    return altered


@pytest.mark.parametrize(("code", "field"), list(_unverified()))
def test_no_unverified_field_reaches_a_decision_or_a_printed_box(code: str, field: str) -> None:
    """Whatever an unverified field says, what is handed out for use stays the same; and rules and pages are handed nothing else."""
    plain = data(code)
    altered = _altered(plain, field)
    if field.startswith("partners."):
        assert field.rpartition(".")[2] not in read_agreement(written(plain)).partners
        return
    assert altered != plain
    before, after = (to_plain(read_agreement(written(one))) for one in (plain, altered))
    assert before | {"sha256": ""} == after | {"sha256": ""}


def test_the_alteration_is_seen_when_the_field_is_verified() -> None:
    """The test above can fail: the same alteration of a field that has been read does change what is handed out."""
    for field in ("title", "validity.months", "boxes.8", "marks.true-copy", "criteria.WO"):
        plain = data("AIFTA")
        before, after = (read_agreement(written(one)) for one in (plain, _altered(plain, field)))
        assert to_plain(before) | {"sha256": ""} != to_plain(after) | {"sha256": ""}, field


def test_only_lists_that_show_the_marks_see_everything() -> None:
    allowed = {"rules/agreements", "rules/reasons.py", "ground/agreements", "web/commands/agreements.py"}
    strange = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if any(
            isinstance(node, ast.Attribute | ast.Name | ast.alias)
            and (getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "name", None))
            in {"load_complete", "read_complete"}
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
        and not any(str(path.relative_to(PACKAGE)).startswith(place) for place in allowed)
    ]
    assert strange == []


def test_a_text_for_the_criterion_box_that_nobody_has_read_is_withheld() -> None:
    assert [one.code for one in load_agreement("IJCEPA").criteria] == ["A"]
    assert {one.code for one in load_complete("IJCEPA").criteria} == {"A", "B", "C"}
    for code in agreement_codes():
        origin = load_agreement(code).origin
        assert origin is None or all(one.source.evidence != "unverified" for one in origin.criteria)


# ── What the data say ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_twelve_boxes_and_certification_comes_before_declaration() -> None:
    assert [box.number for box in NP.boxes] == [str(n) for n in range(1, 13)]
    assert NP.box("certification").number == "11"
    assert NP.box("declaration").number == "12"
    assert NP.box("criterion").label == "Origin criteria"
    with pytest.raises(KeyError):
        NP.box("third-party")


def test_the_traps_of_the_layouts() -> None:
    apta, saarc, form_a, form_ai, uae = (load_agreement(code) for code in ("APTA", "SAFTA", "GSP", "AIFTA", "UAE-CEPA"))
    assert (apta.box("official-use").number, apta.box("transport").number) == ("3", "4")
    assert (saarc.box("transport").number, saarc.box("official-use").number) == ("3", "4")
    assert apta.box("hs").prints == ("hs-4",)
    assert (form_a.box("certification").number, form_a.box("declaration").number) == ("11", "12")
    assert (form_ai.box("declaration").number, form_ai.box("certification").number) == ("11", "12")
    assert uae.box("criterion").number == "6"


def test_two_spellings_of_retrospective_exist_and_each_agreement_has_its_own() -> None:
    assert load_complete("IJCEPA").wording("retrospective").text == "ISSUED RETROACTIVELY"  # type: ignore[union-attr]
    assert load_complete("CECPA").wording("retrospective").text == "ISSUED RETROSPECTIVELY"  # type: ignore[union-attr]
    assert load_complete("UK-CETA").wording("retrospective").text == "Completed retrospectively"  # type: ignore[union-attr]
    assert load_agreement("AIFTA").wording("retrospective") is None


def test_the_non_preferential_certificate_is_what_the_rules_say() -> None:
    assert (NP.code, NP.scheme) == ("NP", "016")
    assert "NON-PREFERENTIAL" in NP.title
    assert [criterion.code for criterion in NP.criteria] == ["INDIAN"]
    assert NP.fee is not None
    assert (NP.fee.amount, NP.fee.currency) == (Decimal("200.00"), "INR")
    assert {document.kind for document in NP.documents} == {"invoice", "packing-list"}
    assert NP.off_because == ""


@pytest.mark.parametrize("code", [code for code in agreement_codes() if load_agreement(code).issued])
def test_invoice_and_packing_list_are_asked_for_under_every_arrangement_once(code: str) -> None:
    asked = [paper.kind for paper in load_agreement(code).papers]
    assert asked.count("invoice") == asked.count("packing-list") == 1


def test_nothing_is_asked_where_nothing_is_issued() -> None:
    assert load_agreement("NEPAL-TREATY").papers == ()


def test_every_country_but_india_is_a_destination() -> None:
    assert NP.admits("KE")
    assert not NP.admits("IN")
    assert load_agreement("AIFTA").admits("VN")
    assert not load_agreement("AIFTA").admits("KE")
    assert not load_agreement("APTA").admits("MN"), "its accession is from memory"


def test_an_earlier_day_is_judged_by_what_was_in_force_then() -> None:
    assert load_agreement("IJCEPA").retrospective.months == 12
    assert load_agreement("IJCEPA", date(2018, 3, 1)).retrospective.months == 12
    assert load_agreement("IJCEPA", date(2018, 2, 28)).retrospective.months == 9
    singapore = load_agreement("ISCECA").origin
    assert singapore is not None
    assert [(rule.effective, rule.expires) for rule in singapore.general] == [
        (date(2005, 8, 1), date(2018, 9, 13)),
        (date(2018, 9, 14), None),
    ]


# ── Strictness ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(AgreementRefused) as caught:
        load_agreement("../NP")
    assert caught.value.code == "agreement.unknown"


EVIDENCE = data()["evidence"]


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
        {"boxes": [data()["boxes"][0] | {"prints": ["secrets"]}, *data()["boxes"][1:]]},
        {"layout": data()["layout"] | {"foot": []}},
        {"marks": [{"mark": "true-copy", "text": "COPY", "box": "99", "shown": "words"}]},
        {"marks": [{"mark": "true-copy", "text": " ", "box": "4", "shown": "words"}]},
        {"public": data()["public"] | {"by_number": ["everything"]}},
        {"public": data()["public"] | {"comparable": ["price"]}},
        {"public": data()["public"] | {"full": ["asking-nicely"]}},
        {"fee": data()["fee"] | {"amount": 200.0}},
        {"fee": None},
        {"origin": None},
        {"origin": data()["origin"] | {"agreement": "AIFTA"}},
        {"origin": data()["origin"] | {"criteria": []}},
        {"evidence": EVIDENCE[1:]},
        {"evidence": [*EVIDENCE, EVIDENCE[0]]},
        {"evidence": [*EVIDENCE, {"field": "nonsense", "certainty": "own", "sources": [], "note": "why"}]},
        {"evidence": [EVIDENCE[0] | {"sources": ["S99"]}, *EVIDENCE[1:]]},
        {"evidence": [EVIDENCE[0] | {"certainty": "sure"}, *EVIDENCE[1:]]},
        {"issued": False},
        {"sha256": "ab" * 32},
        {"earlier": [{"until": "2018-02-28", "field": "nonsense.months", "value": 9, "source": "S1"}]},
        {"earlier": [{"until": "soon", "field": "title", "value": "", "source": "S1"}]},
        {"earlier": 7},
        {"surprise": 1},
    ],
)
def test_data_that_does_not_hold_together_is_refused(change: dict[str, Any]) -> None:
    for read in (read_agreement, read_complete):
        with pytest.raises((AgreementRefused, ShapeRefused)):
            read(written(data() | change))


def test_data_that_is_not_json_is_refused() -> None:
    for wrong in (b"", b"\xff", b"[" * 100_000, b"[]", b" " * 2_000_000, b'{"a": 1.5}'):
        with pytest.raises(AgreementRefused):
            read_agreement(wrong)


def test_the_digest_is_that_of_the_file() -> None:
    import hashlib

    for code in agreement_codes():
        assert load_agreement(code).sha256 == hashlib.sha256(agreement_bytes(code)).hexdigest()
