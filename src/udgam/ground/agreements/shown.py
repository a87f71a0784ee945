"""Agreements in the reader's language: states, marks of certainty, fields by their names, rules in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.ground.agreements.queries import AgreementState
from udgam.ground.reference.countries import country
from udgam.rules.agreements import Agreement, agreement_codes, load_complete
from udgam.rules.agreements.agreement import Layout
from udgam.rules.agreements.withholding import KEYS
from udgam.rules.origin import Rule, RuleData, Sentence, choose, told, wording

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATUSES: dict[str, StrOrPromise] = {
    "in-force": gettext_lazy("In force"),
    "superseded": gettext_lazy("Largely superseded"),
    "uncertain": gettext_lazy("In force, practice uncertain"),
    "import-only": gettext_lazy("For imports into India"),
    "no-certificate": gettext_lazy("No certificate from India"),
    "concluded": gettext_lazy("Concluded, not in force"),
    "negotiating": gettext_lazy("Under negotiation"),
}
CERTAINTIES: dict[str, tuple[StrOrPromise, str]] = {
    "seen": (gettext_lazy("Read in the text"), "green"),
    "confirmed": (gettext_lazy("Confirmed by the operator"), "green"),
    "secondary": (gettext_lazy("From an account"), "blue"),
    "unverified": (gettext_lazy("Unverified: not used"), "yellow"),
    "own": (gettext_lazy("Chosen by this platform"), "grey"),
}
WANTS: dict[str, StrOrPromise] = {
    "form": gettext_lazy("the form"),
    "criteria": gettext_lazy("the origin criteria"),
    "partners": gettext_lazy("the partners"),
    "fee": gettext_lazy("the fee"),
}
FIELDS: dict[str, StrOrPromise] = {
    "name": gettext_lazy("Name"),
    "short_name": gettext_lazy("Short name"),
    "form_name": gettext_lazy("Name of the form"),
    "title": gettext_lazy("Title of the certificate"),
    "required_words": gettext_lazy("Words that the title must have"),
    "legal_basis": gettext_lazy("Legal basis"),
    "status": gettext_lazy("Status"),
    "issued": gettext_lazy("Issued in India"),
    "off_because": gettext_lazy("Why it is off"),
    "effective": gettext_lazy("In force since"),
    "expires": gettext_lazy("In force until"),
    "partners": gettext_lazy("Partners"),
    "languages": gettext_lazy("Languages"),
    "number_series": gettext_lazy("Number series"),
    "scheme": gettext_lazy("Number of the scheme"),
    "boxes": gettext_lazy("Box"),
    "layout": gettext_lazy("Places of the boxes"),
    "marks": gettext_lazy("Statement"),
    "criteria": gettext_lazy("Origin criterion"),
    "declaration": gettext_lazy("Exporter’s declaration"),
    "certification": gettext_lazy("Certification"),
    "fee": gettext_lazy("Fee"),
    "documents": gettext_lazy("Documents"),
    "copies": gettext_lazy("Copies"),
    "paper": gettext_lazy("Paper"),
    "validity": gettext_lazy("Validity"),
    "issue_window": gettext_lazy("When it is issued"),
    "retrospective": gettext_lazy("Issue after the shipment"),
    "replacement": gettext_lazy("Lost or wrong certificates"),
    "third_party_invoicing": gettext_lazy("Invoice of a third party"),
    "back_to_back": gettext_lazy("Back-to-back certificate"),
    "self_declaration": gettext_lazy("Self-declaration"),
    "verification": gettext_lazy("Verification"),
    "issuing_bodies": gettext_lazy("Who may issue, by the text"),
    "public": gettext_lazy("What the public sees"),
    "hs_digits": gettext_lazy("Digits of HS codes"),
    "hs_edition": gettext_lazy("HS edition of its rules"),
    "notes": gettext_lazy("Notes"),
    "origin": gettext_lazy("Rules of origin"),
}


@dataclass(frozen=True)
class ListRow:
    """One arrangement in a list."""

    code: str
    name: str
    partners: str
    status: str
    is_open: bool
    why: str
    form: str


@dataclass(frozen=True)
class FieldRow:
    """A field with its value, its mark, and the texts it rests on. Value, note and sources are in the language of the data."""

    name: str
    key: str
    value: str
    certainty: str
    colour: str
    sources: tuple[str, ...]
    note: str

    @property
    def is_told(self) -> bool:
        """Whether the value is in the reader's Hindi throughout, as names of countries are. A box may be “6a”."""
        return any("\u0900" <= sign <= "\u097f" for sign in self.value) and not re.search("[A-Za-z]{2}", self.value)


def list_row(state: AgreementState) -> ListRow:
    """An arrangement as the list shows it."""
    agreement = state.agreement
    return ListRow(
        code=agreement.code,
        name=_(agreement.name),
        partners=partners_of(agreement),
        status=str(STATUSES[agreement.status]),
        is_open=state.is_open,
        why=why_closed(state),
        form=agreement.form_name,
    )


