"""Where begin, connector and finish are strung together. Nothing here may run inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from udgam.flow.registration import queries, services
from udgam.flow.registration.models import ContactChange, Exporter, Registration
from udgam.ground.audit.actors import Actor
from udgam.ground.connectors import iec_register
from udgam.rules.duties import record_is_stale
from udgam.rules.firm import FirmRecord
from udgam.rules.firm_changes import Difference


@dataclass(frozen=True)
class Fetched:
    """What the register answered: a record, that it has none, or since when it has not answered."""

    firm: FirmRecord | None = None
    is_unknown: bool = False
    unavailable_since: datetime | None = None


@dataclass(frozen=True)
class Refreshed:
    """What changed in a firm's record, or since when the register has not answered (then the stored record stays)."""

    changes: tuple[Difference, ...] = ()
    unavailable_since: datetime | None = None


def fetch(iec: str, *, now: datetime) -> Fetched:
    """Ask the register, outside any transaction; a usable local copy stands in when it does not answer."""
    try:
        return Fetched(firm=iec_register.fetch(iec, now=now))
    except iec_register.IecUnknown:
        return Fetched(is_unknown=True)
    except iec_register.RegisterNotConfigured:
        copy = queries.usable_copy(iec, register_is_configured=False, now=now)
        # Without a register the imported files are the register: what is not in them is unknown.
        return Fetched(firm=copy) if copy else Fetched(is_unknown=True)
    except iec_register.RegisterAnswerMalformed:
        return _from_copy(iec, since=now, now=now)
    except iec_register.RegisterUnavailable as failure:
        return _from_copy(iec, since=failure.since, now=now)


def _from_copy(iec: str, *, since: datetime, now: datetime) -> Fetched:
    copy = queries.usable_copy(iec, register_is_configured=True, now=now)
    return Fetched(firm=copy) if copy else Fetched(unavailable_since=since)


def _outside_transaction() -> None:
    """Fail loudly when a caller holds a transaction open: the register may take seconds."""
    with transaction.atomic(durable=True):
        pass


def fetch_for_attempt(attempt: Registration, *, actor: Actor, clock: Callable[[], datetime]) -> Registration:
    """Fetch the record of an attempt and finish the step with whatever came."""
    _outside_transaction()
    fetched = fetch(attempt.iec, now=clock())
    now = clock()
    if fetched.firm is not None:
        return services.record_fetched(attempt_id=attempt.public_id, firm=fetched.firm, actor=actor, now=now)
    if fetched.is_unknown:
        return services.record_unknown(attempt_id=attempt.public_id, actor=actor, now=now)
    since = fetched.unavailable_since or now
    return services.record_unavailable(attempt_id=attempt.public_id, since=since, actor=actor, now=now)


def fetch_for_change(change: ContactChange, *, actor: Actor, clock: Callable[[], datetime]) -> ContactChange | None:
    """Fetch the record for a change of e-mail. None: the register does not answer."""
    _outside_transaction()
    fetched = fetch(change.exporter.iec, now=clock())
    now = clock()
    if fetched.firm is not None:
        return services.email_record_fetched(change_id=change.public_id, firm=fetched.firm, actor=actor, now=now)
    if fetched.is_unknown:
        return services.email_record_unknown(change_id=change.public_id)
    services.email_record_unavailable(change_id=change.public_id, since=fetched.unavailable_since or now)
    return None


def refresh_record(exporter_id: UUID, *, actor: Actor, now: datetime, only_if_stale: bool = False) -> Refreshed:
    """Fetch a registered firm's record again: at sign-in when older than a day, before each submission, on demand.

    Never raises for the register's sake: an outage answers since when, and the stored record stays.
    """
    _outside_transaction()
    exporter = Exporter.objects.get(public_id=exporter_id)
    if only_if_stale and not record_is_stale(exporter.record_fetched_at, now) and not exporter.unavailable_since:
        return Refreshed()
    fetched = fetch(exporter.iec, now=now)
    if fetched.firm is not None:
        return Refreshed(
            changes=services.finish_refresh(exporter_id=exporter_id, firm=fetched.firm, actor=actor, now=now)
        )
    if fetched.is_unknown:
        services.stop_unknown(exporter_id=exporter_id, actor=actor, now=now)
        return Refreshed()
    since = fetched.unavailable_since or now
    services.refresh_unavailable(exporter_id=exporter_id, since=since)
    return Refreshed(unavailable_since=since)
