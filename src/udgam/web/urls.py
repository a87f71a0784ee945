"""Every address of the site. Each room brings its own list; an architecture test walks this map."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from udgam.web import views

ROOMS = [
    ("", "udgam.parties.accounts"),
    ("register/", "udgam.flow.registration"),
    ("agency/", "udgam.parties.agencies"),
    ("applications/", "udgam.flow.applications"),
    ("desk/", "udgam.flow.examination"),
    ("signing/", "udgam.flow.issuance"),
    ("verify/", "udgam.flow.verification"),
    ("documents/", "udgam.ground.documents"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("language/", views.choose_language, name="language"),
    path("session/keep", views.keep_session, name="keep-session"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("captcha/", include("captcha.urls")),
    *[
        path(prefix, include(f"{room}.urls"))
        for prefix, room in ROOMS
        if apps.is_installed(room) and find_spec(f"{room}.urls")
    ],
]

handler400 = "udgam.web.errors.bad_request"
handler403 = "udgam.web.errors.forbidden"
handler404 = "udgam.web.errors.not_found"
handler500 = "udgam.web.errors.failed"
