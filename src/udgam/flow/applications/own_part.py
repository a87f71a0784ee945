"""What this room keeps about a person, for the export and the erasure of one's own data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from udgam.flow.applications.models import Application, Submission
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.personal_data import Kept


def export_own_data(person: Person) -> dict[str, Any]:
    """The applications the person began, and the versions the person signed."""
    begun = Application.objects.filter(created_by=person).order_by("created_at")
    signed = Submission.objects.filter(prepared_by=person, signature__isnull=False).order_by("signed_at")
    return {
        "begun": [
            {
                "application": str(row.public_id),
                "number": row.number,
                "state": row.state,
                "begun_at": row.created_at.isoformat(),
                "name_of_the_person_who_signs": row.declarant_name,
                "designation": row.declarant_designation,
            }
            for row in begun
        ],
        "signed": [
            {
                "application": str(row.application.public_id),
                "version": row.version,
                "sha256": row.sha256,
                "holder": row.signed_by_name,
                "signed_at": row.signed_at.isoformat() if row.signed_at else None,
            }
            for row in signed.select_related("application")
        ],
    }


def erase_own_data(person: Person, now: datetime) -> tuple[Kept, ...]:
    """The person's name leaves the drafts; what was signed stays as it was signed."""
    drafts = Application.objects.filter(created_by=person, state="draft", version=0, declarant_name=person.name)
    drafts.update(declarant_name="")
    signed = Submission.objects.filter(prepared_by=person, signature__isnull=False)
    if not signed.exists():
        return ()
    return (
        Kept(
            _("The applications you signed, with your name and your signature"),
            _("Certificates were issued or refused on them, and it must stay provable who declared what."),
        ),
    )
