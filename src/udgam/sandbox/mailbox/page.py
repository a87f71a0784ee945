"""The mailbox as a page: plain HTML without scripts, readable with a screen reader and at 320 pixels."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from udgam.sandbox.mailbox.store import Message

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #14213d; font: 1.0625rem/1.55 "Noto Sans", system-ui, sans-serif; }
header, main, footer { max-width: 48rem; margin: 0 auto; padding: 0 1rem; }
.band { background: #f4f6fa; border-bottom: 1px solid #d5dae3; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0; padding: 1.25rem 0 .25rem; }
.lead { margin: 0; padding-bottom: 1.25rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1.5rem 0; }
label { display: block; font-weight: 600; width: 100%; }
select, button { font: inherit; min-height: 2.75rem; max-width: 100%; padding: .4rem .75rem; color: #14213d; background: #fff; border: 2px solid #14213d; border-radius: 0; }
button { background: #1d4e89; border-color: #1d4e89; color: #fff; cursor: pointer; }
a { color: #1d4e89; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid #b4540a; outline-offset: 2px; }
article { border: 1px solid #d5dae3; margin: 0 0 1.5rem; padding: 1rem 1.25rem; }
h2 { font-size: 1.25rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 0 .75rem; color: #3d4a63; }
dd { margin: 0; overflow-wrap: anywhere; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid #d5dae3; padding-top: .75rem; }
footer { padding: 1rem; color: #3d4a63; }
@media print { form, footer { display: none; } article { break-inside: avoid; } }
"""
# Letters point back to the platform on this machine; those addresses become links, no others.
_LINK = re.compile(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?/[^\s<>\"'()]*")
_INDIA = ZoneInfo("Asia/Kolkata")


def _linked(text: str) -> str:
    """The text escaped, with addresses of this machine as links."""
    parts, end = [], 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(".,;:!?")
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{escape(address)}">{escape(address)}</a>')
        end = match.start() + len(address)
    return "".join([*parts, escape(text[end:])])


def _language(text: str) -> str:
    """Hindi text is marked as such, so that it is read aloud with the right voice."""
    return ' lang="hi"' if any("\u0900" <= sign <= "\u097f" for sign in text) else ""


def _article(message: Message) -> str:
    kind = "Mail" if message.kind == "mail" else "Text message"
    moment = datetime.fromisoformat(message.at)
    shown = moment.astimezone(_INDIA).strftime("%d.%m.%Y %H:%M:%S")
    heading = message.subject or f"{kind} to {', '.join(message.recipients)}"
    attached = f"<dt>Attached</dt><dd>{escape(', '.join(message.attachments))}</dd>" if message.attachments else ""
    return (
        f'<article aria-labelledby="m{message.number}"><h2 id="m{message.number}"{_language(heading)}>{escape(heading)}</h2>'
        f"<dl><dt>Kind</dt><dd>{kind}</dd><dt>To</dt><dd>{escape(', '.join(message.recipients))}</dd>"
        f"<dt>From</dt><dd>{escape(message.sender)}</dd>"
        f'<dt>Arrived</dt><dd><time datetime="{escape(message.at)}">{shown} (Indian time)</time></dd>{attached}</dl>'
        f'<div class="text"{_language(message.text)}>{_linked(message.text)}</div></article>'
    )


def page(messages: list[Message], *, recipients: list[str], chosen: str) -> bytes:
    """The whole page in UTF-8: a filter by recipient, then the messages, newest first."""
    options = ['<option value="">Everybody</option>']
    options += [
        f'<option value="{escape(one)}"{" selected" if one.casefold() == chosen.casefold() else ""}>{escape(one)}</option>'
        for one in recipients
    ]
    count = "1 message" if len(messages) == 1 else f"{len(messages)} messages"
    listed = "".join(_article(message) for message in messages) or "<p>Nothing has arrived yet.</p>"
    again = f"/?to={quote(chosen)}" if chosen else "/"
    title = f"{count} for {chosen}" if chosen else count
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - Sandbox mailbox</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"></head><body>'
        '<div class="band"><header><h1>Sandbox mailbox</h1><p class="lead">Mail and text messages that the platform sent to the fictional cast. '
        "Nothing leaves this machine.</p></header></div><main>"
        '<form method="get" action="/"><label for="to">Show messages to</label>'
        f'<select id="to" name="to">{"".join(options)}</select><button>Show</button></form>'
        f'<p>{count}, newest first. <a href="{escape(again)}">Look again</a></p>{listed}</main>'
        "<footer>This page belongs to the sandbox of Udgam. It is not part of a real installation.</footer></body></html>"
    ).encode()
