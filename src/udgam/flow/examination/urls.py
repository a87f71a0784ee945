"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from udgam.flow.examination import views

app_name = "examination"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<uuid:public_id>/", views.case, name="case"),
    path("<uuid:public_id>/discrepancy/", views.discrepancy, name="discrepancy"),
    path("<uuid:public_id>/refuse/", views.refuse, name="refuse"),
    path("<uuid:public_id>/<str:name>/", views.act, name="act"),
]
