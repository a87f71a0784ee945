"""Notices: a dated list in both languages, kept in a file of the operator. One that has expired moves to the archive by itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language

logger = logging.getLogger("udgam.web")
LANGUAGES = ("en", "hi")


class NoticeUnreadable(ValueError):
    """The file cannot be read or a notice lacks something: an operator mends it, and the doctor says what is wrong."""


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


class _Held(NamedTuple):
    stamp: tuple[int, int]
    notices: tuple[Notice, ...]


# What was read from each file, and how the file looked then.
_held: dict[Path, _Held] = {}


def notices() -> tuple[Notice, ...]:
    """The notices of this installation as the file has them now; none without a file.

    A file that cannot be read is logged, and what was read from it before stays: a slip of the pen takes no page down.
    """
    file = Path(settings.NOTICES_FILE)
    held = _held.get(file, _Held((0, 0), ()))
    try:
        found = file.stat()
    except FileNotFoundError:
        return ()
    except OSError:
        logger.exception("notices unreadable")
        return held.notices
    stamp = (found.st_mtime_ns, found.st_size)
    if stamp != held.stamp:
        try:
            held = _Held(stamp, read_notices(file))
        except NoticeUnreadable:
            logger.exception("notices unreadable")
            held = _Held(stamp, held.notices)
        _held[file] = held
    return held.notices


def read_notices(file: Path) -> tuple[Notice, ...]:
    """All notices of the file, newest first.

    Raises ``NoticeUnreadable`` for a file that is no such list, for one without id, dates, or title and text in both languages (GIGW 3.0, quality 7 and
    lifecycle 6), for an expiry before publication and for two with one id.
    """
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["notices"]
        found = [_read(row) for row in rows]
    except NoticeUnreadable:
        raise
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise NoticeUnreadable(f"{file} is no list of notices: {failure}") from failure
    if len({notice.id for notice in found}) != len(found):
        raise NoticeUnreadable(f"{file.name}: two notices have the same id.")
    return tuple(sorted(found, key=lambda notice: (notice.published, notice.id), reverse=True))


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
    except (KeyError, TypeError, ValueError) as error:
        raise NoticeUnreadable(f"A notice cannot be read: {error}. docs/operate/notices.md shows its form.") from error
    if any(
        not str(words.get(language) or "").strip() for words in (notice.titles, notice.texts) for language in LANGUAGES
    ):
        raise NoticeUnreadable(f"Notice {notice.id!r} needs title and text in English and in Hindi.")
    if notice.expires < notice.published:
        raise NoticeUnreadable(f"Notice {notice.id!r} expires before it is published.")
    return notice
