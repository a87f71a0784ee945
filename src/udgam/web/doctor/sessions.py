"""Whether a lock of a database session holds: a pool between us and the server may give every transaction another session."""

from __future__ import annotations

import secrets
from contextlib import closing

from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from udgam.web.doctor.findings import Finding

TRIES = 20


def session_locks() -> Finding:
    """The publisher's lock keeps a second publisher out, as it would not behind a pool in transaction mode."""
    try:
        with closing(connection.copy()) as one, closing(connection.copy()) as other:
            holds = lock_holds(one, other)
    except DatabaseError as failure:
        return Finding("Database sessions", "fail", str(failure).splitlines()[0], "Mend what is said about Database.")
    if not holds:
        return Finding(
            "Database sessions",
            "fail",
            "a lock does not outlast its statement: two processes could publish at once",
            "A pool stands between Udgam and PostgreSQL in transaction or statement mode. Set it to session mode, or let "
            "DATABASE_URL name the server itself.",
        )
    return Finding("Database sessions", "ok", "locks are kept from one statement to the next")


def lock_holds(one: BaseDatabaseWrapper, other: BaseDatabaseWrapper) -> bool:
    """Take a lock on one connection, try it on the other, and give it back on the first. The lock's number is used once.

    A pool may hand out its sessions in turn, so the other tries often enough to meet the one with the lock.
    """
    key = secrets.randbits(63)
    with one.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_advisory_lock(%s)", [key])
        before = cursor.fetchone()[0]
    if any(_can_take(other, key) for _ in range(TRIES)):
        return False
    with one.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_advisory_unlock(%s)", [key])
        after, given_back = cursor.fetchone()
    return bool(given_back and after == before)


def _can_take(other: BaseDatabaseWrapper, key: int) -> bool:
    """Whether the lock can be had although somebody has it; it is then given back twice, for both spoke in one session."""
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_lock(%s) THEN pg_advisory_unlock(%s) AND pg_advisory_unlock(%s) ELSE false END",
            [key] * 3,
        )
        return bool(cursor.fetchone()[0])
