"""Addresses of the public pages about agreements."""

from __future__ import annotations

from django.urls import path

from udgam.ground.agreements.views import calculating, finding, listing

app_name = "agreements"
urlpatterns = [
    path("agreements/", listing.agreements, name="list"),
    path("agreements/<slug:code>/", listing.agreement, name="agreement"),
    path("rules-of-origin/", finding.finder, name="finder"),
    path("rules-of-origin/calculator/", calculating.calculator, name="calculator"),
]
