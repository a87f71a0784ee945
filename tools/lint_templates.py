"""Load every template once, so that a misspelt tag fails here and not on a page; and refuse inline scripts and styles."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = [
    (re.compile(r"\sstyle="), "an inline style, which the content-security policy refuses"),
    (re.compile(r"\son[a-z]+=\""), "an inline event handler, which the content-security policy refuses"),
    (
        re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)"),
        "an inline script, which the content-security policy refuses",
    ),
    (re.compile(r"target=\"?_blank"), "target=_blank; let people choose their windows"),
]


def main() -> None:
    django.setup()
    problems = []
    for path in sorted((ROOT / "src").rglob("templates/**/*.html")):
        name = str(path).split("/templates/", 1)[1]
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            problems.append(f"{path.relative_to(ROOT)}: {error}")
        text = path.read_text()
        problems += [f"{path.relative_to(ROOT)}: {what}" for pattern, what in FORBIDDEN if pattern.search(text)]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
