"""Addresses of verification. A certificate number contains slashes; percent-encoded ones arrive here decoded."""

from __future__ import annotations

from django.urls import path

from udgam.flow.verification import proof_views, views

app_name = "verification"
urlpatterns = [
    path("", views.start, name="start"),
    path("search", views.search, name="search"),
    path("pdf/", proof_views.pdf, name="pdf"),
    path("offline/", proof_views.offline, name="offline"),
    path("trust/", proof_views.trust_folder, name="trust-folder"),
    path("text/", proof_views.text, name="text"),
    path("compare/<path:number>", views.compare, name="compare"),
    path("open/<path:number>", views.open_content, name="open"),
    path("<path:number>", views.certificate, name="certificate"),
]
