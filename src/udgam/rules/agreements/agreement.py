"""What an arrangement consists of: who it joins, how its certificate looks and reads, what its rules ask, who may issue, and how sure each field is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from udgam.rules.origin.rules import OriginRules

# How surely a field is known. "seen": read in the text it cites; "secondary": taken from an account of it; "unverified": neither,
# so it is withheld from every decision and every print; "confirmed": an operator compared it with the original; "own": it is for
# this platform to choose (number series, what the public sees, words that no text fixes).
Certainty = Literal["seen", "secondary", "unverified", "confirmed", "own"]

Status = Literal["in-force", "superseded", "uncertain", "import-only", "no-certificate", "concluded", "negotiating"]

# Statements that a certificate may carry beside its boxes; content formats know them by these words.
Mark = Literal[
    "retrospective", "true-copy", "in-lieu", "third-party", "back-to-back", "cumulation", "exhibition", "roll-up",
    "not-altered", "multiple-shipments",
]  # fmt: skip


_NECESSARY = frozenset({"exporter", "consignee", "goods", "criterion", "invoices", "declaration", "certification"})


@dataclass(frozen=True, kw_only=True)
class SourceText:
    """A text that fields cite by its key."""

    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FieldEvidence:
    """How surely the field at ``field`` is known, the keys of the texts it rests on, and what to know about that.

    ``field`` is a path in the data: "validity", "validity.months", "boxes.13" (by number), "criteria.B" (by code),
    "marks.retrospective", "partners.MN". The longest path that leads to a field speaks for it.
    """

    field: str
    certainty: Certainty
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of the form: its number as printed ("6a"), its label, what it is for, and which parts it prints, in order."""

    number: str
    label: str
    fills: str
    prints: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A box that is a column of the goods. ``width`` is in millimetres; 0 takes what the others leave."""

    box: str
    width: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where the boxes stand. A row names its boxes from left to right; a name that is repeated spans those places.

    "ref" is the reference number with the code. ``columns`` are the goods; ``foot`` stands on the last sheet.
    """

    head: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    foot: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """An origin criterion by its code, and what it means. The exact text for the box stands in the rules of origin."""

    code: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class MarkText:
    """A statement in the agreement's own words. "tick": a square before the words in that box, always printed; "words": printed
    in that box only where it applies."""

    mark: Mark
    text: str
    box: str
    shown: Literal["tick", "words"]


@dataclass(frozen=True, kw_only=True)
class Fee:
    """What the agency charges for one certificate, without tax."""

    amount: Decimal
    currency: str
    effective: date
    citation: str


@dataclass(frozen=True, kw_only=True)
class RequiredDocument:
    """A document without which nobody can apply."""

    kind: str
    label: str


# Box by box a certificate states packages, marks and weights, and it is the packing list that shows them: it is asked for under
# every arrangement, whether or not the agreement's own sources name it.
PACKING_LIST = RequiredDocument(kind="packing-list", label="Packing list")


@dataclass(frozen=True, kw_only=True)
class Copies:
    """How many leaves exist beside the electronic one, and what they are called. ``paper_for`` are destinations that still ask for paper."""

    electronic: bool
    original: int
    further: int
    names: tuple[str, ...]
    paper_for: tuple[str, ...]
    citation: str


@dataclass(frozen=True, kw_only=True)
class Validity:
    """How long a certificate may be used, in months or days from its issue, and whether for one import only."""

    months: int | None
    days: int | None
    single_import: bool | None


@dataclass(frozen=True, kw_only=True)
class IssueWindow:
    """When a certificate may be issued: in words, and the days after shipment from which it counts as retrospective."""

    text: str
    working_days: int | None
    days: int | None


@dataclass(frozen=True, kw_only=True)
class Retrospective:
    """Issue after the shipment: allowed or not, within how many months, with or without a recorded reason."""

    allowed: bool | None
    months: int | None
    reason_recorded: bool | None


@dataclass(frozen=True, kw_only=True)
class Permission:
    """Whether something is allowed (None: no text says), and how."""

    allowed: bool | None
    how: str


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """What is issued for a lost certificate, within how many months, and what for one with a mistake."""

    lost: str
    months: int | None
    mistakes: str


