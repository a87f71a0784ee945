"""Notices on the site, mails and text messages as chosen; what could not be delivered is seen and sent again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import make_person, sign_in
from udgam.ground.messages.models import Message
from udgam.parties.accounts import services
from udgam.parties.accounts.models import Notice, Person

pytestmark = pytest.mark.django_db
CONTEXT = {"number": "SEC/2026/016/0000001A", "question": "Which harvest?"}


def _tell(*people: Person) -> None:
    services.tell_people(
        people=people,
        template="applications/discrepancy",
        context=CONTEXT,
        path="/applications/1/",
        now=timezone.now(),
        subject_ref="application:1",
    )


def _channels(person: Person) -> list[str]:
    to = {person.email, f"+91{person.mobile}"}
    return sorted(Message.objects.filter(to__in=to).values_list("channel", flat=True))


def _browser(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def test_an_exporter_hears_by_mail_and_text_and_reads_it_on_the_site() -> None:
    person = make_person(mobile="9000000102", language="hi")
    _tell(person)
    assert _channels(person) == ["mail", "text"]
    text = Message.objects.get(channel="text")
    assert "SEC/2026/016/0000001A" in text.body
    assert "कार्यालय" in text.body
    row = Notice.objects.get()
    assert row.english.startswith("Application SEC/2026/016/0000001A")
    assert row.hindi != row.english

    client = _browser(person)
    page = client.get(reverse("accounts:notices")).content.decode()
    assert row.english in page
    opened = client.post(reverse("accounts:notice", args=[row.public_id]))
    assert opened["Location"] == "/applications/1/"
    row.refresh_from_db()
    assert row.read_at is not None


def test_officers_hear_on_the_site_alone_until_they_choose_otherwise() -> None:
    officer = make_person("officer", username="meera", email="meera@sahyadri.example")
    _tell(officer)
    assert _channels(officer) == []
    services.choose_ways(person=officer, by_mail=True, by_text=True)
    _tell(officer)
    assert _channels(officer) == ["mail"]
    assert Notice.objects.filter(person=officer).count() == 2


def test_what_was_chosen_on_the_page_counts() -> None:
    person = make_person(mobile="9000000102")
    client = _browser(person)
    assert client.post(reverse("accounts:ways"), {"by_mail": "on"}).status_code == 302
    _tell(person)
    assert _channels(person) == ["mail"]
    assert client.post(reverse("accounts:ways"), {}).status_code == 302
    _tell(person)
    assert _channels(person) == ["mail"]


def test_a_number_that_is_no_indian_mobile_stops_nothing() -> None:
    person = make_person(mobile="12")
    _tell(person)
    assert _channels(person) == ["mail"]


def test_somebody_elses_notice_is_not_found() -> None:
    mine, theirs = make_person(), make_person(email="other@sahyadri.example")
    _tell(theirs)
    row = Notice.objects.get()
    client = _browser(mine)
    assert client.post(reverse("accounts:notice", args=[row.public_id])).status_code == 404
    assert client.post(reverse("accounts:notice", args=[uuid4()])).status_code == 404
    client.post(reverse("accounts:notices-read"))
    row.refresh_from_db()
    assert row.read_at is None


def test_a_notice_leads_to_this_site_only() -> None:
    person = make_person()
    _tell(person)
    Notice.objects.update(path="//evil.example/")
    client = _browser(person)
    opened = client.post(reverse("accounts:notice", args=[Notice.objects.get().public_id]))
    assert opened["Location"] == reverse("accounts:notices")


def test_old_notices_are_forgotten() -> None:
    person, now = make_person(), timezone.now()
    for days, read in ((100, True), (100, False), (200, False), (10, True)):
        at = now - timedelta(days=days)
        Notice.objects.create(person=person, english="x", hindi="x", path="/", at=at, read_at=at if read else None)
    services.forget_notices(now=now)
    assert Notice.objects.count() == 2


def test_an_administrator_sees_dead_letters_and_sends_them_again() -> None:
    person, now = make_person(), timezone.now()
    administrator = make_person("administrator", username="root", email="root@udgam.example")
    _tell(person)
    Message.objects.update(state="dead", last_failure="refused")
    secret = Message.objects.create(
        channel="mail", to="x@y.example", template="a/b", language="en", is_secret=True, state="dead", created_at=now
    )
    client = _browser(administrator)
    page = client.get(reverse("accounts:outbox")).content.decode()
    assert person.email not in page
    assert "refused" in page
    ids = [str(row.pk) for row in Message.objects.all()]
    assert client.post(reverse("accounts:outbox"), {"message": [*ids, "made-up"]}).status_code == 302
    assert set(Message.objects.exclude(pk=secret.pk).values_list("state", flat=True)) == {"queued"}
    secret.refresh_from_db()
    assert secret.state == "dead"
    assert _browser(person).get(reverse("accounts:outbox")).status_code == 404
