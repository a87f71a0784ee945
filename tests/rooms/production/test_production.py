"""Production settings in a process of their own: they name what is missing, and nothing of the sandbox can be reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tools.check_deployment import SAMPLE

from tests.architecture.source import ROOT

LOOK = """
import json
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

def names(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)

import sys
client = Client(HTTP_HOST="coo.example.in", HTTP_X_FORWARDED_PROTO="https")
page = client.get("/help/")
insecure = Client(HTTP_HOST="coo.example.in").get("/help/")
print(json.dumps({
    "apps": [app.name for app in apps.get_app_configs()],
    "sandbox": settings.SANDBOX,
    "modules": sorted(name for name in sys.modules if name.startswith("udgam.sandbox")),
    "addresses": [name for name in names(get_resolver().url_patterns) if "sandbox" in name or "mailbox" in name],
    "private": settings.CONNECTOR_PRIVATE_HOSTS,
    "hsts": page.headers.get("Strict-Transport-Security"),
    "policy": page.headers.get("Content-Security-Policy"),
    "status": page.status_code,
    "insecure": [insecure.status_code, insecure.headers.get("Location", "")],
    "text": "sandbox" in page.content.decode().lower(),
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
}))
"""


def _run(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))
    }
    environment = {**kept, **SAMPLE, "UDGAM_ENV": "production", **changes}
    environment = {name: value for name, value in environment.items() if value != "(absent)"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = str(tmp_path_factory.mktemp("production"))
    collect = "import django; django.setup(); from django.core.management import call_command; call_command('collectstatic', verbosity=0, interactive=False)"
    assert _run(collect, UDGAM_VAR=folder).returncode == 0
    result = _run(LOOK, UDGAM_VAR=folder)
    assert result.returncode == 0, result.stderr[-3000:]
    answer: dict[str, object] = json.loads(result.stdout.strip().splitlines()[-1])
    return answer


def test_nothing_of_the_sandbox_is_installed_loaded_or_addressed(seen: dict[str, object]) -> None:
    assert seen["sandbox"] is False
    assert "udgam.sandbox" not in seen["apps"]  # type: ignore[operator]
    assert seen["modules"] == []
    assert seen["addresses"] == []
    assert seen["private"] == []
    assert seen["text"] is False


def test_pages_travel_only_over_https_and_say_so(seen: dict[str, object]) -> None:
    assert seen["status"] == 200
    assert seen["insecure"] == [301, "https://coo.example.in/help/"]
    assert "max-age=63072000; includeSubDomains; preload" in str(seen["hsts"])


def test_the_content_security_policy_allows_nothing_inline(seen: dict[str, object]) -> None:
    assert "unsafe" not in str(seen["policy"])
    assert "default-src 'none'" in str(seen["policy"])


def test_cookies_are_bound_to_the_host_and_to_https(seen: dict[str, object]) -> None:
    assert all(name.startswith("__Host-") for name in seen["cookies"])  # type: ignore[attr-defined]
    assert seen["secure"] == [True, True]


@pytest.mark.parametrize("module", ["registry", "authority", "mailbox", "run", "populate"])
def test_no_part_of_the_sandbox_starts_under_production_settings(module: str) -> None:
    code = f"import django; django.setup(); import runpy, sys; sys.argv = ['x', '--port', '0', '--folder', '/nonexistent']; runpy.run_module('udgam.sandbox.{module}', run_name='__main__')"
    if module == "populate":
        code = "import django; django.setup(); from django.core.management import call_command; call_command('populate_sandbox')"
    result = _run(code)
    assert result.returncode != 0
    assert "sandbox" in result.stderr.lower()


@pytest.mark.parametrize("name", sorted(set(SAMPLE) - {"DJANGO_SETTINGS_MODULE"}))
def test_a_missing_value_stops_the_start_and_is_named(name: str) -> None:
    result = _run("import django; django.setup()", **{name: "(absent)"})
    assert result.returncode != 0
    assert name in result.stderr
    assert "docs/operate/settings.md" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("UDGAM_SITE_ORIGIN", "http://coo.example.in", "https://"),
        ("UDGAM_SEAL_KEY", "file:/etc/udgam/seal.p12", "pkcs11:"),
        ("UDGAM_SECRET_KEY", "short", "50 characters"),
        ("DATABASE_URL", "sqlite:///udgam.db", "PostgreSQL"),
        ("UDGAM_MAIL_PORT", "many", "whole number"),
        ("UDGAM_MAIL_TLS", "perhaps", "on or off"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_hint(name: str, value: str, word: str) -> None:
    result = _run("import django; django.setup()", **{name: value})
    assert result.returncode != 0
    assert word in result.stderr
