"""`udgam doctor` on a whole installation, and on one that lacks a single thing after the other."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from tests.rooms.production.processes import ABSENT, run_in_production
from udgam.flow.issuance import seal_keys
from udgam.ground.agreements.models import AgreementEdition
from udgam.ground.connectors import time_stamps
from udgam.ground.messages.models import Message
from udgam.rules.agreements import agreement_bytes
from udgam.rules.numbers import indian_date
from udgam.sandbox import authority, mailbox, registry
from udgam.sandbox.authority import SEAL_PIN
from udgam.web.commands import doctor
from udgam.web.doctor.checks import CHECKS

pytestmark = pytest.mark.django_db
Findings = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The services outside, played by the sandbox's: their addresses, and the authority's folder."""
    folder = tmp_path_factory.mktemp("outside")
    ca = authority.start(folder=folder / "authority")
    register = registry.start(folder=folder / "registry")
    post = mailbox.start(folder=folder / "mailbox")
    yield {
        "ca": ca.url,
        "register": f"{register.url}/dgft/v1",
        "texts": f"{post.url}/sms",
        "smtp": str(post.smtp_port),
        "folder": str(folder / "authority"),
    }
    for service in (post, register, ca):
        service.stop()


@pytest.fixture(autouse=True)
def whole(outside: dict[str, str], settings: Settings, tmp_path: Path) -> None:
    """An installation to which nothing is missing."""
    cache.clear()
    time_stamps.breaker.reset()
    seal_keys._opened.clear()
    made = Path(outside["folder"])
    shutil.copytree(made / "trust", tmp_path / "trust")
    settings.TRUST_FOLDER = tmp_path / "trust"
    settings.REVOCATION_INDEX_FOLDER = tmp_path / "revocation"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path / "static"
    for name in ("files", "static"):
        (tmp_path / name).mkdir(mode=0o750)
    (tmp_path / "static/udgam.css").touch()
    settings.TIME_STAMP_URL = f"{outside['ca']}/tsa"
    settings.IEC_REGISTER_URL, settings.IEC_REGISTER_KEY = outside["register"], "sandbox-key"
    settings.TEXT_MESSAGE_URL, settings.TEXT_MESSAGE_KEY = outside["texts"], "sandbox-key"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(outside["smtp"])
    settings.SEAL_KEY, settings.SEAL_FILE_PASSWORD = f"file:{next((made / 'seals').glob('*.p12'))}", SEAL_PIN
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")


def _examine(capsys: pytest.CaptureFixture[str]) -> tuple[int, Findings]:
    status = doctor.run(argparse.Namespace(settings=None, json=True))
    answer = json.loads(capsys.readouterr().out)
    assert answer["healthy"] == (status == 0)
    return status, {row["check"]: row for row in answer["checks"]}


def test_a_whole_installation_is_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    status, findings = _examine(capsys)
    assert len(findings) == len(CHECKS)
    # These tests run under the sandbox's settings, and the doctor says so.
    assert {name: row["outcome"] for name, row in findings.items() if row["outcome"] != "ok"} == {"Settings": "warning"}
    assert status == 0


