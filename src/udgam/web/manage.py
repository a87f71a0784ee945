"""Django's command line for an installed platform: `python -m udgam.web.manage COMMAND`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one management command. The sandbox's settings are the default, as for manage.py at the root."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "udgam.web.settings.sandbox")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
