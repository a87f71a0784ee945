"""The addresses of applications, in the order of the way."""

from __future__ import annotations

from django.urls import path

from udgam.flow.applications.views import case, checking, goods, lists, papers, sections, signing

app_name = "applications"
urlpatterns = [
    path("", lists.applications, name="list"),
    path("start/", lists.start, name="start"),
    path("<uuid:public_id>/", case.detail, name="detail"),
    path("<uuid:public_id>/items/", goods.items, name="items"),
    path("<uuid:public_id>/items/add/", goods.add_item, name="item-add"),
    path("<uuid:public_id>/items/<int:position>/", goods.item, name="item"),
    path("<uuid:public_id>/items/<int:position>/remove/", goods.remove_item, name="item-remove"),
    path("<uuid:public_id>/documents/", papers.documents, name="documents"),
    path("<uuid:public_id>/documents/<int:row_id>/remove/", papers.remove_document, name="document-remove"),
    path("<uuid:public_id>/check/", checking.check, name="check"),
    path("<uuid:public_id>/preview/", checking.preview, name="preview"),
    path("<uuid:public_id>/answer/", case.answer, name="answer"),
    path("<uuid:public_id>/sign/", signing.sign, name="sign"),
    path("<uuid:public_id>/conversation/", signing.conversation, name="conversation"),
    path("<uuid:public_id>/withdraw/", case.withdraw, name="withdraw"),
    path("<uuid:public_id>/signed/<int:version>/", case.signed_copy, name="signed-copy"),
    path("<uuid:public_id>/<slug:name>/", sections.section, name="section"),
]
