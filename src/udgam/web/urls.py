"""Every address of the site. Each room brings its own list; an architecture test walks this map."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from udgam.flow.issuance.views import published
from udgam.web.api import api
from udgam.web.site_pages import PAGES
from udgam.web.views import agent_download, feedback, service, texts, welcome

ROOMS = [
    ("", "udgam.parties.accounts"),
    ("register/", "udgam.flow.registration"),
    ("agency/", "udgam.parties.agencies"),
    ("payments/", "udgam.flow.payments"),
    ("applications/", "udgam.flow.applications"),
    ("desk/", "udgam.flow.examination"),
    ("signing/", "udgam.flow.issuance"),
    ("verify/", "udgam.flow.verification"),
    ("oversight/", "udgam.flow.oversight"),
    ("documents/", "udgam.ground.documents"),
    ("", "udgam.ground.agreements"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", welcome.home, name="home"),
    path("notices/", welcome.notices_page, name="notices"),
    path("notices/archive/", welcome.notices_archive, name="notices-archive"),
    path("help/questions/", texts.questions, name="faq"),
    path("site-map/", texts.site_map, name="site-map"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/sent/", feedback.feedback_sent, name="feedback-sent"),
    path("agent/", agent_download.agent, name="agent"),
    path("verifier/file/<str:name>", agent_download.checker_wheel, name="checker-file"),
    path("agent/file/<str:name>", agent_download.agent_wheel, name="agent-file"),
    *[path(page.path, texts.text_page, {"name": page.name}, name=page.name) for page in PAGES if not page.own_view],
    path("language/", service.choose_language, name="language"),
    path("session/keep", service.keep_session, name="keep-session"),
    path("emblem.png", service.emblem, name="emblem"),
    path("healthz", service.healthz, name="healthz"),
    path("readyz", service.readyz, name="readyz"),
    path("captcha/", include("captcha.urls")),
    path(".well-known/did.json", published.did_document, name="did-document"),
    path("published/<path:path>", published.published, name="published"),
    path("api/", api.urls),
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
