from __future__ import annotations

from django.utils import timezone

from udgam.ground.documents import services
from udgam.ground.tasks import task


@task("documents.sweep_orphans", every="40 21 * * *")
def sweep_orphans() -> None:
    """Every night: delete bytes that a failed transaction left behind."""
    services.sweep_orphans(now=timezone.now())
