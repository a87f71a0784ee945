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
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from bench.figure import Figure
from bench.load import tool

if TYPE_CHECKING:
    from udgam.sandbox.throw_away import Installation

ROUNDS, SECONDS = 3, 4
_ROUTE = "/bench-static"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Requests per second with open connections, and milliseconds of one request after the other."""
    from udgam.sandbox.throw_away import throw_away_installation

    rounds, seconds, often = (1, 1, 5) if quick else (ROUNDS, SECONDS, 200)
    load = tool()
    with throw_away_installation() as installation:
        number = _issue(installation)
        page = f"{installation.origin}/verify/{quote(number)}"
        files = installation.folder / "bench-static"
        with _site(installation, files):
            body = _get(page)
            if number.encode() not in body:
                raise RuntimeError("the page is not the certificate's")
            (files / "page.html").write_bytes(body)
            static = f"{installation.origin}{_ROUTE}/page.html"
            _get(static)
            rates: dict[str, list[float]] = {page: [], static: []}
            for url in rates:
                load.requests_per_second(url, seconds=1)
            for _ in range(rounds):
                for url, measured in rates.items():
                    measured.append(load.requests_per_second(url, seconds=seconds))
            waits = {url: _median(lambda url=url: _get(url), often) for url in rates}  # type: ignore[misc]
    rate = {url: statistics.median(measured) for url, measured in rates.items()}
    yield Figure("verification page by number", rate[page], f"requests/s, {load.name}", "static file", rate[static])
    yield Figure("verification page, one after the other", waits[page], "ms", "static file", waits[static])


def _issue(installation: Installation) -> str:
    from django.core.management import call_command

    from udgam.sandbox.first_certificate import issue_first_certificate

    call_command("collectstatic", interactive=False, verbosity=0)
    return issue_first_certificate(installation).number


@contextmanager
def _site(installation: Installation, files: Path) -> Iterator[None]:
    """The site under its own server, in a process of its own, until the end of the block."""
    files.mkdir()
    log = installation.folder / "site.log"
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(installation.port), "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        "--static-path-route", _ROUTE, "--static-path-mount", str(files), "udgam.web.wsgi:application",
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=dict(installation.environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        _wait_until_ready(f"{installation.origin}/readyz", process, log)
        yield
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
