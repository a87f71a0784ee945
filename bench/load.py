"""Requests per second from this machine to itself: wrk when it is installed, else a bounded client of our own.

Both keep their connections open, ask for one address again and again for the given time, and count whole answers. The client of
our own is slower than wrk and takes more of the same processors, so figures of the two are not compared with each other.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 16
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
_COUNT = re.compile(r"(\d+) requests in")
_BAD = re.compile(r"(Non-2xx or 3xx responses: \d+|Socket errors: .*)")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Loaded:
    """What came of one turn: whole good answers, and how many in a second."""

    requests: int
    per_second: float


@dataclass(frozen=True)
class Tool:
    """The program that makes the load."""

    name: str
    command: tuple[str, ...]

    def load(self, url: str, *, seconds: int) -> Loaded:
        """Load one loopback address. Raises `RuntimeError` when an answer was no success."""
        if urlsplit(url).hostname not in _LOOPBACK:
            raise ValueError("load is made against this machine only")
        words = [word.format(seconds=seconds, connections=CONNECTIONS) for word in self.command]
        done = subprocess.run([*words, url], capture_output=True, text=True, check=False, timeout=seconds + 30)
        rate, count, bad = (pattern.search(done.stdout) for pattern in (_RATE, _COUNT, _BAD))
        if done.returncode or rate is None or count is None or bad:
            raise RuntimeError(f"{self.name} against {url} failed: {bad.group() if bad else done.stdout + done.stderr}")
        return Loaded(int(count.group(1)), float(rate.group(1)))


def tool() -> Tool:
    """wrk if it is installed, else our own client."""
    wrk = shutil.which("wrk")
    if wrk:
        return Tool("wrk", (wrk, "-t1", "-c{connections}", "-d{seconds}s", "--timeout", "20s"))
    return Tool("own client", (sys.executable, "-m", "bench.load", "{connections}", "{seconds}"))


async def _connection(host: str, port: int, request: bytes, ends: float, counts: list[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while time.monotonic() < ends:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length is None or b" 200 " not in head.partition(b"\r\n")[0]:
                raise RuntimeError(f"unexpected answer {head[:60]!r}")
            await reader.readexactly(int(length.group(1)))
            counts[0] += 1
    finally:
        writer.close()


async def _load(url: str, connections: int, seconds: float) -> Loaded:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    request = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: bench\r\n\r\n".encode()
    counts, began = [0], time.monotonic()
    ends = began + seconds
    async with asyncio.timeout(seconds + 20):
        await asyncio.gather(*(_connection(host, port, request, ends, counts) for _ in range(connections)))
    return Loaded(counts[0], counts[0] / (time.monotonic() - began))


if __name__ == "__main__":
    told = asyncio.run(_load(sys.argv[3], int(sys.argv[1]), float(sys.argv[2])))
    print(f"{told.requests} requests in {sys.argv[2]}\nRequests/sec: {told.per_second:.2f}")
