"""The figures as charts with their tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from udgam.flow.oversight import queries
from udgam.flow.oversight.queries import MOST_ROWS, Period
from udgam.ground.audit.actors import Actor
from udgam.ground.pages.charts import Chart, bars
from udgam.ground.pages.exports import Cell
from udgam.ground.reference.countries import country
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import shown_names
from udgam.rules.lifecycle import APPLICATION


@dataclass(frozen=True)
class Figure:
    """A chart with the table behind it. ``rows`` hold what the file holds; ``lines`` what the page shows, the first of them."""

    name: str
    title: str
    heading: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    lines: Sequence[tuple[str, ...]]
    chart: Chart

    @property
    def is_cut(self) -> bool:
        return len(self.rows) > len(self.lines)


def duration(span: timedelta) -> str:
    """A span as people say it: minutes below an hour, hours below two days, else days."""
    hours = max(span.total_seconds(), 0) / 3600
    if hours < 1:
        return _("%(n)s min") % {"n": formats.number_format(round(hours * 60))}
    if hours < 48:
        return _("%(n)s h") % {"n": formats.number_format(Decimal(str(round(hours, 1))))}
    return _("%(n)s days") % {"n": formats.number_format(Decimal(str(round(hours / 24, 1))))}


def _number(value: int) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def _country(code: str) -> str:
    found = country(code, get_language() or "en") if code else None
    return found.name if found else code


def _counted(name: str, title: str, first: str, rows: list[tuple[str, int, int, int]]) -> Figure:
    heading = (first, _("Filed"), _("Issued"), _("Refused"))
    lines = [(label, *map(_number, figures)) for label, *figures in rows[:MOST_ROWS]]
    chart = bars(title, [(label, filed, _number(filed)) for label, filed, _issued, _refused in rows[:MOST_ROWS]])
    return Figure(name, title, heading, list(rows), lines, chart)


def states(actor: Actor, period: Period, now: datetime) -> Figure:
    """What is open now, by state."""
    counts = queries.states_now(actor, period.agreement)
    rows = [(_(APPLICATION.label(state)), counts.get(state, 0)) for state in (*queries.WAITING, "discrepancy")]
    title = _("Open now")
    chart = bars(title, [(label, n, _number(n)) for label, n in rows])
    return Figure(
        "states", title, (_("State"), _("Applications")), list(rows), [(label, _number(n)) for label, n in rows], chart
    )


def ages(actor: Actor, period: Period, now: datetime) -> Figure:
    """How long what waits for the office has waited."""
    steps = (_("up to 4 hours"), _("up to 1 day"), _("up to 3 days"), _("up to 7 days"), _("longer"))
    rows = list(zip(steps, queries.ages_now(actor, now, period.agreement), strict=True))
    title = _("How long they have waited")
    chart = bars(title, [(label, n, _number(n)) for label, n in rows])
    lines = [(label, _number(n)) for label, n in rows]
    return Figure("ages", title, (_("Waiting"), _("Applications")), list(rows), lines, chart)


def turn_around(actor: Actor, period: Period, now: datetime) -> Figure:
    """From submission to the decision, by agreement."""
    found = queries.turn_around(actor, period)
    title = _("From submission to decision")
    heading = (_("Agreement"), _("Decided"), _("Half within"), _("9 of 10 within"), _("95 of 100 within"))
    rows: list[tuple[Cell, ...]] = [
        (code, n, *[Decimal(str(round(span.total_seconds() / 3600, 2))) for span in spans]) for code, n, *spans in found
    ]
    lines = [(code, _number(n), *[duration(span) for span in spans]) for code, n, *spans in found]
    chart = bars(
        _("9 of 10 decided within"),
        [(code, Decimal(str(p90.total_seconds())), duration(p90)) for code, _n, _p50, p90, _p95 in found],
    )
    return Figure("turn-around", title, heading, rows, lines, chart)


def revenue(actor: Actor, period: Period, now: datetime) -> Figure:
    """Fees that were paid and not paid back, by month."""
    found = queries.revenue_by_month(actor, period)
    rupees = [(month, Decimal(fees) / 100, Decimal(total) / 100) for month, fees, total in found]

    def amount(value: Decimal) -> str:
        return f"₹ {formats.number_format(value, decimal_pos=2, use_l10n=True, force_grouping=True)}"

    title = _("Revenue by month")
    rows: list[tuple[Cell, ...]] = list(rupees)
    lines = [(formats.date_format(month, "F Y"), amount(fees), amount(total)) for month, fees, total in rupees]
    chart = bars(title, [(formats.date_format(month, "F Y"), fees, amount(fees)) for month, fees, _total in rupees])
    return Figure("revenue", title, (_("Month"), _("Fees"), _("With tax")), rows, lines, chart)


def by_agreement(actor: Actor, period: Period, now: datetime) -> Figure:
    """Filed, issued and refused by agreement."""
    return _counted("agreements", _("By agreement"), _("Agreement"), queries.counts_by(actor, period, "agreement"))


def _named(rows: list[tuple[str, int, int, int]]) -> list[tuple[str, int, int, int]]:
    """The rows with the names of offices or agencies in the reader's language."""
    names = shown_names(key for key, *_figures in rows)
    return [(names[key], *figures) for key, *figures in rows]  # type: ignore[misc]


def by_office(actor: Actor, period: Period, now: datetime) -> Figure:
    """Filed, issued and refused by office."""
    return _counted("offices", _("By office"), _("Office"), _named(queries.counts_by(actor, period, "office__name")))


def by_agency(actor: Actor, period: Period, now: datetime) -> Figure:
    """Filed, issued and refused by agency."""
    return _counted(
        "agencies", _("By agency"), _("Agency"), _named(queries.counts_by(actor, period, "office__agency__name"))
    )


def by_country(actor: Actor, period: Period, now: datetime) -> Figure:
    """Filed, issued and refused by country of destination."""
    rows = [(_country(code), *figures) for code, *figures in queries.counts_by(actor, period, "destination")]
    return _counted("countries", _("By country of destination"), _("Country"), rows)  # type: ignore[arg-type]


def by_chapter(actor: Actor, period: Period, now: datetime) -> Figure:
    """Applications by chapter of the Harmonised System."""
    rows = queries.counts_by_chapter(actor, period)
    title = _("By HS chapter")
    lines = [(chapter, _number(n)) for chapter, n in rows[:MOST_ROWS]]
    chart = bars(title, [(chapter, n, _number(n)) for chapter, n in rows[:MOST_ROWS]])
    return Figure("chapters", title, (_("HS chapter"), _("Applications")), list(rows), lines, chart)


Builder = Callable[[Actor, Period, datetime], Figure]
_BOTH: dict[str, Builder] = {
    "states": states,
    "ages": ages,
    "turn-around": turn_around,
    "revenue": revenue,
    "agreements": by_agreement,
    "countries": by_country,
    "chapters": by_chapter,
}


def figures_for(kind: str) -> dict[str, Builder]:
    """The figures that this kind of administrator sees, by name, in their order."""
    own: dict[str, Builder] = {"agencies": by_agency} if kind == Person.Kind.ADMINISTRATOR else {"offices": by_office}
    return {**_BOTH, **own}
