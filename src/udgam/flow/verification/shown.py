"""Words for what was found: never by colour alone, and the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from udgam.flow.verification.public_views import Published
from udgam.ground.reference.countries import country
from udgam.parties.agencies.queries import shown_names
from udgam.rules.disclosure import Comparison
from udgam.signing.proof import Report
from udgam.signing.proof.told import Told

# Parameters of a report's sentence that hold a status.
_STATUSES = frozenset({"status", "signed_status"})


@dataclass(frozen=True)
class Outcome:
    """The headline of a result page. ``shape`` is yes, no or unsure, for the style sheet."""

    shape: str
    heading: str
    text: str
    status: str


def outcome_of(status: str) -> Outcome:
    """The headline for a status. It speaks of the number: whether the paper is the one that was issued, only comparing tells."""
    if status == "issued":
        return Outcome(
            "yes",
            _("A certificate was issued under this number, and it counts"),
            _("It has been neither cancelled nor replaced. Compare the paper in your hands with what stands below."),
            _("Issued"),
        )
    if status == "superseded":
        return Outcome(
            "no",
            _("This certificate was replaced"),
            _("Another certificate stands in its place. Do not rely on this one: ask the exporter for the new one."),
            _("Replaced"),
        )
    if status == "cancelled":
        return Outcome(
            "no",
            _("This certificate was cancelled"),
            _("It was issued once and does not count any more. Do not rely on it."),
            _("Cancelled"),
        )
    return Outcome(
        "unsure",
        _("No certificate was issued under this number here"),
        _("The signatures in the file hold, but this site has no such certificate. Ask the issuing office."),
        _("Unknown"),
    )


@dataclass(frozen=True)
class Row:
    """A line of the summary."""

    label: str
    value: str


def rows_by_number(found: Published) -> list[Row]:
    """What the number alone shows, in the language of the page."""
    rows, facts = [], found.by_number()
    names = shown_names(one.value for one in facts if one.field in {"agency", "office"})
    for one in facts:
        value = one.value
        if one.field == "status":
            value = outcome_of(value).status
        elif one.field == "issued_on":
            value = formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
        elif one.field in {"agency", "office"}:
            value = names[value]
        elif one.field == "agreement":
            value = _(value)
        elif one.field == "destination" and get_language() != "en":
            there = country(found.content.destination.code, get_language() or "en")
            value = there.name if there else value
        rows.append(Row(_(one.label), value))
    return rows


@dataclass(frozen=True)
class ShownComparison:
    """A field of the comparison: what was typed, and the outcome in a word."""

    label: str
    typed: str
    outcome: str
    colour: str


def shown_comparison(outcomes: Sequence[Comparison], typed: Mapping[str, str]) -> list[ShownComparison]:
    """The comparison in the language of the page."""
    words = {
        "agrees": (_("Agrees"), "green"),
        "differs": (_("Differs"), "red"),
        "not-stated": (_("Not stated on the certificate"), "grey"),
    }
    return [ShownComparison(_(one.label), typed[one.field], *words[one.outcome]) for one in outcomes]


@dataclass(frozen=True)
class ShownCheck:
    """A step of the check of a file."""

    step: int
    name: str
    detail: str
    outcome: str
    colour: str


def shown_checks(report: Report) -> list[ShownCheck]:
    """The steps with their outcomes in a word."""
    words = {
        "pass": (_("Holds"), "green"),
        "fail": (_("Does not hold"), "red"),
        "skipped": (_("Not checked"), "grey"),
    }
    return [ShownCheck(one.step, _(one.name), said(one.detail), *words[one.outcome]) for one in report.checks]


def said(told: Told) -> str:
    """A sentence of the check in the language of the page. A status inside it has a word of its own there."""
    params = {name: outcome_of(value).status if name in _STATUSES else value for name, value in told.params.items()}
    return _(told.template).format_map(params) if params else _(told.template)


def notes_of(report: Report) -> list[str]:
    """What the checker warns of, in the language of the page."""
    return [said(warning) for warning in report.warnings]
