"""Addresses of agencies."""

from __future__ import annotations

from django.urls import path

from udgam.parties.agencies import views

app_name = "agencies"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("appoint/", views.appoint, name="appoint"),
    path("tokens/<int:token_id>/", views.decide_token, name="token"),
    path("officers/<int:officer_id>/end/", views.end_post, name="end-post"),
    path("bring-token/", views.bring_token, name="bring-token"),
    path("all/", views.agencies, name="agencies"),
    path("admit/", views.admit, name="admit"),
    path("<int:agency_id>/suspend/", views.suspend, name="suspend"),
]
