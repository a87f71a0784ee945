"""What issuing asks of an application, several times a certificate."""

from __future__ import annotations

from datetime import datetime

from udgam.flow.applications.models import Application
from udgam.ground import statements
from udgam.parties.agencies.models import Office

_ASKED = (
    "public_id", "number", "state", "agreement", "office", "exporter", "decided_at", "decided_by", "needs_second_person",
    "consignee_name",
)  # fmt: skip
_LATEST_SIGNED = """
SELECT content FROM applications_submission
WHERE application_id = %s AND signature IS NOT NULL ORDER BY version DESC LIMIT 1
"""


def application_to_issue(application_id: int, *, office: Office | None = None) -> Application | None:
    """One application with what issuing asks of it and no more: each certificate asks several times.

    ``office`` is that of the certificate, if it was read already; the application's own is fetched when it is another one. What may change of an office is asked of the posts, not of this object.
    """
    found = statements.first(Application, only=_ASKED, id=application_id)
    if found is not None and office is not None and found.office_id == office.pk:
        found.office = office
    return found


def is_approved_at(application_id: int, decided_at: datetime) -> bool:
    """Whether an application is approved, and by the decision of that very moment."""
    return statements.exists(Application, id=application_id, state="approved", decided_at=decided_at)


def latest_signed_content(application_id: int) -> bytes | None:
    """The content of the newest signed version alone: what a certificate is made of."""
    found = statements.ask(_LATEST_SIGNED, [application_id])
    return None if found is None else bytes(found[0])
