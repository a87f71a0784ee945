from __future__ import annotations

from django.apps import AppConfig


class ExaminationConfig(AppConfig):
    """The officer's desk: the queue of the office, the case with its papers, the decision."""

    name = "udgam.flow.examination"
    label = "examination"

    def ready(self) -> None:
        from udgam.flow.applications.queries import office_documents_visible
        from udgam.flow.examination.costs import cost_panel
        from udgam.flow.examination.origin_panel import origin_panel
        from udgam.flow.examination.panels import register_panel
        from udgam.ground.documents.owners import register_owner
        from udgam.parties.accounts.landing import register_landing
        from udgam.parties.accounts.models import Person

        register_landing(Person.Kind.OFFICER, "examination:queue")
        register_panel("origin", "examination/panel_origin.html", origin_panel)
        register_panel("costs", "examination/panel_costs.html", cost_panel)
        # Reports of visits: for the office alone.
        register_owner("visit", office_documents_visible)