def test_people_read_signs_and_advice(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    settings.TIME_STAMP_URL = "http://127.0.0.1:9/tsa"
    assert doctor.run(argparse.Namespace(settings=None, json=False)) == 1
    said = capsys.readouterr().out
    assert "✗ Time stamps: " in said
    assert "    Check UDGAM_TIME_STAMP_URL" in said
    assert "✓ Mail: " in said


def _no_worker(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")


def _silent_worker(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 minutes'")


def _lost_table(settings: Settings) -> None:
    # The table that the data of an agreement name does not come with this release.
    AgreementEdition.objects.create(
        code="UK-CETA",
        version="2026-12",
        sha256="0" * 64,
        data=agreement_bytes("UK-CETA").decode().replace('"table": "', '"table": "no-'),
        effective_from=indian_date(timezone.now()),
        confirmed=[],
        recorded_at=timezone.now(),
        recorded_by="test",
    )


def _no_anchors(settings: Settings) -> None:
    shutil.rmtree(settings.TRUST_FOLDER / "anchors")


def _no_stamp_roots(settings: Settings) -> None:
    shutil.rmtree(settings.TRUST_FOLDER / "tsa")


def _wrong_stamp_roots(settings: Settings) -> None:
    for path in (settings.TRUST_FOLDER / "tsa").iterdir():
        path.unlink()
    shutil.copy(Path(settings.SEAL_KEY.partition(":")[2]).with_suffix(".crt.pem"), settings.TRUST_FOLDER / "tsa")


def _no_checker(settings: Settings) -> None:
    settings.DOWNLOADS = shutil.copytree(settings.DOWNLOADS / "agent", settings.MEDIA_ROOT / "made/agent").parent


def _changed_agent(settings: Settings) -> None:
    made = settings.MEDIA_ROOT / "made"
    for name in ("agent", "verify"):
        shutil.copytree(settings.DOWNLOADS / name, made / name)
    [wheel] = (made / "agent").glob("*.whl")
    data = bytearray(wheel.read_bytes())
    data[len(data) // 2] ^= 1
    wheel.write_bytes(bytes(data))
    settings.DOWNLOADS = made


def _setting(name: str, value: object) -> Callable[[Settings], None]:
    return lambda settings: setattr(settings, name, value)


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("Background work", _no_worker),
        ("Rule tables", _lost_table),
        ("Background work", _silent_worker),
        ("Trusted roots", _no_anchors),
        ("Time stamps", _no_stamp_roots),
        ("Time stamps", _wrong_stamp_roots),
        ("Time stamps", _setting("TIME_STAMP_URL", "http://127.0.0.1:9/tsa")),
        ("Seals", _setting("SEAL_KEY", "")),
        ("Seals", _setting("SEAL_KEY", "file:/nonexistent/seal.p12")),
        ("Seals", _setting("SEAL_FILE_PASSWORD", "wrong")),
        ("Seals", _setting("SANDBOX", False)),
        ("IEC register", _setting("IEC_REGISTER_URL", "http://127.0.0.1:9/dgft/v1")),
        ("IEC register", _setting("IEC_REGISTER_KEY", "wrong")),
        ("Mail", _setting("EMAIL_PORT", 9)),
        ("Text messages", _setting("TEXT_MESSAGE_URL", "http://127.0.0.1:9/sms")),
        ("Text messages", _setting("CONNECTOR_PRIVATE_HOSTS", [])),
        ("Virus scanner", _setting("CLAMD_ADDRESS", "127.0.0.1:9")),
        ("Virus scanner", _setting("CLAMD_ADDRESS", "nowhere")),
        ("Static files", _setting("STATIC_ROOT", "/nonexistent")),
        ("Programs to download", _setting("DOWNLOADS", Path("/nonexistent"))),
        ("Programs to download", _no_checker),
        ("Programs to download", _changed_agent),
    ],
)
def test_what_is_missing_is_found_with_advice(
    check: str, spoil: Callable[[Settings], None], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(settings)
    status, findings = _examine(capsys)
    assert status == 1
    assert findings[check]["outcome"] == "fail", findings
    assert findings[check]["advice"]


def test_messages_that_were_given_up_and_open_files_are_warnings(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    Message.objects.create(
        channel="mail",
        to="x@firm.example",
        template="x",
        language="en",
        state=Message.State.DEAD,
        created_at=timezone.now() - timedelta(days=1),
    )
    Path(settings.MEDIA_ROOT).chmod(0o755)
    status, findings = _examine(capsys)
    assert status == 0
    assert findings["Background work"]["outcome"] == findings["Files"]["outcome"] == "warning"
    assert "x@firm.example" not in json.dumps(findings)


def test_a_task_that_was_given_up_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('default', 'x', '{}', 'doing') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [cursor.fetchone()[0]])
    status, findings = _examine(capsys)
    assert status == 0
    assert findings["Background work"]["outcome"] == "warning"
    assert "given up in the last week: 1" in findings["Background work"]["detail"]


def test_a_folder_that_is_not_there_is_told_and_not_made(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(settings.MEDIA_ROOT).rmdir()
    _status, findings = _examine(capsys)
    assert findings["Files"]["outcome"] == "warning"
    assert not Path(settings.MEDIA_ROOT).exists()
    settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT) / "nowhere" / "below"
    assert _examine(capsys)[1]["Files"]["outcome"] == "fail"


def test_settings_that_cannot_be_loaded_end_with_two() -> None:
    code = "import sys; from udgam.web.cli import main; sys.exit(main(['doctor', '--json']))"
    result = run_in_production(code, UDGAM_TIME_STAMP_URL=ABSENT)
    assert result.returncode == 2
    answer = json.loads(result.stdout)
    assert answer["healthy"] is False
    assert "UDGAM_TIME_STAMP_URL" in answer["reason"]
