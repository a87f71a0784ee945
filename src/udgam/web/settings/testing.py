"""Settings of the tests: the sandbox's, on a database of its own, with sockets to nowhere but loopback."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("UDGAM_VAR", str(Path(tempfile.gettempdir()) / f"udgam-tests-{os.getuid()}"))
Path(os.environ["UDGAM_VAR"]).mkdir(parents=True, exist_ok=True)

from udgam.web.settings import environment as env  # noqa: E402
from udgam.web.settings.sandbox import *  # noqa: E402, F403
from udgam.web.settings.sandbox import DATABASES, PAYMENT_ACCOUNTS, STORAGES, VAR  # noqa: E402

TESTING = True
# Places of the issuing cycle at which a test kills the process (flow.issuance.crash_points).
TESTING_CRASH_POINTS = env.words("UDGAM_TESTING_CRASH_POINTS", [])
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The second agency of the tests has an account of its own with the same gateway.
PAYMENT_ACCOUNTS = {**PAYMENT_ACCOUNTS, "elsewhere": {**PAYMENT_ACCOUNTS["sandbox"], "agency": "NTC"}}
CAPTCHA_TEST_MODE = False
MEDIA_ROOT = VAR / "files"
# Each process tests on a database of its own, so that several can run at once.
DATABASES["default"]["TEST"] = {"NAME": f"test_udgam_{os.getpid()}"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Only a test of a slow answer waits for so long, and sets its own; a busy machine is no outage.
CONNECTOR_TIMEOUT_SECONDS = 60
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
