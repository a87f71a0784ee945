"""Which independent proofs were found, whether they agree, and what a code or an extract itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.verification.shown import Row, outcome_of
from udgam.rules.plain import decimal_text
from udgam.signing.proof import Report

# Each proof by the steps that carry it. All must hold; when all were skipped the proof is not there.
PROOFS: dict[str, tuple[tuple[str, object], ...]] = {
    "pdf": (
        ("officer.signature officer.path content.certified", gettext_lazy("The officer's signature")),
        ("seal.signature seal.known", gettext_lazy("The office's seal")),
        ("seal.time_stamp", gettext_lazy("The time stamp")),
        ("code.agrees", gettext_lazy("The signed code")),
        ("credential.agrees", gettext_lazy("The credential")),
        ("data.agree", gettext_lazy("The trade data")),
        ("status.known status.same_content", gettext_lazy("The issuer's own answer")),
        ("log.included", gettext_lazy("The public log")),
    ),
    "code": (
        ("code.signature code.key code.time", gettext_lazy("The signed code")),
        ("status.known status.same_content", gettext_lazy("The issuer's own answer")),
        ("log.included", gettext_lazy("The public log")),
    ),
    "credential": (
        ("credential.signature credential.key credential.time", gettext_lazy("The credential")),
        ("status.known status.same_content", gettext_lazy("The issuer's own answer")),
        ("log.included", gettext_lazy("The public log")),
    ),
}
# An issuer that publishes no digest has answered all the same.
_MAY_BE_OPEN = frozenset({"status.same_content"})
FIELDS = {
    "number": gettext_lazy("Certificate number"),
    "agency": gettext_lazy("Agency"),
    "office": gettext_lazy("Office"),
    "agreement": gettext_lazy("Agreement"),
    "issued_on": gettext_lazy("Date of issue"),
    "exporter": gettext_lazy("Exporter"),
    "producer": gettext_lazy("Producer"),
    "consignee": gettext_lazy("Consignee"),
    "third_party": gettext_lazy("Third party"),
    "transport": gettext_lazy("Transport"),
    "invoices": gettext_lazy("Invoices"),
    "shipping_bills": gettext_lazy("Shipping bills"),
    "remarks": gettext_lazy("Remarks"),
    "items": gettext_lazy("Goods"),
}


@dataclass(frozen=True)
class ShownProof:
    """A proof with its outcome in a word."""

    name: str
    outcome: str
    colour: str


def proofs_of(report: Report) -> list[ShownProof]:
    """The independent proofs of a kind, and what each says. Empty for what is not ours."""
    shown = []
    for ids, name in PROOFS.get(report.kind, ()):
        outcomes = [
            report.outcome(one) for one in ids.split() if one not in _MAY_BE_OPEN or report.outcome(one) == "fail"
        ]
        if "fail" in outcomes:
            said = (_("Not believed here"), "yellow") if report.other_register else (_("Does not agree"), "red")
        elif set(outcomes) == {"pass"} and "status.known" in ids and report.status in {"cancelled", "superseded"}:
            said = (outcome_of(report.status).status, "red")
        elif set(outcomes) == {"pass"}:
            # A step that was not reached, because another one fails, leaves the proof open.
            said = (_("Agrees"), "green")
        elif "pass" in outcomes:
            said = (_("Signed, but not confirmed"), "yellow")
        else:
            said = (_("Not at hand"), "grey")
        shown.append(ShownProof(str(name), *said))
    return shown


def said_by(report: Report) -> list[Row]:
    """What a code or an extract says, to be held against the paper. Empty where the whole content is at hand."""
    if report.code is not None:
        return _said_by_code(report)
    if report.kind == "credential" and report.content is None and report.shown is not None:
        return [Row(str(label), _words(report.shown[name])) for name, label in FIELDS.items() if report.shown.get(name)]
    return []


def _said_by_code(report: Report) -> list[Row]:
    code = report.code
    if code is None:
        return []
    rows = [
        Row(_("Agency"), code.agency),
        Row(_("Office"), code.office),
        Row(_("Agreement"), code.agreement),
        Row(_("Exporter"), code.exporter),
        Row(_("Consignee's country"), code.consignee_country),
        Row(_("Date of issue"), formats.date_format(code.issued_on, "DATE_FORMAT")),
        Row(_("Number of items"), str(code.item_count)),
    ]
    if code.valid_until is not None:
        rows.append(Row(_("Valid until"), formats.date_format(code.valid_until, "DATE_FORMAT")))
    for number, item in enumerate(code.items, 1):
        label = _("Item %(number)s: HS code, quantity") % {"number": number}
        rows.append(Row(label, f"{item.hs_code}: {decimal_text(item.quantity)} {item.unit}"))
    return rows


def _words(value: Any) -> str:
    """A shown value as words, whatever its shape."""
    if isinstance(value, Mapping):
        return ", ".join(part for part in (_words(one) for one in value.values()) if part)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(part for part in (_words(one) for one in value) if part)
    return "" if value is None else str(value)
