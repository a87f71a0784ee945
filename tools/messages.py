"""Collect every text that can reach a page into the Hindi catalogue, keeping the translations that are there.

Usage: python tools/messages.py [--check | --forget]

The catalogue `src/udgam/web/locale/hi/LC_MESSAGES/django.po` is the source of the Hindi: translate in it. Texts come from the
Python files, the templates (by Django's own reading of them), the rules' own list, the refusals of the signing rooms, and those parts of Django and of the packages
whose messages can reach a page: their Hindi is never used. ``--check`` changes nothing and fails if a text is missing,
untranslated or marked fuzzy; ``--forget`` drops translations of texts that are gone.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "udgam"
FILE = SOURCE / "web" / "locale" / "hi" / "LC_MESSAGES" / "django.po"
TEMPLATES = ("*.html", "*.txt", "*.subject")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What of Django and of the packages can put a sentence on one of our pages: no model forms, no admin, no debug pages.
PACKAGES = (
    "django.forms.fields",
    "django.forms.forms",
    "django.forms.formsets",
    "django.forms.widgets",
    "django.core.validators",
    "django.utils.dates",
    "django.utils.timesince",
    "django.utils.text",
    "django.contrib.auth.password_validation",
    "django.contrib.auth.validators",
    "django.template.defaultfilters",
    "captcha.fields",
)
Key = tuple[str | None, str | tuple[str, ...]]


def texts_of_source() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Place, text (or singular and plural) and context of everything that Python files and templates mark."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _of_python(path.read_bytes(), str(path.relative_to(ROOT)))
    from django.utils.translation.template import templatize

    for pattern in TEMPLATES:
        for path in sorted(SOURCE.rglob(f"templates/**/{pattern}")):
            place = str(path.relative_to(ROOT))
            # In brackets, because what stands for the markup is indented like the markup.
            marked = f"(\n{templatize(path.read_text(encoding='utf-8'), origin=place)}\n)"
            yield from _of_python(marked.encode(), place)


def texts_of_packages() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """The same for the parts of the packages that reach pages."""
    for name in PACKAGES:
        module = import_module(name)
        yield from _of_python(Path(str(module.__file__)).read_bytes(), name)


def texts_of_rules() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """The rules know no translation; their English texts are looked up when a page is drawn."""
    from udgam.rules.reasons import all_texts

    for text in all_texts():
        yield "udgam.rules", text, None


def texts_of_proof() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """What the check of a file says, step by step; it knows no translation either."""
    from udgam.signing.proof.texts import all_texts

    for text in all_texts():
        yield "udgam.signing.proof", text, None


def texts_of_signing() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """What refuses a token, a certificate, a seal or a page; these rooms know no translation either."""
    from udgam.rules.refusals import Refused

    def kinds_of(base: type[Refused]) -> set[type[Refused]]:
        return {base}.union(*(kinds_of(kind) for kind in base.__subclasses__()))

    for package in ("udgam.signing.trust", "udgam.signing.sealing"):
        for found in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(found.name)
    for kind in sorted(kinds_of(Refused), key=lambda one: (one.__module__, one.__name__)):
        if kind.__module__.startswith(("udgam.signing.trust.", "udgam.signing.sealing.")):
            for reason in kind.reasons.values():
                for text in reason:
                    yield "udgam.signing", text, None


def _of_python(code: bytes, place: str) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    for _line, found, _comments, context in extract("python", io.BytesIO(code), KEYWORDS, (), {"encoding": "utf-8"}):
        text = tuple(found) if isinstance(found, tuple | list) else found
        yield place, text, context


def collect() -> Catalog:
    """A fresh catalogue with every text and without translations."""
    catalogue = Catalog(locale="hi", project="Udgam", charset="utf-8", fuzzy=False)
    for texts in (texts_of_source(), texts_of_rules(), texts_of_proof(), texts_of_signing(), texts_of_packages()):
        for place, text, context in texts:
            if text and (isinstance(text, tuple) or text.strip()):
                catalogue.add(text, locations=[(place, 0)], context=context)
    return catalogue


def stored() -> Catalog:
    """The catalogue as it stands in the repository."""
    if not FILE.exists():
        return Catalog(locale="hi")
    with FILE.open("rb") as file:
        return read_po(file, locale="hi")


def key_of(message: Message) -> Key:
    """What makes a message one: context and text."""
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


def problems(fresh: Catalog, old: Catalog) -> list[str]:
    """Every text that the stored catalogue lacks, leaves untranslated or marks as fuzzy."""
    known = {key_of(message): message for message in old if message.id}
    found = []
    for message in fresh:
        if not message.id:
            continue
        mine = known.get(key_of(message))
        if mine is None:
            found.append(f"missing: {message.id!r}")
        elif not mine.string or (isinstance(mine.string, tuple) and not all(mine.string)):
            found.append(f"untranslated: {message.id!r}")
        elif mine.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
    return found


def merge(fresh: Catalog, old: Catalog, *, forget: bool) -> Catalog:
    """The fresh catalogue with the stored translations. Texts that are gone stay as remarks unless told to forget."""
    known = {key_of(message): message for message in [*old, *old.obsolete.values()] if message.id}
    for message in fresh:
        mine = known.pop(key_of(message), None) if message.id else None
        if mine is not None:
            message.string = mine.string
            message.user_comments = mine.user_comments
    if not forget:
        fresh.obsolete = {str(key): message for key, message in known.items() if message.string}  # type: ignore[assignment]
    return fresh


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "udgam.web.settings.checking")
    import django

    django.setup()
    fresh, old = collect(), stored()
    if "--check" in sys.argv:
        found = problems(fresh, old)
        if found:
            sys.exit("\n".join(found))
        return
    merged = merge(fresh, old, forget="--forget" in sys.argv)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    merged.header_comment = (
        "# The Hindi of Udgam. Translate here; `make messages` collects new texts and keeps what is there."
    )
    merged.revision_date = old.revision_date if FILE.exists() else merged.creation_date
    merged.creation_date = old.creation_date if FILE.exists() else merged.creation_date
    with FILE.open("wb") as file:
        write_po(file, merged, width=120, sort_by_file=True, include_lineno=False, ignore_obsolete=False)
    waiting = problems(collect(), stored())
    print(f"{len(merged)} texts, {len(waiting)} waiting for a translation: {FILE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
