"""The sandbox's payment gateway: a page where one chooses how a payment ends, signed messages, status, refunds."""

from udgam.sandbox.gateway.delivery import signature
from udgam.sandbox.gateway.service import API_KEY, MERCHANT, SECRET, GatewayHandle, start

__all__ = ["API_KEY", "MERCHANT", "SECRET", "GatewayHandle", "signature", "start"]
