"""Logs as JSON lines. Only the fields named here leave the process; messages carry no personal data."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

FIELDS = ("method", "route", "status", "milliseconds", "reference", "task", "act", "service", "reason", "attempt")
# The second line of an error of the database repeats the values of the row ("Key (username)=(0501012345) already exists").
_VALUES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


class JsonLines(logging.Formatter):
    """One JSON object a line, with the time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        entry.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            entry["exception"] = _VALUES.sub(r"\1: left out", self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """The words of a record. Where Django names the path of a request, which may hold a secret, the route stands instead."""
    request = getattr(record, "request", None)
    path = getattr(request, "path", None)
    if path is None or not isinstance(record.args, tuple):
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    route = match.view_name if match else "an unknown address"
    return str(record.msg) % tuple(route if arg == path else arg for arg in record.args)
