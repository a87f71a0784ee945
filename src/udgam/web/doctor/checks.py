"""What an installation needs, one function a check. None of them changes anything."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from udgam.flow.applications.queries import published_tables_named
from udgam.flow.payments.queries import books_state
from udgam.ground.agreements.queries import agreement_named, agreements_on, needs_existing_table, tables_lost
from udgam.ground.connectors.payment_gateways import account_names
from udgam.ground.messages.queries import dead_letters
from udgam.parties.agencies.queries import published_agencies
from udgam.rules.agreements import AgreementRefused
from udgam.rules.numbers import indian_date
from udgam.web.agent_file import agent_file
from udgam.web.doctor.certificates import recheck, register
from udgam.web.doctor.findings import Finding
from udgam.web.doctor.keys import roots, seals, time_stamps
from udgam.web.doctor.outside import iec_register, mail, text_messages, virus_scanner
from udgam.web.doctor.sessions import session_locks
from udgam.web.notices import NoticeUnreadable, read_notices


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


def files() -> Finding:
    """Files can be written, and nobody else can read them."""
    folder = Path(settings.MEDIA_ROOT)
    if not folder.exists() and os.access(folder.parent, os.W_OK):
        return Finding("Files", "warning", f"{folder} does not exist yet", f"mkdir -m 750 {folder}")
    if not os.access(folder, os.W_OK):
        return Finding("Files", "fail", f"{folder} cannot be written", "Give it to the user the services run as.")
    if os.name == "posix" and folder.stat().st_mode & 0o007:
        return Finding("Files", "warning", f"{folder} can be read by every user of this machine", f"chmod 750 {folder}")
    return Finding("Files", "ok", str(folder))


def announced() -> Finding:
    """The file of notices, where there is one, can be read."""
    file = Path(settings.NOTICES_FILE)
    if not file.exists():
        return Finding("Notices", "ok", f"none: there is no {file}")
    try:
        return Finding("Notices", "ok", f"{len(read_notices(file))} in {file}")
    except NoticeUnreadable as unreadable:
        return Finding("Notices", "fail", str(unreadable), f"Mend {file}; see docs/operate/notices.md.")


def hindi_names() -> Finding:
    """Who runs the site is said in Hindi too."""
    texts = {
        "UDGAM_SITE_OWNER_HINDI": settings.SITE_OWNER_HINDI,
        "UDGAM_OFFICE_ADDRESS_HINDI": settings.OFFICE_ADDRESS_HINDI,
        "UDGAM_GRIEVANCE_OFFICER_HINDI": settings.GRIEVANCE_OFFICER_NAME_HINDI,
        "UDGAM_WEB_INFORMATION_MANAGER_HINDI": settings.WEB_INFORMATION_MANAGER_HINDI,
    }
    missing = [name for name, text in texts.items() if not text]
    if missing:
        advice = f"Set {', '.join(missing)}."
        return Finding("Names in Hindi", "warning", "Hindi pages show English names of the office", advice)
    return Finding("Names in Hindi", "ok", settings.SITE_OWNER_HINDI)


def assets() -> Finding:
    """Style sheet and fonts have been built and collected."""
    style = list(Path(settings.STATIC_ROOT).glob("udgam*.css"))
    advice = "Run: python3 tools/set_up.py run, then python -m udgam.web.manage collectstatic"
    return Finding("Static files", "ok" if style else "fail", "collected" if style else "no style sheet found", advice)


def downloads() -> Finding:
    """The programs that visitors take are whole: their bytes are those that the pages name by their digest."""
    wrong = []
    for folder in ("agent", "verify"):
        file = agent_file(Path(settings.DOWNLOADS) / folder)
        if file is None or hashlib.sha256(file.path.read_bytes()).hexdigest() != file.sha256:
            wrong.append(folder)
    if wrong:
        return Finding(
            "Programs to download",
            "fail",
            f"not whole in {settings.DOWNLOADS}: {', '.join(wrong)}",
            "Run: python3 tools/set_up.py run. If UDGAM_DOWNLOADS is set, set it to the same folder for this.",
        )
    return Finding("Programs to download", "ok", "the signing agent and udgam-verify are offered")


def background_work() -> Finding:
    """A worker runs, and nothing waits for long."""
    sql = "SELECT count(*), coalesce(extract(epoch FROM now() - min(scheduled_at)), 0) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) < now() - interval '5 minutes'"
    failed_sql = "SELECT count(*) FROM procrastinate_jobs job WHERE status = 'failed' AND EXISTS (SELECT 1 FROM procrastinate_events event WHERE event.job_id = job.id AND event.at > now() - interval '7 days')"
    workers_sql = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 minutes'"
    try:
        with connection.cursor() as cursor:
            cursor.execute(workers_sql)
            workers = cursor.fetchone()[0]
            cursor.execute(sql)
            late = cursor.fetchone()[0]
            cursor.execute(failed_sql)
            failed = cursor.fetchone()[0]
        undelivered = len(dead_letters())
    except DatabaseError as failure:
        return Finding("Background work", "fail", str(failure).splitlines()[0], "Run the migrations first.")
    if not workers:
        return Finding(
            "Background work", "fail", "no worker has reported in the last two minutes", "Start udgam-worker.service."
        )
    return Finding(
        "Background work",
        "warning" if late or failed or undelivered else "ok",
        f"workers: {workers}, tasks late: {late}, given up in the last week: {failed}, messages given up: {undelivered}",
        "See the worker's log, which names each task that was given up; messages that were given up are in the outbox with the kind of failure.",
    )


def money() -> Finding:
    """The books add up, and every agency's payment account is in the settings."""
    try:
        state = books_state(timezone.now())
        named = published_agencies().exclude(gateway="").values_list("code", "gateway")
        missing = sorted(f"{account} ({code})" for code, account in named if account not in account_names(code))
    except DatabaseError as failure:
        return Finding("Money", "fail", str(failure).splitlines()[0], "Run the migrations first.")
    wrong = state.unbalanced_entries + state.wrong_wallets + state.paid_without_receipt + state.paid_without_entry
    if wrong:
        return Finding(
            "Money",
            "fail",
            f"entries that do not balance: {state.unbalanced_entries}, wallets that differ: {state.wrong_wallets}, "
            f"paid without a receipt: {state.paid_without_receipt}, without an entry: {state.paid_without_entry}",
            "Stop taking payments and compare with the gateways’ settlements: python -m udgam.web.manage reconcile_payments",
        )
    if missing:
        return Finding(
            "Money",
            "fail",
            f"no payment account of the agency: {', '.join(missing)}",
            "Enter it in UDGAM_PAYMENT_ACCOUNTS, with the code of the agency it belongs to.",
        )
    waiting = state.late_attempts + state.late_refunds
    return Finding(
        "Money",
        "warning" if waiting else "ok",
        f"the books balance; unheard of for a day: {state.late_attempts} payments, {state.late_refunds} refunds",
        "See the worker's log for what the gateway answers.",
    )


