"""What this room itself keeps about a person, for the person's own copy, and what it lets go of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from udgam.ground.audit.queries import acts_by
from udgam.parties.accounts.models import EnrolledToken, Person, SignInEvent
from udgam.parties.accounts.personal_data import Kept
from udgam.parties.accounts.queries import active_administrators, sign_in_log_days
from udgam.parties.accounts.services.own_data import erase_person_row


def export(person: Person) -> dict[str, Any]:
    """The account, its tokens, the attempts to sign in, and the recorded acts of the person."""
    return {
        "account": {
            "id": str(person.public_id),
            "user_name": person.username,
            "name": person.name,
            "email": person.email,
            "mobile": person.mobile,
            "language": person.language,
            "kind": person.kind,
            "created_at": person.created_at.isoformat(),
            "email_changed_at": _text(person.email_changed_at),
        },
        "earlier_addresses": [
            {"address": row.address, "until": row.left_at.isoformat()}
            for row in person.earlier_addresses.order_by("left_at")
        ],
        "tokens": [_token(row) for row in person.tokens.order_by("enrolled_at")],
        "notices": [
            {"at": row.at.isoformat(), "words": row.english, "read_at": _text(row.read_at)}
            for row in person.notices.order_by("at")
        ],
        "sign_ins": [_sign_in(row) for row in person.sign_ins.order_by("at")],
        "acts": [
            {"at": line.at.isoformat(), "act": line.act, "subject_number": line.number}
            for line in acts_by(str(person.public_id), limit=10_000)
        ],
    }


def erase(person: Person, now: datetime) -> tuple[Kept, ...]:
    """Empty the account. Two things stay, each for a reason in law."""
    erase_person_row(person=person, now=now)
    return (
        Kept(
            _("The log of sign-ins, without name and device"),
            _(
                "Kept for %(days)s days; the Digital Personal Data Protection Rules 2025, rule 8(3), ask for a year at least."
            )
            % {"days": sign_in_log_days()},
        ),
        Kept(
            _("The record of acts, under a number that names nobody"),
            _("Certificates that were issued must stay provable; the name beside the acts is erased."),
        ),
    )


def objections(person: Person) -> tuple[str, ...]:
    """The last administrator stays."""
    if person.kind == Person.Kind.ADMINISTRATOR and person.is_active and active_administrators() <= 1:
        return (_("This is the last account of an administrator. Make another administrator first."),)
    return ()


def _token(row: EnrolledToken) -> dict[str, Any]:
    return {
        "sha256": row.sha256,
        "holder": row.holder,
        "organisation": row.organisation,
        "issuer": row.issuer,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "enrolled_at": row.enrolled_at.isoformat(),
        "retired_at": _text(row.retired_at),
        "retired_reason": row.retired_reason,
    }


def _sign_in(row: SignInEvent) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "door": row.door,
        "method": row.method,
        "outcome": row.outcome,
        "address": row.address,
        "device": row.device,
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
