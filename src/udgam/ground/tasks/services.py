"""Look after the queue: take up again what a worker that died had begun, remove what is long done."""

from __future__ import annotations

from django.db import connection, transaction

# A worker writes its heartbeat every ten seconds; one that was silent for this long is dead.
SILENT_SECONDS = 120.0

# A worker that starts removes the rows of silent ones, which leaves their jobs without a worker; then the moment at which the job
# was started tells.
_STALLED = """
SELECT job.id, EXISTS (
    SELECT 1 FROM procrastinate_jobs other WHERE other.status = 'todo' AND other.queueing_lock = job.queueing_lock
) FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND COALESCE(
    worker.last_heartbeat,
    (SELECT max(event.at) FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'started')
) < now() - make_interval(secs => %s)
FOR UPDATE OF job SKIP LOCKED
"""


def revive_stalled(*, silent_seconds: float = SILENT_SECONDS) -> int:
    """Queue again the jobs of workers that went silent. Tasks are idempotent, so running one twice does no harm."""
    revived = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STALLED, [silent_seconds])
        for job, next_one_waits in cursor.fetchall():
            if next_one_waits:
                # The clock has queued the same task again already; only one of its kind may wait.
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job])
            else:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job])
                revived += 1
    return revived


def remove_done(*, days: int = 30) -> int:
    """Delete finished jobs whose last event is older than `days`; failed ones stay until somebody has looked at them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs job WHERE status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS "
            "(SELECT 1 FROM procrastinate_events event WHERE event.job_id = job.id "
            "AND event.at > now() - make_interval(days => %s))",
            [days],
        )
        removed: int = cursor.rowcount
    return removed
