"""Registration numbers: never twice, whatever happens at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from tests.rooms.registration.firms import agreed_attempt, certificate_for, firm_record, register_firm, tax_places
from udgam.flow.registration import services
from udgam.flow.registration.models import Exporter, Registration
from udgam.flow.registration.places import DetailsRefused
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.ground.audit.actors import ANONYMOUS
from udgam.parties.accounts.models import Person
from udgam.rules.numbers import parse_registration_number
from udgam.sandbox import cast

MANY = 50


def _many_records() -> list:  # type: ignore[type-arg]
    base = firm_record("spices")
    return [
        replace(
            base,
            iec=f"{5900000 + n:010d}",
            email=f"firm{n}@malabar-monsoon.example",
            mobile=f"99998{n:05d}",
        )
        for n in range(MANY)
    ]


def _at_once(work: list) -> list[BaseException]:  # type: ignore[type-arg]
    """Run all of it in threads that begin together; answers what was raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(len(work))

    def run(job) -> None:  # type: ignore[no-untyped-def]
        try:
            gate.wait()
            job()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_fifty_simultaneous_registrations_give_fifty_different_numbers_without_a_gap() -> None:
    records = _many_records()
    attempts = [agreed_attempt(record) for record in records]

    def complete(attempt: Registration, record) -> None:  # type: ignore[no-untyped-def]
        services.complete_registration(
            attempt_id=attempt.public_id,
            places=tax_places(record),
            aeo="",
            actor=ANONYMOUS,
            now=datetime(2026, 11, 22, 10, tzinfo=UTC),
        )

    raised = _at_once(
        [
            lambda attempt=attempt, record=record: complete(attempt, record)
            for attempt, record in zip(attempts, records, strict=True)
        ]
    )
    assert raised == []
    numbers = sorted(Exporter.objects.values_list("registration_number", flat=True))
    assert numbers == [f"EIC/2026/{n:04d}" for n in range(1, MANY + 1)]
    assert Person.objects.count() == MANY


@pytest.mark.django_db(transaction=True)
def test_two_directors_finishing_at_once_register_the_firm_once() -> None:
    record = firm_record("spices")
    attempts = []
    for person in record.people[:2]:
        other = replace(record)
        attempts.append(_second_attempt(other, person.name))
    raised = _at_once(
        [
            lambda attempt=attempt: services.complete_registration(
                attempt_id=attempt.public_id,
                places=tax_places(record),
                aeo="",
                actor=ANONYMOUS,
                now=record.fetched_at,
            )
            for attempt in attempts
        ]
    )
    assert [type(error) for error in raised] == [RegistrationRefused]
    assert raised[0].code == "registration.already_registered"  # type: ignore[attr-defined]
    assert Exporter.objects.count() == Person.objects.count() == 1
    assert parse_registration_number(Exporter.objects.get().registration_number).n == 1
    # The one that lost can try again and is told the same; nothing of it was left behind.
    assert Registration.objects.filter(stage=Registration.Stage.AGREED).count() == 1


def _second_attempt(record, holder: str) -> Registration:  # type: ignore[no-untyped-def]
    from django.utils import timezone

    from udgam.flow.registration.models import OneTimeCode

    # The codes of the first attempt count against the limit of one a minute; they belong to the past here.
    OneTimeCode.objects.update(sent_at=timezone.now() - timedelta(days=400))
    return agreed_attempt(record, certificate=certificate_for(holder, iec=record.iec))


@pytest.mark.django_db
def test_the_year_is_the_indian_one_and_the_series_starts_again(settings) -> None:  # type: ignore[no-untyped-def]
    evening_of_31_december = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)  # 23:30 in India
    half_an_hour_later = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)  # midnight in India
    first, _ = register_firm("spices", now=evening_of_31_december)
    second, _ = register_firm("ceramics", now=half_an_hour_later)
    assert first.registration_number == "EIC/2026/0001"
    assert second.registration_number == "EIC/2027/0001"


@pytest.mark.django_db
def test_the_prefix_is_a_setting(settings) -> None:  # type: ignore[no-untyped-def]
    settings.REGISTRATION_PREFIX = "SEC"
    exporter, _ = register_firm("spices")
    assert exporter.registration_number.startswith("SEC/")


@pytest.mark.django_db
def test_a_refused_completion_uses_up_no_number() -> None:
    record = firm_record("spices")
    attempt = agreed_attempt(record)
    with pytest.raises(DetailsRefused):
        services.complete_registration(
            attempt_id=attempt.public_id, places={}, aeo="", actor=ANONYMOUS, now=record.fetched_at
        )
    exporter, _ = register_firm("ceramics")
    assert exporter.registration_number.endswith("/0001")
    assert cast.firm_by_key("ceramics").iec == exporter.iec
