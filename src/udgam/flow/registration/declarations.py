"""The texts that are agreed to: the declaration by version and language, and the notice about personal data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from udgam.ground.pages.languages import in_language
from udgam.parties.accounts.queries import sign_in_log_days
from udgam.rules.duties import current_declaration
from udgam.rules.numbers import indian_date

NOTICE = "2026-11"
_LANGUAGES = ("en", "hi")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Declaration:
    """One version of the declaration in one language, as shown."""

    version: str
    language: str
    html: str
    sha256: str


def declaration_for(language: str, *, now: datetime) -> Declaration:
    """The version in force today in India, in the reader's language."""
    chosen = language[:2] if language[:2] in _LANGUAGES else "en"
    version = current_declaration(indian_date(now))
    with translation.override(chosen):
        html = render_to_string(
            f"registration/declarations/{version.text_key}.{chosen}.html",
            {
                "site_owner": in_language(settings.SITE_OWNER, settings.SITE_OWNER_HINDI),
                "grievance_email": settings.GRIEVANCE_OFFICER_EMAIL,
            },
        )
    return Declaration(version.version, chosen, html, digest(html))


def digest(html: str) -> str:
    """SHA-256 of the words alone: a change of markup is not a change of what was agreed."""
    words = " ".join(_TAG.sub(" ", html).split())
    return sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class NoticeRow:
    """One field of personal data: where it comes from and what it is for."""

    field: str | Promise
    source: str | Promise
    purpose: str | Promise
    kept: str | Promise


def notice_rows() -> tuple[NoticeRow, ...]:
    """The table of the notice, field by field."""
    from_record, typed = _("IEC record"), _("You type it; compared with the IEC record")
    as_long = _("While the firm is registered, and afterwards as long as the law on trade documents asks")
    return (
        NoticeRow(
            _("Name of the token’s holder, certificate and hash of the PAN in it"),
            _("Your token"),
            _("To prove that a person listed in the IEC record acts for the firm"),
            as_long,
        ),
        NoticeRow(
            _("Names, roles, addresses and mobile numbers of directors, partners or the proprietor"),
            from_record,
            _("To find the token’s holder among them and to show the firm its own record"),
            as_long,
        ),
        NoticeRow(
            _("Mobile number"),
            typed,
            _("One-time codes, notices about applications and about the safety of the account"),
            as_long,
        ),
        NoticeRow(
            _("E-mail address"),
            typed,
            _("The one-time password, notices about applications and about the safety of the account"),
            as_long,
        ),
        NoticeRow(
            _("PAN (of a proprietor)"),
            from_record,
            _("To compare it with the token and with the GSTIN of each branch"),
            as_long,
        ),
        NoticeRow(
            _("GSTIN of each branch, AEO number"),
            _("You type it"),
            _("Printed in applications and, where an agreement asks for it, in certificates"),
            as_long,
        ),
        NoticeRow(
            _("Language, times of the steps, what was agreed to"),
            _("Recorded by this service"),
            _("To write to you in your language and to prove what was agreed and decided"),
            as_long,
        ),
        NoticeRow(
            _("Times and network addresses of sign-ins"),
            _("Recorded by this service"),
            _("To show you who used the account and to find misuse"),
            _("%(n)s days") % {"n": sign_in_log_days()},
        ),
    )
