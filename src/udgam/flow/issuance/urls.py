"""Addresses of the signing pages."""

from __future__ import annotations

from django.urls import path

from udgam.flow.issuance.views import alarms, certificate, ending, extract, post, seals, signing

app_name = "issuance"
urlpatterns = [
    path("", signing.queue, name="queue"),
    path("begin/", signing.begin, name="begin"),
    path("runs/<uuid:public_id>/", signing.run, name="run"),
    path("runs/<uuid:public_id>/conversation", signing.conversation, name="conversation"),
    path("runs/<uuid:public_id>/take-back/", signing.take_back, name="take_back"),
    path("issued/", certificate.issued, name="issued"),
    path("certificates/<uuid:public_id>/", certificate.certificate, name="certificate"),
    path("certificates/<uuid:public_id>/preview.pdf", signing.preview, name="preview"),
    path("certificates/<uuid:public_id>/file", certificate.download, name="download"),
    path("certificates/<uuid:public_id>/files/<str:name>", certificate.other_file, name="other_file"),
    path("certificates/<uuid:public_id>/extract/", extract.extract, name="extract"),
    path("certificates/<uuid:public_id>/cancel/", ending.cancel, name="cancel"),
    path("certificates/<uuid:public_id>/supersede/", ending.supersede, name="supersede"),
    path("certificates/<uuid:public_id>/ask/", ending.ask, name="ask"),
    path("certificates/<uuid:public_id>/copies/<int:number>.pdf", post.leaf, name="leaf"),
    path("post/", post.post, name="post"),
    path("post/list.<str:kind>", post.post_export, name="post-export"),
    path("offices/<int:office_id>/seal/", seals.seal, name="seal"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<uuid:public_id>/", alarms.alarm, name="alarm"),
    path("requests/", ending.requests, name="requests"),
    path("requests/<uuid:public_id>/", ending.decide, name="decide"),
    path("requests/<uuid:public_id>/withdraw/", ending.withdraw, name="withdraw"),
]
