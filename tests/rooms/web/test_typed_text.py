"""What was typed survives the end of a session, and no answer leaves a person before an empty page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser_patience import PATIENCE
from tests.rooms.accounts.people import make_person, sign_in
from udgam.ground.pages.templatetags.pages import named_errors


class _Goods(forms.Form):
    name = forms.CharField(label="Name of the goods")
    count = forms.IntegerField(label="Number of packages")


def test_the_summary_says_which_field_each_error_means() -> None:
    form = _Goods({"name": "", "count": "many"})
    assert named_errors(form["name"]) == ["“Name of the goods” is missing."]
    assert named_errors(form["count"]) == ["Number of packages: Enter a whole number."]


@pytest.mark.django_db
def test_an_address_that_answers_buttons_only_has_a_page_for_browsers_and_none_for_programs(client: Client) -> None:
    address = reverse("accounts:sign-in-token")
    page = client.get(address, headers={"accept": "text/html"})
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    assert "This page cannot be opened by itself" in page.content.decode()
    assert client.get(address, headers={"accept": "application/json"}).content == b""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The browser's driver runs an event loop in this thread; the database is only used between its calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        yield driver.chromium.launch(timeout=PATIENCE, executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _arrive(context: BrowserContext, server: Any, person: Any) -> None:
    client = Client()
    sign_in(client, person, stepped_up=True)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": server.url}])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_was_typed_when_the_session_had_ended_is_back_after_signing_in(browser: Browser, live_server: Any) -> None:
    person = make_person("administrator", username="nandini.rao")
    context = browser.new_context(locale="en-IN")
    context.set_default_timeout(PATIENCE)
    _arrive(context, live_server, person)
    page = context.new_page()
    form = live_server.url + reverse("agencies:admit")
    page.goto(form)
    field = page.locator("main form input[type=text]").first
    field.fill("NTC26")
    context.clear_cookies(name="sessionid")
    page.locator("main form button.govuk-button").first.click()
    expect(page.locator("#returning [data-typed-kept]")).to_be_visible()
    _arrive(context, live_server, person)
    page.goto(form)
    expect(field).to_have_value("NTC26")
    expect(page.locator("#typed-back > p")).to_be_visible()
    page.goto(form)
    expect(field).to_have_value("")
    context.close()
