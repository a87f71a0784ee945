"""A bar for people who wait, on the terminal only: what a program reads is never mixed with it."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_WIDTH = 40


class Bar:
    """Counts towards a total and says how fast it goes."""

    def __init__(self, total: int, label: str, *, stream: TextIO | None = None) -> None:
        self.total, self.done, self._label = total, 0, label
        self._stream = stream or sys.stderr
        self._began = time.monotonic()
        self._shown = 0.0

    def step(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        now = time.monotonic()
        if self._stream.isatty() and (now - self._shown > 0.1 or self.done >= self.total):
            self._shown = now
            filled = _WIDTH * self.done // max(self.total, 1)
            bar = "#" * filled + "·" * (_WIDTH - filled)
            self._stream.write(f"\r{self._label} [{bar}] {self.done}/{self.total} {self.rate:.1f}/s ")
            self._stream.flush()

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / max(time.monotonic() - self._began, 1e-9)

    def end(self) -> None:
        """Leave the line."""
        if self._stream.isatty():
            self._stream.write("\n")
