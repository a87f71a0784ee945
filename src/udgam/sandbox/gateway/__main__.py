"""`python -m udgam.sandbox.gateway --port N --folder DIR`."""

from __future__ import annotations

import sys

from udgam.sandbox.gateway import start
from udgam.sandbox.gateway.service import LATE_SECONDS
from udgam.sandbox.guard import SandboxRefused
from udgam.sandbox.loopback import argument_parser, serve_until_told, start_logging


def main() -> int:
    """Run the gateway until it is told to stop."""
    parser = argument_parser("gateway", "The fictional payment gateway of the sandbox. No money moves.")
    parser.add_argument("--late-seconds", type=float, default=LATE_SECONDS, help="how late a late payment is")
    options = parser.parse_args()
    start_logging()
    try:
        handle = start(options.port, folder=options.folder, late_seconds=options.late_seconds)
    except SandboxRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return serve_until_told(handle, "gateway")


if __name__ == "__main__":
    raise SystemExit(main())
