"""A finding of origin in the reader's language, for the exporter beside the cost sheet and for the officer beside the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.content import item_finding
from udgam.flow.applications.models import ApplicationItem
from udgam.flow.applications.origin import LineStanding, other_agreements
from udgam.flow.registration.reasons import text_of_refusal
from udgam.ground.agreements.queries import agreement_on
from udgam.ground.agreements.shown import sentence as shown_sentence
from udgam.rules.findings import STANDINGS, ClaimStanding, LineFinding, contradicts
from udgam.rules.origin import PROCESSES, SENTENCES, TEST_WORDS, Finding, Sentence

# The ways to compute a share, as the names of tests hold them.
METHODS = {
    "build-down": gettext_lazy("build-down"),
    "build-up": gettext_lazy("build-up"),
    "ceiling": gettext_lazy("ceiling"),
    "net-cost": gettext_lazy("net cost"),
}
_COLOURS = {True: "yes", False: "no", None: "unsure"}


@dataclass(frozen=True)
class ShownTest:
    """A test of the rule with its figures; ``passed`` is None where a person decides or nothing was computed."""

    name: str
    passed: bool | None
    detail: str
    value: str
    threshold: str
    source: str

    @property
    def is_code(self) -> bool:
        """Whether the name is a code of agreements, the same in every language."""
        return self.name.isascii()


@dataclass(frozen=True)
class ShownAgreement:
    """How the same goods stand under another agreement."""

    name: str
    qualifies: bool | None
    criterion: str


@dataclass(frozen=True)
class ShownOrigin:
    """Everything a page shows of one finding."""

    colour: str
    title: str
    refusal: str
    box_text: str
    rule_text: str
    rule_source: str
    tests: tuple[ShownTest, ...]
    lines: tuple[str, ...]
    needs: tuple[str, ...]
    warnings: tuple[str, ...]
    change: str
    sha256: str
    rule_version: str
    rule_sha256: str
    inputs_sha256: str
    others: tuple[ShownAgreement, ...]


def shown_origin(row: ApplicationItem, on: date, *, others: bool = False) -> ShownOrigin | None:
    """What is computed for a line of the form; None where nothing can be, as without materials or destination."""
    found = item_finding(row, on=on)
    rest = other_agreements(row, found, on) if others else ()
    return shown_finding(LineFinding.of(found), rest)


def shown_finding(found: LineFinding, others: tuple[Finding, ...] = ()) -> ShownOrigin | None:
    """The finding in words, from its derivation as data; None where nothing was computed."""
    answer = found.answer
    if answer is None:
        return None if found.refusal is None else _refused(str(text_of_refusal(found.refusal)))
    titles = {
        True: _("By the computation the goods originate in India."),
        False: _told("against"),
        None: _told("open"),
    }
    rule, said, change = answer["rule"], answer["said"], answer["change"]
    wording = rule["text"]
    return ShownOrigin(
        colour=_COLOURS[answer["qualifies"]],
        title=titles[answer["qualifies"]],
        refusal="",
        box_text=answer["box_text"] or "",
        rule_text=_(wording) if wording else "",
        rule_source=rule["source"],
        tests=tuple(
            ShownTest(
                name=_name(test["name"]),
                passed=test["passed"],
                detail=_words(test["said"], test["detail"]),
                value=test.get("value", ""),
                threshold=test.get("threshold", ""),
                source=test["source"],
            )
            for test in answer["tests"]
        ),
        lines=_all_words(said["explanation"], answer["explanation"]),
        needs=_all_words(said["needs_person"], answer["needs_person"]),
        warnings=_all_words(said["warnings"], answer["warnings"]),
        change="" if change is None else _words(change["said"], change["text"]),
        sha256=found.sha256 or "",
        rule_version=answer["rule_data"]["version"],
        rule_sha256=answer["rule_data"]["sha256"],
        inputs_sha256=answer["inputs_sha256"],
        others=tuple(_other(other) for other in others),
    )


@dataclass(frozen=True)
class ShownLine:
    """A line of goods for the officer: its claim, how it stands, and the whole finding."""

    number: int
    description: str
    hs_code: str
    criterion: str
    reason: str
    standing: str
    against: bool
    changed: bool
    origin: ShownOrigin | None

    @property
    def anchor(self) -> str:
        """The number as text, for the page's anchors."""
        return str(self.number)


def shown_line(line: LineStanding) -> ShownLine:
    """A line with its claim and finding in words."""
    return ShownLine(
        number=line.item.number,
        description=line.item.description,
        hs_code=line.item.hs_code,
        criterion=line.item.criterion_printed,
        reason=line.claim.reason if line.claim is not None else "",
        standing=_told(line.standing),
        against=contradicts(line.standing),
        changed=line.claim is not None and line.claim.finding_sha256 not in (None, line.found.sha256),
        origin=shown_finding(line.found),
    )


def _told(standing: ClaimStanding) -> str:
    return _(STANDINGS[standing])


def _name(test: str) -> str:
    """The name of a test: CTSH and RVC stay, processes, methods and our own words are translated."""
    if test == "text":
        return _("Rule in words")
    head, _space, rest = test.partition(" ")
    if head == "limit":
        return _("Limit on materials of %(codes)s") % {"codes": rest}
    if rest in METHODS:
        return f"{head} {METHODS[rest]}"
    word = PROCESSES.get(test, test)
    return _(word) if word in PROCESSES.values() or word in TEST_WORDS else word


def _words(said: Mapping[str, Any], english: str) -> str:
    """A sentence of a derivation, which it holds as a code with values, in the reader's language. A sentence that this release does
    not know any more is told as it was written."""
    return shown_sentence(Sentence(said["code"], said["params"])) if said["code"] in SENTENCES else english


def _all_words(said: Sequence[Mapping[str, Any]], english: Sequence[str]) -> tuple[str, ...]:
    return tuple(_words(one, text) for one, text in zip(said, english, strict=True))


def _other(finding: Finding) -> ShownAgreement:
    agreement = agreement_on(finding.data.rules.agreement, finding.case.on)
    return ShownAgreement(_(agreement.name), finding.qualifies, finding.box_text or finding.criterion or "")


def _refused(told: str) -> ShownOrigin:
    return ShownOrigin(
        colour="unsure",
        title=_told("uncomputed"),
        refusal=told,
        box_text="",
        rule_text="",
        rule_source="",
        tests=(),
        lines=(),
        needs=(),
        warnings=(),
        change="",
        sha256="",
        rule_version="",
        rule_sha256="",
        inputs_sha256="",
        others=(),
    )
