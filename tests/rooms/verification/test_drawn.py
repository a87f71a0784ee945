"""Strangers share the drawing of a page, and nothing else: not a token, not a time, not a status that is over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.rooms.accounts.people import sign_in
from tests.rooms.applications.firm import text_of
from tests.rooms.issuance.office import Signatory
from udgam.flow.issuance.models import Certificate
from udgam.flow.verification import drawn

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "kept", drawn.KeptPages(drawn.MOST_PAGES))


@pytest.fixture
def where(certificate: Certificate) -> str:
    return reverse("verification:certificate", args=[certificate.number])


def without_own(page: str) -> str:
    return re.sub(r"Checked on [^<]*", "", TOKEN.sub("", page))


def test_two_strangers_see_the_same_page_with_tokens_of_their_own_that_work(where: str) -> None:
    strangers = [Client(enforce_csrf_checks=True) for _ in range(2)]
    answers = [each.get(where) for each in strangers]
    first, second = (text_of(answer) for answer in answers)
    assert len(drawn.kept) == 1
    assert without_own(first) == without_own(second)
    assert "kept-" not in first
    tokens = [set(TOKEN.findall(page)) for page in (first, second)]
    assert all(len(each) == 1 for each in tokens)
    assert tokens[0] != tokens[1]
    compare = where.replace("/verify/", "/verify/compare/")
    form = {"invoice_number": "MM/26-27/0041"}
    own, others = (each.copy().pop() for each in tokens)
    assert strangers[0].post(compare, {**form, "csrfmiddlewaretoken": own}).status_code == 200
    assert strangers[0].post(compare, {**form, "csrfmiddlewaretoken": others}).status_code == 403
    assert strangers[0].post(compare, form).status_code == 403


def test_a_kept_page_has_every_header_of_a_drawn_one(where: str) -> None:
    one, again = (Client().get(where).headers for _ in range(2))
    ours = ("Content-Security-Policy", "Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Content-Type", "Vary")
    assert {name: one.get(name) for name in ours} == {name: again.get(name) for name in ours}
    assert "no-store" in again["Cache-Control"]
    assert "default-src 'none'" in again["Content-Security-Policy"]


@pytest.mark.parametrize("state", ["cancelled", "superseded"])
def test_a_status_is_never_older_than_the_answer(certificate: Certificate, where: str, state: str) -> None:
    assert "it counts" in text_of(Client().get(where))
    another = certificate if state == "superseded" else None
    Certificate.objects.filter(id=certificate.id).update(
        state=state, ended_at=timezone.now(), end_reason="other", superseded_by=another
    )
    page = text_of(Client().get(where))
    assert "it counts" not in page
    assert "Do not rely on" in page


def test_a_time_is_the_one_of_the_answer(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Client().get(where)
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(drawn.timezone, "now", lambda: later)
    assert f"Checked on {drawn.indian_time(later)}" in text_of(Client().get(where))
    assert len(drawn.kept) == 1


def test_each_language_has_a_page_of_its_own(where: str) -> None:
    Client().get(where)
    hindi = Client()
    hindi.cookies["udgam_language"] = "hi"
    assert '<html lang="hi"' in text_of(hindi.get(where))
    assert '<html lang="en-IN"' in text_of(Client().get(where))


def test_whoever_is_signed_in_sees_their_own_page_and_leaves_none(where: str, officer: Signatory) -> None:
    mine = Client()
    sign_in(mine, officer.person)
    assert 'class="udgam-nav"' in text_of(mine.get(where))
    assert len(drawn.kept) == 0
    assert 'class="udgam-nav"' not in text_of(Client().get(where))


@pytest.mark.parametrize("more", ["?k=AAAA", "?x=1", "/"])
def test_another_address_is_not_kept(where: str, more: str) -> None:
    assert Client().get(where + more).status_code == 200
    assert len(drawn.kept) == 0


def test_the_page_that_was_longest_unasked_makes_room() -> None:
    pages = drawn.KeptPages(2)
    for key in ("a", "b"):
        pages.keep(key, (key,))
    assert pages.get("a") == ("a",)
    pages.keep("c", ("c",))
    assert [pages.get(key) for key in "abc"] == [("a",), None, ("c",)]
