"""Orders, papers, wallets and books in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from udgam.flow.payments.models import LedgerAccount, LedgerEntry, LedgerPosting, Order, Paper
from udgam.ground.pages.exports import Cell
from udgam.rules.fees import ORDER, rupees_of
from udgam.rules.identifiers.states import STATES
from udgam.rules.numbers import INDIA

_COLOURS = {"open": "yellow", "paid": "green", "refunded": "blue", "cancelled": "grey", "expired": "grey"}


@dataclass(frozen=True)
class ShownState:
    """The state of an order as a tag shows it."""

    label: str
    colour: str
    turn: str


def shown_state(order: Order) -> ShownState:
    """Label, colour and whose turn it is."""
    turn = _("Your turn") if ORDER.turn(order.state) == "exporter" else ""
    return ShownState(_(ORDER.label(order.state)), _COLOURS[order.state], turn)


def movement_label(kind: str) -> str:
    """What a movement of money was."""
    return {
        LedgerEntry.Kind.FEE_PAID: _("Fee paid online"),
        LedgerEntry.Kind.FEE_FROM_WALLET: _("Fee paid from the wallet"),
        LedgerEntry.Kind.DEPOSIT: _("Deposit"),
        LedgerEntry.Kind.SURPLUS: _("Payment that was not owed"),
        LedgerEntry.Kind.FEE_REFUNDED: _("Fee refunded"),
        LedgerEntry.Kind.REFUND_PAID: _("Paid back online"),
        LedgerEntry.Kind.REFUND_TO_WALLET: _("Paid back into the wallet"),
        LedgerEntry.Kind.WALLET_PAID_OUT: _("Paid out of the wallet"),
    }[LedgerEntry.Kind(kind)]


@dataclass(frozen=True)
class Movement:
    """One line of a wallet's statement; amounts in paise, what came in positive."""

    at: datetime
    label: str
    about: str
    order: Any
    amount_paise: int
    balance_paise: int


def shown_statement(postings: Iterable[LedgerPosting]) -> list[Movement]:
    """The movements of a wallet with the balance after each; the postings come oldest first."""
    balance, found = 0, []
    for posting in postings:
        balance -= posting.amount_paise
        entry = posting.entry
        found.append(
            Movement(
                entry.at,
                movement_label(entry.kind),
                entry.order.about,
                entry.order.public_id,
                -posting.amount_paise,
                balance,
            )
        )
    return found


def exported_statement(movements: Iterable[Movement]) -> tuple[list[str], list[list[Cell]]]:
    """Heading and rows of a statement for a spreadsheet; times are Indian, amounts rupees."""
    heading = [_("When (Indian time)"), _("Movement"), _("For"), _("In (₹)"), _("Out (₹)"), _("Balance (₹)")]
    rows: list[list[Cell]] = [
        [
            row.at.astimezone(INDIA).replace(microsecond=0, tzinfo=None),
            row.label,
            row.about,
            _side(row.amount_paise),
            _side(-row.amount_paise),
            rupees_of(row.balance_paise),
        ]
        for row in movements
    ]
    return heading, rows


def _side(paise: int) -> Decimal | None:
    return rupees_of(paise) if paise > 0 else None


