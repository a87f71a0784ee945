"""Notices come and go by their dates."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from udgam import web
from udgam.web.doctor.checks import announced
from udgam.web.notices import NoticeUnreadable, archived_notices, current_notices, notices, read_notices

ROW = {
    "id": "one",
    "published": "2026-11-10",
    "expires": "2026-11-20",
    "title": {"en": "Title", "hi": "शीर्षक"},
    "text": {"en": "Text", "hi": "पाठ"},
}


def written(tmp_path: Path, *rows: dict[str, object]) -> Path:
    file = tmp_path / "notices.json"
    file.write_text(json.dumps({"notices": rows}))
    return file


@pytest.mark.parametrize(
    ("day", "current", "archived"),
    [
        (date(2026, 11, 9), 0, 0),
        (date(2026, 11, 10), 1, 0),
        (date(2026, 11, 20), 1, 0),
        (date(2026, 11, 21), 0, 1),
    ],
)
def test_a_notice_is_there_from_its_first_to_its_last_day(
    tmp_path: Path, day: date, current: int, archived: int
) -> None:
    found = read_notices(written(tmp_path, ROW))
    assert (len(current_notices(day, found)), len(archived_notices(day, found))) == (current, archived)


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"en": "Title"}},
        {"text": {"en": "Text", "hi": " "}},
        {"expires": "2026-11-01"},
        {"expires": "tomorrow"},
        {"text": "Text"},
        {"title": {"en": None, "hi": "शीर्षक"}},
        {"text": {"en": "Text", "hi": 0}},
    ],
)
def test_a_notice_without_both_languages_or_with_impossible_dates_is_refused(
    tmp_path: Path, change: dict[str, object]
) -> None:
    with pytest.raises(NoticeUnreadable):
        read_notices(written(tmp_path, ROW | change))


def test_two_notices_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoticeUnreadable):
        read_notices(written(tmp_path, ROW, ROW))


@pytest.mark.django_db
def test_an_expired_notice_leaves_the_start_page_for_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    title = "Certificates of both kinds are open"
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 31, 18, 29, tzinfo=UTC))
    client = Client()
    assert title in client.get("/").content.decode()
    assert title not in client.get("/notices/archive/").content.decode()
    # Half past midnight in India is still the day before in UTC: the Indian date decides.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 31, 18, 31, tzinfo=UTC))
    assert title not in client.get("/").content.decode()
    assert title not in client.get("/notices/").content.decode()
    assert title in client.get("/notices/archive/").content.decode()


@pytest.mark.django_db
def test_without_a_file_nothing_is_announced(settings: Settings, tmp_path: Path) -> None:
    settings.NOTICES_FILE = str(tmp_path / "notices.json")
    for page in ("/", "/notices/", "/notices/archive/"):
        text = Client().get(page).content.decode()
        assert "There are no notices." in text or page == "/"
        assert 'id="notice-' not in text
    assert announced().outcome == "ok"


@pytest.mark.django_db
def test_a_changed_file_counts_at_once_and_a_broken_one_takes_no_page_down(settings: Settings, tmp_path: Path) -> None:
    file = written(tmp_path, ROW | {"expires": "2099-12-31"})
    settings.NOTICES_FILE = str(file)
    assert 'id="notice-one"' in Client().get("/").content.decode()
    written(tmp_path, ROW | {"id": "another", "expires": "2099-12-31"})
    assert 'id="notice-another"' in Client().get("/").content.decode()
    for broken in ("{", "[]", '{"notices": 1}', '{"notices": ["x"]}', '{"notices": [{"id": "x"}]}', "\0"):
        file.write_text(broken)
        answer = Client().get("/")
        assert answer.status_code == 200
        assert 'id="notice-another"' in answer.content.decode()
        assert announced().outcome == "fail"
    file.unlink()
    assert notices() == ()


def test_production_announces_nothing_that_its_operator_has_not_written() -> None:
    """The examples belong to the sandbox; the settings of production name a file in the operator's folder."""
    code = "from udgam.web.settings import shared; print(shared.NOTICES_FILE)"
    environment = {name: text for name, text in os.environ.items() if name != "UDGAM_NOTICES_FILE"}
    environment["UDGAM_VAR"] = "/var/lib/udgam"
    named = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert named.stdout.strip() == "/var/lib/udgam/notices.json"
    assert not list((Path(web.__file__).parent).rglob("notices.json"))
