"""Turn a template into the words of a message, in the language of the person who gets it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.utils import translation
from django.utils.translation import gettext

from udgam.ground.pages.languages import in_language


@cache
def _engine() -> DjangoTemplates:
    """Templates of messages are plain text: an ampersand in a firm's name must arrive as one, so nothing is escaped."""
    return DjangoTemplates(
        {
            "NAME": "messages",
            "DIRS": [],
            "APP_DIRS": True,
            "OPTIONS": {"autoescape": False, "builtins": ["django.templatetags.i18n"]},
        }
    )


def render(template: str, ending: str, context: Mapping[str, Any], language: str) -> str:
    """Fill ``<room>/messages/<name><ending>`` for the template "room/name".

    ``site_origin`` and ``site_owner`` are at hand in every template. Raises Django's ``TemplateDoesNotExist``.
    """
    room, _, name = template.partition("/")
    if not room or not name:
        raise ValueError("A message template is named room/name.")
    with translation.override(language):
        everywhere = {"site_origin": settings.SITE_ORIGIN, "site_owner": site_owner()}
        words: str = _engine().get_template(f"{room}/messages/{name}{ending}").render({**everywhere, **context})
    return words


def subject_line(template: str, context: Mapping[str, Any], language: str) -> str:
    """The subject of a mail, which is also the line of a notice and of a short text."""
    return one_line(render(template, ".subject", context, language))[:250]


def closing(language: str) -> str:
    """The end of every mail: who writes, and where one can ask. "-- " is how mail programs know it."""
    with translation.override(language):
        help_desk = gettext("Help desk: %(phone)s, %(email)s") % {
            "phone": settings.HELP_DESK_PHONE,
            "email": settings.HELP_DESK_EMAIL,
        }
        return f"\n-- \n{site_owner()}\n{help_desk}\n"


def site_owner() -> str:
    """The name behind a message, in the language that is in force."""
    return in_language(settings.SITE_OWNER, settings.SITE_OWNER_HINDI)


def one_line(words: str) -> str:
    """The words on one line: a line break in a subject would start another mail header."""
    return " ".join(words.split())