def why_closed(state: AgreementState) -> str:
    """Why nothing is issued under an arrangement; empty when something is. Reasons of administrators stand as they were typed."""
    if state.is_open:
        return ""
    if state.reason:
        return state.reason if state.decided_at else _(state.reason)
    if state.wants:
        return _("Not known yet: %(what)s.") % {"what": ", ".join(str(WANTS[one]) for one in state.wants)}
    return str(STATUSES[state.agreement.status])


def partners_of(agreement: Agreement) -> str:
    """The partners by name, in the reader's language."""
    if "*" in agreement.partners:
        return _("All countries")
    return ", ".join(country_name(code) for code in agreement.partners) or "—"


def country_name(code: str) -> str:
    """A country's name in the reader's language; the code itself when it is none."""
    found = country(code, get_language() or "en")
    return found.name if found else code


def field_name(path: str) -> tuple[str, str]:
    """A field's path in words, and what names the part of it in the data: “Box” and “13”."""
    first, _dot, rest = path.partition(".")
    name = str(FIELDS.get(first, first))
    return (f"{name}: {country_name(rest)}", "") if first == "partners" and rest else (name, rest)


def field_rows(complete: Agreement) -> list[FieldRow]:
    """Every field of an arrangement with its mark and sources; then the parts of its rules of origin, which carry theirs inside."""
    texts = {source.key: source.text for source in complete.sources}
    rows = []
    for entry in complete.evidence:
        value = value_of(complete, entry.field)
        label, colour = CERTAINTIES[entry.certainty]
        rows.append(
            FieldRow(
                *field_name(entry.field),
                value,
                str(label),
                colour,
                tuple(texts[key] for key in entry.sources),
                entry.note,
            )
        )
    return rows + _origin_rows(complete)


def _origin_rows(complete: Agreement) -> list[FieldRow]:
    origin = complete.origin
    if origin is None:
        return []
    rows = [(_("General rule"), one.text, one.source) for one in origin.general]
    reference = origin.product_rules
    if reference.listed == "yes":
        rows.append((_("Product rules"), reference.where, reference.source))
    rows += [
        (_("Tolerance"), f"{band.percent}% {band.measure}, {', '.join(band.chapters)}", band.source)
        for band in origin.tolerance
    ]
    rows += [(_("Cumulation"), one.kind, one.source) for one in origin.cumulation]
    rows += [(_("Text for the criterion box"), f"{one.code}: {one.box or '—'}", one.source) for one in origin.criteria]
    shown = []
    for name, value, source in rows:
        label, colour = CERTAINTIES[source.evidence]
        shown.append(FieldRow(name, "", value, str(label), colour, (source.citation,), ""))
    return shown


_QUOTE_BEGIN, _QUOTE_END = "\ue000", "\ue001"


def quoted(text: str) -> str:
    """A text with invisible marks around it: it stays in the language in which it was read. ``marked`` turns them into markup."""
    return f"{_QUOTE_BEGIN}{text}{_QUOTE_END}"


def marked(text: str) -> SafeString:
    """A sentence for a page: its quotations say that they are English, everything else is escaped."""
    whole = escape("")
    for n, piece in enumerate(re.split(f"[{_QUOTE_BEGIN}{_QUOTE_END}]", text)):
        whole += format_html('<span lang="en">{}</span>', piece) if n % 2 else escape(piece)
    return whole


# Codes among the values of a sentence, in words. FOB is understood everywhere.
LEVELS: dict[str, StrOrPromise] = {
    "CC": gettext_lazy("the chapter (CC)"),
    "CTH": gettext_lazy("the heading (CTH)"),
    "CTSH": gettext_lazy("the subheading (CTSH)"),
}
BASES: dict[str, StrOrPromise] = {"EXW": gettext_lazy("ex-works (EXW)"), "NC": gettext_lazy("net cost (NC)")}
AMOUNTS = frozenset(
    {"fob", "ex_works", "vnm", "vom", "partner", "price", "labour", "overhead", "profit", "other", "sum", "amount"}
)
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def sentence(one: Sentence) -> SafeString:
    """A sentence of a derivation in the reader's language: names beside codes, days and amounts as pages write them.

    The derivation itself, which is signed by its digest, keeps the bare values.
    """
    values = {name: _shown_value(name, value) for name, value in one.params.items()}
    return marked(Sentence(one.code, values).in_words(_, quoted))


def _shown_value(name: str, value: str) -> str:
    if name in AMOUNTS and _AMOUNT.fullmatch(value):
        return formats.number_format(Decimal(value), use_l10n=True, force_grouping=True)
    if name == "on":
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    if name == "agreement" and value in agreement_codes():
        return f"{_(load_complete(value).name)} ({value})"
    if name == "country" and (called := country_name(value)) != value:
        return f"{called} ({value})"
    return str({"level": LEVELS, "base": BASES}.get(name, {}).get(value, value))


