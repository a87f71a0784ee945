"""Neighbouring ports for a sandbox that a test starts as processes of its own."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

# Below the ports that the system gives out by itself (32768 and above on Linux), so that nobody is given one meanwhile.
_FIRST, _LAST = 20_000, 31_900
_STEP = 8


def _bound(port: int) -> socket.socket | None:
    """The port as a socket that does not listen, or None when somebody has it."""
    probe = socket.socket()
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        probe.close()
        return None
    return probe


@contextmanager
def neighbouring_ports(count: int) -> Iterator[int]:
    """The first of `count` neighbouring free ports, which no other test is given until the block ends.

    Each set of ports has a guard, a further port that stays bound as long as the set is in use: two processes of one test run that
    look at the same moment, before anything listens on the ports themselves, do not come to the same set.
    """
    assert count < _STEP
    places = list(range(_FIRST, _LAST, _STEP))
    random.Random(os.getpid()).shuffle(places)
    for first in places:
        guard = _bound(first + _STEP - 1)
        if guard is None:
            continue
        with closing(guard):
            probes = [_bound(port) for port in range(first, first + count)]
            for probe in probes:
                if probe is not None:
                    probe.close()
            if None not in probes:
                yield first
                return
    raise RuntimeError(f"no {count} neighbouring ports are free between {_FIRST} and {_LAST}")


@contextmanager
def dead_port() -> Iterator[int]:
    """A port of the loopback address that refuses every connection until the block ends: bound, so that nobody takes it, but deaf."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        yield int(deaf.getsockname()[1])
