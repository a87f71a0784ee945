"""The officer's queue and case page, the exporter's list and the public look-up, with ten thousand and with a million rows.

One application goes through the services as far as an officer's desk, and one to its certificate; both are copied in bulk with
everything that belongs to them (goods, invoice, papers, signed version, record of acts, certificate), spread over firms and offices.
Copying is done by the database: one statement a table for each fifty thousand. The database with ten thousand is copied, then filled
up, and both are asked in turns by the same process, so that whatever else the machine does meets both alike. The large one stands
beside the small one as its baseline. A million takes minutes to fill; `UDGAM_BENCH_ROWS=100000` makes it fewer.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bench.figure import Figure

if TYPE_CHECKING:
    from django.test import Client

    from udgam.sandbox.throw_away import Installation

SMALL, LARGE, QUICK = 10_000, 1_000_000, 2_000
FIRMS, OFFICES = 200, 20
# Of a hundred applications so many are open; the others are issued.
OPEN_OF_A_HUNDRED = 10
TURNS, PAGES_A_TURN = 20, 10
_AT_ONCE = 50_000
_SMALL_DATABASE = "bench_small"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """The 95th percentile of the wait for each page, large beside small."""
    from udgam.sandbox.throw_away import throw_away_installation

    large = int(os.environ.get("UDGAM_BENCH_ROWS", "0")) or LARGE
    small, large, turns = (QUICK // 4, QUICK, 1) if quick else (SMALL, large, TURNS)
    with throw_away_installation() as installation:
        population = _Population.begin(installation)
        population.grow(small)
        _copy_database()
        population.grow(large)
        waits = _ask_in_turns(population, turns)
    for page in PAGES:
        small_p95, large_p95 = (_p95(waits[page, database]) for database in (_SMALL_DATABASE, "postgres"))
        yield Figure(f"{page}, p95 with {large:,} applications", large_p95, "ms", f"with {small:,}", small_p95)
    for page in PAGES:
        small_mid, large_mid = (statistics.median(waits[page, one]) for one in (_SMALL_DATABASE, "postgres"))
        yield Figure(f"{page}, median with {large:,} applications", large_mid, "ms", f"with {small:,}", small_mid)


def _p95(values: list[float]) -> float:
    return sorted(values)[min(int(len(values) * 0.95), len(values) - 1)]


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class _Askers:
    """Who asks: an officer of one office and somebody of one firm, with the cases and the pages of the small database."""

    officer: Client
    exporter: Client
    stranger: Client
    cases: list[str]
    # The numbers of issued certificates that are in both databases.
    numbers: list[str]
    chance: random.Random = field(default_factory=lambda: random.Random(7))


def _queue(askers: _Askers) -> str:
    return "/desk/"


def _second_page(askers: _Askers) -> str:
    return "/desk/?page=2&order=submitted"


def _mine(askers: _Askers) -> str:
    return "/desk/?free=on&state=submitted"


def _search(askers: _Askers) -> str:
    return f"/desk/?search=BENCH%2F{askers.chance.randrange(500):07d}"


def _case(askers: _Askers) -> str:
    return f"/desk/{askers.chance.choice(askers.cases)}/"


def _list(askers: _Askers) -> str:
    return "/applications/"


def _issued(askers: _Askers) -> str:
    return "/applications/?tab=issued&sort=-changed"


def _look_up(askers: _Askers) -> str:
    return f"/verify/{quote(askers.chance.choice(askers.numbers))}"


PAGES: dict[str, tuple[str, Callable[[_Askers], str]]] = {
    "queue": ("officer", _queue),
    "queue, second page by arrival": ("officer", _second_page),
    "queue, what is free": ("officer", _mine),
    "queue, search by invoice": ("officer", _search),
    "case page": ("officer", _case),
    "exporter's list": ("exporter", _list),
    "exporter's list, issued": ("exporter", _issued),
    "verification look-up": ("stranger", _look_up),
}


def _ask_in_turns(population: _Population, turns: int) -> dict[tuple[str, str], list[float]]:
    waits: dict[tuple[str, str], list[float]] = {}
    askers = population.askers()
    for turn in range(turns + 1):
        for database in (_SMALL_DATABASE, "postgres"):
            _use(database)
            for page, (who, address) in PAGES.items():
                client: Client = getattr(askers, who)
                for _ in range(PAGES_A_TURN):
                    path = address(askers)
                    began = time.perf_counter()
                    answer = client.get(path, HTTP_HOST="127.0.0.1")
                    spent = (time.perf_counter() - began) * 1000
                    if answer.status_code != 200:
                        raise RuntimeError(f"{path} answered {answer.status_code}")
                    # The first turn fills what a process keeps.
                    if turn or turns == 1:
                        waits.setdefault((page, database), []).append(spent)
    return waits


def _use(database: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()


def _copy_database() -> None:
    """The small database is the large one as it stands now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    _use("template1")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {_SMALL_DATABASE} TEMPLATE postgres")
    _use("postgres")


