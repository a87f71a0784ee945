"""The whole: a sandbox of its own with its processes, a crowd that works at once, and the books afterwards.

python -m tests.crowd.run [--exporters 80] [--officers 20] [--seconds 300]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.architecture.source import ROOT
from tests.crowd.browser import LATENCIES, Browser, Site
from tests.crowd.exporters import Exporter
from tests.crowd.officers import Officer
from tests.crowd.tokens import crowd, make_tokens
from tests.database_folder import database_folder
from tests.ports import neighbouring_ports
from udgam.sandbox.authority import LoadedToken
from udgam.signing.proof import TrustFolder, verify_pdf

_DUE = """
SELECT task_name, status, count(*) FROM procrastinate_jobs
WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now() + interval '20 seconds')
GROUP BY 1, 2 ORDER BY 3 DESC
"""


@dataclass
class Outcome:
    """What came of it."""

    exporters: list[Exporter]
    officers: list[Officer]
    broken: list[str]
    answers: Counter[str]
    refusals: Counter[str]
    seconds: float
    log_lines: list[str]
    books: dict[str, Any] = field(default_factory=dict)
    cpu: float = 0.0
    # What each fetched file is worth, by its certificate's number, as a stranger with the published folder finds.
    verified: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many answers the site gave."""
        return sum(self.answers.values())


@dataclass(frozen=True)
class Running:
    """A sandbox that runs: its port, its first process, and the environment of its parts."""

    port: int
    pid: int
    environment: dict[str, str]

    def cpu(self) -> float:
        """Seconds of processor time that its processes have taken, the database's included."""
        family = psutil.Process(self.pid).children(recursive=True)
        database = self.environment["DATABASE_URL"].partition("host=")[2]
        servers = [one for one in psutil.process_iter(["cmdline"]) if database in " ".join(one.info["cmdline"] or [])]
        family += [child for server in servers for child in (server, *server.children(recursive=True))]
        spent = 0.0
        for one in {each.pid: each for each in family}.values():
            try:
                times = one.cpu_times()
            except psutil.NoSuchProcess:
                continue
            spent += times.user + times.system + times.children_user + times.children_system
        return spent


@contextmanager
def sandbox(folder: Path, tokens: dict[str, LoadedToken], exporters: int, officers: int) -> Iterator[Running]:
    """The processes of `make run` in a folder, with the crowd's tokens known to its authority; answers where it is."""
    with neighbouring_ports(6) as port:
        yield from _run(folder, tokens, exporters, officers, port=port)


def _run(
    folder: Path, tokens: dict[str, LoadedToken], exporters: int, officers: int, *, port: int
) -> Iterator[Running]:
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))},
        "UDGAM_VAR": str(folder),
        "PORT": str(port),
        "UDGAM_SANDBOX_AGENT": "off",
        # A crowd on a busy machine waits longer for a register than people would.
        "UDGAM_CONNECTOR_SECONDS": "60",
        "UDGAM_ASSETS": str(ROOT / "var" / "assets"),
    }
    tokens.update(
        make_tokens(folder / "sandbox", crowd(exporters=exporters, officers=officers), authority_port=port + 2)
    )
    output = folder / "run.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "udgam.sandbox.run"], env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT
        )
    try:
        deadline = time.monotonic() + 900
        while "Stop with Ctrl-C" not in output.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the sandbox did not start:\n{output.read_text()}")
            time.sleep(0.2)
        database = f"postgresql://postgres@/postgres?host={folder / 'postgres'}"
        yield Running(
            port,
            process.pid,
            {**environment, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "udgam.web.settings.sandbox"},
        )
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def let_them_work(folder: Path, *, exporters: int, officers: int, seconds: float) -> Outcome:
    """Everything at once, until all exporters are done or the time is over; then the books."""
    tokens: dict[str, LoadedToken] = {}
    with sandbox(folder, tokens, exporters, officers) as running:
        environment = running.environment
        made = json.loads(_in_environment(environment, "tests.crowd.population", str(exporters), str(officers)))
        site = Site(running.port, seconds=seconds)
        began, before = time.monotonic(), running.cpu()
        outcome = _work(site, made, tokens)
        outcome.seconds, outcome.cpu = time.monotonic() - began, running.cpu() - before
        _wait_until_idle(environment["DATABASE_URL"])
        outcome.books = json.loads(_in_environment(environment, "tests.crowd.books"))
        outcome.log_lines = _complaints(folder / "logs")
        outcome.verified = _verify(outcome.exporters, folder / "sandbox" / "trust")
    return outcome


