"""Every figure of the dashboards, on the page and in the file, against the same rows counted here one by one in Python."""

from __future__ import annotations

import csv
import html
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.fee_accounts import set_fee_account
from tests.rooms.accounts.people import make_person
from tests.rooms.examination.cases import ACTOR, Filer, browser_of, make_agency, make_office, make_officer
from tests.rooms.payments.purse import ACCOUNTS
from udgam.flow.applications.models import Application, ApplicationItem
from udgam.flow.oversight.shown import figures_for
from udgam.flow.payments import services as payments
from udgam.flow.payments.models import Order
from udgam.ground.reference.countries import country
from udgam.parties.agencies.models import Agency
from udgam.rules.lifecycle import APPLICATION
from udgam.rules.numbers import INDIA, indian_date

pytestmark = pytest.mark.django_db
FILED = ("submitted", "under_examination", "discrepancy", "verification", "approved", "issued", "refused")
OTHER_STATES = ("draft", "awaiting_payment", "withdrawn", "expired", "correcting")
COUNTRIES = ("VN", "DE", "AE", "NP")
CODES = ("091030", "090411", "870899")


@dataclass
class Town:
    """Two agencies with their work, and who looks at it."""

    agency: Agency
    elsewhere: Agency
    admin: Client
    foreign_admin: Client
    administrator: Client
    now: datetime


@pytest.fixture
def town() -> Town:
    now = timezone.now()
    agency, elsewhere = make_agency(), make_agency("NTC", "Nilgiri Trade Chamber")
    offices = [make_office(agency, "Mumbai"), make_office(agency, "Pune"), make_office(elsewhere, "Ooty")]
    filer = Filer("spices")
    dice = random.Random(20261130)
    for number in range(36):
        case = filer.draft(offices[number % 3], invoice=f"INV-{number}")
        if number % 12 < 10:
            filer.sign(case)
        _spread(case, number, dice, now)
    for one, place in ((agency, "27"), (elsewhere, "33")):
        _money(one, filer, place, dice, now)
    return Town(
        agency=agency,
        elsewhere=elsewhere,
        admin=browser_of(make_officer(offices[0], "Prakash Joshi", "administrator")),
        foreign_admin=browser_of(make_officer(offices[2], "Suma Rao", "administrator")),
        administrator=browser_of(make_person("administrator", username="root", name="Nandini Rao")),
        now=now,
    )


def _spread(case: Application, number: int, dice: random.Random, now: datetime) -> None:
    """Give the case a state, a past and goods of its own; the figures read nothing else."""
    filed = number % 12 < 10
    state = dice.choice(FILED if filed else OTHER_STATES[:1])
    submitted = now - timedelta(hours=dice.choice((1, 3, 5, 20, 50, 100, 400, 2000, 5000)), minutes=dice.randrange(50))
    decided = submitted + timedelta(minutes=dice.randrange(5, 9000))
    changes: dict[str, Any] = {"agreement": dice.choice(("NP", "AIFTA")), "destination": dice.choice(COUNTRIES)}
    if filed:
        changes |= {"state": state, "submitted_at": submitted}
        if state in {"issued", "refused", "approved"}:
            changes["decided_at"] = decided
        if state == "issued":
            changes["issued_at"] = decided + timedelta(minutes=dice.randrange(1, 600))
    Application.objects.filter(id=case.id).update(**changes)
    for position in range(2, dice.randrange(2, 5)):
        row = ApplicationItem.objects.filter(application=case).first()
        assert row is not None
        row.pk, row.position, row.hs_code = None, position, dice.choice(CODES)
        row.save()


def _money(agency: Agency, filer: Filer, place: str, dice: random.Random, now: datetime) -> None:
    set_fee_account(
        agency=agency,
        state_code=place,
        gstin="",
        billing_address="1 Street",
        gateway=ACCOUNTS[agency.code],
        actor=ACTOR,
        now=now,
    )
    agency.refresh_from_db()
    for number, case in enumerate(Application.objects.filter(office__agency=agency).order_by("id")[:8]):
        assert filer.branch is not None
        order = payments.open_order(
            subject=f"application:{case.public_id}",
            about=f"{agency.code}/2026/016/000{number}",
            fee_code=("preferential", "non-preferential")[number % 2],
            exporter=filer.exporter,
            branch=filer.branch,
            agency=agency,
            settled_task="",
            actor=ACTOR,
            now=now,
        )
        state = ("paid", "paid", "paid", "refunded")[number % 4]
        settled = now - timedelta(days=dice.choice((0, 10, 25, 40, 70, 200)))
        Order.objects.filter(id=order.id).update(state=state, paid_by="wallet", settled_at=settled)


