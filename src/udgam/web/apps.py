from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

# The site has some hundreds of statements; psycopg keeps a hundred and would throw away what the next page needs again.
_PREPARED_MOST = 600


class WebConfig(AppConfig):
    """The outermost room: what joins the others into one site."""

    name = "udgam.web"
    label = "web"

    def ready(self) -> None:
        connection_created.connect(_keep_plans, dispatch_uid="udgam.web.keep_plans")


def _keep_plans(*, connection: Any, **_named: Any) -> None:
    connection.connection.prepared_max = _PREPARED_MOST
