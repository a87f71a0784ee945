"""The WSGI entry point. The settings come from the environment; there is no default, so that nothing starts by accident."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from udgam.ground.settling import settle

application = get_wsgi_application()
# The views come with the addresses, which would otherwise be read at the first request.
_ = get_resolver().url_patterns
settle()
