"""Statements whose words are kept say what the ORM would say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, transaction

from udgam.flow.issuance.models import Outage, RunEntry
from udgam.ground import statements
from udgam.ground.agreements.models import AgreementEdition
from udgam.ground.messages.models import Message

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def outage(service: str = "time-stamps") -> Outage:
    row = Outage(service=service, began_at=NOW, last_failed_at=NOW, detail="HTTP 503 – 'quoted' %s")
    statements.add(row)
    return row


def test_a_row_that_is_added_is_the_row_that_the_orm_reads() -> None:
    row = outage()
    read = Outage.objects.get(pk=row.pk)
    assert not row._state.adding
    assert row._state.db == read._state.db
    fields = [field.attname for field in Outage._meta.concrete_fields]
    assert [getattr(row, name) for name in fields] == [getattr(read, name) for name in fields]


def test_a_row_with_a_key_of_its_own_keeps_it() -> None:
    message = Message(channel="mail", to="a@example.org", template="x/y", language="en", created_at=NOW)
    before = message.id
    statements.add(message)
    assert message.id == before
    assert Message.objects.get(pk=before).to == "a@example.org"


def test_the_first_row_is_an_object_of_the_orm() -> None:
    row = outage()
    found = statements.first(Outage, service="time-stamps", ended_at=None)
    assert found == row
    assert found.detail == row.detail
    assert not found.get_deferred_fields()
    assert statements.first(Outage, service="ocsp", ended_at=None) is None
    part = statements.first(Outage, only=("service",), id=row.id)
    assert part is not None
    assert part.get_deferred_fields() == {"began_at", "last_failed_at", "detail", "ended_at"}
    assert part.detail == row.detail


def test_a_value_that_is_wanted_empty_is_no_wildcard() -> None:
    row = outage()
    Outage.objects.filter(pk=row.pk).update(ended_at=NOW)
    assert not statements.exists(Outage, service="time-stamps", ended_at=None)
    assert statements.exists(Outage, service="time-stamps", ended_at=NOW)


def test_a_conditional_change_hits_what_still_is_as_it_was() -> None:
    row, other = outage(), outage("ocsp")
    hit = statements.change(Outage, where={"id": row.id, "ended_at": None}, to={"ended_at": NOW, "detail": ""})
    again = statements.change(Outage, where={"id": row.id, "ended_at": None}, to={"ended_at": NOW, "detail": ""})
    assert (hit, again) == (1, 0)
    assert Outage.objects.get(pk=row.pk).ended_at == NOW
    assert Outage.objects.get(pk=other.pk).ended_at is None


def test_a_statement_without_a_condition_is_refused() -> None:
    with pytest.raises(ValueError, match="condition"):
        statements.change(Outage, where={}, to={"detail": ""})


def test_a_value_never_becomes_part_of_the_words() -> None:
    row = outage()
    assert not statements.exists(Outage, service="x' OR ''='")
    statements.change(Outage, where={"id": row.id}, to={"detail": "'; DROP TABLE issuance_outage; --"})
    assert Outage.objects.get().detail.startswith("'; DROP")


def test_the_rules_of_the_database_hold_and_speak_djangos_language() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.add(Outage(service="x", began_at=None, last_failed_at=NOW))
    with pytest.raises(DataError), transaction.atomic():
        statements.add(Outage(service="x" * 500, began_at=NOW, last_failed_at=NOW))


def test_fields_that_the_orm_converts_are_left_to_it() -> None:
    with pytest.raises(TypeError, match="converts"):
        statements.first(AgreementEdition, code="x")
    assert statements.first(AgreementEdition, only=("sha256", "data"), code="x") is None


def test_the_columns_of_a_model_are_read_back_in_its_order() -> None:
    names = [field.column for field in RunEntry._meta.concrete_fields]
    assert statements.columns_of(RunEntry, "entry") == ", ".join(f'entry."{name}"' for name in names)
