"""Run Django's deployment checks under production settings, warnings counting as failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = {
    "DJANGO_SETTINGS_MODULE": "udgam.web.settings.production",
    "UDGAM_SITE_ORIGIN": "https://coo.example.in",
    "UDGAM_SECRET_KEY": "c" * 20 + "Zx81_" * 12,
    "DATABASE_URL": "postgresql://udgam@localhost/udgam",
    "UDGAM_IEC_REGISTER_URL": "https://register.example.in/dgft/v1",
    "UDGAM_TEXT_MESSAGE_URL": "https://messages.example.in/send",
    "UDGAM_TIME_STAMP_URL": "https://stamps.example.in/tsa",
    "UDGAM_SEAL_KEY": "pkcs11:token=office;object=seal",
    "UDGAM_REGISTER_KEYS": "file:/etc/udgam/register",
    "UDGAM_MAIL_HOST": "mail.example.in",
}


def main() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, **SAMPLE}).returncode)


if __name__ == "__main__":
    main()
