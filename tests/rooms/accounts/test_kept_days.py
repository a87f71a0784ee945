"""How long sign-ins are kept: every text about it says the very figure after which they are deleted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from tests.rooms.accounts.conftest import Clock
from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.accounts.test_exporters_door import enter
from udgam.ground.messages.rendering import render
from udgam.parties.accounts import own_part, services
from udgam.parties.accounts.models import SignInEvent

pytestmark = pytest.mark.django_db
DAYS = 400


@pytest.fixture(autouse=True)
def longer(settings: Settings) -> None:
    """An operator keeps them longer than the law asks."""
    settings.SIGN_IN_LOG_DAYS = DAYS


def test_they_are_deleted_after_the_days_of_the_setting(client: Client, clock: Clock) -> None:
    make_person(username="0305900017")
    enter(client, "0305900017", "wrong")
    clock.forward(days=DAYS - 1)
    services.forget_old_traces(now=clock.now)
    assert SignInEvent.objects.count() == 1
    clock.forward(days=2)
    services.forget_old_traces(now=clock.now)
    assert not SignInEvent.objects.exists()


@pytest.mark.parametrize("language", ["en", "hi"])
def test_each_text_about_them_says_these_days(client: Client, language: str, clock: Clock) -> None:
    unit = {"en": "days", "hi": "दिन"}[language]
    person = make_person(language=language)
    sign_in(client, person, stepped_up=True)
    client.cookies["udgam_language"] = language
    pages = ("/policies/privacy/", "/register/notice/", "/account/sign-ins/", "/account/my-data/erase/")
    texts = {page: client.get(page).content.decode() for page in pages}
    texts["mail"] = render("accounts/erased", ".txt", {"username": "x", "at": clock.now}, language)
    with translation.override(language):
        texts["kept"] = " ".join(str(line.why) for line in own_part.erase(person, clock.now + timedelta(hours=1)))
    for place, text in texts.items():
        said = set(re.findall(rf"(\d+) {unit}", text))
        assert str(DAYS) in said, f"{place}: {said}"
        assert not said & {"180", "365"}, f"{place}: {said}"
