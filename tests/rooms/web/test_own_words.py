"""Who runs the site is said in the language of the page and of the mail."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from udgam.ground.messages.models import Message
from udgam.ground.messages.rendering import render
from udgam.ground.messages.services import queue, short_text
from udgam.web.doctor.checks import hindi_names
from udgam.web.settings import environment as env

pytestmark = pytest.mark.django_db
BOTH = {
    "SITE_OWNER": ("Department of Examples", "उदाहरण विभाग"),
    "OFFICE_ADDRESS": ("4 Sample Lane, Pune", "4 नमूना गली, पुणे"),
    "GRIEVANCE_OFFICER_NAME": ("Asha Kulkarni", "आशा कुलकर्णी"),
    "WEB_INFORMATION_MANAGER": ("Ravi Nair", "रवि नायर"),
}
PAGES = ("/", "/contact/", "/policies/privacy/")


@pytest.fixture
def named(settings: Settings) -> Settings:
    for name, (english, hindi) in BOTH.items():
        setattr(settings, name, english)
        setattr(settings, f"{name}_HINDI", hindi)
    return settings


def said(language: str) -> str:
    client = Client()
    client.cookies["udgam_language"] = language
    return " ".join(client.get(page).content.decode() for page in PAGES)


def test_pages_say_the_office_in_their_language_and_in_no_other(named: Settings) -> None:
    english, hindi = said("en"), said("hi")
    for one, other in BOTH.values():
        assert one in english
        assert other not in english
        assert other in hindi
        assert one not in hindi


def test_without_hindi_words_the_english_ones_stand_there_and_the_doctor_warns(named: Settings) -> None:
    assert hindi_names().outcome == "ok"
    named.SITE_OWNER_HINDI = ""
    assert BOTH["SITE_OWNER"][0] in said("hi")
    assert hindi_names().outcome == "warning"
    assert "UDGAM_SITE_OWNER_HINDI" in hindi_names().advice


def test_mails_and_text_messages_name_the_office_in_the_language_of_the_receiver(named: Settings) -> None:
    now = timezone.now()
    for n, language in enumerate(("en", "hi")):
        mail = render(
            "accounts/one_time_password",
            ".txt",
            {"username": "x", "password": "y", "address": "z", "expires_at": now},
            language,
        )
        assert BOTH["SITE_OWNER"][n] in mail
        queue(messages=[short_text(mobile="9800000001", template="x", words="w", language=language, now=now)])
        assert Message.objects.get(language=language).body.endswith(BOTH["SITE_OWNER"][n])


def test_the_example_in_hindi_stands_only_beside_the_example_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UDGAM_SITE_OWNER", "UDGAM_SITE_OWNER_HINDI"):
        monkeypatch.delenv(name, raising=False)
    ask = lambda: env.hindi("UDGAM_SITE_OWNER_HINDI", "उदाहरण", beside="UDGAM_SITE_OWNER")  # noqa: E731
    assert ask() == "उदाहरण"
    monkeypatch.setenv("UDGAM_SITE_OWNER", "Department")
    assert ask() == ""
    monkeypatch.setenv("UDGAM_SITE_OWNER_HINDI", "विभाग")
    assert ask() == "विभाग"
