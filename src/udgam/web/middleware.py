"""What happens around every request: a log line without personal data, and the headers that bind the browser."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from udgam.web.errors import wrong_method

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("udgam.requests")

# Nothing loads from anywhere else, nothing runs inline. Pages that need one thing more add it by `pages.security`.
POLICY: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}


class ContentSecurityPolicy:
    """Set the content-security policy, with what the view added for its own page alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        additions: dict[str, str] = getattr(response, "policy_additions", {})
        directives = {**POLICY, **{name: f"{POLICY.get(name, '')} {more}".strip() for name, more in additions.items()}}
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in directives.items())
        )
        camera = "(self)" if getattr(response, "uses_camera", False) else "()"
        response.headers.setdefault(
            "Permissions-Policy", f"camera={camera}, microphone=(), geolocation=(), payment=(), usb=()"
        )
        return response


class PageForWrongMethod:
    """Give the empty answer "405" a page when it was a person's browser that asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or "text/html" not in request.headers.get("Accept", ""):
            return response
        page = wrong_method(request)
        if "Allow" in response.headers:
            page.headers["Allow"] = response.headers["Allow"]
        return page


class RequestLog:
    """Log method, route name, status and duration. Never the path (it may carry a key), the query, a name or an address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-Reference"] = request.reference  # type: ignore[attr-defined]
        match = request.resolver_match
        log.info(
            "request",
            extra={
                "method": request.method,
                "route": match.view_name if match else None,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                "reference": request.reference,  # type: ignore[attr-defined]
            },
        )
        return response
