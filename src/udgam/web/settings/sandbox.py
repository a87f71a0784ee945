"""The sandbox: everything on this machine, with fictional people. Never for real certificates."""

from __future__ import annotations

import json
import os
from pathlib import Path

from udgam.web.settings import environment as env
from udgam.web.settings.shared import *  # noqa: F403
from udgam.web.settings.shared import INSTALLED_APPS, PACKAGE, PREPARED_STATEMENTS, VAR

SANDBOX = True
DEBUG = False
SANDBOX_FOLDER = VAR / "sandbox"


def _recorded() -> tuple[str, int]:
    """Where the sandbox was last started (`udgam.sandbox.run`), so that a command beside it publishes the same address."""
    try:
        plain = json.loads((SANDBOX_FOLDER / "address.json").read_text())
        return str(plain["host"]), int(plain["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return "127.0.0.1", 8000


HOST = env.text("HOST", _recorded()[0])
PORT = env.whole_number("PORT", _recorded()[1], low=1, high=65000)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
SITE_ORIGIN = env.origin("UDGAM_SITE_ORIGIN", f"http://{HOST}:{PORT}")
SECRET_FILE = SANDBOX_FOLDER / "secret-key"


def _secret() -> str:
    """One secret per sandbox, made at its first use."""
    SECRET_FILE.parent.mkdir(parents=True, exist_ok=True)
    if not SECRET_FILE.exists():
        SECRET_FILE.write_text(os.urandom(32).hex())
    return SECRET_FILE.read_text()


SECRET_KEY = _secret()


def _database_url() -> str:
    from udgam.web.embedded import running_url

    return env.text("DATABASE_URL", "") or running_url(VAR / "postgres")


DATABASES = {"default": env.database(_database_url(), prepared=PREPARED_STATEMENTS)}
if (PACKAGE / "sandbox" / "apps.py").exists():
    INSTALLED_APPS = [*INSTALLED_APPS, "udgam.sandbox"]

IEC_REGISTER_URL = f"http://127.0.0.1:{PORT + 1}/dgft/v1"
IEC_REGISTER_KEY = "sandbox-key"
IEC_REGISTER_CLIENT = "udgam.sandbox"
TIME_STAMP_URL = f"http://127.0.0.1:{PORT + 2}/tsa"
TEXT_MESSAGE_URL = f"http://127.0.0.1:{PORT + 3}/sms"
TEXT_MESSAGE_KEY = "sandbox-key"
MAILBOX_URL = f"http://127.0.0.1:{PORT + 3}/"
PAYMENT_ACCOUNTS = {
    "sandbox": {
        "agency": "SEC",
        "kind": "hosted-page",
        "url": f"http://127.0.0.1:{PORT + 5}",
        "merchant": "SEC",
        "key": "sandbox-gateway-key",
        "secret": "sandbox-gateway-secret",
    }
}
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = PORT + 4
CONNECTOR_PRIVATE_HOSTS = ["127.0.0.1", "localhost"]
NOTICES_FILE = env.text("UDGAM_NOTICES_FILE", str(PACKAGE / "sandbox" / "notices.json"))
# The fictional seals are files with this password.
SEAL_FILE_PASSWORD = "700700"  # noqa: S105 - printed by `make run` for everybody
SEAL_FOLDER = SANDBOX_FOLDER / "seals"
TRUST_FOLDER = Path(env.text("UDGAM_TRUST_FOLDER", str(SANDBOX_FOLDER / "trust")))
# Everything that a checker of the sandbox needs lies in one folder, where `udgam verify` looks by default.
REGISTER_FOLDER = env.text("UDGAM_REGISTER_FOLDER", str(TRUST_FOLDER))
# `none` for an installation that will not be there to be asked.
REGISTER_SITE = {"none": ""}.get(env.text("UDGAM_REGISTER_SITE", SITE_ORIGIN), SITE_ORIGIN)
REGISTER_KEYS = f"file:{SANDBOX_FOLDER / 'register-keys'}"
ISSUER_DID = env.text("UDGAM_ISSUER_DID", "did:web:udgam.example")
LOG_ORIGIN = env.text("UDGAM_LOG_ORIGIN", "udgam.example/issuance-log")
env.stop_if_incomplete()
