"""`python -m udgam.sandbox.authority --port N --folder DIR [--trust DIR --site URL]`."""

from __future__ import annotations

import sys
from pathlib import Path

from udgam.sandbox.authority import start, write_trust
from udgam.sandbox.guard import SandboxRefused
from udgam.sandbox.loopback import argument_parser, serve_until_told, start_logging


def main() -> int:
    """Run the authority until it is told to stop."""
    parser = argument_parser("authority", "The fictional certificate authority of the sandbox.")
    parser.add_argument("--trust", type=Path, help="also write the trust folder here")
    parser.add_argument("--site", default="http://127.0.0.1:8000", help="origin of the platform, for the trust folder")
    options = parser.parse_args()
    start_logging()
    try:
        handle = start(options.port, folder=options.folder)
    except SandboxRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if options.trust is not None:
        write_trust(handle.authority, options.trust, site=options.site)
    return serve_until_told(handle, "authority")


if __name__ == "__main__":
    raise SystemExit(main())
