"""The signing agent: a small program on the user's own PC that signs with a token for web pages that ask."""

from __future__ import annotations

__version__ = "0.1.0"
PROTOCOL = 1
DEFAULT_PORT = 26511
