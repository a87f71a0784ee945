from __future__ import annotations

from django.urls import path

from udgam.ground.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:document_id>", views.download, name="download"),
    path("<uuid:document_id>/<int:number>.jpg", views.page, name="page"),
]
