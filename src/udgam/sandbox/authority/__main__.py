"""`python -m udgam.sandbox.authority --port N --folder DIR [--site URL]`."""

from __future__ import annotations

import os
import sys

from udgam.sandbox.authority import start
from udgam.sandbox.guard import SandboxRefused
from udgam.sandbox.loopback import argument_parser, serve_until_told, start_logging


def main() -> int:
    """Run the authority until it is told to stop."""
    parser = argument_parser("authority", "The fictional certificate authority of the sandbox.")
    site = (
        os.environ.get("UDGAM_SITE_ORIGIN")
        or f"http://{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"
    )
    parser.add_argument("--site", default=site, help="origin of the platform, for the trust folder")
    options = parser.parse_args()
    start_logging()
    try:
        handle = start(options.port, folder=options.folder, site=options.site)
    except SandboxRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return serve_until_told(handle, "authority")


if __name__ == "__main__":
    raise SystemExit(main())
