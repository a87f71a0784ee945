"""The page on which the platform's administrator imports currency rates."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone

from tests.rooms.agencies.conftest import House
from tests.rooms.examination.cases import browser_of
from udgam.ground.audit.queries import acts_of
from udgam.ground.reference.models import CurrencyRate
from udgam.ground.reference.queries import published_rate
from udgam.rules.numbers import indian_date

pytestmark = pytest.mark.django_db
HEAD = "currency,units,rupees,valid_from\n"


def send(house: House, text: str | bytes, source: str = "Notification 91/2026") -> HttpResponse:
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("rates.csv", data, content_type="text/csv")
    return browser_of(house.root).post("/agency/rates/", {"source": source, "file": file})


def test_a_file_is_kept_shown_recorded_and_given_back(house: House) -> None:
    browser = browser_of(house.root)
    assert "No rate is known yet" in browser.get("/agency/rates/").content.decode()
    assert send(house, HEAD + "USD,1,84.75,2026-01-20\nJPY,100,57.35,2026-01-20\n").status_code == 302
    page = browser.get("/agency/rates/").content.decode()
    assert "57.35" in page
    assert "Notification 91/2026" in page
    rate = published_rate("USD", indian_date(timezone.now()))
    assert rate is not None
    assert rate.rupees == Decimal("84.75")
    [act] = acts_of("reference:currency-rates")
    assert (act.act, act.details["rates"], act.actor_id) == ("currency_rates.imported", 2, str(house.root.public_id))
    file = browser.get("/agency/rates/file/").content.decode().replace("\r\n", "\n")
    assert file == HEAD + "JPY,100,57.35,2026-01-20\nUSD,1,84.75,2026-01-20\n"
    assert send(house, file).status_code == 302


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            HEAD + "USD,1,84.75,2026-01-20\nXXQ,1,3,2026-01-20\nEUR,7,99,2026-01-20\n",
            "Line 3: the currency is not known.",
        ),
        (HEAD + "USD,1,0,2026-01-20\n", "Line 2: the rupees are not a number."),
        ("money,rupees\n", "Nothing was kept"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "The file is not CSV text in UTF-8."),
        (b"a" * (1024 * 1024 + 1), "larger than one megabyte"),
        (HEAD, "Nothing was kept"),
    ],
)
def test_with_one_wrong_line_nothing_is_kept(house: House, text: str | bytes, says: str) -> None:
    page = send(house, text)
    assert page.status_code in {200, 409}
    assert says in page.content.decode()
    assert not CurrencyRate.objects.exists()
    assert list(acts_of("reference:currency-rates")) == []


def test_only_the_platforms_administrator_sees_the_page(house: House) -> None:
    for person in (house.prakash, house.meera, house.suma):
        assert browser_of(person).get("/agency/rates/").status_code == 404
        assert browser_of(person).get("/agency/rates/file/").status_code == 404