def rule_tables() -> Finding:
    """The tables of rules that the agreements in force and the open applications name are here."""
    name, today = "Rule tables", indian_date(timezone.now())
    lost = set[str]()
    try:
        for code, agreement in agreements_on(today).items():
            try:
                needs_existing_table(agreement)
            except AgreementRefused as refused:
                lost.add(f"{code}: {refused.message}")
        for named in published_tables_named():
            agreement = agreement_named(named.agreement, named.rules, named.day)
            lost |= {f"{named.agreement}: SHA-256 {digest}" for digest in tables_lost(agreement, named.tables)}
    except DatabaseError:
        return Finding(name, "fail", "they cannot be read", "Mend the database first.")
    advice = "Import the same files under Agreements; docs/mechanisms/agreements.md, Tables that are lost"
    if lost:
        return Finding(name, "fail", "; ".join(sorted(lost)), advice)
    return Finding(name, "ok", "every table that is named is here")


CHECKS: tuple[Callable[[], Finding], ...] = (
    python_version,
    mode,
    database,
    session_locks,
    roots,
    seals,
    time_stamps,
    register,
    recheck,
    iec_register,
    mail,
    text_messages,
    virus_scanner,
    files,
    assets,
    downloads,
    rule_tables,
    hindi_names,
    announced,
    background_work,
    money,
)


def examine() -> list[Finding]:
    """Run every check, in an order in which an operator would mend things."""
    return [check() for check in CHECKS]
