"""A case in the reader's language: the rows of the signed content, what the rules find, what was done and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.applications.models import Application
from udgam.flow.applications.standing import ACTS
from udgam.flow.applications.views.showing import Group, Row, content_rows
from udgam.flow.examination.queries import Case
from udgam.flow.registration.reasons import text_of
from udgam.ground.audit.queries import acts_of
from udgam.ground.reference.countries import country

# What the exporter did with the papers is told to the officer too; their own page leaves it out.
PAPER_ACTS = {
    "document.stored": gettext_lazy("Document added"),
    "document.removed": gettext_lazy("Document removed"),
}


@dataclass(frozen=True)
class Line:
    """A line of the case's history. Inside the office everybody sees who did it."""

    at: datetime
    label: str
    who: str
    version: int | None


@dataclass(frozen=True)
class FoundFault:
    """What a rule finds in the signed version, and what to do."""

    message: str
    advice: str


def history(application: Application) -> list[Line]:
    """What happened, newest first."""
    return [
        Line(
            at=line.at,
            label=str(ACTS.get(line.act) or PAPER_ACTS.get(line.act, line.act)),
            who=line.actor_name or "",
            version=line.details.get("version"),
        )
        for line in acts_of(f"application:{application.public_id}", newest_first=True, limit=100)
    ]


def groups_of(case: Case) -> list[Group]:
    """The signed answers; an answer to a question of the office stands first, since it is what the officer looks for."""
    groups = content_rows(case.content)
    if case.content.answer:
        group = Group(
            "answer", _("Answer to your question"), (Row(_("Answer"), tuple(case.content.answer.splitlines())),)
        )
        groups.insert(0, group)
    return groups


def faults_of(case: Case) -> list[FoundFault]:
    """The findings of the rules, translated."""
    told = [text_of(found.code, found.params) for found in case.findings]
    return [FoundFault(one.message, one.advice) for one in told]


def country_name(code: str) -> str:
    """The name of a country in the language of the page, or the code of one that is not known."""
    found = country(code, get_language() or "en") if code else None
    return found.name if found else code
