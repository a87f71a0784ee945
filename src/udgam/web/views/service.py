"""Small services of the site: the choice of language, a longer session, the state of the service."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import check_for_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from udgam.parties.accounts.decorators import open_to_all
from udgam.parties.accounts.landing import safe_next


@open_to_all
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for a year and stay on the page."""
    response = HttpResponseRedirect(safe_next(request.POST.get("next", "")) or "/")
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


@open_to_all
@require_POST
@never_cache
def keep_session(request: HttpRequest) -> HttpResponse:
    """Extend the session of a signed-in person; 403 tells the page that it has ended."""
    return HttpResponse(status=204 if request.user.is_authenticated else 403)


@open_to_all
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def emblem(request: HttpRequest) -> FileResponse:
    """The operator's own emblem for the header, where one is set; else not found."""
    if settings.EMBLEM_FILE is None:
        raise Http404
    return FileResponse(settings.EMBLEM_FILE.open("rb"), content_type="image/png")


@open_to_all
@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@open_to_all
@require_GET
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "no answer"}, status=503)
    return JsonResponse({"status": "ok"})
