"""`python -m udgam_agent` is the command `udgam-agent`."""

from __future__ import annotations

import sys

from udgam_agent.cli import main

sys.exit(main())
