"""Questions asked so far become discrepancies with one point each; open cases get the time when they are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import F

PLACES = {"parties": "consignee", "transport": "transport", "goods": "items", "documents": "documents"}


def fill(apps: Any, schema_editor: Any) -> None:
    discrepancy = apps.get_model("applications", "Discrepancy")
    point = apps.get_model("applications", "DiscrepancyPoint")
    for row in discrepancy.objects.filter(points__isnull=True).iterator():
        point.objects.create(
            discrepancy=row,
            position=1,
            place=PLACES.get(row.subject, "other"),
            question=row.question[:1000],
            answer=row.answer[:1000],
        )
    application = apps.get_model("applications", "Application")
    undated = application.objects.filter(due_at__isnull=True, submitted_at__isnull=False)
    undated.update(due_at=F("submitted_at") + timedelta(hours=24))


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_questions_in_points_and_the_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
