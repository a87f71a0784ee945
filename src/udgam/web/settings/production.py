"""Production. Nothing of the sandbox can be reached from here; each required value is named with a hint."""

from __future__ import annotations

from udgam.web.settings import environment as env
from udgam.web.settings.shared import *  # noqa: F403
from udgam.web.settings.shared import PAYMENT_ACCOUNTS, PREPARED_STATEMENTS, SESSION_COOKIE_AGE

DEBUG = False
SANDBOX = False
SITE_ORIGIN = env.origin(
    "UDGAM_SITE_ORIGIN", env.REQUIRED, hint="The public address, for example https://coo.example.in"
)
SECRET_KEY = env.text("UDGAM_SECRET_KEY", env.REQUIRED, hint="Make one with: openssl rand -hex 48")
ALLOWED_HOSTS = env.words("UDGAM_HOSTS", [SITE_ORIGIN.partition("://")[2].partition(":")[0]] if SITE_ORIGIN else [])
_DATABASE_URL = env.text(
    "DATABASE_URL",
    env.REQUIRED,
    hint="postgresql://user:password@host/udgam, or what udgam-database.service prints for the embedded one",
)
DATABASES = {"default": env.database(_DATABASE_URL, prepared=PREPARED_STATEMENTS)} if _DATABASE_URL else {}
TRUSTED_PROXIES = env.whole_number("UDGAM_TRUSTED_PROXIES", 1, high=5)
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN] if SITE_ORIGIN else []

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_AGE = env.whole_number("UDGAM_SESSION_SECONDS", SESSION_COOKIE_AGE, low=300, high=12 * 3600)

IEC_REGISTER_URL = env.text(
    "UDGAM_IEC_REGISTER_URL",
    env.REQUIRED,
    hint="The IEC details service; write `import-only` to work from imported files",
)
TEXT_MESSAGE_URL = env.text("UDGAM_TEXT_MESSAGE_URL", env.REQUIRED, hint="The text message gateway")
TIME_STAMP_URL = env.text("UDGAM_TIME_STAMP_URL", env.REQUIRED, hint="An RFC 3161 time-stamp service")
SEAL_KEY = env.text(
    "UDGAM_SEAL_KEY",
    env.REQUIRED,
    hint="pkcs11:token=…;object=…?module-path=…&pin-source=…&x-certificates=… of the office's seal (README.md, Seals)",
)
REGISTER_KEYS = env.text(
    "UDGAM_REGISTER_KEYS",
    env.REQUIRED,
    hint="pkcs11:token=…?… or file:/folder with list.pem, status.pem and log.pem (docs/operate/register.md)",
)
REGISTER_SITE = SITE_ORIGIN
_HOST = SITE_ORIGIN.partition("://")[2].replace(":", "%3A")
ISSUER_DID = env.text("UDGAM_ISSUER_DID", f"did:web:{_HOST}")
LOG_ORIGIN = env.text("UDGAM_LOG_ORIGIN", f"{_HOST}/issuance-log")
EMAIL_HOST = env.text("UDGAM_MAIL_HOST", env.REQUIRED, hint="The mail server")
if SITE_ORIGIN and not SITE_ORIGIN.startswith("https://"):
    env._failures.append("UDGAM_SITE_ORIGIN must begin with https:// in production.")
if SECRET_KEY and len(SECRET_KEY) < 50:
    env._failures.append("UDGAM_SECRET_KEY is shorter than 50 characters. Make one with: openssl rand -hex 48")
if SEAL_KEY and not SEAL_KEY.startswith("pkcs11:"):
    env._failures.append("UDGAM_SEAL_KEY must be a pkcs11: address; a key in a file is for the sandbox only.")
for _name, _account in PAYMENT_ACCOUNTS.items():
    if not str(_account.get("url", "https://")).startswith("https://"):
        env._failures.append(f"UDGAM_PAYMENT_ACCOUNTS: the address of {_name} must begin with https:// in production.")
env.stop_if_incomplete()