# ── The same, counted one by one ──────────────────────────────────────────────────────────────────────────────────────

Table = list[list[str]]


@dataclass
class Counted:
    """Rows as plain Python holds them: what the visitor may count, and what of it lies in the period."""

    every: list[Application]
    filed: list[Application]
    orders: list[Order]
    now: datetime


def _counted(town: Town, agency: Agency | None, since: Any, until: Any, agreement: str = "") -> Counted:
    every = [
        row
        for row in Application.objects.select_related("office__agency").prefetch_related("items")
        if agency is None or (row.office is not None and row.office.agency == agency)
    ]

    def lies_in(moment: datetime | None) -> bool:
        return moment is not None and since <= moment.astimezone(INDIA).date() <= until

    filed = [
        row for row in every if row.state in FILED and lies_in(row.submitted_at) and agreement in {"", row.agreement}
    ]
    of_agreement = {f"application:{row.public_id}" for row in every if agreement in {"", row.agreement}}
    every = [row for row in every if agreement in {"", row.agreement}]
    orders = [
        row
        for row in Order.objects.all()
        if row.subject in of_agreement
        and (agency is None or row.agency_id == agency.pk)
        and row.purpose == "fee"
        and row.state == "paid"
        and lies_in(row.settled_at)
    ]
    return Counted(every, filed, orders, town.now)


def _states(of: Counted) -> Table:
    names = ("submitted", "under_examination", "verification", "approved", "discrepancy")
    return [[APPLICATION.label(name), str(sum(row.state == name for row in of.every))] for name in names]


def _ages(of: Counted) -> Table:
    found = Counter[str]()
    for row in of.every:
        if row.state not in {"submitted", "under_examination", "verification", "approved"} or not row.submitted_at:
            continue
        age = of.now - row.submitted_at
        for label, limit in (
            ("up to 4 hours", timedelta(hours=4)),
            ("up to 1 day", timedelta(days=1)),
            ("up to 3 days", timedelta(days=3)),
            ("up to 7 days", timedelta(days=7)),
            ("longer", timedelta(days=9999)),
        ):
            if age < limit:
                found[label] += 1
                break
    return [
        [label, str(found[label])]
        for label in ("up to 4 hours", "up to 1 day", "up to 3 days", "up to 7 days", "longer")
    ]


def _percentile(values: list[float], fraction: float) -> float:
    """Between the two neighbours, as far as the place lies between them."""
    ordered = sorted(values)
    place = fraction * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _turn_around(of: Counted) -> Table:
    taken: dict[str, list[float]] = {}
    for row in of.filed:
        end = row.issued_at or row.decided_at
        if row.state in {"issued", "refused"} and end is not None and row.submitted_at is not None:
            taken.setdefault(row.agreement, []).append((end - row.submitted_at).total_seconds())
    rows = sorted(taken.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        [
            code,
            str(len(spans)),
            *[str(Decimal(str(round(_percentile(spans, part) / 3600, 2)))) for part in (0.5, 0.9, 0.95)],
        ]
        for code, spans in rows
    ]


def _revenue(of: Counted) -> Table:
    fees, totals = Counter[str](), Counter[str]()
    for row in of.orders:
        assert row.settled_at is not None
        month = row.settled_at.astimezone(INDIA).date().replace(day=1).isoformat()
        fees[month] += row.fee_paise
        totals[month] += row.total_paise
    return [[month, str(Decimal(fees[month]) / 100), str(Decimal(totals[month]) / 100)] for month in sorted(fees)]


def _by(of: Counted, label: Callable[[Application], tuple[str, str]]) -> Table:
    """``label`` gives what is shown and by what equal counts are ordered."""
    groups: dict[tuple[str, str], list[Application]] = {}
    for row in of.filed:
        groups.setdefault(label(row), []).append(row)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0][1]))
    return [
        [
            shown,
            str(len(rows)),
            str(sum(r.state == "issued" for r in rows)),
            str(sum(r.state == "refused" for r in rows)),
        ]
        for (shown, _key), rows in ordered
    ]


def _agreements(of: Counted) -> Table:
    return _by(of, lambda row: (row.agreement, row.agreement))


def _offices(of: Counted) -> Table:
    return _by(of, lambda row: (row.office.name, row.office.name))  # type: ignore[union-attr]


def _agencies(of: Counted) -> Table:
    return _by(of, lambda row: (row.office.agency.name, row.office.agency.name))  # type: ignore[union-attr]


def _countries(of: Counted) -> Table:
    return _by(of, lambda row: (country(row.destination, "en").name, row.destination))  # type: ignore[union-attr]


def _chapters(of: Counted) -> Table:
    found = Counter[str]()
    for row in of.filed:
        found.update({item.hs_code[:2] for item in row.items.all()})
    return [[chapter, str(n)] for chapter, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]


