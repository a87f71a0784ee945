from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from udgam.ground.audit import acts, services, verify
from udgam.ground.audit.actors import Actor, SystemActor
from udgam.ground.audit.hashing import GENESIS, DetailsRefused, canonical
from udgam.ground.audit.models import Act, Link, LinkedHead, UnlinkedAct
from udgam.ground.audit.queries import acts_by, acts_of

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
PERSON = Actor(kind="person", id="6f1c", role="exporter", name="Asha Rao")
acts.register_acts("parcel.opened", "parcel.closed")

pytestmark = pytest.mark.django_db


def opened(subject: str = "parcel:1", **details: Any) -> services.Recorded:
    with transaction.atomic():
        return services.record(act="parcel.opened", subject=subject, actor=PERSON, now=NOW, details=details)


def without_triggers(statement: str, *values: str) -> None:
    """Tamper as somebody could who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_each_act_carries_the_hash_of_the_one_before_it() -> None:
    first, second = opened(), opened(weight=12)
    other = opened("parcel:2")
    rows = list(Act.objects.filter(subject="parcel:1").order_by("number"))
    assert [(row.number, row.previous, row.hash) for row in rows] == [
        (1, GENESIS, first.hash),
        (2, first.hash, second.hash),
    ]
    assert (other.number, Act.objects.get(subject="parcel:2").previous) == (1, GENESIS)
    assert verify.verify_chain("parcel:1") == verify.ChainReport("parcel:1", 2, second.hash)
    assert verify.verify_chain("parcel:9") == verify.ChainReport("parcel:9", 0, None)


def test_an_act_that_no_room_registers_is_refused() -> None:
    with pytest.raises(acts.UnknownAct):
        services.record(act="parcel.eaten", subject="parcel:1", actor=PERSON, now=NOW)
    with pytest.raises(ValueError, match=r"subject\.past_participle"):
        acts.register_acts("Parcel Eaten")


@pytest.mark.parametrize(
    "details",
    [{"at": NOW}, {"weight": 1.5}, {"name": "a\x00b"}, {"name": "\ud800"}, {"big": 2**60}, {"in": [{1: "x"}]}],
)
def test_details_without_one_spelling_are_refused(details: dict[str, Any]) -> None:
    with pytest.raises(DetailsRefused):
        opened(**details)
    assert not Act.objects.exists()


def test_canonical_json_sorts_by_utf_16_as_rfc_8785_says() -> None:
    # RFC 8785 section 3.2.3: the emoji (a surrogate pair from U+D83D) stands before U+FB33.
    value = {"\ufb33": 1, "\U0001f600": 2, "\r": 3, "1": 4, "\u00f6": 5, "\u20ac": 6}
    order = list(json.loads(canonical(value)))
    assert order == ["\r", "1", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical({"b": "\u20ac\n", "a": [True, None, 1]}) == '{"a":[true,null,1],"b":"\u20ac\\n"}'.encode()


@pytest.mark.parametrize("table", ["audit_act", "audit_link", "audit_linkedhead"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_was_recorded(table: str, verb: str) -> None:
    opened()
    services.link_heads(now=NOW)
    with connection.cursor() as cursor:
        # The tests switch this trigger off so that they can clean up; see tests/conftest.py.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_never_emptied")
    with (
        pytest.raises(DatabaseError, match="The audit only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))
    assert (Act.objects.count(), Link.objects.count(), LinkedHead.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE audit_act SET details = '{\"weight\": 13}' WHERE number = 2", "its content is not what was recorded"),
        ("UPDATE audit_act SET actor_id = 'x' WHERE number = 2", "its content is not what was recorded"),
        ("UPDATE audit_act SET at = at + interval '1 microsecond' WHERE number = 2", "its content is not"),
        ("DELETE FROM audit_act WHERE number = 2", "an act is missing"),
        ("DELETE FROM audit_act WHERE number = 1", "an act is missing"),
        ("UPDATE audit_act SET previous = repeat('1', 64) WHERE number = 3", "it does not follow"),
        ("DELETE FROM audit_act WHERE number = 3", "a link recorded another act here"),
        ("DELETE FROM audit_act", "a link recorded another act here"),
    ],
)
def test_tampering_with_a_chain_is_found(statement: str, reason: str) -> None:
    opened()
    opened(weight=12)
    opened()
    services.link_heads(now=NOW)
    verify.verify_chain("parcel:1")
    without_triggers(statement)
    with pytest.raises(verify.ChainBroken, match=reason):
        verify.verify_chain("parcel:1")


def test_links_join_the_heads_that_moved() -> None:
    opened()
    opened()
    opened("parcel:2")
    assert services.link_heads(now=NOW) == 1
    assert services.link_heads(now=NOW) is None
    opened("parcel:2")
    assert services.link_heads(now=NOW) == 2
    assert list(LinkedHead.objects.order_by("link", "subject").values_list("link", "subject", "number")) == [
        (1, "parcel:1", 2),
        (1, "parcel:2", 1),
        (2, "parcel:2", 2),
    ]
    assert not UnlinkedAct.objects.exists()
    report = verify.verify_links()
    assert (report.links, report.unknown_keys) == (2, 0)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE audit_linkedhead SET hash = repeat('1', 64) WHERE link_id = 1", "its heads are not what was recorded"),
        ("UPDATE audit_link SET at = at + interval '1 second' WHERE number = 1", "does not follow"),
        ("UPDATE audit_link SET signature = repeat('1', 128) WHERE number = 1", "its signature does not hold"),
        (
            "DELETE FROM audit_linkedhead WHERE link_id = 1; DELETE FROM audit_link WHERE number = 1",
            "a link is missing",
        ),
    ],
)
def test_tampering_with_the_links_is_found(statement: str, reason: str) -> None:
    opened()
    services.link_heads(now=NOW)
    opened()
    services.link_heads(now=NOW)
    without_triggers(statement)
    with pytest.raises(verify.ChainBroken, match=reason):
        verify.verify_links()


def test_a_link_signed_by_an_old_key_stays_checkable_when_that_key_is_listed(settings: object) -> None:
    from udgam.ground.audit import signing_key

    opened()
    services.link_heads(now=NOW)
    old = signing_key.current().public_hex
    settings.SECRET_KEY = "another secret of this installation"  # type: ignore[attr-defined]
    assert verify.verify_links().unknown_keys == 1
    settings.AUDIT_OLD_PUBLIC_KEYS = [old]  # type: ignore[attr-defined]
    assert verify.verify_links().unknown_keys == 0


def test_an_erased_name_leaves_the_chain_whole() -> None:
    opened()
    assert acts_of("parcel:1")[0].actor_name == "Asha Rao"
    services.erase_name(actor_id=PERSON.id, actor=SystemActor("test"), now=NOW)
    assert acts_of("parcel:1")[0].actor_name is None
    assert verify.verify_chain("parcel:1").acts == 1
    assert [line.act for line in acts_of(f"person:{PERSON.id}")] == ["person_name.erased"]
    # The name stands nowhere in what is chained.
    assert "Asha" not in str(list(Act.objects.values()))


def test_lists_come_in_the_order_asked_for() -> None:
    for weight in (1, 2, 3):
        opened(weight=weight)
    assert [line.details["weight"] for line in acts_of("parcel:1")] == [1, 2, 3]
    assert [line.details["weight"] for line in acts_of("parcel:1", newest_first=True, limit=2)] == [3, 2]
    assert len(acts_by(PERSON.id)) == 3
    assert acts_by(PERSON.id, acts=["parcel.closed"]) == ()


def test_details_survive_the_database_as_they_were_hashed() -> None:
    opened("parcel:1", **{"नाम": "मूल", "list": [1, None, True, {"a": "b"}], "z": "", "a": -5})
    assert verify.verify_chain("parcel:1").acts == 1