# ── Who and what is there ────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class _Population:
    """Rows that are copies of two applications that went through the services."""

    officer: Client
    exporter: Client
    open_id: int
    issued_id: int
    firms: list[int]
    offices: list[int]
    size: int = 0

    @classmethod
    def begin(cls, installation: Installation) -> _Population:
        """Issue one certificate, bring another application to the desk, and make the firms and offices of the copies."""
        from django.core.management import call_command
        from django.test import Client
        from tests.rooms.accounts.people import sign_in

        from udgam.sandbox.first_certificate import issue_first_certificate, submit_another

        call_command("collectstatic", interactive=False, verbosity=0)
        issued = issue_first_certificate(installation).application
        waiting = submit_another(installation, issued)
        officer, exporter = Client(), Client()
        exporters_person = issued.created_by
        # Whoever has not chosen a password yet sees no other page.
        exporters_person.must_change_password = False
        exporters_person.save(update_fields=["must_change_password"])
        # Before the database is copied: the two are signed in at both.
        sign_in(officer, issued.examiner)
        sign_in(exporter, exporters_person)
        firms = [issued.exporter_id, *_copies("registration_exporter", issued.exporter_id, FIRMS - 1, _FIRM)]
        offices = [issued.office_id, *_copies("agencies_office", issued.office_id, OFFICES - 1, _OFFICE)]
        return cls(officer, exporter, waiting.pk, issued.pk, firms, offices)

    def grow(self, size: int) -> None:
        """Copy until there are so many applications."""
        from django.db import connection

        with connection.cursor() as cursor:
            # What is copied is what the constraints have let through before.
            cursor.execute("SET session_replication_role = replica")
            while self.size < size:
                upto = min(self.size + _AT_ONCE, size)
                cursor.execute("DROP TABLE IF EXISTS bench_new")
                places = [
                    self.size,
                    upto - 1,
                    OPEN_OF_A_HUNDRED,
                    self.open_id,
                    self.issued_id,
                    self.firms,
                    self.offices,
                ]
                cursor.execute(_NEW, places)
                for table, how in _PARTS.items():
                    cursor.execute(_copy_statement(table, **how))
                self.size = upto
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("UPDATE django_session SET expire_date = now() + interval '1 day'")
            cursor.execute("VACUUM ANALYZE")

    def askers(self) -> _Askers:
        """Who asks, with the cases of the officer's office and the certificates that are in the small database."""
        from django.db import connection
        from django.test import Client

        _use(_SMALL_DATABASE)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT public_id::text FROM applications_application WHERE office_id = %s AND number LIKE 'BENCH%%'"
                " ORDER BY id LIMIT 200",
                [self.offices[0]],
            )
            cases = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT number FROM issuance_certificate WHERE state = 'issued' ORDER BY id LIMIT 400")
            numbers = [row[0] for row in cursor.fetchall()]
        return _Askers(self.officer, self.exporter, Client(), cases, numbers)


