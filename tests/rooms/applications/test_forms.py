"""Bad input on every form: a clear message beside the field, never a failure of ours, never a changed row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications.models import Application
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db

HOSTILE: list[Any] = [
    "",
    "\x00",
    "a\x00b",
    "\u202egnp.exe",
    "\ufeff",
    "\ud83d"[:0] + "\U000f0000",
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    "0",
    "٣",
    "<script>alert(1)</script>" * 100,
    "' OR 1=1 --",
    "../../etc/passwd",
    ["1", "2"],
]
# What a form may well take as it is: these are texts.
HARMLESS = {"<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd"}


def _state(application: Application) -> tuple[Any, ...]:
    return (
        Application.objects.values().get(id=application.id),
        list(application.items.values()),
        list(application.invoices.values()),
        list(application.documents.values()),
    )


@pytest.mark.parametrize(
    "section", ["certificate", "office", "exporter", "consignee", "transport", "invoice", "declaration"]
)
def test_hostile_values_in_a_section_are_refused_or_kept_as_text(firm: Firm, section: str) -> None:
    application = firm.complete()
    for field in firm.answers()[section]:
        for value in HOSTILE:
            before = _state(application)
            answer = firm.fill(application.public_id, section, **{field: value})
            assert answer.status_code in {200, 302, 409}, (field, value)
            if answer.status_code != 302:
                assert "govuk-error-summary" in text_of(answer), (field, value)
                assert _state(application) == before, (field, value)
    assert firm.get("detail", application.public_id).status_code == 200


def test_hostile_values_in_a_line_of_goods_are_refused_or_kept_as_text(firm: Firm) -> None:
    application = firm.complete()
    for field in firm.line:
        for value in HOSTILE:
            before = _state(application)
            answer = firm.add_line(application.public_id, **{field: value})
            assert answer.status_code in {200, 302}, (field, value)
            if answer.status_code == 200:
                assert "govuk-error-summary" in text_of(answer), (field, value)
                assert _state(application) == before, (field, value)


@pytest.mark.parametrize("field", ["hs_code", "packages", "quantity", "gross_weight", "fob", "unit", "currency"])
@pytest.mark.parametrize("value", ["-1", "1e9", "NaN", "x", "9" * 40])
def test_numbers_and_codes_take_nothing_else(firm: Firm, field: str, value: str) -> None:
    application = firm.start()
    answer = firm.add_line(application.public_id, **{field: value})
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in text_of(answer)
    assert not application.items.exists()


def test_digits_of_a_hindi_keyboard_and_indian_grouping_are_understood(firm: Firm) -> None:
    application = firm.start()
    typed = {"hs_code": "०९१०.३०", "packages": "१००", "quantity": "१,२५,०००.५०", "fob": "1,25,000.00"}
    assert firm.add_line(application.public_id, **typed).status_code == 302
    row = application.items.get()
    assert (row.hs_code, row.packages, str(row.quantity), str(row.fob)) == ("091030", 100, "125000.500", "125000.00")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("0910", "six or eight digits"), ("999999", "no subheading 9999.99"), ("091030301", "six or eight digits")],
)
def test_an_hs_code_must_be_in_hs_2022(firm: Firm, code: str, sentence: str) -> None:
    application = firm.start()
    assert sentence in text_of(firm.add_line(application.public_id, hs_code=code))


def test_the_search_finds_codes_and_keeps_what_was_typed(firm: Firm) -> None:
    application = firm.start()
    typed = {**firm.line, "edit": application.edit, "hs_code": "", "hs_words": "turmeric", "find": "1"}
    page = text_of(firm.post("item-add", application.public_id, data=typed))
    assert "0910.30" in page
    assert "Organic turmeric powder, food grade" in page
    assert not application.items.exists()
    chosen = text_of(firm.post("item-add", application.public_id, data={**typed, "choose": "091030"}))
    assert 'value="091030"' in chosen
    for words in ("\x00", "9" * 3000, "(((", "%"):
        data = {"edit": "x", "hs_words": words, "find": "1"}
        assert firm.post("item-add", application.public_id, data=data).status_code == 200


def test_edit_marks_that_nobody_drew_are_refused(firm: Firm) -> None:
    application = firm.start()
    for mark in ("", "-1", "x", "9" * 30, "1.5"):
        answer = firm.fill(application.public_id, "consignee", edit=mark)
        assert answer.status_code in {200, 409}, mark
    application.refresh_from_db()
    assert application.consignee_name == ""


def test_unknown_sections_lines_and_papers_are_not_found(firm: Firm) -> None:
    application = firm.complete()
    assert firm.get("section", application.public_id, "nonsense").status_code == 404
    for position in (0, 2, 99999999999999999999):
        assert firm.get("item", application.public_id, position).status_code == 404
        assert firm.get("item-remove", application.public_id, position).status_code == 404
        assert firm.get("document-remove", application.public_id, position).status_code == 404
        assert firm.get("signed-copy", application.public_id, position).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "The file is empty"),
        (b"MZ\x90\x00" + b"x" * 500, "invoice.pdf", "not known to us"),
        (b"%PDF-1.7\ntruncated", "a.pdf", "damaged"),
        (b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024 + 1), "a.pdf", "larger than 10 MB"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field(firm: Firm, content: bytes, name: str, sentence: str) -> None:
    application = firm.start()
    answer = firm.upload(application.public_id, "invoice", content, name)
    assert answer.status_code == 200
    assert sentence in text_of(answer)
    assert not application.documents.exists()
    application.refresh_from_db()
    assert application.edit == 0


def test_an_upload_needs_a_known_kind_a_file_and_a_short_name(firm: Firm) -> None:
    application = firm.start()
    for data in (
        {"kind": "nonsense", "file": SimpleUploadedFile("a.pdf", b"x")},
        {"kind": "invoice"},
        {"kind": "invoice", "file": "not a file"},
        {"kind": "invoice", "file": SimpleUploadedFile("a" * 400 + ".pdf", b"x")},
    ):
        answer = firm.post("documents", application.public_id, data={"edit": application.edit, **data})
        assert answer.status_code == 200
        assert "govuk-error-summary" in text_of(answer)
    assert not application.documents.exists()


def test_the_filters_of_the_list_take_anything(firm: Firm) -> None:
    application = firm.complete()
    for query in (
        {"search": "\x00"},
        {"search": "9" * 500},
        {"state": "x"},
        {"since": "31-31"},
        {"page": "x"},
        {"page": "-1"},
    ):
        assert firm.get("list", data=query).status_code == 200, query
    assert "No application fits" in text_of(firm.get("list", data={"search": "nothing of the kind"}))
    found = text_of(firm.get("list", data={"search": "mm/26-27", "state": "draft"}))
    assert str(application.public_id) in found
    tomorrow = (indian_date(timezone.now()) + timedelta(days=1)).isoformat()
    assert "No application fits" in text_of(firm.get("list", data={"since": tomorrow}))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"shipment": "after", "departure": ""}, "departure"),
        ({"shipment": "after", "departure": "2090-01-01"}, "departure"),
        ({"shipment": "before", "departure": "2020-01-01"}, "departure"),
        ({"departure": "0001-01-01"}, "departure"),
        ({"transport_mode": "camel"}, "transport_mode"),
    ],
)
def test_departure_agrees_with_shipment(firm: Firm, changed: dict[str, str], field: str) -> None:
    application = firm.start(shipment=changed.pop("shipment", "before"))
    answer = firm.fill(application.public_id, "transport", **changed)
    assert f'id="id_{field}_error"' in text_of(answer)


def test_goods_do_not_go_to_india_and_addresses_have_five_lines(firm: Firm) -> None:
    application = firm.start()
    page = text_of(firm.fill(application.public_id, "consignee", destination="IN", consignee_address="a\n" * 6))
    assert 'id="id_destination_error"' in page
    assert 'id="id_consignee_address_error"' in page
    # What was typed is still there.
    assert "Mekong Spice Trading Co." in page


def test_spaces_and_line_ends_are_folded_where_one_line_is_printed(firm: Firm) -> None:
    application = firm.complete()
    firm.fill(application.public_id, "declaration", grounds="Grown\r\nin\u2028Kerala,\tpacked  there.")
    application.refresh_from_db()
    assert application.grounds == "Grown in Kerala, packed there."


def test_removing_a_line_keeps_the_others_numbered_without_a_gap(firm: Firm) -> None:
    application = firm.complete()
    firm.add_line(application.public_id, description="Second")
    firm.add_line(application.public_id, description="Third")
    data = {"edit": firm.edit(application.public_id)}
    assert firm.post("item-remove", application.public_id, 2, data=data).status_code == 302
    left = list(application.items.values_list("position", "description"))
    assert left == [(1, "Organic turmeric powder, food grade"), (2, "Third")]


def test_a_document_is_removed_after_a_question(firm: Firm) -> None:
    application = firm.complete()
    row = application.documents.first()
    assert row is not None
    assert "Remove this document?" in text_of(firm.get("document-remove", application.public_id, row.id))
    data = {"edit": firm.edit(application.public_id)}
    assert firm.post("document-remove", application.public_id, row.id, data=data).status_code == 302
    assert application.documents.count() == 1
    assert firm.get("check", application.public_id).status_code == 302


def test_offices_are_narrowed_by_agency_and_regional_office(firm: Firm) -> None:
    mumbai, pune = firm.agency.mumbai, firm.agency.pune
    application = firm.start()
    page = f"/applications/{application.public_id}/office/"
    assert "All regional offices" not in text_of(firm.client.get(page))
    type(pune).objects.filter(id=pune.id).update(region=mumbai)
    shown = text_of(firm.client.get(page))
    assert "All regional offices" not in shown  # one region is no choice
    assert f" · {mumbai.name}" in shown
    other = type(pune).objects.get(id=mumbai.id)
    other.pk, other.code, other.name = None, "OTHER-1", "Nagpur Office"
    other.save()
    other.authorisations.create(agreement="NP", valid_from="2020-01-01")
    shown = text_of(firm.client.get(page))
    assert "All regional offices" in shown
    narrowed = text_of(firm.client.get(page, {"region": other.id}))
    options = narrowed[narrowed.index('name="office_id"') :]
    assert "Nagpur Office" in options
    assert pune.name not in options
    # What is not in the list narrows nothing, and what was narrowed can be sent.
    for typed in ("999999999999999999999", "x", "-1", "²"):
        assert pune.name in text_of(firm.client.get(page, {"region": typed, "agency": typed}))
    assert firm.fill(application.public_id, "office", office_id=other.id).status_code == 302
