"""A further certificate of somebody who acts for the firm: added by a signatory, or renewed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.registration import policies, queries
from udgam.flow.registration.models import Exporter, Membership
from udgam.flow.registration.reasons import RegistrationRefused, TokenRefused
from udgam.flow.registration.services.evidence import ShownToken, record_token_evidence
from udgam.flow.registration.services.refresh import decide_filing
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record as audit
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.parties.accounts.reasons import AccountRefused
from udgam.parties.accounts.services import enrol_token


def apply_renewal(*, person: Person, new: EnrolledToken, now: datetime) -> None:
    """The new certificate is enrolled: decide about filing again, and tell the firm's other people."""
    with transaction.atomic():
        member_of = queries.exporter_of(person)
        if member_of is None:
            return
        exporter = Exporter.objects.select_for_update().get(pk=member_of.pk)
        decide_filing(exporter=exporter, firm=queries.firm_record(exporter), now=now)
        exporter.save(update_fields=["filing_stopped", "filing_stopped_params"])
        for colleague in queries.members_of(exporter.id):
            if colleague.pk != person.pk and colleague.email:
                queue_mail(
                    to=colleague.email,
                    template="registration/colleague_renewed",
                    context={"holder": new.holder, "firm": exporter.name, "valid_to": new.valid_to},
                    language=colleague.language,
                    now=now,
                    subject_ref=f"exporter:{exporter.public_id}",
                )


def add_token(*, person: Person, exporter: Exporter, shown: ShownToken, actor: Actor, now: datetime) -> EnrolledToken:
    """Enrol a signatory's own token: the binding table must say that its holder acts for the firm.

    Raises `TokenRefused` with the table's reason, `RegistrationRefused` "people.not_a_signatory_role" or "registration.token_in_use".
    """
    if not policies.may_sign(person, exporter):
        raise RegistrationRefused("people.not_a_signatory_role")
    verdict = policies.signatory_token_accepts(exporter, shown.certificate)
    if not verdict:
        raise TokenRefused(verdict.reason, **verdict.params)
    with transaction.atomic():
        try:
            token = enrol_token(
                person=person,
                certificate=shown.certificate,
                facts=shown.facts,
                decision=verdict.decision,
                actor=actor,
                now=now,
            )
        except AccountRefused as refused:
            raise RegistrationRefused("registration.token_in_use") from refused
        record_token_evidence(
            purpose="add-token",
            subject=f"exporter:{exporter.public_id}",
            iec=exporter.iec,
            shown=shown,
            decision=verdict.decision,
            now=now,
        )
        Membership.objects.filter(person=person, exporter=exporter, until__isnull=True).update(
            holder_name=token.holder[:200]
        )
        audit(
            act="exporter.token_added",
            subject=f"exporter:{exporter.public_id}",
            actor=actor,
            now=now,
            details={"sha256": token.sha256},
        )
    return token
