"""The two questions of a monitor, answered before anything else looks at the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthChecks:
    """Answer `/healthz` and `/readyz` before host names and HTTPS are looked at.

    A monitor on the same machine asks http://127.0.0.1:8000/healthz, which is neither the site's name nor HTTPS. Nothing in the
    answers depends on the request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in {"/healthz", "/readyz"}:
            match = resolve(request.path_info)
            request.resolver_match = match
            answer: HttpResponse = match.func(request)
            return answer
        return self.get_response(request)
