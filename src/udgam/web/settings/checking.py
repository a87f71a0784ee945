"""Settings for tools that read the code and open no database: types, templates, migrations."""

from __future__ import annotations

from udgam.web.settings.shared import *  # noqa: F403

SITE_ORIGIN = "http://127.0.0.1:8000"
SECRET_KEY = "only-for-reading-the-code"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "unused", "HOST": "/nonexistent"}}