def text_of_rules(text: str) -> SafeString:
    """A text of the rules in the reader's language, else as a quotation."""
    return marked(told(text, _, quoted)) if text else escape("")


@dataclass(frozen=True)
class RuleLine:
    """A rule in words. ``goods`` says which goods of the code it is for."""

    text: SafeString
    goods: str


def rule_lines(data: RuleData, hs: str, destination: str, day: date, translate: Callable[[str], str]) -> list[RuleLine]:
    """The rule for a product in plain words: its own rules where we hold them, else the general one; empty when neither is held."""
    lines: list[RuleLine] = []
    reference = data.rules.product_rules
    if data.products is not None and hs:
        found = choose(data.products, hs, day, data.correlation)
        lines += [_line(rule.rule, translate, rule.goods if rule.partial else "") for rule in found.rules]
        if lines and reference.precedence == "instead":
            return lines
    lines += [
        _line(general.rule, translate)
        for general in data.rules.general
        if general.effective <= day
        and (general.expires is None or day <= general.expires)
        and (not general.destinations or destination in general.destinations)
    ]
    return lines


def _line(rule: Rule, translate: Callable[[str], str], goods: str = "") -> RuleLine:
    return RuleLine(marked(wording(rule, translate, quoted)), goods)


def value_of(agreement: Agreement, path: str) -> str:
    """The value at a path of the data, in words."""
    value: Any = agreement
    above = ""
    for name in path.split("."):
        if (isinstance(value, tuple) and name.isdigit() and above not in KEYS) or (
            path.startswith("origin.") and name.isdigit()
        ):
            value = value[int(name)]
        elif isinstance(value, tuple):
            key = KEYS.get(above)
            value = next((part for part in value if (getattr(part, key) if key else part) == name), None)
        else:
            value = getattr(value, name)
        above = name
    return _in_words(path.partition(".")[0], value)


def _in_words(field: str, value: Any) -> str:
    if value is None:
        return "—"
    if field == "origin":
        named = [getattr(value, name, "") for name in ("code", "text", "box", "kind", "where", "percent", "citation")]
        return "; ".join(str(part) for part in named if part) or _unnamed(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if field == "status":
        return str(STATUSES[value])
    if field == "partners":
        return (
            "*"
            if value == "*"
            else country_name(value)
            if isinstance(value, str)
            else ", ".join(map(country_name, value))
        )
    if field in {"boxes", "marks", "criteria", "documents"}:
        return _entries(field, value if isinstance(value, tuple) else (value,))
    if isinstance(value, tuple):
        return "; ".join(str(part) for part in value)
    if isinstance(value, Layout):
        return _places(value)
    if hasattr(value, "__dataclass_fields__"):
        parts = [(name, getattr(value, name)) for name in value.__dataclass_fields__]
        told = [f"{name.replace('_', ' ')}: {_plain(part)}" for name, part in parts if part not in (None, "", ())]
        # Names of fields of the certificate, such as those the public sees, are written as words.
        return "; ".join(told).replace("_", " ") if field == "public" else "; ".join(told) or "—"
    return str(value)


def _places(layout: Layout) -> str:
    """Where the boxes stand: the lines above and below the goods from left to right, and the columns of the goods."""
    parts = []
    if layout.head:
        parts.append(_("above the goods %(lines)s") % {"lines": _lines(layout.head)})
    if layout.columns:
        columns = ", ".join(
            _("%(box)s (%(width)s mm)") % {"box": one.box, "width": one.width}
            if one.width
            else _("%(box)s (the width that is left)") % {"box": one.box}
            for one in layout.columns
        )
        parts.append(_("columns of the goods %(columns)s") % {"columns": columns})
    if layout.foot:
        parts.append(_("below the goods %(lines)s") % {"lines": _lines(layout.foot)})
    return "; ".join(parts) or "—"


def _lines(rows: tuple[tuple[str, ...], ...]) -> str:
    """Rows of boxes; one that spans several places is named once."""
    number = _("the reference number")
    return ", ".join(" + ".join(number if name == "ref" else name for name in dict.fromkeys(row)) for row in rows)


def _unnamed(value: Any) -> str:
    """A part of the rules that has no name of its own: the codes of a list, or what each of its fields says."""
    if isinstance(value, tuple):
        return ", ".join(str(getattr(part, "code", part)) for part in value) or "—"
    fields = [name for name in value.__dataclass_fields__ if name != "source"]
    return "; ".join(f"{name.replace('_', ' ')}: {_plain(getattr(value, name))}" for name in fields)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _entries(field: str, rows: tuple[Any, ...]) -> str:
    if field == "boxes":
        return "; ".join(f"{row.number}: {row.label}" for row in rows)
    if field == "marks":
        return "; ".join(f"{row.text} ({row.box})" for row in rows)
    if field == "criteria":
        return "; ".join(f"{row.code}: {_(row.meaning)}" for row in rows)
    return "; ".join(_(row.label) for row in rows)