COUNT: dict[str, Callable[[Counted], Table]] = {
    "states": _states,
    "ages": _ages,
    "turn-around": _turn_around,
    "revenue": _revenue,
    "agreements": _agreements,
    "countries": _countries,
    "chapters": _chapters,
    "offices": _offices,
    "agencies": _agencies,
}


# ── What is shown ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _file(client: Client, name: str, query: dict[str, str]) -> Table:
    answer = client.get(reverse("oversight:table", args=[name, "csv"]), query)
    assert answer.status_code == 200, name
    _head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return rows


def _sheet(client: Client, name: str, query: dict[str, str]) -> list[list[Any]]:
    answer = client.get(reverse("oversight:table", args=[name, "xlsx"]), query)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def _tables(client: Client, query: dict[str, str]) -> dict[str, Table]:
    """The tables of the page, by the name of their figure."""
    page = client.get(reverse("oversight:dashboard"), query).content.decode()
    found: dict[str, Table] = {}
    for section in page.split('<section class="udgam-figure"')[1:]:
        name = re.findall(r'id="figure-([a-z-]+)"', section)[0]
        body = section.partition("<tbody")[2].partition("</tbody>")[0]
        rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
        found[name] = [
            [_text(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows
        ]
    return found


def _text(cell: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split())


def _numbers(rows: Iterable[Iterable[Any]]) -> list[list[Decimal | str]]:
    """Figures as numbers, however they are written; months and names as they are."""
    return [[Decimal(str(cell)) if re.fullmatch(r"-?[\d.]+", str(cell)) else str(cell) for cell in row] for row in rows]


def _hours(shown: str) -> Decimal:
    number, unit = shown.split(" ")
    return Decimal(number) * (24 if unit.startswith("day") else 1) / (60 if unit == "min" else 1)


@pytest.mark.parametrize("who", ["admin", "foreign_admin", "administrator"])
@pytest.mark.parametrize(("days", "agreement"), [(90, ""), (365, ""), (7, ""), (365, "AIFTA"), (0, "")], ids=str)
def test_every_figure_is_what_the_rows_say(town: Town, who: str, days: int, agreement: str) -> None:
    agency = {"admin": town.agency, "foreign_admin": town.elsewhere, "administrator": None}[who]
    client = getattr(town, who)
    until = indian_date(town.now)
    since = until - timedelta(days=days)
    query = {"since": since.isoformat(), "until": until.isoformat(), "agreement": agreement}
    expected = _counted(town, agency, since, until, agreement)
    figures = figures_for("administrator" if who == "administrator" else "agency_admin")
    assert set(figures) <= set(COUNT)
    tables = _tables(client, query)
    assert set(tables) == set(figures)
    for name in figures:
        counted = COUNT[name](expected)
        assert _numbers(_file(client, name, query)) == _numbers(counted), name
        _same_on_the_page(name, tables[name], counted)


def _same_on_the_page(name: str, shown: Table, counted: Table) -> None:
    if name in {"states", "ages"} or counted:
        assert len(shown) == min(len(counted), 20), name
    for line, row in zip(shown, counted, strict=False):
        if name == "turn-around":
            assert line[:2] == row[:2]
            for text, hours in zip(line[2:], row[2:], strict=True):
                # Tenths of an hour, or of a day above two days.
                assert abs(_hours(text) - Decimal(hours)) <= Decimal("1.25")
        elif name == "revenue":
            assert [re.sub(r"[₹,\s]", "", cell) for cell in line[1:]] == [f"{Decimal(cell):.2f}" for cell in row[1:]]
        else:
            assert [cell.replace(",", "") for cell in line] == row, name


def test_the_workbook_holds_the_same_as_the_csv(town: Town) -> None:
    query = {"since": "2025-01-01", "until": indian_date(town.now).isoformat()}
    for name in figures_for("administrator"):
        if name == "revenue":
            continue
        told = _numbers(_sheet(town.administrator, name, query))
        assert told == _numbers(_file(town.administrator, name, query)), name


def test_an_agency_sees_nothing_of_another_and_the_parts_sum_to_the_whole(town: Town) -> None:
    query = {"since": "2025-01-01", "until": indian_date(town.now).isoformat()}
    assert "Nilgiri" not in str(_tables(town.admin, query))
    assert "Ooty" not in str(_tables(town.admin, query))
    for name in ("states", "ages", "agreements"):
        whole = sum(int(row[1]) for row in _file(town.administrator, name, query))
        parts = sum(int(row[1]) for client in (town.admin, town.foreign_admin) for row in _file(client, name, query))
        assert whole == parts > 0, name
