"""The addresses of applications, in the order of the way."""

from __future__ import annotations

from django.urls import path

from udgam.flow.applications.views import (
    book,
    bulk,
    case,
    checking,
    costs,
    derivation,
    goods,
    lists,
    papers,
    sections,
    signing,
    trade_papers,
)

app_name = "applications"
urlpatterns = [
    path("", lists.applications, name="list"),
    path("start/", lists.start, name="start"),
    path("export/", lists.export, name="export"),
    path("book/<slug:kind>/", book.book, name="book"),
    path("book/<slug:kind>/add/", book.book_add, name="book-add"),
    path("book/<slug:kind>/<uuid:entry_id>/", book.book_entry, name="book-entry"),
    path("book/<slug:kind>/<uuid:entry_id>/retire/", book.book_retire, name="book-retire"),
    path("goods-template/", bulk.template, name="goods-template"),
    path("<uuid:public_id>/", case.detail, name="detail"),
    path("<uuid:public_id>/items/", goods.items, name="items"),
    path("<uuid:public_id>/items/table/", bulk.upload, name="bulk"),
    path("<uuid:public_id>/items/table/<uuid:upload_id>/", bulk.uploaded, name="bulk-upload"),
    path("<uuid:public_id>/items/add/", goods.add_item, name="item-add"),
    path("<uuid:public_id>/items/<int:position>/", goods.item, name="item"),
    path("<uuid:public_id>/items/<int:position>/remove/", goods.remove_item, name="item-remove"),
    path("<uuid:public_id>/items/<int:position>/cost-sheet/", costs.cost_sheet, name="cost-sheet"),
    path("<uuid:public_id>/items/<int:position>/materials/add/", costs.add_material, name="material-add"),
    path("<uuid:public_id>/items/<int:position>/materials/<int:number>/", costs.material, name="material"),
    path(
        "<uuid:public_id>/items/<int:position>/materials/<int:number>/remove/",
        costs.remove_material,
        name="material-remove",
    ),
    path("<uuid:public_id>/items/<int:position>/claim/", costs.claim, name="claim"),
    path("<uuid:public_id>/invoices/", trade_papers.invoices, name="invoices"),
    path("<uuid:public_id>/invoices/add/", trade_papers.add_invoice, name="invoice-add"),
    path("<uuid:public_id>/invoices/<int:position>/", trade_papers.invoice, name="invoice"),
    path("<uuid:public_id>/invoices/<int:position>/remove/", trade_papers.remove_invoice, name="invoice-remove"),
    path("<uuid:public_id>/shipping-bills/", trade_papers.shipping_bills, name="shipping-bills"),
    path("<uuid:public_id>/shipping-bills/add/", trade_papers.add_shipping_bill, name="shipping-bill-add"),
    path("<uuid:public_id>/shipping-bills/<int:position>/", trade_papers.shipping_bill, name="shipping-bill"),
    path(
        "<uuid:public_id>/shipping-bills/<int:position>/remove/",
        trade_papers.remove_shipping_bill,
        name="shipping-bill-remove",
    ),
    path("<uuid:public_id>/documents/", papers.documents, name="documents"),
    path("<uuid:public_id>/documents/<int:row_id>/remove/", papers.remove_document, name="document-remove"),
    path("<uuid:public_id>/check/", checking.check, name="check"),
    path("<uuid:public_id>/preview/", checking.preview, name="preview"),
    path("<uuid:public_id>/answer/", case.answer, name="answer"),
    path("<uuid:public_id>/sign/", signing.sign, name="sign"),
    path("<uuid:public_id>/conversation/", signing.conversation, name="conversation"),
    path("<uuid:public_id>/copy/", lists.copy, name="copy"),
    path("<uuid:public_id>/take-back/", case.take_back, name="take-back"),
    path("<uuid:public_id>/withdraw/", case.withdraw, name="withdraw"),
    path("<uuid:public_id>/signed/<int:version>/", case.signed_copy, name="signed-copy"),
    path("<uuid:public_id>/signed/<int:version>/origin/<int:position>/", derivation.derivation, name="derivation"),
    path(
        "<uuid:public_id>/signed/<int:version>/origin/<int:position>/derivation.json",
        derivation.derivation_file,
        name="derivation-file",
    ),
    path(
        "<uuid:public_id>/signed/<int:version>/origin/<int:position>/again.zip",
        derivation.derivation_bundle,
        name="derivation-bundle",
    ),
    path("<uuid:public_id>/<slug:name>/", sections.section, name="section"),
]
