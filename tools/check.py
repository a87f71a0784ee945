"""The fast checks, each printed with its outcome; ends with status 1 if any failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PLACES = ["src", "agent", "verify", "tests", "bench", "tools"]
CHECKS: list[tuple[str, list[str]]] = [
    ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", *PLACES]),
    ("lint", [str(BIN / "ruff"), "check", "--quiet", *PLACES]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
    ("types", [str(BIN / "mypy")]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("templates", [sys.executable, "tools/lint_templates.py"]),
    ("deployment", [sys.executable, "tools/check_deployment.py"]),
]


def main() -> None:
    failed = []
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "udgam.web.settings.checking"}
    for name, command in CHECKS:
        result = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, env=environment)
        print(f"{'ok  ' if result.returncode == 0 else 'FAIL'}  {name}", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout + result.stderr, flush=True)
    if failed:
        sys.exit(f"checks that failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
