"""A person takes a copy of what is kept about them, or has it erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Func, Value
from django.db.models.functions import Lower, Right
from django.utils.translation import gettext as _

from udgam.ground.audit.services import erase_name, record
from udgam.ground.messages.services import forget_messages_to, queue_mail
from udgam.parties.accounts.actors import actor_of, subject_of
from udgam.parties.accounts.models import EarlierAddress, EnrolledToken, Person, TellingChoice
from udgam.parties.accounts.personal_data import Kept, contributors
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services.open_sessions import end_all_sessions
from udgam.rules.identifiers.contact import ten_digits


def export_own_data(*, person: Person, now: datetime) -> dict[str, Any]:
    """Everything the rooms keep about the person, by room, as JSON values."""
    with transaction.atomic():
        record(act="person.data_exported", subject=subject_of(person), actor=actor_of(person), now=now)
        parts = {part.room: part.export(person) for part in contributors()}
    return {"format": "udgam.own-data/1", "made_at": now.isoformat(), "rooms": parts}


def objections_to_erasure(*, person: Person) -> tuple[str, ...]:
    """Why the account cannot be erased yet, in the language of the page; empty when it can."""
    return tuple(
        sentence for part in contributors() if part.objections is not None for sentence in part.objections(person)
    )


def erase_account(*, person: Person, now: datetime) -> tuple[Kept, ...]:
    """Erase what may be erased and close the account for good; answers what stays and why.

    Raises `AccountRefused` ("account.erasure_waits" while a room objects, "account.erased_already").
    """
    with transaction.atomic():
        _wait_for_other_administrators(person)
        held = Person.objects.select_for_update().get(pk=person.pk)
        if held.erased_at:
            raise AccountRefused("account.erased_already")
        if objections_to_erasure(person=held):
            raise AccountRefused("account.erasure_waits")
        actor = actor_of(held)
        if held.email:
            queue_mail(
                to=held.email,
                template="accounts/erased",
                context={"username": held.username, "at": now},
                language=held.language,
                now=now,
                subject_ref=subject_of(held),
                fleeting=True,
            )
        own, shared = _addresses(held)
        forget_messages_to(addresses=own)
        kept = tuple(line for part in contributors() for line in part.erase(held, now))
        kept += (_kept_messages(),) if shared else ()
        record(act="person.erased", subject=subject_of(held), actor=actor, now=now)
        erase_name(actor_id=str(held.public_id), now=now, actor=actor_of(Person.objects.get(pk=held.pk)))
    return kept


def _addresses(person: Person) -> tuple[set[str], set[str]]:
    """Where the person is and was reached, as the outbox writes it: what is theirs alone, and what somebody else has or had too."""
    earlier = set(person.earlier_addresses.values_list("address", flat=True))
    mails = {address for address in (person.email.lower(), *earlier) if "@" in address}
    numbers = {ten_digits(number) for number in (person.mobile, *earlier - mails)} - {""}
    others = Person.objects.exclude(pk=person.pk)
    earlier_of_others = EarlierAddress.objects.exclude(person=person).filter(address__in=mails | numbers)
    held = set(earlier_of_others.values_list("address", flat=True))
    reached = others.alias(mail=Lower("email")).filter(mail__in=mails)
    held |= {email.lower() for email in reached.values_list("email", flat=True)}
    # Numbers are kept as they were typed: with spaces, with the country's code, or without.
    digits = Right(Func("mobile", Value(r"\D"), Value(""), Value("g"), function="REGEXP_REPLACE"), 10)
    called = others.exclude(mobile="").alias(digits=digits).filter(digits__in=numbers)
    held |= {ten_digits(mobile) for mobile in called.values_list("mobile", flat=True)}

    def written(addresses: set[str]) -> set[str]:
        return {address if "@" in address else f"+91{address}" for address in addresses}

    return written((mails | numbers) - held), written((mails | numbers) & held)


def _kept_messages() -> Kept:
    return Kept(
        _("Mails and text messages to an address or number that somebody else uses too"),
        _("They are deleted a year after they were sent."),
    )


def _wait_for_other_administrators(person: Person) -> None:
    """Administrators who erase themselves at once do so one after the other, so that the last one stays.

    Their rows are locked in one order, so none waits for a row that another holds while that one waits for theirs.
    """
    if person.kind == Person.Kind.ADMINISTRATOR:
        rows = Person.objects.filter(kind=Person.Kind.ADMINISTRATOR, is_active=True)
        list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def erase_person_row(*, person: Person, now: datetime) -> None:
    """Empty the person's own row and tokens. Runs inside ``erase_account``; the row itself stays for foreign keys."""
    end_all_sessions(person=person)
    person.tokens.filter(retired_at__isnull=True).update(
        retired_at=now, retired_reason=EnrolledToken.RetiredReason.ERASED
    )
    person.tokens.update(der=b"", holder="", organisation="", facts={}, decision={})
    person.reset_links.all().delete()
    person.sign_ins.update(device="")
    person.notices.all().delete()
    TellingChoice.objects.filter(person=person).delete()
    person.earlier_addresses.all().delete()
    Person.objects.filter(pk=person.pk).update(
        username=f"erased-{person.public_id}",
        name="",
        email="",
        mobile="",
        password="!",  # noqa: S106  # the mark of a password that never fits
        is_active=False,
        must_change_password=False,
        password_expires_at=None,
        email_changed_at=None,
        told_of_guessing_at=None,
        erased_at=now,
    )
    person.refresh_from_db()
