"""How many people can look up a certificate at once: the public page by number against a static file.

The whole site runs as `make run` starts it (granian, two workers of one thread, PostgreSQL), on a throw-away installation in which
one certificate was issued by the real services. The static file holds the bytes of that same page; the same server hands it out
without asking Python. Page and file are loaded in turns by the same tool on the same processors as the server, and a figure is
the median of the turns.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil

from bench.figure import Figure
from bench.load import Tool, tool

if TYPE_CHECKING:
    from udgam.sandbox.throw_away import Installation

ROUNDS, SECONDS = 3, 4
_ROUTE = "/bench-static"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Requests per second with open connections, the server's processor time for each, and the wait of a single asker."""
    from udgam.sandbox.throw_away import throw_away_installation

    rounds, seconds, often = (1, 1, 5) if quick else (ROUNDS, SECONDS, 200)
    load = tool()
    with throw_away_installation() as installation:
        number = _issue(installation)
        page = f"{installation.origin}/verify/{quote(number)}"
        files = installation.folder / "bench-static"
        with _site(installation, files) as site:
            body = _get(page)
            if number.encode() not in body:
                raise RuntimeError("the page is not the certificate's")
            (files / "page.html").write_bytes(body)
            static = f"{installation.origin}{_ROUTE}/page.html"
            _get(static)
            turns: dict[str, list[Turn]] = {page: [], static: []}
            for url in turns:
                load.load(url, seconds=1)
            for _ in range(rounds):
                for url, taken in turns.items():
                    taken.append(_turn(load, url, seconds, site))
            waits = {url: _median(lambda url=url: _get(url), often) for url in turns}  # type: ignore[misc]
    rate = {url: statistics.median(turn.per_second for turn in taken) for url, taken in turns.items()}
    work = {url: statistics.median(turn.cpu for turn in taken) for url, taken in turns.items()}
    yield Figure("verification page by number", rate[page], f"requests/s, {load.name}", "static file", rate[static])
    yield Figure("verification page by number, work of the site", work[page], "ms CPU", "static file", work[static])
    yield Figure("verification page, one after the other", waits[page], "ms", "static file", waits[static])


@dataclass(frozen=True)
class Turn:
    """One turn of load: answers in a second, and the milliseconds of processor time that the server spent on each."""

    per_second: float
    cpu: float


def _turn(load: Tool, url: str, seconds: int, site: psutil.Process) -> Turn:
    before = _cpu_seconds(site)
    told = load.load(url, seconds=seconds)
    return Turn(told.per_second, (_cpu_seconds(site) - before) * 1000 / max(told.requests, 1))


def _cpu_seconds(site: psutil.Process) -> float:
    """What the server and its workers have used so far. The database's own processes are not counted."""
    times = [process.cpu_times() for process in (site, *site.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


def _issue(installation: Installation) -> str:
    from django.core.management import call_command

    from udgam.sandbox.first_certificate import issue_first_certificate

    call_command("collectstatic", interactive=False, verbosity=0)
    return issue_first_certificate(installation).number


@contextmanager
def _site(installation: Installation, files: Path) -> Iterator[psutil.Process]:
    """The site under its own server, in a process of its own, until the end of the block."""
    files.mkdir()
    log = installation.folder / "site.log"
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(installation.port), "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "--static-path-route", _ROUTE, "--static-path-mount", str(files), "udgam.web.wsgi:application",
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=dict(installation.environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        _wait_until_ready(f"{installation.origin}/readyz", process, log)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 40
    while process.poll() is None and time.monotonic() < deadline:
        try:
            _get(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the site did not start: {log.read_text(errors='replace')[-1500:]}")


def _get(url: str) -> bytes:
    # Without any proxy that the environment may name: everything here is this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        return bytes(answer.read())


def _median(act: Callable[[], object], times: int) -> float:
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spans.append((time.perf_counter() - began) * 1000)
    return statistics.median(spans)
