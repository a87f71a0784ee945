"""What an installation needs, one function a check. None of them changes anything."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.http import open_client
from udgam.ground.connectors.mail import try_mail_server
from udgam.ground.connectors.time_stamps import HttpTimeStamper
from udgam.parties.accounts.trust import trust_store
from udgam.rules.refusals import Refused
from udgam.signing.sealing.seal import TimeStampUnavailable

Outcome = Literal["ok", "warning", "fail"]
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Finding:
    """The outcome of one check, in words for an operator."""

    name: str
    outcome: Outcome
    detail: str
    advice: str = ""


def python_version() -> Finding:
    """Python is recent enough."""
    version = sys.version.split()[0]
    return Finding("Python", "ok" if sys.version_info >= (3, 11) else "fail", version, "Install Python 3.11 or newer.")


def mode() -> Finding:
    """Which settings are in force."""
    name = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if settings.SANDBOX:
        return Finding(
            "Settings",
            "warning",
            f"{name}: this is the sandbox",
            "Real certificates need udgam.web.settings.production.",
        )
    return Finding("Settings", "ok", name)


def database() -> Finding:
    """PostgreSQL answers, is recent enough, and has every table."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0])
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as failure:
        return Finding("Database", "fail", str(failure).splitlines()[0], "Check DATABASE_URL and that the server runs.")
    if version < 140000:
        return Finding("Database", "fail", f"PostgreSQL {version // 10000}", "Udgam needs PostgreSQL 14 or newer.")
    if waiting:
        return Finding(
            "Database", "fail", f"{len(waiting)} migrations are waiting", "Run: python -m udgam.web.manage migrate"
        )
    return Finding("Database", "ok", f"PostgreSQL {version // 10000}, all migrations applied")


def roots() -> Finding:
    """The trust store has anchors, and none of them ends soon."""
    advice = "docs/operate/trust.md says how to install the national roots and check them out of band."
    try:
        store = trust_store()
    except Refused as refused:
        return Finding("Trusted roots", "fail", refused.message, advice)
    now = datetime.now(UTC)
    ends = min(anchor.not_valid_after_utc for anchor in store.anchors)
    detail = f"{len(store.anchors)} anchors, {len(store.intermediates)} intermediates; the first anchor ends on {ends:%Y-%m-%d}"
    if ends < now:
        return Finding("Trusted roots", "fail", detail, advice)
    return Finding("Trusted roots", "warning" if ends < now + SOON else "ok", detail, advice)


def iec_register() -> Finding:
    """The IEC details service can be reached."""
    address = settings.IEC_REGISTER_URL
    if not address or address == "import-only":
        return Finding(
            "IEC register",
            "warning",
            "records come from imported files only",
            "python -m udgam.web.manage import_iec FILE",
        )
    headers = {"X-APISETU-APIKEY": settings.IEC_REGISTER_KEY, "X-APISETU-CLIENTID": settings.IEC_REGISTER_CLIENT}
    try:
        with open_client() as client:
            answer = client.get(f"{address}/iec/0000000000", headers=headers)
    except ConnectorFailed as failure:
        return Finding("IEC register", "fail", str(failure), "Check UDGAM_IEC_REGISTER_URL and the firewall.")
    if answer.status in {401, 403}:
        return Finding(
            "IEC register",
            "fail",
            f"it refuses our key (status {answer.status})",
            "Check UDGAM_IEC_REGISTER_KEY and _CLIENT.",
        )
    return Finding(
        "IEC register",
        "ok" if answer.status < 500 else "fail",
        f"answers with status {answer.status}",
        "Ask its operator.",
    )


def time_stamps() -> Finding:
    """The time-stamp service stamps, and our clock agrees with it."""
    try:
        started = datetime.now(UTC)
        stamp = HttpTimeStamper(settings.TIME_STAMP_URL).stamp(b"\0" * 32)
    except (TimeStampUnavailable, ConnectorFailed, Refused) as failure:
        return Finding(
            "Time stamps", "fail", str(failure), "Check UDGAM_TIME_STAMP_URL. Without stamps nothing can be issued."
        )
    from udgam.web.doctor.clock import time_in

    said = time_in(stamp)
    drift = abs((said - started).total_seconds())
    detail = f"the service stamps; our clock differs by {drift:.0f} s"
    return Finding(
        "Time stamps and clock",
        "ok" if drift < 5 else "fail",
        detail,
        "Synchronise the clock (docs/operate/README.md, Clock).",
    )


def mail() -> Finding:
    """The mail server takes a connection."""
    try:
        try_mail_server()
    except ConnectorFailed as failure:
        return Finding(
            "Mail",
            "fail",
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {failure}",
            "Check UDGAM_MAIL_HOST and its account.",
        )
    return Finding("Mail", "ok", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes connections")


def files() -> Finding:
    """Files can be written, and nobody else can read them."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return Finding("Files", "fail", f"{folder} cannot be written", "Give it to the user the services run as.")
    if os.name == "posix" and folder.stat().st_mode & 0o007:
        return Finding("Files", "warning", f"{folder} can be read by every user of this machine", f"chmod 750 {folder}")
    return Finding("Files", "ok", str(folder))


def assets() -> Finding:
    """Style sheet and fonts have been built and collected."""
    style = list(Path(settings.STATIC_ROOT).glob("udgam*.css"))
    advice = "Run: make set-up, then python -m udgam.web.manage collectstatic"
    return Finding("Static files", "ok" if style else "fail", "collected" if style else "no style sheet found", advice)


def background_work() -> Finding:
    """A worker runs, and nothing waits for long."""
    sql = "SELECT count(*), coalesce(extract(epoch FROM now() - min(scheduled_at)), 0) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) < now() - interval '5 minutes'"
    workers_sql = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 minutes'"
    try:
        with connection.cursor() as cursor:
            cursor.execute(workers_sql)
            workers = cursor.fetchone()[0]
            cursor.execute(sql)
            late = cursor.fetchone()[0]
    except DatabaseError as failure:
        return Finding("Background work", "fail", str(failure).splitlines()[0], "Run the migrations first.")
    if not workers:
        return Finding(
            "Background work", "fail", "no worker has reported in the last two minutes", "Start udgam-worker.service."
        )
    return Finding(
        "Background work", "warning" if late else "ok", f"{workers} workers, {late} tasks late", "See the worker's log."
    )


CHECKS: tuple[Callable[[], Finding], ...] = (
    python_version,
    mode,
    database,
    roots,
    iec_register,
    time_stamps,
    mail,
    files,
    assets,
    background_work,
)


def examine() -> list[Finding]:
    """Run every check, in an order in which an operator would mend things."""
    return [check() for check in CHECKS]
