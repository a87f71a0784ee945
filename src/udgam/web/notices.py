"""Notices: a dated list kept as data in both languages. One that has expired moves to the archive by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import get_language

FILE = Path(__file__).resolve().parent / "content" / "notices.json"
LANGUAGES = ("en", "hi")


class NoticeUnreadable(ValueError):
    """A notice lacks something: an operator mends the file, which is read when the site starts."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice: valid from ``published`` to the end of ``expires`` (Indian dates), in every language of the site."""

    id: str
    published: date
    expires: date
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.titles["hi" if get_language() == "hi" else "en"]

    @property
    def text(self) -> str:
        """The text in the language of the page."""
        return self.texts["hi" if get_language() == "hi" else "en"]


def read_notices(file: Path = FILE) -> tuple[Notice, ...]:
    """All notices of the file, newest first.

    Raises ``NoticeUnreadable`` for one without id, dates, or title and text in both languages (GIGW 3.0, quality 7 and
    lifecycle 6), for an expiry before publication and for two with one id.
    """
    notices = [_read(row) for row in json.loads(file.read_text(encoding="utf-8"))["notices"]]
    if len({notice.id for notice in notices}) != len(notices):
        raise NoticeUnreadable(f"{file.name}: two notices have the same id.")
    return tuple(sorted(notices, key=lambda notice: (notice.published, notice.id), reverse=True))


def current_notices(today: date, notices: tuple[Notice, ...]) -> list[Notice]:
    """Those that apply today."""
    return [notice for notice in notices if notice.published <= today <= notice.expires]


def archived_notices(today: date, notices: tuple[Notice, ...]) -> list[Notice]:
    """Those that applied once and no longer do."""
    return [notice for notice in notices if notice.expires < today]


def _read(row: Mapping[str, object]) -> Notice:
    try:
        titles, texts = row["title"], row["text"]
        notice = Notice(
            id=str(row["id"]),
            published=date.fromisoformat(str(row["published"])),
            expires=date.fromisoformat(str(row["expires"])),
            titles=titles if isinstance(titles, dict) else {},
            texts=texts if isinstance(texts, dict) else {},
        )
    except (KeyError, ValueError) as error:
        raise NoticeUnreadable(f"A notice cannot be read: {error}. See the others in the file for its form.") from error
    if any(not words.get(language, "").strip() for words in (notice.titles, notice.texts) for language in LANGUAGES):
        raise NoticeUnreadable(f"Notice {notice.id!r} needs title and text in English and in Hindi.")
    if notice.expires < notice.published:
        raise NoticeUnreadable(f"Notice {notice.id!r} expires before it is published.")
    return notice
