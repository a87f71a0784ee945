"""Moments as the pages and mails of this room write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

INDIA = ZoneInfo("Asia/Kolkata")


def moment_in_india(moment: datetime) -> str:
    """``22 November 2026, 14:05 (Indian time)`` in the language of the page."""
    local = moment.astimezone(INDIA)
    return _("%(moment)s (Indian time)") % {"moment": formats.date_format(local, "DATETIME_FORMAT")}
