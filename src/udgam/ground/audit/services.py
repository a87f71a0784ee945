"""Add an act; join the heads of all subjects into a link; erase the name beside a person's acts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from udgam.ground.audit import hashing, signing_key
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.acts import require_known
from udgam.ground.audit.models import Act, ActorName, Link, LinkedHead, UnlinkedAct

log = logging.getLogger("udgam.audit")

# Nearly every request records something, so this is written for the database: three statements an act.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_HEAD = """
SELECT head.number, head.hash, (SELECT name FROM audit_actorname WHERE actor_id = %s)
FROM (SELECT) AS always
LEFT JOIN LATERAL (SELECT number, hash FROM audit_act WHERE subject = %s ORDER BY number DESC LIMIT 1) AS head ON true
"""
_ADD = """
WITH added AS (
  INSERT INTO audit_act
    (subject, number, act, at, actor_kind, actor_id, actor_role, actor_office, details, previous, hash)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
)
INSERT INTO audit_unlinkedact (act_id) SELECT id FROM added
"""


class RecordedOutsideTransaction(RuntimeError):
    """An act was recorded where no transaction is open, so that it could stand although the change failed."""


@dataclass(frozen=True)
class Recorded:
    """Where the act stands in the chain of its subject."""

    number: int
    hash: str


def record(
    *, act: str, subject: str, actor: Actor, now: datetime, details: Mapping[str, Any] | None = None
) -> Recorded:
    """Add an act to the chain of its subject, in the transaction of the change that it records.

    ``subject`` is "kind:identifier" (at most 120 signs). ``details`` are plain JSON without fractions and carry no personal data.
    Raises ``UnknownAct``, ``RecordedOutsideTransaction``, ``DetailsRefused``.
    """
    require_known(act)
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(f"{act} must be recorded in the transaction of the change.")
    if ":" not in subject or len(subject) > 120:
        raise ValueError("A subject looks like application:3f0c and has at most 120 signs.")
    plain = dict(details or {})
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [f"audit {subject}"])
        # Another statement, so that it sees what was committed while we waited.
        cursor.execute(_HEAD, [actor.id, subject])
        last, last_hash, kept_name = cursor.fetchone()
        number = (last or 0) + 1
        fields: dict[str, Any] = {
            "subject": subject,
            "number": number,
            "act": act,
            "at": now,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_role": actor.role,
            "actor_office": actor.office,
            "details": plain,
            "previous": last_hash or hashing.GENESIS,
        }
        digest = hashing.act_hash(**fields)
        cursor.execute(_ADD, [*{**fields, "details": Jsonb(plain)}.values(), digest])
    if actor.kind == "person" and actor.name and actor.name != kept_name:
        _keep_name(actor, now)
    log.info("act", extra={"act": act})
    return Recorded(number, digest)


def _keep_name(actor: Actor, now: datetime) -> None:
    """Keep the name beside the acts. One that stands there already is only read: a person's acts at the same moment about different
    subjects would otherwise wait for each other on its row, and for ever when one of them then turns to the other's subject."""
    ActorName.objects.update_or_create(actor_id=actor.id, defaults={"name": actor.name, "noted_at": now})


def link_heads(*, now: datetime) -> int | None:
    """Join the heads that moved since the last link into a new link with a signed head; None when nothing moved.

    Acts whose transaction is not committed yet are simply seen by the next link.
    """
    with transaction.atomic():
        _wait_for_turn("audit links")
        waiting = list(UnlinkedAct.objects.select_for_update(skip_locked=True).values_list("pk", flat=True))
        if not waiting:
            return None
        heads: dict[str, tuple[str, int, str]] = {}
        for subject, number, digest in Act.objects.filter(pk__in=waiting).values_list("subject", "number", "hash"):
            if subject not in heads or heads[subject][1] < number:
                heads[subject] = (subject, number, digest)
        last = Link.objects.order_by("-number").first()
        link = _make_link(last, list(heads.values()), now)
        LinkedHead.objects.bulk_create(
            LinkedHead(link=link, subject=subject, number=number, hash=digest)
            for subject, number, digest in sorted(heads.values())
        )
        UnlinkedAct.objects.filter(pk__in=waiting).delete()
        return link.number


def _make_link(last: Link | None, heads: list[tuple[str, int, str]], now: datetime) -> Link:
    number, previous = (last.number + 1, last.hash) if last else (1, hashing.GENESIS)
    heads_digest = hashing.heads_hash(heads)
    digest = hashing.link_hash(number=number, at=now, heads=heads_digest, previous=previous)
    key = signing_key.current()
    return Link.objects.create(
        number=number,
        at=now,
        heads_hash=heads_digest,
        previous=previous,
        hash=digest,
        key_id=key.key_id,
        signature=key.sign(digest),
    )


def erase_name(*, actor_id: str, actor: Actor, now: datetime) -> None:
    """Remove the name that stands beside a person's acts. The acts and their chains stay as they are."""
    with transaction.atomic():
        ActorName.objects.filter(actor_id=actor_id).delete()
        record(act="person_name.erased", subject=f"person:{actor_id}", actor=actor, now=now)


def _wait_for_turn(what: str) -> None:
    """Let one transaction at a time go on for the same thing, until it is committed; others are not held up."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [what])
