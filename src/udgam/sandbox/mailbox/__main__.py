"""`python -m udgam.sandbox.mailbox --port N --smtp-port N --folder DIR`."""

from __future__ import annotations

import sys

from udgam.sandbox.guard import SandboxRefused
from udgam.sandbox.loopback import argument_parser, serve_until_told, start_logging
from udgam.sandbox.mailbox import start


def main() -> int:
    """Run the mailbox until it is told to stop."""
    parser = argument_parser("mailbox", "The mailbox of the sandbox.")
    parser.add_argument("--smtp-port", type=int, default=0, help="port for mail (default: the next one after --port)")
    options = parser.parse_args()
    start_logging()
    smtp_port = options.smtp_port or (options.port + 1 if options.port else 0)
    try:
        handle = start(options.port, folder=options.folder, smtp_port=smtp_port)
    except SandboxRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print(f"mail at {handle.smtp_port}", flush=True)
    return serve_until_told(handle, "mailbox")


if __name__ == "__main__":
    raise SystemExit(main())