# Which application each new number copies, and what is its own.
_NEW = """
CREATE TEMP TABLE bench_new AS
SELECT n, 1000000000 + n AS id, md5('application ' || n)::uuid AS public_id, n %% 100 < given.share AS is_open,
       CASE WHEN n %% 100 < given.share THEN given.open ELSE given.issued END AS source,
       given.firms[1 + (n / 7) %% cardinality(given.firms)] AS firm,
       given.offices[1 + (n / 100) %% cardinality(given.offices)] AS office,
       now() - make_interval(secs => n * 7 %% 8000000) AS moment
FROM (SELECT %s::int AS first, %s::int AS last, %s::int AS share, %s::bigint AS open, %s::bigint AS issued,
             %s::bigint[] AS firms, %s::bigint[] AS offices) AS given, generate_series(given.first, given.last) AS n
"""
# Each table with the columns that a copy has of its own; how its rows belong to an application; and whether all have them.
_PARTS: dict[str, dict[str, Any]] = {
    "applications_application": {
        "own": {
            "id": "new.id", "public_id": "new.public_id", "number": "'BENCH/' || lpad(new.n::text, 7, '0')",
            "exporter_id": "new.firm", "office_id": "new.office", "due_at": "new.moment + interval '5 days'",
            "changed_at": "new.moment", "created_at": "new.moment", "submitted_at": "new.moment",
            "issued_at": "CASE WHEN new.is_open THEN NULL ELSE new.moment END",
            "certificate_number": "CASE WHEN new.is_open THEN '' ELSE 'BENCH/C/' || lpad(new.n::text, 8, '0') END",
        },
        "joins": "old.id = new.source",
    },
    "applications_applicationinvoice": {
        "own": {"application_id": "new.id", "number": "'BENCH/' || lpad(new.n::text, 7, '0')"},
        "joins": "old.application_id = new.source",
    },
    "applications_applicationitem": {
        "own": {"application_id": "new.id", "invoice_id": "NULL"}, "joins": "old.application_id = new.source"
    },
    "applications_submission": {"own": {"application_id": "new.id"}, "joins": "old.application_id = new.source"},
    "issuance_certificate": {
        "own": {
            "application_id": "new.id", "office_id": "new.office", "public_id": "md5('certificate ' || new.n)::uuid",
            "number": "left(old.number, -8) || lpad((new.n + 1000)::text, 8, '0')", "status_index": "1000000 + new.n",
            "prepared_at": "new.moment", "issued_at": "new.moment",
            # What no page of these reads; a million times it would be ten gigabytes.
            "cms": "'\\x00'::bytea", "code": "''", "credential": "''",
        },
        "joins": "old.application_id = new.source AND NOT new.is_open",
    },
    "audit_act": {
        "own": {"subject": "'application:' || new.public_id"},
        "joins": "old.subject = (SELECT 'application:' || public_id FROM applications_application WHERE id = new.source)",
    },
}  # fmt: skip


def _copy_statement(table: str, *, own: dict[str, str], joins: str) -> str:
    names = [name for name in _columns(table) if name != "id" or "id" in own]
    values = [own.get(name, f"old.{name}") for name in names]
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM bench_new AS new JOIN {table} AS old ON {joins}"


def _columns(table: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


_FIRM = {
    "iec": "'ZZB' || lpad(n::text, 7, '0')",
    "public_id": "gen_random_uuid()",
    "name": "'Firm ' || n",
    "registration_number": "'BENCH/' || n",
}
_OFFICE = {"code": "'B' || n", "name": "'Office ' || n"}


def _copies(table: str, source: int, count: int, changed: dict[str, str]) -> list[int]:
    """Copies of one row with other values in some columns; answers their ids."""
    from django.db import connection

    names = [name for name in _columns(table) if name != "id"]
    values = [changed.get(name, name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}, generate_series(1, %s) AS n"
            f" WHERE {table}.id = %s RETURNING id",
            [count, source],
        )
        return [row[0] for row in cursor.fetchall()]
