"""Carry a person's language into the browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def remember_language(
    request: HttpRequest, response: HttpResponse, language: str, *, only_if_unset: bool = False
) -> None:
    """Set the language's cookie for a year; with ``only_if_unset`` a choice made in this browser stands."""
    known = dict(settings.LANGUAGES)
    if language not in known or (only_if_unset and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in known):
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
