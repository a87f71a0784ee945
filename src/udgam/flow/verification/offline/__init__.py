"""The page that checks the signed code and the credential without any server: one HTML file, its script bound by its own hash."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from udgam.flow.verification.offline.texts import TEXTS
from udgam.signing.proof.published import TRUST_LIST, PublishedRegister
from udgam.signing.proof.trust_list import write_pin

NAME = "udgam-verify.html"


def offline_page(register: PublishedRegister) -> bytes:
    """The whole file. The pin and the published trust list of ``register`` are put in.

    Before the first publication there is neither; the page says so, and both can be chosen on it.
    """
    script = "\n".join(
        (_code_reader(), _part("verify.js").replace("export ", ""), _part("picture.js"), _part("page.js"))
    )
    style = _letters() + _part("page.css").strip()
    listed = (register.files.read(TRUST_LIST) or b"").decode("ascii", "replace").strip()
    data = {
        "pin": json.loads(write_pin(register.pin)) if register.pin.keys else None,
        "list": listed or None,
        "texts": {language: _texts(language) for language in ("en", "hi")},
    }
    if "</script" in script.lower() or "</style" in style.lower():
        raise ValueError("the script would end the element that holds it")
    page = _part("page.html")
    # A data block cannot end early when no "<" stands in it.
    written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    for mark, value in {
        "@SCRIPT_HASH@": _hash(script),
        "@STYLE_HASH@": _hash(style),
        "@STYLE@": style,
        "@DATA@": written,
        "@SCRIPT@": script,
    }.items():
        page = page.replace(mark, value, 1)
    return page.encode("utf-8")


def _texts(language: str) -> dict[str, str]:
    with translation.override(language):
        return {name: gettext(text) for name, text in TEXTS.items()}


def _code_reader() -> str:
    """The npm package jsqr as the site serves it, as a value instead of a module; its licence stands at its top."""
    module = (Path(settings.ASSETS) / "jsqr.js").read_text(encoding="utf-8")
    head, _, code = module.partition("\n")
    return f"{head}\nconst jsQR = (() => {{\n{code.replace('export default module.exports;', 'return module.exports;')}}})();"


def _letters() -> str:
    """The letters of Hindi as the site serves them: the computer of a customs office need not have any."""
    font = base64.b64encode((Path(settings.ASSETS) / "fonts" / "noto-sans-devanagari.woff2").read_bytes()).decode()
    return (
        "/*! Noto Sans Devanagari, The Noto Project Authors, SIL Open Font License 1.1 */"
        '@font-face{font-family:"Udgam Devanagari";font-weight:100 900;unicode-range:U+0900-097F,U+200C,U+200D,U+25CC;'
        f'src:url("data:font/woff2;base64,{font}") format("woff2")}}'
    )


def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
