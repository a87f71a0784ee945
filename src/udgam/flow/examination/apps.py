from __future__ import annotations

from django.apps import AppConfig


class ExaminationConfig(AppConfig):
    """The officer's desk: the queue of the office, the case with its papers, the decision."""

    name = "udgam.flow.examination"
    label = "examination"

    def ready(self) -> None:
        from udgam.parties.accounts.landing import register_landing
        from udgam.parties.accounts.models import Person

        register_landing(Person.Kind.OFFICER, "examination:queue")
