from __future__ import annotations

from udgam.ground.tasks import services, task


@task("tasks.revive_stalled", every="* * * * *")
def revive_stalled() -> None:
    """Every minute: take up again what a worker that died had begun."""
    services.revive_stalled()


@task("tasks.remove_done", every="20 21 * * *")
def remove_done() -> None:
    """Every night: remove jobs that were done a month ago."""
    services.remove_done()
