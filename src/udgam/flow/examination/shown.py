"""A case in the reader's language: the rows of the signed content, what the rules find, what was done and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.applications.models import Application, Discrepancy
from udgam.flow.applications.places import OTHER, label_of, paper_titles, section_of
from udgam.flow.applications.standing import ACTS
from udgam.flow.applications.views.showing import Group, Row, content_rows
from udgam.flow.examination.queries import Case, Paper
from udgam.flow.registration.reasons import text_of
from udgam.ground.audit.queries import acts_of
from udgam.ground.reference.countries import country
from udgam.rules.content.differences import Difference
from udgam.rules.decisions import LEVELS, SIGNALS, Risk

# What the exporter did with the papers is told to the officer too; their own page leaves it out.
PAPER_ACTS = {
    "application.finding_overruled": gettext_lazy("Approved against the computation of origin"),
    "document.stored": gettext_lazy("Document added"),
    "document.removed": gettext_lazy("Document removed"),
    "application.note_written": gettext_lazy("Note written"),
    "application.held": gettext_lazy("Kept for two more hours"),
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


@dataclass(frozen=True)
class ShownRisk:
    """The risk of a case in words, with the reasons."""

    level: str
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ShownPoint:
    """A question with the words for its place, and the answer."""

    position: int
    place: str
    question: str
    answer: str


@dataclass(frozen=True)
class ShownChange:
    """What stood at a place and what stands there now. ``was_asked``: the office had asked about that part."""

    place: str
    before: str
    after: str
    was_asked: bool


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


def risk_words(risk: Risk) -> ShownRisk:
    """The risk with its reasons, translated."""
    return ShownRisk(risk.level, _(LEVELS[risk.level]), tuple(_(SIGNALS[code][1]) for code in risk.signals))


def points_of(discrepancy: Discrepancy, titles: dict[str, str]) -> list[ShownPoint]:
    """The questions of a discrepancy with their places in words."""
    return [
        ShownPoint(row.position, label_of(row.place, titles), row.question, row.answer)
        for row in discrepancy.points.all()
    ]


def questions_of(application: Application, case: Case) -> list[tuple[Discrepancy, list[ShownPoint]]]:
    """Everything that was asked in a case, the latest first."""
    titles = paper_titles(case.content)
    rows = application.discrepancies.select_related("raised_by").prefetch_related("points")
    return [(row, points_of(row, titles)) for row in rows]


def changes_in_words(changed: tuple[Difference, ...], asked: list[str], titles: dict[str, str]) -> list[ShownChange]:
    """Changes with their places in words; beside each whether it lies where the office had asked."""
    sections = {section_of(place) for place in asked}
    return [
        ShownChange(
            place=label_of(one.where, titles),
            before=one.before or "",
            after=one.after or "",
            was_asked=OTHER in asked or section_of(one.where) in sections,
        )
        for one in changed
    ]


def country_name(code: str) -> str:
    """The name of a country in the language of the page, or the code of one that is not known."""
    found = country(code, get_language() or "en") if code else None
    return found.name if found else code


def found_in(papers: list[Paper], text: str) -> list[str]:
    """Where a text stands in the papers: title and page, in words."""
    wanted = text.casefold()
    return [
        _("%(title)s, page %(number)s") % {"title": paper.row.title, "number": number}
        for paper in papers
        if paper.drawn is not None
        for number, page in enumerate(paper.drawn.text.split("\f"), start=1)
        if wanted in page.casefold()
    ]
