"""Typed readers of the process environment. A missing or malformed value stops the start with a hint.

Each reader takes the variable's name and a default; `REQUIRED` as default means that there is none. All failures of one
start are gathered by `stop_if_incomplete`, so that an operator mends the file once and not line by line.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_T = TypeVar("_T")


class _Required:
    """Marks a setting that has no default."""


REQUIRED: Final = _Required()
_failures: list[str] = []
PICTURE_BYTES = 200 * 1024
# So often a connection sends a statement before PostgreSQL keeps its plan.
PREPARED_AFTER = 3


def _read(name: str, default: object, hint: str) -> str | None:
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is REQUIRED:
        _failures.append(f"{name} is not set. {hint}")
    return None


def text(name: str, default: str | _Required, *, hint: str = "") -> str:
    """A line of text."""
    value = _read(name, default, hint)
    if value is not None:
        return value
    return default if isinstance(default, str) else ""


def whole_number(name: str, default: int, *, low: int = 0, high: int = 2**31, hint: str = "") -> int:
    """A whole number between `low` and `high`."""
    value = _read(name, default, hint)
    if value is None:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        _failures.append(f"{name} must be a whole number from {low} to {high}, not {value!r}. {hint}")
        return default
    return int(value)


def switch(name: str, default: bool, *, hint: str = "") -> bool:
    """`on` or `off` (also yes/no, true/false, 1/0)."""
    value = _read(name, default, hint)
    if value is None:
        return default
    if value.lower() in {"on", "yes", "true", "1"}:
        return True
    if value.lower() in {"off", "no", "false", "0"}:
        return False
    _failures.append(f"{name} must be on or off, not {value!r}. {hint}")
    return default


def words(name: str, default: list[str] | _Required, *, hint: str = "") -> list[str]:
    """Values separated by commas."""
    value = _read(name, default, hint)
    if value is not None:
        return [part.strip() for part in value.split(",") if part.strip()]
    return default if isinstance(default, list) else []


def origin(name: str, default: str | _Required, *, hint: str = "") -> str:
    """An origin as browsers write it: scheme, host and port, nothing after it (RFC 6454 section 6.2)."""
    value = text(name, default, hint=hint)
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"} or parts.query:
        _failures.append(f"{name} must look like https://coo.example.in, not {value!r}. {hint}")
    return f"{parts.scheme}://{parts.netloc}"


def web_address(name: str) -> str:
    """The https address of a page elsewhere, or nothing."""
    value = text(name, "")
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname):
        _failures.append(f"{name} must be an https address such as https://commerce.gov.in, not {value!r}.")
    return value


def hindi(name: str, example: str, *, beside: str) -> str:
    """A Hindi text. The example stands beside the English example alone: a name of one's own is not mixed with it."""
    return text(name, "" if text(beside, "") else example)


def picture(name: str) -> Path | None:
    """The PNG file that a variable names, small enough to stand on every page."""
    value = text(name, "")
    if not value:
        return None
    try:
        with Path(value).open("rb") as file:
            data = file.read(PICTURE_BYTES + 1)
    except OSError as error:
        _failures.append(f"{name} names a file that cannot be read: {value} ({error.strerror}).")
        return None
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) > PICTURE_BYTES:
        _failures.append(f"{name} must name a PNG file of at most {PICTURE_BYTES // 1024} KB: {value} is none.")
    return Path(value)


def together(**values: object) -> None:
    """Variables that make sense only together: all of them are given, or none."""
    missing = [name for name, value in values.items() if not value]
    if missing and len(missing) < len(values):
        _failures.append(f"{', '.join(missing)} must be set too, since {', '.join(set(values) - set(missing))} is.")


def payment_accounts(name: str) -> dict[str, dict[str, object]]:
    """The payment accounts in the JSON file that a variable names: {"name": {"agency", "kind", "url", "merchant", "key", "secret"}}."""
    file = text(name, "")
    if not file:
        return {}
    try:
        accounts = json.loads(Path(file).read_text(encoding="utf-8"))
        wrong = [key for key, value in accounts.items() if not isinstance(value, dict) or "kind" not in value]
    except (OSError, ValueError, AttributeError) as error:
        _failures.append(f"{name} must name a JSON file of payment accounts: {type(error).__name__}.")
        return {}
    if wrong:
        _failures.append(f"{name}: the account {wrong[0]!r} has no kind.")
        return {}
    ownerless = [key for key, value in accounts.items() if not isinstance(value.get("agency"), str)]
    if ownerless:
        _failures.append(
            f"{name}: the account {ownerless[0]!r} names no agency; enter the code of the one it belongs to."
        )
        return {}
    return dict(accounts)


def database(url: str, *, prepared: bool) -> dict[str, object]:
    """Turn postgresql://user:password@host:port/name?host=/socket/folder into Django's form.

    With ``prepared`` a statement that a connection sent a few times is prepared: PostgreSQL plans it once and not each time, which is most of its work
    with short statements over joined tables. A pooler that cannot carry them must do without.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        _failures.append("DATABASE_URL must begin with postgresql:// ; Udgam runs on PostgreSQL only.")
        return {}
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    host = unquote(options.pop("host", "")) or parts.hostname or ""
    binding = {"server_side_binding": True, "prepare_threshold": PREPARED_AFTER} if prepared else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "udgam",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**binding, **{key: unquote(value) for key, value in options.items()}},
        "ATOMIC_REQUESTS": False,
    }


def stop_if_incomplete() -> None:
    """Raise `ImproperlyConfigured` that lists everything wrong, if anything is."""
    if _failures:
        lines = "\n".join(f"  - {line}" for line in _failures)
        _failures.clear()
        raise ImproperlyConfigured(f"These settings need attention (docs/operate/settings.md explains each):\n{lines}")