def _verify(exporters: list[Exporter], trust_folder: Path) -> dict[str, str]:
    """Check every file that was fetched, by the published folder alone."""
    trust = TrustFolder.load(trust_folder)
    found: dict[str, str] = {}
    for one in exporters:
        if one.file:
            report = verify_pdf(one.file, trust=trust, at=datetime.now(UTC), status=None)
            number = report.certificate_number or f"unknown, fetched as {one.certificate}"
            found[number] = report.status if report.valid else "does not verify"
    return found


def _work(site: Site, made: list[dict[str, Any]], tokens: dict[str, LoadedToken]) -> Outcome:
    over, broken = threading.Event(), list[str]()
    people = [one for one in made if one["kind"] == "exporter"]
    posts = [one for one in made if one["kind"] != "exporter"]
    offices = sorted({one["office"] for one in posts})
    exporters = [
        Exporter(
            Browser(site, tokens[one["token"]]),
            number,
            firm=one["firm"],
            branch=one["branch"],
            office=offices[number % len(offices)],
            shares=one["shares"],
        )
        for number, one in enumerate(people)
    ]
    officers = [
        Officer(
            Browser(site, tokens[one["token"]]),
            one["username"],
            signs=one["kind"] == "signatory",
            over=over,
            chance=random.Random(number),
        )
        for number, one in enumerate(posts)
    ]

    def carry(script: Any) -> None:
        try:
            script.run()
        except Exception:  # a thread has nobody above it: whatever it met is told at the end
            broken.append(traceback.format_exc(limit=-3))

    working = [threading.Thread(target=carry, args=(one,)) for one in exporters]
    behind = [threading.Thread(target=carry, args=(one,)) for one in officers]
    for thread in (*working, *behind):
        thread.start()
    for thread in working:
        thread.join()
    over.set()
    for thread in behind:
        thread.join()
    return Outcome(exporters, officers, broken, site.told.answers, site.told.refusals, 0.0, [])


def _in_environment(environment: dict[str, str], module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr[-4000:]}")
    return done.stdout


def _wait_until_idle(database: str, *, seconds: float = 900) -> None:
    """Until the worker has done what is due: mails, refunds, publication."""
    ends, quiet = time.monotonic() + seconds, 0
    with psycopg.connect(database, autocommit=True) as connection:
        while quiet < 3:
            waiting = connection.execute(_DUE).fetchall()
            quiet = 0 if waiting else quiet + 1
            if time.monotonic() > ends:
                raise RuntimeError(f"the worker is not done: {waiting}")
            time.sleep(0.3)


def _complaints(logs: Path) -> list[str]:
    """What site and worker wrote as an error."""
    lines = []
    for name in ("site", "worker"):
        for line in (logs / f"{name}.log").read_text(errors="replace").splitlines():
            if '"level": "ERROR"' in line or '"level":"ERROR"' in line or "Traceback" in line or "CRITICAL" in line:
                lines.append(f"{name}: {line[:1500]}")
    return lines


def describe(outcome: Outcome) -> list[str]:
    """The run in lines for people."""
    times = sorted(span for _, span in LATENCIES)
    lines = [
        f"{len(outcome.exporters)} exporters and {len(outcome.officers)} officers: {outcome.requests} requests in {outcome.seconds:.1f} s",
        f"wait of a request: median {statistics.median(times) * 1000:.0f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms",
        f"ended: {dict(Counter(one.state or 'not at all' for one in outcome.exporters))}; paid by {dict(Counter(one.paid for one in outcome.exporters))}",
        f"decided: {dict(Counter(act for one in outcome.officers for act in one.decided))}; signed {sum(one.signed for one in outcome.officers)}",
        f"told that somebody else was first: {dict(outcome.refusals)}",
        f"processor time of site, worker, services and database: {outcome.cpu:.0f} s",
        f"verified: {dict(Counter(outcome.verified.values()))}",
        f"books: {outcome.books}",
    ]
    return [
        *lines,
        *(f"LOG {line}" for line in outcome.log_lines[:20]),
        *(f"BROKEN {text}" for text in outcome.broken[:12]),
    ]


def main() -> int:
    """Run once and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.crowd.run")
    parser.add_argument("--exporters", type=int, default=80)
    parser.add_argument("--officers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    with database_folder("udgam-crowd-") as folder:
        outcome = let_them_work(folder, exporters=options.exporters, officers=options.officers, seconds=options.seconds)
    sys.stdout.write("\n".join(describe(outcome)) + "\n")
    slow = Counter[str]()
    for kind, span in LATENCIES:
        slow[kind] += round(span * 1000)
    for kind, total in slow.most_common(12):
        count = sum(1 for one, _ in LATENCIES if one == kind)
        sys.stdout.write(f"  {kind}: {count} times, {total / count:.0f} ms\n")
    return 1 if outcome.broken or outcome.books.get("faults") or outcome.log_lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
