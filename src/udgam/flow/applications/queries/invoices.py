"""Whether the firm named an invoice before: asked when it checks its answers, and by the officer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Upper

from udgam.flow.applications.models import Application, ApplicationInvoice


def same_invoices_elsewhere(application: Application, numbers: Sequence[str]) -> list[tuple[str, Application]]:
    """The numbers of invoices that another application of the firm names too, neither withdrawn nor refused, with the first such."""
    of_firm = Q(application__exporter=application.exporter_id, upper__in={number.upper() for number in numbers})
    away = Q(application=application.id) | Q(application__state__in=("withdrawn", "refused"))
    rows = ApplicationInvoice.objects.annotate(upper=Upper("number")).filter(of_firm, ~away)
    first = {
        row.number.upper(): row.application for row in rows.select_related("application").order_by("-application_id")
    }
    return [(number, first[number.upper()]) for number in numbers if number.upper() in first]
