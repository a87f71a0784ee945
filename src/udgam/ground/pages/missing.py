"""What a form says when an answer is missing, far from its field as well as beside it."""

from __future__ import annotations

from django.utils.translation import gettext as _


def missing(label: object) -> str:
    """`“HS code” is missing.`; a label that is a question itself wants an answer instead."""
    text = str(label)
    if text.endswith("?"):
        return _("Answer “%(label)s”") % {"label": text}
    return _("“%(label)s” is missing.") % {"label": text}