def exported_settlement(entries: Iterable[LedgerEntry]) -> tuple[list[str], list[list[Cell]]]:
    """Heading and rows of an agency's books: one row for each movement, one column for each account, debit positive."""
    kinds = LedgerAccount.Kind
    columns = [
        (kinds.GATEWAY, _("At the gateway (₹)")),
        (kinds.FEES, _("Fees (₹)")),
        (kinds.IGST, _("IGST (₹)")),
        (kinds.CGST, _("CGST (₹)")),
        (kinds.SGST, _("SGST or UTGST (₹)")),
        (kinds.REFUNDS_DUE, _("Owed back (₹)")),
        (kinds.WALLET, _("Wallets (₹)")),
    ]
    heading = [
        _("When (Indian time)"),
        _("Movement"),
        _("For"),
        _("Exporter"),
        _("IEC"),
        *(label for _kind, label in columns),
    ]
    rows: list[list[Cell]] = []
    for entry in entries:
        amounts = {posting.account.kind: posting.amount_paise for posting in entry.postings.all()}
        exporter = entry.order.exporter
        rows.append(
            [
                entry.at.astimezone(INDIA).replace(microsecond=0, tzinfo=None),
                movement_label(entry.kind),
                entry.order.about,
                exporter.name,
                exporter.iec,
                *(rupees_of(amounts[kind]) if kind in amounts else None for kind, _label in columns),
            ]
        )
    return heading, rows


def state_name(code: str) -> str:
    """The State's name with its GST code, in the reader's language."""
    names = STATES.get(code)
    return f"{names[1 if get_language() == 'hi' else 0]} ({code})" if names else code


@dataclass(frozen=True)
class ShownPaper:
    """What a paper says, ready for page and print."""

    title: str
    parties: list[tuple[str, list[str]]]
    facts: list[tuple[str, str]]
    amounts: list[tuple[str, int]]
    total_paise: int


def shown_paper(paper: Paper) -> ShownPaper:
    """A paper in the reader's language; the frozen content decides, not what stands in the database today."""
    said: dict[str, Any] = paper.content
    supplier, customer = said["supplier"], said["customer"]
    is_fee = paper.kind != Paper.Kind.DEPOSIT
    return ShownPaper(
        title=str(paper.get_kind_display()),
        parties=[
            (_("Issued by"), _party(supplier, [state_name(supplier["state"])])),
            (_("Issued to"), _party(customer, [f"{_('IEC')} {customer['iec']}"])),
        ],
        facts=_facts(paper, said, is_fee=is_fee),
        amounts=_amounts(said, is_fee=is_fee),
        total_paise=said["total_paise"],
    )


def _party(party: dict[str, str], more: list[str]) -> list[str]:
    gstin = [f"{_('GSTIN')} {party['gstin']}"] if party["gstin"] else []
    return [part for part in (party["name"], party["address"], *more, *gstin) if part]


def _facts(paper: Paper, said: dict[str, Any], *, is_fee: bool) -> list[tuple[str, str]]:
    day = paper.issued_at.astimezone(INDIA)
    found = [
        (_("Number"), paper.number),
        (_("Date"), formats.date_format(day.date(), "DATE_FORMAT")),
        (_("For"), str(said["about"])),
    ]
    if is_fee:
        place = state_name(said["place_of_supply"])
        zone = f" · {_('special economic zone')}" if said["to_sez"] else ""
        found += [(_("Place of supply"), f"{place}{zone}"), (_("Service accounting code"), said["sac"])]
    found.append((_("Paid"), str(Order.PaidBy(said["paid_by"]).label)))
    if said["corrects"]:
        found.append((_("Corrects the receipt"), said["corrects"]["number"]))
    if said["reason"]:
        found.append((_("Reason"), said["reason"]))
    return found


def _amounts(said: dict[str, Any], *, is_fee: bool) -> list[tuple[str, int]]:
    service = said["service"]
    found = [(_(service), said["fee_paise"])]
    if not is_fee:
        return found
    rate, half = _rate(said["basis_points"]), _rate(said["basis_points"] // 2)
    state_tax = _("UTGST") if said["union_territory"] else _("SGST")
    found += [
        (f"{_('IGST')} {rate}" if said["igst_paise"] else _("IGST"), said["igst_paise"]),
        (f"{_('CGST')} {half}" if said["cgst_paise"] else _("CGST"), said["cgst_paise"]),
        (f"{state_tax} {half}" if said["sgst_paise"] else state_tax, said["sgst_paise"]),
    ]
    return found


def _rate(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") + " %" if rest else f"{whole} %"
