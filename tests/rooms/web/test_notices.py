"""Notices come and go by their dates."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from udgam.web.notices import NoticeUnreadable, archived_notices, current_notices, read_notices

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
    notices = read_notices(written(tmp_path, ROW))
    assert (len(current_notices(day, notices)), len(archived_notices(day, notices))) == (current, archived)


@pytest.mark.parametrize(
    "change",
    [
        {"title": {"en": "Title"}},
        {"text": {"en": "Text", "hi": " "}},
        {"expires": "2026-11-01"},
        {"expires": "tomorrow"},
        {"text": "Text"},
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
