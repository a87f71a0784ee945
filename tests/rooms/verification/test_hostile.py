"""Strange numbers, strange files, too many tries: clear answers, never an error of ours, never a changed row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.rooms.applications.firm import text_of
from tests.rooms.documents.files import pdf
from tests.rooms.issuance.office import Signatory
from udgam.flow.applications.models import Application
from udgam.flow.issuance.models import Certificate
from udgam.flow.verification import limits
from udgam.ground.pages.limits import Limit

pytestmark = pytest.mark.django_db

STRANGE = [
    "x",
    "SEC/2026/016/0000081A/00000002",
    "SEC/2026/016/0000081A/00000002/extra",
    "../../etc/passwd",
    "%00",
    "%ff%fe",
    "%0d%0aSet-Cookie:x",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "A" * 3000,
    "٢٠٢٦/२०२६",
    "search/",
]


@pytest.mark.parametrize("number", STRANGE)
def test_an_unknown_number_gets_a_page_that_says_what_to_do(passer_by: Client, number: str) -> None:
    answer = passer_by.get(f"/verify/{number}")
    assert answer.status_code in {400, 404}
    if answer.status_code == 404 and "%0d" not in number:
        page = text_of(answer)
        assert "What you can do" in page
        assert "<script>alert" not in page


@pytest.mark.parametrize("number", ["", " ", *STRANGE])
def test_searching_never_fails(passer_by: Client, number: str) -> None:
    answer = passer_by.get(reverse("verification:search"), {"number": number})
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert "error-summary" in text_of(answer)


def test_searching_forgives_spaces_and_small_letters(certificate: Certificate, passer_by: Client) -> None:
    answer = passer_by.get(reverse("verification:search"), {"number": f" {certificate.number.lower()} "}, follow=True)
    assert answer.status_code == 200
    assert certificate.number in text_of(answer)


@pytest.mark.parametrize("name", ["compare", "open"])
@pytest.mark.parametrize("number", STRANGE[:4])
def test_forms_for_unknown_numbers_answer_like_the_number_itself(passer_by: Client, name: str, number: str) -> None:
    assert passer_by.post(f"/verify/{name}/{number}", {"fob": "1"}).status_code == 404
    assert passer_by.get(f"/verify/{name}/{number}").status_code == 405


def test_reserved_and_voided_numbers_look_like_numbers_never_given(
    officer: Signatory, application: Application, passer_by: Client
) -> None:
    officer.run_of(application)
    reserved = Certificate.objects.get()
    never = f"{reserved.number[:-8]}00000099"

    def shape(number: str) -> str:
        answer = passer_by.get(f"/verify/{number}")
        assert answer.status_code == 404
        return text_of(answer).split("<main", 1)[1].split("</main>")[0].replace(number, "N")

    assert shape(reserved.number) == shape(never)
    Certificate.objects.update(state="voided", void_reason="taken_back", voided_at=reserved.prepared_at)
    assert shape(reserved.number) == shape(never)


@pytest.mark.parametrize(("state", "words"), [("superseded", "replaced"), ("cancelled", "cancelled")])
def test_what_does_not_count_any_more_says_so_in_words(
    certificate: Certificate, passer_by: Client, state: str, words: str
) -> None:
    data = certificate.file.read()
    Certificate.objects.update(state=state, ended_at=timezone.now(), end_reason="other", superseded_by=F("id"))
    page = text_of(passer_by.get(reverse("verification:certificate", args=[certificate.number])))
    assert f"This certificate was {words}" in page
    upload = SimpleUploadedFile("c.pdf", data)
    assert f"This certificate was {words}" in text_of(passer_by.post(reverse("verification:pdf"), {"file": upload}))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"hello", 422),
        (b"%PDF-1.7\n", 422),
        (b"%PDF-1.7\n" + b"\x00" * 5000, 422),
        (b"PK\x03\x04" + b"\xff" * 200, 422),
        (pdf(), 200),
    ],
)
def test_files_that_are_no_certificate_are_told_apart(passer_by: Client, content: bytes, status: int) -> None:
    answer = passer_by.post(reverse("verification:pdf"), {"file": SimpleUploadedFile("x.pdf", content)})
    assert answer.status_code == status
    page = text_of(answer)
    assert "is a valid certificate" not in page
    assert ("error-summary" in page) == (status == 422)
    assert passer_by.post(reverse("verification:pdf")).status_code == 422
    assert passer_by.post(reverse("verification:pdf"), {"file": "text"}).status_code == 422


def test_a_changed_file_shows_the_step_that_fails_and_not_the_content(
    certificate: Certificate, passer_by: Client
) -> None:
    data = bytearray(certificate.file.read())
    place = len(data) // 3
    data[place] ^= 1
    answer = passer_by.post(reverse("verification:pdf"), {"file": SimpleUploadedFile("c.pdf", bytes(data))})
    page = text_of(answer)
    assert answer.status_code in {200, 422}
    assert "is a valid certificate" not in page
    assert "Mekong" not in page
    cut = SimpleUploadedFile("c.pdf", bytes(certificate.file.open().read()[:20_000]))
    assert "Mekong" not in text_of(passer_by.post(reverse("verification:pdf"), {"file": cut}))


def test_a_file_that_is_too_large_is_refused(passer_by: Client, settings: object) -> None:
    settings.DOCUMENT_MAX_BYTES = 1000  # type: ignore[attr-defined]
    upload = SimpleUploadedFile("c.pdf", b"%PDF-1.7" + b"0" * 2000)
    answer = passer_by.post(reverse("verification:pdf"), {"file": upload})
    assert answer.status_code == 422


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "1e999", "<b>", "-1", "٣", "2026-99-99"])
def test_hostile_comparisons_are_answered(certificate: Certificate, passer_by: Client, value: str) -> None:
    where = reverse("verification:compare", args=[certificate.number])
    for field in ("fob", "issued_on", "hs_code", "exporter_name", "packages"):
        answer = passer_by.post(where, {field: value})
        assert answer.status_code in {200, 422, 429}
        assert "<b>" not in text_of(answer).split("<main", 1)[1].replace("<b>.", "")
    assert passer_by.post(where, {}).status_code == 422


def test_guessing_invoice_numbers_is_stopped_per_place_and_per_certificate(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = reverse("verification:open", args=[certificate.number])
    right = {"invoice_number": "MM/26-27/0041", "country": "VN"}
    guess = {"invoice_number": "1", "country": "VN"}
    here = Client(REMOTE_ADDR="203.0.113.7")
    answers = [here.post(where, guess).status_code for _ in range(limits.OPEN_LIMIT.times + 1)]
    assert set(answers[:-1]) == {422}
    assert answers[-1] == 429
    assert here.post(where, right).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.8").post(where, right).status_code == 200
    # From so many places that their own limit does not stop them.
    monkeypatch.setattr(limits, "OPEN_CERTIFICATE_LIMIT", Limit("open-certificate", 30, 3600))
    for number in range(30):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(where, guess)
    assert Client(REMOTE_ADDR="192.0.2.1").post(where, right).status_code == 429


def test_a_few_places_that_guess_do_not_shut_out_who_knows_the_answer(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = reverse("verification:open", args=[certificate.number])
    right = {"invoice_number": "MM/26-27/0041", "country": "VN"}
    monkeypatch.setattr(limits, "OPEN_CERTIFICATE_LIMIT", Limit("open-certificate", 2, 3600))
    # Right answers do not count.
    for number in range(5):
        assert Client(REMOTE_ADDR=f"198.51.100.{number}").post(where, right).status_code == 200
    for number in range(2):
        assert Client(REMOTE_ADDR=f"198.51.100.{number}").post(where, {**right, "country": "KE"}).status_code == 422
    assert Client(REMOTE_ADDR="192.0.2.1").post(where, right).status_code == 429
    monkeypatch.undo()
    # Four places that guess for a whole hour stay below the bound.
    assert limits.OPEN_CERTIFICATE_LIMIT.times > 4 * 6 * limits.OPEN_LIMIT.times


def test_verification_writes_nothing(certificate: Certificate, link: str, passer_by: Client) -> None:
    data = certificate.file.read()
    with CaptureQueriesContext(connection) as queries:
        passer_by.get(reverse("verification:start"))
        passer_by.get(reverse("verification:certificate", args=[certificate.number]))
        passer_by.get(link.removeprefix("http://").partition("/")[2].join(["/", ""]))
        passer_by.post(reverse("verification:compare", args=[certificate.number]), {"fob": "1"})
        passer_by.post(reverse("verification:pdf"), {"file": SimpleUploadedFile("c.pdf", data)})
    writes = [one["sql"] for one in queries if one["sql"].split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert writes == []


def test_a_closed_agreement_shows_nothing_beyond_its_list(
    certificate: Certificate, link: str, passer_by: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from udgam.flow.verification import public_views
    from udgam.rules.agreements import PublicViews, load_agreement

    closed = replace(load_agreement("NP"), public=PublicViews(by_number=("status",), comparable=(), full=()))
    monkeypatch.setattr(public_views, "agreement_of", lambda _content: closed)
    address = "/" + link.split("/", 3)[3]
    page = text_of(passer_by.get(address)).split("<main", 1)[1]
    assert "Mekong" not in page
    assert "Malabar" not in page
    assert "compare-title" not in page
    where = reverse("verification:open", args=[certificate.number])
    assert passer_by.post(where, {"invoice_number": "MM/26-27/0041", "country": "VN"}).status_code == 403


def test_the_key_stands_nowhere_but_in_the_file(
    certificate: Certificate, link: str, passer_by: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    key = link.rpartition("k=")[2]
    passer_by.get("/" + link.split("/", 3)[3])
    captured = capfd.readouterr()
    assert key not in captured.out + captured.err
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM issuance_certificate c WHERE c::text LIKE %s", [f"%{key}%"])
        assert cursor.fetchone() == (0,)
    assert Path(certificate.file.name).name not in text_of(passer_by.get(reverse("verification:start")))
