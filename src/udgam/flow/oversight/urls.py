"""Addresses of the dashboards."""

from __future__ import annotations

from django.urls import path

from udgam.flow.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("<slug:name>.<slug:kind>", views.table, name="table"),
]
