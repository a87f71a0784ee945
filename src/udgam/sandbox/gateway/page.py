"""The page of the sandbox's gateway: plain HTML without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from udgam.sandbox.gateway.ways import WAYS
from udgam.sandbox.mailbox.page import STYLE

__all__ = ["STYLE", "ended_page", "pay_page"]


def pay_page(session: Mapping[str, Any]) -> bytes:
    """What is to be paid, and a button for each way it can end."""
    whole, paise = divmod(session["amount_paise"], 100)
    buttons = "".join(
        f'<p><button name="way" value="{escape(name)}">{escape(way.says)}</button></p>' for name, way in WAYS.items()
    )
    return _page(
        "Sandbox payment service",
        f"<p>No money moves here. Choose how the payment is to end.</p>"
        f"<dl><dt>Merchant</dt><dd>{escape(session['merchant'])}</dd><dt>For</dt><dd>{escape(session['description'])}</dd>"
        f"<dt>Amount</dt><dd>₹ {whole}.{paise:02d}</dd></dl>"
        f'<form method="post">{buttons}</form>',
    )


def ended_page(session: Mapping[str, Any]) -> bytes:
    """The session has ended; a page is paid once."""
    return _page(
        "This payment has ended",
        f'<p>It cannot be paid again. <a href="{escape(session["return_url"])}">Go back</a></p>',
    )


def _page(title: str, content: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"></head>'
        f'<body><div class="band"><header><h1>{escape(title)}</h1></header></div><main>{content}</main></body></html>'
    ).encode()
