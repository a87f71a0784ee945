"""A backup is restored into a new directory on a new database: the register made there is the one that was published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import hashlib, json, os, sys
from pathlib import Path
from udgam.sandbox.throw_away import throw_away_installation

def digests(folder):
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
            for f in sorted(Path(folder).rglob("*")) if f.is_file() and not f.name.startswith(".")}

with throw_away_installation() as installation:
    from django.db import connections
    from django.utils import timezone
    from udgam.sandbox.first_certificate import issue_first_certificate
    from udgam.flow.issuance.models import Certificate, LogEntry
    from udgam.flow.issuance.register import publishing
    from udgam.web import backup

    certificate = issue_first_certificate(installation)
    publishing.publish(now=timezone.now())
    keys = Path(os.environ["UDGAM_VAR"])
    saved, again, published = keys / "saved", keys / "again", keys / "published"
    publishing.rebuild(folder=published)
    connections.close_all()
    assert backup.main(["save", str(saved)]) == 0
    # What happens after the backup is gone with the machine.
    Certificate.objects.update(number="LOST")
    LogEntry.objects.all().delete()
    connections.close_all()
    assert backup.main(["restore", str(saved)]) == 0
    connections.close_all()
    publishing.rebuild(folder=again)
    done = Certificate.objects.get()
    print(json.dumps({
        "same": digests(published) == digests(again), "files": len(digests(again)),
        "number": done.number == certificate.number, "entries": LogEntry.objects.filter(certificate=done).count(),
        "file": hashlib.sha256(done.file.read()).hexdigest() == done.file_sha256,
    }))
"""


@pytest.mark.slow
def test_a_restored_installation_publishes_the_same_register() -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    assert answer["files"] > 5
    assert answer == {"same": True, "files": answer["files"], "number": True, "entries": 1, "file": True}
