"""Headers that a single page needs beyond the common ones: the page with the token button, the page with the camera."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def opens_agent(view: View[P]) -> View[P]:
    """Let this page's form reach the signing agent, and let the agent's window answer.

    Without `Referrer-Policy: origin` the browser attests no origin to the agent; with a stricter opener policy the answer
    is lost; the content-security policy must name the agent as a target of forms.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        response.policy_additions = {"form-action": settings.AGENT_URL}  # type: ignore[attr-defined]
        return response

    return cast(View[P], guarded)


def private_page(view: View[P]) -> View[P]:
    """Keep this page out of caches and search engines.

    Referrers stay within the site (the common `same-origin`). A stricter `no-referrer` would make browsers send
    `Origin: null` with the page's own forms, which the protection against forged requests refuses.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cast(View[P], guarded)


def uses_camera(view: View[P]) -> View[P]:
    """Let this page, and no other, ask the browser for the camera."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.uses_camera = True  # type: ignore[attr-defined]
        return response

    return cast(View[P], guarded)


def form_leads_to(response: HttpResponseBase, origin: str) -> HttpResponseBase:
    """Let the forms of this one answer end at another origin, to which the platform redirects: the page of a payment gateway."""
    if origin:
        response.policy_additions = {"form-action": origin}  # type: ignore[attr-defined]
    return response
