"""A renewed certificate of somebody who acts for the firm."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from udgam.flow.registration import queries
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.services.refresh import decide_filing
from udgam.ground.messages.services import queue_mail
from udgam.parties.accounts.models import EnrolledToken, Person


def apply_renewal(*, person: Person, new: EnrolledToken, now: datetime) -> None:
    """The new certificate is enrolled: decide about filing again, and tell the firm's other people."""
    with transaction.atomic():
        member_of = queries.exporter_of(person)
        if member_of is None:
            return
        exporter = Exporter.objects.select_for_update().get(pk=member_of.pk)
        decide_filing(exporter=exporter, firm=queries.firm_record(exporter), now=now)
        exporter.save(update_fields=["filing_stopped", "filing_stopped_params"])
        for colleague in queries.members_of(exporter):
            if colleague.pk != person.pk and colleague.email:
                queue_mail(
                    to=colleague.email,
                    template="registration/colleague_renewed",
                    context={"holder": new.holder, "firm": exporter.name, "valid_to": new.valid_to},
                    language=colleague.language,
                    now=now,
                    subject_ref=f"exporter:{exporter.public_id}",
                )
