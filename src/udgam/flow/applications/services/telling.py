"""Mail to the people of a firm about one of its applications."""

from __future__ import annotations

from datetime import datetime

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import subject_of
from udgam.flow.registration.queries import members_of
from udgam.ground.messages.services import queue_mail
from udgam.parties.agencies.shown import office_in_words


def tell_of_submission(*, application: Application, now: datetime) -> None:
    """Write to the firm's people that the office has the application."""
    office = application.office
    for person in members_of(application.exporter_id):
        queue_mail(
            to=person.email,
            template="applications/submitted",
            context={
                "number": application.number,
                "office": office_in_words(office) if office else "",
                "consignee": application.consignee_name,
                "path": f"/applications/{application.public_id}/",
            },
            language=person.language,
            now=now,
            subject_ref=subject_of(application),
        )
