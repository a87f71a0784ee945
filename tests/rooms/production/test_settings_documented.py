"""Every setting the code reads stands in the operators' list, and the other way round."""

from __future__ import annotations

import re

from tests.architecture.source import PACKAGE, ROOT

NOT_READ_THROUGH_OUR_READERS = {"DJANGO_SETTINGS_MODULE", "UDGAM_ENV"}
# What only the tests' own settings read is no operator's business.
FOR_OPERATORS = ("shared", "production", "sandbox")


def _read() -> set[str]:
    text = "\n".join((PACKAGE / "web" / "settings" / f"{name}.py").read_text() for name in FOR_OPERATORS)
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text))


def _documented() -> set[str]:
    text = (ROOT / "docs/operate/settings.md").read_text()
    return set(re.findall(r"`([A-Z][A-Z_]{3,})`", text))


def test_every_setting_is_documented() -> None:
    assert _read() - _documented() == set()


def test_every_documented_setting_is_read() -> None:
    assert _documented() - _read() - NOT_READ_THROUGH_OUR_READERS == set()
