"""Every reason and every other English text of the rules that can reach a person, in one place.

The pages look sentences up by their English text, so a translation that is missing can be found by comparing the catalogue
with ``all_texts``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from udgam.rules import (
    agreements,
    binding,
    consistency,
    content,
    decisions,
    duties,
    endings,
    fees,
    findings,
    firm_changes,
    identifiers,
    lints,
    numbers,
    origin,
    outages,
    public_fields,
)
from udgam.rules.binding.locators import ProfilesRefused
from udgam.rules.lifecycle import APPLICATION, CERTIFICATE
from udgam.rules.lifecycle import REASONS as LIFECYCLE_REASONS
from udgam.rules.plain import ShapeRefused
from udgam.rules.refusals import Reason

# Words that stand for values of the firm's record, and words that are filled into sentences.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "active": "active",
        "inactive": "inactive",
        "proprietorship": "Proprietorship",
        "partnership": "Partnership",
        "company": "Company",
        "llp": "Limited liability partnership",
        "huf": "Hindu undivided family",
        "trust": "Trust",
        "society": "Society",
        "cooperative": "Co-operative",
        "government": "Government body",
        "proprietor": "Proprietor",
        "partner": "Partner",
        "designated_partner": "Designated partner",
        "director": "Director",
        "managing_director": "Managing director",
        "karta": "Karta",
        "trustee": "Trustee",
        "office_bearer": "Office bearer",
        "other": "Other",
        "sea": "By sea",
        "air": "By air",
        "road": "By road",
        "rail": "By rail",
        "post": "By post",
        "multimodal": "By several means",
        "before": "before",
        "after": "after",
        "mobile": "mobile",
        "e-mail": "e-mail",
        "e-mail and mobile": "e-mail and mobile",
        "number of packages": "number of packages",
        "quantity": "quantity",
        "gross weight": "gross weight",
        "FOB value": "FOB value",
        "an unknown day": "an unknown day",
        "application": "application",
        "certificate": "certificate",
        "declaration": "declaration",
        "certification": "certification",
        "order": "order",
        "refund": "refund",
    }
)


def all_reasons() -> Mapping[str, Reason]:
    """Every reason code with its message and advice. The sentences may hold named placeholders in braces."""
    collected: dict[str, Reason] = {}
    for table in (
        identifiers.REASONS,
        binding.REASONS,
        firm_changes.REASONS,
        LIFECYCLE_REASONS,
        content.REASONS,
        consistency.REASONS,
        agreements.REASONS,
        lints.REASONS,
        origin.REASONS,
        numbers.REASONS,
        duties.REASONS,
        fees.REASONS,
        endings.REASONS,
        outages.REASONS,
        decisions.REASONS,
        ShapeRefused.reasons,
        ProfilesRefused.reasons,
    ):
        for code, reason in table.items():
            if code in collected:
                raise ValueError(f"the reason {code} is defined twice")
            collected[code] = reason
    return MappingProxyType(collected)


def all_texts() -> tuple[str, ...]:
    """Every English text of the rules that can reach a page, once each, sorted: what the catalogue has to translate."""
    texts = {sentence for reason in all_reasons().values() for sentence in reason}
    texts.update(WORDS.values())
    texts.update(english for english, _ in identifiers.STATES.values())
    texts.update(public_fields.SHOWABLE.values())
    texts.update(public_fields.COMPARABLE.values())
    texts.update(fee.name for fee in fees.load_fees().fees)
    texts.update(endings.CANCEL_REASONS.values())
    for table in (origin.SENTENCES, origin.TEST_WORDS, origin.PROCESSES, origin.WORDINGS, findings.STANDINGS):
        texts.update(table.values())
    texts.update((*decisions.REFUSAL_REASONS.values(), *decisions.VISIT_OUTCOMES.values(), *decisions.LEVELS.values()))
    texts.update(sentence for _weight, sentence in decisions.SIGNALS.values())
    for lifecycle in (APPLICATION, CERTIFICATE, fees.ORDER, fees.REFUND):
        texts.update(lifecycle.label(state) for state in lifecycle.states)
        texts.update(lifecycle.act_label(act) for act in lifecycle.acts)
    for code in agreements.agreement_codes():
        texts.update(_agreement_texts(agreements.load_complete(code)))
    return tuple(sorted(texts - {""}))


def _agreement_texts(agreement: agreements.Agreement) -> set[str]:
    """What of an arrangement is told in the reader's language. Labels of boxes, statements and marks are in the form's own."""
    texts = {agreement.name, agreement.short_name, agreement.off_because, *(one.meaning for one in agreement.criteria)}
    texts |= {document.label for document in agreement.papers} | {agreement.self_declaration.how}
    if agreement.origin is None:
        return texts
    for rule in agreement.origin.general:
        texts.add(rule.text)
        texts.update(leaf.text for leaf in origin.leaves(rule.rule) if isinstance(leaf, origin.Unread))
    return texts | {one.text for one in agreement.origin.conditions} | {agreement.origin.product_rules.where}


def word(value: str) -> str:
    """The English word for a value of the firm's record or of a content field; the value itself when it has none."""
    return WORDS.get(value, value)
