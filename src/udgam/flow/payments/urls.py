"""The addresses of payments."""

from __future__ import annotations

from django.urls import path

from udgam.flow.payments.views import agency, papers, paying, wallets

app_name = "payments"
urlpatterns = [
    path("", papers.receipts, name="receipts"),
    path("receipts/<uuid:public_id>/", papers.receipt, name="receipt"),
    path("receipts/<uuid:public_id>/pdf/", papers.receipt_pdf, name="receipt-pdf"),
    path("wallets/", wallets.wallets, name="wallets"),
    path("wallets/<str:code>/", wallets.wallet, name="wallet"),
    path("wallets/<str:code>/payout/", wallets.payout, name="payout"),
    path("wallets/<str:code>/statement.<str:kind>", wallets.statement, name="statement"),
    path("agency/", agency.account, name="agency-account"),
    path("agency/settlement.<str:kind>", agency.settlement, name="settlement"),
    path("agency/fee-account/", agency.fee_account, name="fee-account"),
    path("orders/<uuid:public_id>/", paying.order, name="order"),
    path("orders/<uuid:public_id>/pay/", paying.pay, name="pay"),
    path("orders/<uuid:public_id>/wallet/", paying.pay_from_wallet, name="pay-from-wallet"),
    path("orders/<uuid:public_id>/result/", paying.returned, name="returned"),
]
