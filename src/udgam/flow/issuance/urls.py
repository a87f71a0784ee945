"""Addresses of the signing pages."""

from __future__ import annotations

from django.urls import path

from udgam.flow.issuance import views

app_name = "issuance"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("begin/", views.begin, name="begin"),
    path("runs/<uuid:public_id>/", views.run, name="run"),
    path("runs/<uuid:public_id>/conversation", views.conversation, name="conversation"),
    path("runs/<uuid:public_id>/take-back/", views.take_back, name="take_back"),
    path("certificates/<uuid:public_id>/preview.pdf", views.preview, name="preview"),
    path("certificates/<uuid:public_id>/file", views.download, name="download"),
]
