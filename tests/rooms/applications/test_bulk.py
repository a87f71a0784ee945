"""Goods from a table: ten thousand rows, errors row by row before anything is saved, and files that are meant to do harm."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.rooms.applications.firm import Firm, text_of
from udgam.flow.applications import jobs, services
from udgam.flow.applications.forms.bulk import GOODS, MATERIALS
from udgam.flow.applications.models import Application, BulkUpload, CostMaterial
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.ground.tasks import run_deferred
from udgam.ground.tasks.registry import registered

pytestmark = pytest.mark.django_db
GOOD = ["1", "Black pepper", "090411", "MMS 1-200", "200", "bags", "10000", "KGM", "10150", "61500.00", "USD", ""]
MATERIAL = ["1", "Pepper, raw", "0904.11", "10200", "KGM", "3.10", "price-paid", "IN", "", "INV 7", "2026-10-01", "Wayanad Growers", "Kalpetta"]  # fmt: skip


def _csv(rows: list[list[str]], head: tuple[str, ...] = GOODS) -> bytes:
    def line(row: list[str]) -> str:
        return ",".join('"' + cell.replace('"', '""') + '"' for cell in row)

    return "\n".join([",".join(head), *map(line, rows)]).encode()


def _xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def _send(firm: Firm, application: Application, content: bytes, name: str = "goods.xlsx") -> str:
    data = {"file": SimpleUploadedFile(name, content)}
    answer = firm.post("bulk", application.public_id, data=data)
    if answer.status_code != 302:
        return text_of(answer)
    run_deferred()
    return text_of(firm.client.get(answer["Location"]))


def _add(firm: Firm, application: Application) -> int:
    upload = application.bulk_uploads.get()
    data = {"edit": firm.edit(application.public_id)}
    return firm.post("bulk-upload", application.public_id, upload.public_id, data=data).status_code


def test_the_template_itself_can_be_uploaded(firm: Firm) -> None:
    application = firm.start()
    template = firm.get("goods-template").content
    names = CalamineWorkbook.from_filelike(io.BytesIO(template)).sheet_names
    assert names[:2] == ["Goods", "Materials"]
    assert "The table is right" in _send(firm, application, template)
    assert _add(firm, application) == 302
    assert application.items.get().description == "Black pepper, whole"
    assert CostMaterial.objects.get(sheet__item__application=application).value == 31620
    # The same table is added once.
    assert _add(firm, application) == 409
    assert application.items.count() == 1


def test_ten_thousand_rows_are_read_and_added(firm: Firm) -> None:
    application = firm.start()
    rows = [[str(n), f"Pepper, grade {n}", *GOOD[2:]] for n in range(1, 10_001)]
    assert "Lines of goods: 10,000" in _send(firm, application, _csv(rows), "goods.csv")
    upload = application.bulk_uploads.get()
    assert (upload.total, upload.done) == (10_000, 10_000)
    assert _add(firm, application) == 302
    assert application.items.count() == 10_000
    assert "10,000 lines of goods" in text_of(firm.get("items", application.public_id))


def test_a_table_that_the_worker_gave_up_is_read_or_refused_and_nobody_waits_for_ever(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upload() -> BulkUpload:
        application = firm.start()
        content = SimpleUploadedFile("goods.csv", _csv([GOOD]))
        assert firm.post("bulk", application.public_id, data={"file": content}).status_code == 302
        return application.bulk_uploads.get()

    def state_of(found: BulkUpload) -> str:
        return BulkUpload.objects.get(id=found.id).state

    read, broken = upload(), upload()
    jobs.take_up_missed()
    assert (state_of(read), state_of(broken)) == ("reading", "reading")
    BulkUpload.objects.filter(id=read.id).update(uploaded_at=timezone.now() - jobs.READ_AFTER * 2)
    jobs.take_up_missed()
    assert (state_of(read), state_of(broken)) == ("ready", "reading")
    BulkUpload.objects.filter(id=broken.id).update(uploaded_at=timezone.now() - jobs.READ_AFTER * 2)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "read_rows", lambda *_given, **_more: 1 / 0)
        jobs.take_up_missed()
    assert state_of(broken) == "faulty"
    assert BulkUpload.objects.get(id=broken.id).faults == [jobs.UNREADABLE]
    assert registered()["applications.read_upload"].retry.attempts > 1


def test_every_wrong_row_is_named_and_nothing_is_added(firm: Firm) -> None:
    application = firm.start()
    wrong = [
        GOOD,
        [*GOOD[:2], "999999", *GOOD[3:]],
        [*GOOD[:6], "-3", *GOOD[7:]],
        [*GOOD[:10], "XYZ", ""],
        [*GOOD[:11], "INV 99"],
    ]
    page = _send(firm, application, _csv(wrong), "goods.csv")
    for told in ("Row 3, hs_code", "Row 4, quantity", "Row 5, currency", "Row 6: invoice", "4 errors were found"):
        assert told in page, told
    assert not application.items.exists()
    assert _add(firm, application) == 409


def test_materials_alone_join_lines_that_are_there(firm: Firm) -> None:
    application = firm.start()
    firm.add_line(application.public_id)
    assert "The table is right" in _send(firm, application, _csv([MATERIAL], MATERIALS), "materials.csv")
    assert _add(firm, application) == 302
    assert application.items.get().cost_sheet.materials.get().hs_code == "090411"
    elsewhere = [["7", *MATERIAL[1:]]]
    assert "there is no line of goods" in _send(firm, application, _csv(elsewhere, MATERIALS), "materials.csv")


def test_the_materials_of_an_application_are_counted_together(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udgam.flow.applications.services.goods.MAX_MATERIALS", 3)
    application = firm.start()
    firm.add_line(application.public_id)
    firm.add_line(application.public_id)
    sent = _csv([MATERIAL, ["2", *MATERIAL[1:]]], MATERIALS)
    _send(firm, application, sent, "materials.csv")
    assert _add(firm, application) == 302
    _send(firm, application, sent, "materials.csv")
    upload = application.bulk_uploads.get(state="ready")
    with pytest.raises(ApplicationRefused) as refused:
        services.add_upload(
            upload=upload, application=application, edit=firm.edit(application.public_id), now=timezone.now()
        )
    assert refused.value.code == "application.too_many_materials"
    one: Any = {"description": "Salt", "hs_code": "250100", "unit": "KGM", "quantity": Decimal(1), "unit_value": Decimal(1), "basis": "price-paid", "origin": "IN"}  # fmt: skip

    def save(position: int) -> None:
        services.save_material(
            application=application, edit=firm.edit(application.public_id), position=position, material=None, values=one, now=timezone.now()
        )  # fmt: skip

    save(1)
    with pytest.raises(ApplicationRefused) as refused:
        save(2)
    assert refused.value.code == "application.too_many_materials"
    assert CostMaterial.objects.filter(sheet__item__application=application).count() == 3


def _far_cell() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Goods")
        sheet.write_row(0, 0, GOODS)
        sheet.write(1_048_575, 0, "far away")
    return out.getvalue()


def _rewritten(*changes: tuple[bytes, bytes], sheet: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook of two cells, its sheet written in another way and under another name."""
    out, plain = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        page = book.add_worksheet("Goods")
        page.write_row(0, 0, GOODS)
        page.write(1, 0, "far away")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            data = source.read(part).replace(b"worksheets/sheet1.xml", sheet.removeprefix("xl/").encode())
            if part.filename == "xl/worksheets/sheet1.xml":
                part.filename = sheet
                for change in changes:
                    assert change[0] in data
                    data = data.replace(*change)
            archive.writestr(part.filename, data)
    return out.getvalue()


