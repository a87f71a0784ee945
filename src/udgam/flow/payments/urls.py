"""The addresses of payments."""

from __future__ import annotations

from django.urls import path

from udgam.flow.payments.views import paying

app_name = "payments"
urlpatterns = [
    path("orders/<uuid:public_id>/", paying.order, name="order"),
    path("orders/<uuid:public_id>/pay/", paying.pay, name="pay"),
    path("orders/<uuid:public_id>/wallet/", paying.pay_from_wallet, name="pay-from-wallet"),
    path("orders/<uuid:public_id>/result/", paying.returned, name="returned"),
]
