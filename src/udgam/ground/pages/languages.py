"""Names that are kept in both languages of the site."""

from __future__ import annotations

from django.utils.translation import get_language


def in_language(english: str, hindi: str) -> str:
    """A name in the reader's language; the English one where no Hindi one is known."""
    return hindi if hindi and (get_language() or "").startswith("hi") else english
