from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from udgam.ground.audit import acts, services, verify
from udgam.ground.audit.actors import Actor, SystemActor
from udgam.ground.audit.models import ActorName, UnlinkedAct

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
acts.register_acts("parcel.opened")


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused() -> None:
    with pytest.raises(services.RecordedOutsideTransaction):
        services.record(act="parcel.opened", subject="parcel:1", actor=SystemActor("test"), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_on_one_subject_make_one_chain_while_links_are_made() -> None:
    errors: list[Exception] = []

    def add(worker: int) -> None:
        try:
            for turn in range(5):
                with transaction.atomic():
                    services.record(
                        act="parcel.opened",
                        subject="parcel:1",
                        actor=SystemActor("test"),
                        now=NOW,
                        details={"worker": worker, "turn": turn},
                    )
                services.link_heads(now=NOW)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    services.link_heads(now=NOW)
    assert verify.verify_chain("parcel:1").acts == 40
    assert verify.verify_links().links >= 1
    assert not UnlinkedAct.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_goes_with_the_change_that_failed() -> None:
    def change() -> None:
        with transaction.atomic():
            services.record(act="parcel.opened", subject="parcel:1", actor=SystemActor("test"), now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert verify.verify_chain("parcel:1").acts == 0


@pytest.mark.django_db
def test_the_command_names_what_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    services.record(act="parcel.opened", subject="parcel:1", actor=SystemActor("test"), now=NOW)
    services.link_heads(now=NOW)
    call_command("verify_audit")
    assert "1 acts on 1 subjects" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_act SET act = 'parcel.closed'")
    with pytest.raises(CommandError, match="parcel:1 breaks at 1"):
        call_command("verify_audit")


@pytest.mark.django_db(transaction=True)
def test_a_person_who_acts_twice_at_once_does_not_wait_for_oneself() -> None:
    """The second act is about something else, and is committed while the first one's transaction is still open."""
    person = Actor(kind="person", id="0b9e", role="officer", office="SEC-MUM", name="Meera Kulkarni")
    with transaction.atomic():
        services.record(act="parcel.opened", subject="parcel:0", actor=person, now=NOW)
    done: list[int] = []

    def add() -> None:
        try:
            with transaction.atomic():
                done.append(services.record(act="parcel.opened", subject="parcel:2", actor=person, now=NOW).number)
        finally:
            connection.close()

    second = threading.Thread(target=add)
    with transaction.atomic():
        services.record(act="parcel.opened", subject="parcel:1", actor=person, now=NOW)
        second.start()
        second.join(timeout=300)
        assert done == [1]
    second.join()
    assert ActorName.objects.get().name == "Meera Kulkarni"