@dataclass(frozen=True, kw_only=True)
class PublicViews:
    """What the public sees, closed by default: a field that is not listed is not shown, an empty list opens nothing.

    ``by_number`` names the fields shown to whoever types a number, ``comparable`` those that can be compared with a paper,
    ``full`` the ways to open the whole content ("key": the key in the QR code; "document": the PDF itself; "invoice-and-country":
    number, invoice number and the consignee's country).
    """

    by_number: tuple[str, ...]
    comparable: tuple[str, ...]
    full: tuple[Literal["key", "document", "invoice-and-country"], ...]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """An arrangement. ``scheme`` is its three digits in application numbers; ``partners`` holds country codes or "*" for all.

    ``declaration`` may hold the placeholder {destination}. ``required_words`` must stand in the title of every certificate.
    ``issued`` says whether bodies in India issue under it, ``off_because`` why it is off until somebody decides otherwise (empty:
    it is on). ``effective`` and ``expires`` are the first and last day on which it is in force, None where not known or open.
    ``number_series`` says whether serial numbers run over the platform or over each issuing office. ``sha256`` is the digest of
    the data file; with ``version`` it stands in every certificate.
    """

    format: Literal["udgam.agreement/2"]
    version: str
    sha256: str
    code: str
    scheme: str
    name: str
    short_name: str
    form_name: str
    title: str
    required_words: str
    legal_basis: str
    status: Status
    issued: bool
    off_because: str
    effective: date | None
    expires: date | None
    partners: tuple[str, ...]
    languages: tuple[str, ...]
    number_series: Literal["platform", "office"]
    boxes: tuple[Box, ...]
    layout: Layout
    marks: tuple[MarkText, ...]
    criteria: tuple[Criterion, ...]
    declaration: str
    certification: str
    fee: Fee | None
    documents: tuple[RequiredDocument, ...]
    copies: Copies | None
    paper: str | None
    validity: Validity
    issue_window: IssueWindow | None
    retrospective: Retrospective
    replacement: Replacement | None
    third_party_invoicing: Permission
    back_to_back: Permission
    self_declaration: Permission
    verification: tuple[str, ...]
    issuing_bodies: tuple[str, ...]
    public: PublicViews
    hs_digits: tuple[int, ...]
    hs_edition: str | None
    origin: OriginRules | None
    notes: tuple[str, ...]
    sources: tuple[SourceText, ...]
    evidence: tuple[FieldEvidence, ...]

    def box(self, fills: str) -> Box:
        """The box that is for ``fills``. Raises ``KeyError`` when the form has none."""
        for box in self.boxes:
            if box.fills == fills:
                return box
        raise KeyError(fills)

    def admits(self, country_code: str) -> bool:
        """Whether certificates under this arrangement are issued for that country of destination."""
        return country_code != "IN" and ("*" in self.partners or country_code in self.partners)

    def wording(self, mark: str) -> MarkText | None:
        """The agreement's own words for a statement; None when it has none that may be printed."""
        return next((row for row in self.marks if row.mark == mark), None)

    def evidence_for(self, field: str) -> FieldEvidence | None:
        """What is known of the field at that path: the entry of the longest path that leads to it."""
        entries = [row for row in self.evidence if field == row.field or field.startswith(f"{row.field}.")]
        return max(entries, key=lambda row: len(row.field), default=None)

    @property
    def papers(self) -> tuple[RequiredDocument, ...]:
        """Everything without which nobody can apply: what the agreement's sources name, and the packing list."""
        if not self.issued or PACKING_LIST.kind in {row.kind for row in self.documents}:
            return self.documents
        return (*self.documents, PACKING_LIST)

    @property
    def is_printable(self) -> bool:
        """Whether a form is known well enough to be printed: it has a box for everything that makes it a certificate."""
        return {box.fills for box in self.boxes} >= _NECESSARY

    @property
    def wants(self) -> tuple[str, ...]:
        """What is missing before a certificate can be issued at all, as codes: "form", "criteria", "partners", "fee"."""
        missing = {
            "form": not self.is_printable,
            "criteria": not self.criteria,
            "partners": not self.partners,
            "fee": self.fee is None,
        }
        return tuple(name for name, is_missing in missing.items() if is_missing)
