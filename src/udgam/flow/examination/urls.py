"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from udgam.flow.examination.views import case, deciding, derivation, queue

app_name = "examination"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("colleagues/", queue.colleagues, name="colleagues"),
    path("<uuid:public_id>/", case.case, name="case"),
    path("<uuid:public_id>/discrepancy/", deciding.discrepancy, name="discrepancy"),
    path("<uuid:public_id>/refuse/", deciding.refuse, name="refuse"),
    path("<uuid:public_id>/reassign/", deciding.reassign, name="reassign"),
    path("<uuid:public_id>/visit/", deciding.visit, name="visit"),
    path("<uuid:public_id>/note/", case.note, name="note"),
    path("<uuid:public_id>/origin/<int:version>/<int:position>/", derivation.derivation, name="derivation"),
    path(
        "<uuid:public_id>/origin/<int:version>/<int:position>/derivation.json",
        derivation.derivation_file,
        name="derivation-file",
    ),
    path(
        "<uuid:public_id>/origin/<int:version>/<int:position>/again.zip",
        derivation.derivation_bundle,
        name="derivation-bundle",
    ),
    path("<uuid:public_id>/<str:name>/", case.act, name="act"),
]
