"""The pages for what went wrong: each says what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere."""
    return render(request, "site/error.html", {"kind": "csrf"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing here, or nothing for this person. Programs are told in their own form."""
    if request.path.startswith("/api/"):
        problem = {
            "reason": "api.not_found",
            "message": "There is nothing at this address.",
            "advice": "See /api/openapi.json.",
            "fields": {},
        }
        return JsonResponse(problem, status=404)
    return render(request, "site/error.html", {"kind": "not-found"}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may not do this."""
    return render(request, "site/error.html", {"kind": "forbidden"}, status=403)


def wrong_method(request: HttpRequest) -> HttpResponse:
    """The address answers a button only; somebody opened it, or loaded the answer again."""
    return render(request, "site/error.html", {"kind": "method"}, status=405)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request could not be understood."""
    return render(request, "site/error.html", {"kind": "bad-request"}, status=400)


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponse:
    """Something broke on our side."""
    return render(
        request, "site/error.html", {"kind": "failed", "reference": getattr(request, "reference", "")}, status=500
    )
