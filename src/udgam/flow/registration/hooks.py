"""What this room hangs into the rooms below: renewal of tokens, the way after signing in, one's own data, documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from udgam.flow.registration import queries
from udgam.flow.registration.models import DeclarationConsent, Invitation, Membership
from udgam.flow.registration.services import apply_renewal
from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.parties.accounts.personal_data import Kept
from udgam.rules.binding import CertificateFacts, Decision, decide_exporter


def decide_renewal(person: Person, facts: CertificateFacts, now: datetime) -> Decision:
    """Whether a renewed certificate satisfies the same table for the person's firm."""
    exporter = queries.own_firm_of(person)
    if exporter is None:
        return Decision(allowed=False, rule="before the table", reason="registration.not_registered")
    return decide_exporter(
        facts,
        queries.firm_record(exporter),
        exporter.iec,
        exceptions=queries.name_exceptions_for(exporter.iec, facts.to_json(), facts.sha256),
    )


def renewed_token(person: Person, new: EnrolledToken, now: datetime) -> None:
    """The renewed certificate is enrolled: the firm's right to file is decided again."""
    apply_renewal(person=person, new=new, now=now)


def export_own_data(person: Person) -> dict[str, Any]:
    """What this room keeps about a person: the firm they act for, its contact, and what was agreed to."""
    acts_for = [
        {
            "iec": row.exporter.iec,
            "firm": row.exporter.name,
            "role": row.role,
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
        }
        for row in Membership.objects.select_related("exporter").filter(person=person).order_by("since")
    ]
    exporter = queries.own_firm_of(person)
    if exporter is None:
        return {"acts_for": acts_for} if acts_for else {}
    consents = DeclarationConsent.objects.filter(registration__exporter=exporter).order_by("agreed_at")
    return {
        "acts_for": acts_for,
        "iec": exporter.iec,
        "registration_number": exporter.registration_number,
        "registered_at": exporter.registered_at.isoformat(),
        "email": exporter.email,
        "mobile": exporter.mobile,
        "iec_record": exporter.record,
        "agreed": [
            {
                "version": consent.version,
                "language": consent.language,
                "text_sha256": consent.text_sha256,
                "at": consent.agreed_at.isoformat(),
                "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
            }
            for consent in consents
        ],
    }


def erase_own_data(person: Person, now: datetime) -> tuple[Kept, ...]:
    """The membership ends; the registration itself and its evidence stay on the ground of the law on certificates."""
    exporter = queries.own_firm_of(person)
    Membership.objects.filter(person=person, until__isnull=True).update(until=now)
    Invitation.objects.filter(email__iexact=person.email, accepted_at__isnull=False).update(
        email=f"erased-{person.public_id}@invalid.example", name=""
    )
    if exporter is None:
        return ()
    return (
        Kept(
            _("The firm’s registration, its IEC record and the evidence of the token"),
            _("Certificates already issued must stay verifiable, and it must stay provable who acted for the firm."),
        ),
    )
