"""Production settings in a process of their own: they name what is missing, and nothing of the sandbox can be reached."""

from __future__ import annotations

import json

import pytest
from tools.check_deployment import SAMPLE

from tests.rooms.production.processes import ABSENT, run_in_production

LOOK = """
import json
import django
django.setup()
from django.core.management import call_command
call_command("collectstatic", verbosity=0, interactive=False)
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

def wheel(page, prefix):
    text = client.get(page).content.decode()
    found = re.search('href="(' + prefix + '[^"]+)"', text)
    data = b"".join(client.get(found[1]).streaming_content) if found else b""
    return [found is not None, data[:2].decode(), bool(data) and hashlib.sha256(data).hexdigest() in text]

import hashlib
import re
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
    "wheels": [wheel(page, prefix) for page, prefix in (("/agent/", "/agent/file/"), ("/help/verify/", "/verifier/file/"))],
    "text": "sandbox" in page.content.decode().lower(),
    "health": [Client(HTTP_HOST="127.0.0.1:8000").get("/healthz").status_code, Client(HTTP_HOST="127.0.0.1:8000").get("/help/").status_code],
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = str(tmp_path_factory.mktemp("production"))
    result = run_in_production(LOOK, UDGAM_VAR=folder)
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


def test_the_agent_and_udgam_verify_can_be_taken_although_the_files_lie_elsewhere(seen: dict[str, object]) -> None:
    assert seen["wheels"] == [[True, "PK", True]] * 2


def test_cookies_are_bound_to_the_host_and_to_https(seen: dict[str, object]) -> None:
    assert all(name.startswith("__Host-") for name in seen["cookies"])  # type: ignore[attr-defined]
    assert seen["secure"] == [True, True]


def test_a_monitor_on_the_machine_may_ask_by_address_and_without_https_for_health_alone(
    seen: dict[str, object],
) -> None:
    assert seen["health"] == [200, 400]


PARTS = """
import contextlib, io, json, runpy, sys
import django
django.setup()
from django.core.management import call_command

answers = {}
for name in ("registry", "authority", "mailbox", "run", "populate"):
    sys.argv = ["x", "--port", "0", "--folder", "/nonexistent"]
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            if name == "populate":
                call_command("populate_sandbox")
            else:
                runpy.run_module("udgam.sandbox." + name, run_name="__main__")
        outcome = "started"
    except SystemExit as end:
        outcome = f"ended with {end.code}"
    except Exception as refusal:
        outcome = f"{type(refusal).__name__}: {refusal}"
    answers[name] = [outcome, said.getvalue()]
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def parts() -> dict[str, tuple[str, str]]:
    result = run_in_production(PARTS)
    assert result.returncode == 0, result.stderr[-3000:]
    answer: dict[str, tuple[str, str]] = json.loads(result.stdout.strip().splitlines()[-1])
    return answer


@pytest.mark.parametrize("name", ["registry", "authority", "mailbox", "run", "populate"])
def test_no_part_of_the_sandbox_starts_under_production_settings(name: str, parts: dict[str, tuple[str, str]]) -> None:
    outcome, said = parts[name]
    assert outcome not in {"started", "ended with 0", "ended with None"}
    assert "sandbox" in (outcome + said).lower()


# The settings read the environment when they are loaded, so one process can load them anew for every case.
LOAD = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured

answers = {}
for name, value in json.loads(sys.argv[1]):
    before = os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
    for loaded in [one for one in sys.modules if one.startswith("udgam.web.settings")]:
        del sys.modules[loaded]
    try:
        importlib.import_module("udgam.web.settings.production")
        said = ""
    except ImproperlyConfigured as refusal:
        said = str(refusal)
    answers[name] = said
    os.environ.pop(name, None)
    if before is not None:
        os.environ[name] = before
print(json.dumps(answers))
"""


def _load(cases: list[tuple[str, str | None]]) -> dict[str, str]:
    """What the settings say to each changed variable; an empty text means that they loaded."""
    result = run_in_production(LOAD, json.dumps(cases))
    assert result.returncode == 0, result.stderr[-3000:]
    answer: dict[str, str] = json.loads(result.stdout.strip().splitlines()[-1])
    return answer


REQUIRED = sorted(set(SAMPLE) - {"DJANGO_SETTINGS_MODULE"})
WRONG = {
    "UDGAM_SITE_ORIGIN": ("http://coo.example.in", "https://"),
    "UDGAM_SEAL_KEY": ("file:/etc/udgam/seal.p12", "pkcs11:"),
    "UDGAM_SECRET_KEY": ("short", "50 characters"),
    "DATABASE_URL": ("sqlite:///udgam.db", "PostgreSQL"),
    "UDGAM_MAIL_PORT": ("many", "whole number"),
    "UDGAM_MAIL_TLS": ("perhaps", "on or off"),
}


@pytest.fixture(scope="module")
def without() -> dict[str, str]:
    # A variable that nobody reads shows that complete settings load.
    return _load([("UDGAM_UNKNOWN", None), *((name, None) for name in REQUIRED)])


@pytest.fixture(scope="module")
def wrong() -> dict[str, str]:
    return _load([(name, value) for name, (value, _word) in WRONG.items()])


def test_complete_settings_load(without: dict[str, str]) -> None:
    assert without["UDGAM_UNKNOWN"] == ""


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_value_is_named_and_nothing_else_is(name: str, without: dict[str, str]) -> None:
    _head, *lines = without[name].splitlines()
    assert [line.split()[1] for line in lines] == [name]
    assert "docs/operate/settings.md" in without[name]


def test_missing_values_stop_the_start_and_are_named_together() -> None:
    result = run_in_production("import django; django.setup()", UDGAM_SEAL_KEY=ABSENT, UDGAM_MAIL_HOST=ABSENT)
    assert result.returncode != 0
    assert "UDGAM_SEAL_KEY" in result.stderr
    assert "UDGAM_MAIL_HOST" in result.stderr


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_with_a_hint(name: str, wrong: dict[str, str]) -> None:
    assert name in wrong[name]
    assert WRONG[name][1] in wrong[name]
