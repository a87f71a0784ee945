"""Paper leaves marked with their name, and the office's list of prints to send by post."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.examination.cases import browser_of, make_office, make_officer
from tests.rooms.issuance.office import Signatory
from udgam.flow.applications.models import Application
from udgam.flow.issuance import services
from udgam.flow.issuance.models import Certificate, PostalDispatch
from udgam.flow.issuance.refusals import IssueRefused
from udgam.ground.audit.queries import acts_of
from udgam.ground.tasks import run_deferred
from udgam.parties.accounts.actors import actor_of
from udgam.parties.agencies.models import Officer as Post
from udgam.rules.identifiers import IdentifierRefused
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "EE000000005IN", "EE100000003IN"


@pytest.fixture
def posted(officer: Signatory, application: Application) -> Certificate:
    """An issued certificate whose exporter asked for a print by post."""
    Application.objects.filter(id=application.id).update(postal_delivery=True)
    application.refresh_from_db()
    return officer.issue(application)


def send(officer: Signatory, certificate: Certificate, number: str, **more: Any) -> Any:
    data = {
        "carrier": "Speed Post",
        "sent_on": indian_date(timezone.now()).isoformat(),
        f"article_{certificate.public_id}": number,
    }
    query = more.pop("query", "")
    return officer.client.post(reverse("issuance:post") + query, {**data, **more})


def text_in(pdf: bytes, tmp_path: Path, page: int = 1) -> str:
    path = tmp_path / "leaf.pdf"
    path.write_bytes(pdf)
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_each_leaf_of_the_agreement_is_marked_and_carries_no_signature(
    officer: Signatory, application: Application, firm: Firm, tmp_path: Path
) -> None:
    certificate = officer.issue(application)
    page = text_of(firm.client.get(reverse("issuance:certificate", args=[certificate.public_id])))
    for number, name in ((1, "Original"), (2, "Duplicate")):
        address = reverse("issuance:leaf", args=[certificate.public_id, number])
        assert address in page
        for client in (firm.client, officer.client):
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/pdf"
            assert f"{name.lower()}.pdf" in answer.headers["Content-Disposition"]
        drawn = text_in(answer.content, tmp_path)
        assert name.upper() in drawn
        assert f"{name.upper()} of certificate of origin {certificate.number}" in drawn
        assert certificate.number in drawn
        for word in (b"/ByteRange", b"/EmbeddedFile", b"/AcroForm"):
            assert word not in answer.content
    for odd in (0, 3, 99):
        assert firm.client.get(reverse("issuance:leaf", args=[certificate.public_id, odd])).status_code == 404
    with certificate.file.open("rb") as file:
        assert b"/ByteRange" in file.read()


def test_nobody_prints_leaves_of_a_certificate_that_no_longer_counts_or_is_not_theirs(
    officer: Signatory, application: Application, firm: Firm, stranger: Firm
) -> None:
    certificate = officer.issue(application)
    address = reverse("issuance:leaf", args=[certificate.public_id, 1])
    assert stranger.client.get(address).status_code == 404
    services.cancel_certificate(
        certificate=certificate,
        reason="not-shipped",
        note="No.",
        person=officer.person,
        actor=actor_of(officer.person),
        now=timezone.now(),
    )
    assert firm.client.get(address).status_code == 404
    assert address not in text_of(firm.client.get(reverse("issuance:certificate", args=[certificate.public_id])))


def test_the_office_notes_what_it_sent_and_the_firm_is_told(
    officer: Signatory, posted: Certificate, firm: Firm
) -> None:
    listed = text_of(officer.get("post"))
    assert posted.number in listed
    assert all(f">{name}</a>" in listed for name in ("Original", "Duplicate"))
    assert send(officer, posted, " ee 00000000 5 in ").status_code == 302
    row = PostalDispatch.objects.get()
    assert (row.article_number, row.carrier, row.recorded_by) == (NUMBER, "Speed Post", officer.person)
    assert "Nothing waits to be sent" in text_of(officer.get("post"))
    assert [line.act for line in acts_of(f"certificate:{posted.public_id}")][-1] == "certificate.dispatched"
    run_deferred()
    letter = next(message for message in mail.outbox if "sent by post" in message.subject)
    assert letter.to == [firm.person.email]
    assert NUMBER in letter.body
    case = text_of(firm.client.get(reverse("applications:detail", args=[posted.application.public_id])))
    assert "Print sent by post" in case
    assert NUMBER in case


def test_a_wrong_number_is_corrected_and_the_same_again_tells_nobody(officer: Signatory, posted: Certificate) -> None:
    send(officer, posted, NUMBER)
    told = len(acts_of(f"certificate:{posted.public_id}"))
    assert send(officer, posted, NUMBER, query="?show=sent").status_code == 302
    assert len(acts_of(f"certificate:{posted.public_id}")) == told
    assert send(officer, posted, OTHER, query="?show=sent").status_code == 302
    assert PostalDispatch.objects.get().article_number == OTHER
    acts = [line.act for line in acts_of(f"certificate:{posted.public_id}")]
    assert acts[-1] == "certificate.dispatch_corrected"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"number": "EE000000001IN"}, "check digit"),
        ({"number": "no"}, "letters and digits"),
        ({"number": ""}, "at least one article"),
        ({"number": NUMBER, "sent_on": ""}, "is missing"),
        ({"number": NUMBER, "carrier": ""}, "is missing"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    officer: Signatory, posted: Certificate, typed: dict[str, str], says: str
) -> None:
    answer = send(officer, posted, typed.pop("number"), **typed)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not PostalDispatch.objects.exists()


@pytest.mark.parametrize(("days", "code"), [(1, "post.in_future"), (-1, "post.before_issue")])
def test_nothing_was_sent_tomorrow_or_before_its_issue(
    officer: Signatory, posted: Certificate, days: int, code: str
) -> None:
    now = timezone.now()
    with pytest.raises(IssueRefused) as refused:
        services.record_dispatch(
            certificate=posted,
            carrier="Speed Post",
            article_number=NUMBER,
            sent_on=indian_date(now) + timedelta(days=days),
            person=officer.person,
            actor=actor_of(officer.person),
            now=now,
        )
    assert refused.value.code == code


def test_only_officers_of_the_office_note_it_and_only_where_it_was_asked_for(
    officer: Signatory, posted: Certificate, firm: Firm
) -> None:
    now = timezone.now()
    elsewhere = make_officer(make_office(firm.agency.mumbai.agency, "Kochi"), "Suma Rao", Post.Role.EXAMINER)

    def note(person: Any) -> None:
        services.record_dispatch(
            certificate=posted,
            carrier="Speed Post",
            article_number=NUMBER,
            sent_on=indian_date(now),
            person=person,
            actor=actor_of(person),
            now=now,
        )

    assert posted.number not in text_of(browser_of(elsewhere).get(reverse("issuance:post")))
    for person, code in ((elsewhere, "duty.wrong_office"), (firm.person, "issuance.no_post")):
        with pytest.raises(IssueRefused) as refused:
            note(person)
        assert refused.value.code == code
    Post.objects.filter(person=officer.person).update(suspended_at=now)
    with pytest.raises(IssueRefused):
        note(officer.person)
    Post.objects.filter(person=officer.person).update(suspended_at=None)
    Application.objects.update(postal_delivery=False)
    posted.application.refresh_from_db()
    with pytest.raises(IssueRefused) as refused:
        note(officer.person)
    assert refused.value.code == "post.not_asked"
    with pytest.raises(IdentifierRefused):
        services.record_dispatch(
            certificate=posted, carrier="x", article_number="", sent_on=indian_date(now), person=officer.person,
            actor=actor_of(officer.person), now=now,
        )  # fmt: skip


def test_the_list_is_exported_as_it_is_filtered(officer: Signatory, posted: Certificate) -> None:
    head, line = list(csv.reader(io.StringIO(officer.get("post-export", "csv").content.decode("utf-8-sig"))))
    assert dict(zip(head, line, strict=True))["Certificate"] == posted.number
    assert dict(zip(head, line, strict=True))["Copies"] == "Original, Duplicate"
    send(officer, posted, NUMBER)
    assert len(officer.get("post-export", "csv").content.decode("utf-8-sig").splitlines()) == 1
    sheet = openpyxl.load_workbook(
        io.BytesIO(officer.client.get(reverse("issuance:post-export", args=["xlsx"]), {"show": "sent"}).content)
    ).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][0] == posted.number
    assert NUMBER in rows[1]
    assert officer.client.get(reverse("issuance:post-export", args=["pdf"])).status_code == 404
