"""Draws the agent's pages. Values are escaped when they are put in, never when they arrive."""

from __future__ import annotations

import html
import json
from functools import cache
from importlib import resources
from string import Template

from udgam_agent import PROTOCOL, __version__
from udgam_agent.asked import Authenticate
from udgam_agent.conversation import Conversation
from udgam_agent.errors import Refused
from udgam_agent.texts import SCREEN, explain

ASSETS = {
    "agent.css": "text/css; charset=utf-8",
    "window.js": "text/javascript; charset=utf-8",
    "content.js": "text/javascript; charset=utf-8",
    "parts.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
    "devanagari.woff2": "font/woff2",
}


@cache
def asset(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def _template(name: str) -> Template:
    return Template(asset(name).decode("utf-8"))


def _data(value: object) -> str:
    """JSON for a data block inside a page: no character in it can end the block or be read as markup."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _shell(*, lang: str, screen: str, body: str, state: dict[str, object], heading: str) -> bytes:
    texts = SCREEN[lang]
    page = _template("shell.html").substitute(
        lang="en-IN" if lang == "en" else lang,
        screen=html.escape(screen),
        title=html.escape(f"{heading} – {texts['title']}"),
        name=html.escape(texts["title"]),
        version=html.escape(f"{texts['version']} {__version__}"),
        noscript=html.escape(texts["noscript"]),
        state=_data({**_constants(lang), **state}),
        body=body,
    )
    return page.encode("utf-8")


def _constants(lang: str) -> dict[str, object]:
    """What the script needs on every page, with the refusals that only the window itself can notice."""
    return {
        "version": __version__,
        "protocol": PROTOCOL,
        "lang": lang,
        "texts": SCREEN[lang],
        "failed": _plain("agent.failed", lang, {}),
        "lost": _plain("agent.opener-lost", lang, {}),
        # The placeholder is filled by the script with the site's own words.
        "stopped": _plain("agent.site-stopped", lang, {"detail": "{detail}"}),
    }


def _escaped(texts: dict[str, str]) -> dict[str, str]:
    return {name.replace(".", "_").replace("-", "_"): html.escape(text) for name, text in texts.items()}


def _purpose_texts(conversation: Conversation) -> tuple[str, str]:
    texts = SCREEN[conversation.request.lang]
    purpose = conversation.request.purpose
    return texts.get(f"purpose.{purpose}", texts["purpose.other"]), texts.get(f"go.{purpose}", texts["go.sign"])


def conversation_page(conversation: Conversation, *, runs: bool, files: bool) -> bytes:
    """Draw the window for a request. Every screen is in it; the script shows one at a time."""
    lang = conversation.request.lang
    texts = SCREEN[lang]
    heading, go = _purpose_texts(conversation)
    screen = "busy" if not runs else "looking" if conversation.trusted else "trust"
    notes = ""
    if conversation.origin.sandbox:
        notes += _note(texts["sandbox"], texts["sandbox_note"])
    if files:
        notes += _note(texts["sandbox"], texts["files_note"])
    body = _template("conversation.html").substitute(
        _escaped(texts),
        heading=html.escape(heading),
        go=html.escape(go),
        origin=html.escape(conversation.origin.text),
        notes=notes,
        busy_hidden=" hidden" if runs else "",
    )
    request = conversation.request
    state: dict[str, object] = {
        "conversation": conversation.id,
        "secret": conversation.secret,
        "origin": conversation.origin.text,
        "kind": "authenticate" if isinstance(request, Authenticate) else "sign",
        "purpose": request.purpose,
        "items": []
        if isinstance(request, Authenticate)
        else [
            {
                "id": item.id,
                "title": item.title,
                "number": item.number,
                "sha256": item.sha256,
                "media_type": item.media_type,
            }
            for item in request.items
        ],
        "trusted": conversation.trusted,
    }
    return _shell(lang=lang, screen=screen, body=body, state=state, heading=heading)


def _plain(code: str, lang: str, details: dict[str, str]) -> dict[str, object]:
    message, advice = explain(code, lang, details)
    return {"code": code, "message": message, "advice": advice, "final": True}


def _note(tag: str, text: str) -> str:
    return f'<p class="note"><strong class="tag">{html.escape(tag)}</strong> {html.escape(text)}</p>'


def refusal_page(refusal: Refused, *, lang: str, origin: str | None) -> bytes:
    """Draw a refusal. `origin` is given only when the browser attested one: then the asking page is told the code."""
    texts = SCREEN[lang]
    what, todo = explain(refusal.code, lang, refusal.details)
    body = _template("refusal.html").substitute(
        _escaped(texts), what=html.escape(what), todo=html.escape(todo), reason=html.escape(refusal.code)
    )
    state: dict[str, object] = {"origin": origin, "refusal": {"code": refusal.code, "message": what, "advice": todo}}
    return _shell(lang=lang, screen="stopped", body=body, state=state, heading=texts["problem"])


def start_page(*, lang: str, secret: str, files: bool) -> bytes:
    """Draw the page one sees when opening the agent's address oneself: it runs, and one can look at one's token."""
    texts = SCREEN[lang]
    other = "hi" if lang == "en" else "en"
    body = _template("start.html").substitute(
        _escaped(texts),
        notes=_note(texts["sandbox"], texts["files_note"]) if files else "",
        other=other,
        other_name="हिंदी" if other == "hi" else "English",
    )
    return _shell(lang=lang, screen="start", body=body, state={"secret": secret}, heading=texts["running"])