def _far_in_other_quotes() -> bytes:
    return _rewritten((b'<row r="2"', b"<row r='1048576'"), (b'r="A2"', b"r='A1048576'"))


def _far_under_another_name() -> bytes:
    return _rewritten((b'<row r="2"', b'<row r="1048576"'), (b'r="A2"', b'r="A1048576"'), sheet="xl/elsewhere/one.xml")


def _far_by_reference() -> bytes:
    return _rewritten((b'<row r="2"', b'<row r="&#49;048576"'), (b'r="A2"', b'r="&#65;1048576"'))


def _wide_without_places() -> bytes:
    return _rewritten((b'<c r="A2"', b"<c/>" * 100_000 + b"<c"))


def _one_text_a_thousand_times() -> bytes:
    """Cells refer to shared texts by number, so one long text can stand in every cell at the price of one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Goods")
        sheet.write_row(0, 0, GOODS)
        for row in range(1, 1_500):
            sheet.write(row, 0, "ab" * 15_000)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7\n1,2,3", "neither an XLSX workbook nor CSV"),
        (b"line,description\n\x00\x01", "neither an XLSX workbook nor CSV"),
        (b"\xff\xfe\x00bad", "neither an XLSX workbook nor CSV"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"a,b\n1,2\n", "No sheet has the columns"),
        (_csv([GOOD] * 100_000), "more than 10001 rows"),
        (_csv([GOOD] * 10_001), "at most 10000 can be read"),
    ],
)
def test_bad_files_are_refused_with_the_reason(firm: Firm, content: bytes, told: str) -> None:
    application = firm.start()
    assert told in _send(firm, application, content)
    assert not application.items.exists()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_far_cell, "more than 10001 rows"),
        (_far_in_other_quotes, "more than 10001 rows"),
        (_far_under_another_name, "more than 10001 rows"),
        (_far_by_reference, "more than 10001 rows"),
        (_wide_without_places, "more than 60 columns"),
        (_one_text_a_thousand_times, "far too large"),
        (_bomb, "far too large"),
    ],
)
def test_workbooks_that_would_fill_the_memory_are_refused(firm: Firm, make: object, told: str) -> None:
    application = firm.start()
    assert told in _send(firm, application, make())  # type: ignore[operator]


def test_a_stranger_finds_no_table(firm: Firm, stranger: Firm) -> None:
    application = firm.start()
    _send(firm, application, _csv([GOOD]), "goods.csv")
    upload = BulkUpload.objects.get()
    assert stranger.get("bulk-upload", application.public_id, upload.public_id).status_code == 404
