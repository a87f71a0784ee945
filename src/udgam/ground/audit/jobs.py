from __future__ import annotations

from django.utils import timezone

from udgam.ground.audit import services
from udgam.ground.tasks import task


@task("audit.link_heads", every="* * * * *")
def link_heads() -> None:
    """Every minute: join what was recorded since the last link."""
    services.link_heads(now=timezone.now())
