"""The WSGI entry point. The settings come from the environment; there is no default, so that nothing starts by accident."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
