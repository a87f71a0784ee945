"""The sentences of a derivation. Each has a stable code; pages look a translation up by the English text and fill in the same
values. The values are figures, codes and names, so that they read the same in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from udgam.rules.origin.processes import PROCESSES

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # What was judged.
        "about.case": "Judged under {agreement} for {country} by the rules in force on {on}.",
        "about.rule": "The rule applied, from {source}: {text}",
        "about.figures": (
            "FOB {fob}, ex-works {ex_works}; non-originating materials {vnm}, originating materials {vom}, counted by "
            "cumulation {partner} ({currency})."
        ),
        "about.inner": "{material} has its own bill of materials and counts as {status}.",
        "about.condition": "To be borne out by other papers: {text}",
        # Tests.
        "test.wholly_obtained": "The exporter states that the goods are wholly obtained in India.",
        "test.not_wholly_obtained": "The goods are not stated to be wholly obtained.",
        "test.wholly_tolerated": "Non-originating materials are within the tolerance of {percent} %: {share} %.",
        "test.entirely": "All materials are originating.",
        "test.not_entirely": "Materials without origin: {materials}.",
        "test.shift": "Every non-originating material is classified elsewhere than {code} at the level of {level}.",
        "test.shift_none": "There are no non-originating materials.",
        "test.shift_failed": "No change at the level of {level} against {code}: {materials}.",
        "test.shift_open": "The codes are not precise enough to see the change at the level of {level}: {materials}.",
        "test.shift_tolerated": (
            "No change at the level of {level} against {code}: {materials}; forgiven by the tolerance of {percent} % "
            "({measure}), being {share} %."
        ),
        "test.build_down": "({base} {price} - non-originating {vnm}) / {base} {price} = {share} %; required {threshold} %.",
        "test.ceiling": "Non-originating {vnm} / {base} {price} = {share} %; permitted {threshold} %.",
        "test.build_up_materials": "Originating materials {vom} / {base} {price} = {share} %; required {threshold} %.",
        "test.build_up_cost": (
            "(Originating materials {vom} + labour {labour} + overhead {overhead}) / {base} {price} = {share} %; required "
            "{threshold} %."
        ),
        "test.build_up_profit": (
            "(Originating materials {vom} + labour {labour} + overhead {overhead} + profit {profit}) / {base} {price} = "
            "{share} %; required {threshold} %."
        ),
        "test.build_up_profit_and_other": (
            "(Originating materials {vom} + labour {labour} + overhead {overhead} + profit {profit} + other costs {other}) / "
            "{base} {price} = {share} %; required {threshold} %."
        ),
        "test.net_cost": "(Net cost {price} - non-originating {vnm}) / net cost {price} = {share} %; required {threshold} %.",
        "test.no_base": "The {base} price is not stated, so this share was not computed.",
        "test.over_whole": "Originating materials and costs are more than the {base} price: {share} %.",
        "test.limit": "Non-originating materials of {codes} are {share} %; permitted {threshold} %.",
        "test.limit_open": "The weight or price needed for the limit on materials of {codes} is not stated.",
        "test.process": "The process was carried out, as the exporter states: {process}.",
        "test.process_unstated": "It is not stated whether this process was carried out: {process}.",
        "test.unread": "This rule is kept in words only: {text}",
        "test.own_share": "India itself adds {share} % of {base} {price}; required {threshold} %.",
        "test.minimal": "Only operations that never confer origin were carried out: {processes}.",
        # Why a person must decide.
        "person.unverified": "{what} was not read in the text of the agreement ({source}), so it decides nothing.",
        "person.no_materials": "No materials are stated, and the goods are not stated to be wholly obtained.",
        "person.contradiction": "The goods are stated to be wholly obtained, yet materials without origin are listed.",
        "person.no_table": "The agreement's product rules are not held here ({where}); look up the rule for {code}.",
        "person.no_row": "The product rules hold no rule for {code}.",
        "person.which_row": "The goods must be compared with the descriptions of these rules: {rows}.",
        "person.edition": "The product rule is written in HS {edition}, and {code} cannot be followed there by itself.",
        "person.no_rule": "No rule of this agreement was in force on {on} for {country}.",
        "person.process": "Whether this process was carried out: {process}.",
        "person.unread": "The rule in words: {text}",
        "person.codes": "HS codes of materials are missing or too short: {materials}.",
        "person.price": "The {base} price is needed for this rule.",
        "person.weight": "Weights are needed to see whether the tolerance or limit holds.",
        "person.over_whole": "The costs are impossible: originating materials and costs exceed the price.",
        "person.inner": "Whether these parts made in India originate: {materials}.",
        # Warnings.
        "warning.secondary": "{what} is known from accounts of the text, not from the text itself ({source}).",
        "warning.product_rules": (
            "The agreement has product rules that are not held here ({where}). If one names {code}, it stands instead of "
            "the general rule."
        ),
        "warning.product_rules_alternative": (
            "The agreement also has product rules that are not held here ({where}); one may offer {code} another way."
        ),
        "warning.basis": "Materials should be valued at {basis}; stated otherwise: {materials}.",
        "warning.costs": "Materials and costs ({sum}) are more than the FOB or ex-works price ({price}).",
        "warning.no_ex_works": "The ex-works price was not stated; by it the result may differ.",
        "warning.no_weight": "Weights were not stated; by weight the result may differ.",
        "warning.edition": "The rule is written in HS {edition}; the change of code was seen in HS 2022.",
        "warning.cumulation": "This agreement lets no materials of {country} count.",
        "warning.process": "Unknown process, not taken into account: {process}.",
        "warning.foreign_bill": "The inner bill of materials of {material} was not used: it was not made in India.",
        "warning.row": "The row of the product rules was chosen by the exporter: {row}.",
        # The result.
        "result.yes": "The goods originate in India: {criterion}.",
        "result.no": "The goods do not meet the rule.",
        "result.open": "A person must decide.",
        # What would change it.
        "change.none": "No single change of those tried makes the goods qualify.",
        "change.cumulate": "Use cumulation with {country}: its materials then count as originating.",
        "change.replace": "Use {material} of Indian origin: {amount} {currency} of materials.",
        "change.part": "Replace non-originating materials worth {amount} {currency} by Indian ones.",
        "change.ex_works": "State the ex-works price; from {amount} {currency} upwards the goods qualify.",
    }
)

# Words that are filled into sentences as values; a page translates them before it fills them in.
TEST_WORDS: Mapping[str, str] = MappingProxyType(
    {
        word: word
        for word in (
            "originating",
            "non-originating",
            "non-originating until a person decides",
            "by value",
            "by weight",
            "the rule",
            "the cumulation",
            "the tolerance",
            "the list of minimal operations",
            "the criterion",
            "the wording of the box",
            "the treatment of side materials",
            "own content",
            "minimal operations",
        )
    }
)


# Values that are texts of rules and names of lists: told in the reader's language where it has them, else quoted.
_TEXTS = frozenset({"text", "where"})
# Values that are quoted as they were read: citations, descriptions of goods in a published list, words for the box.
_QUOTED = frozenset({"source", "row", "rows", "criterion"})


def as_it_is(text: str) -> str:
    """The mark around a quotation where none is wanted."""
    return text


def told(text: str, translate: Callable[[str], str], quote: Callable[[str], str] = as_it_is) -> str:
    """A text of the rules in the reader's language; where there is none, the text itself as a quotation."""
    translated = translate(text)
    return translated if translated != text else quote(text)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the table with its values. ``english`` is what the derivation says."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The English sentence with its placeholders: what the catalogue translates."""
        return SENTENCES[self.code]

    @property
    def english(self) -> str:
        return self.template.format_map(self.params)

    def in_words(self, translate: Callable[[str], str], quote: Callable[[str], str] = as_it_is) -> str:
        """The sentence in another language: ``translate`` turns English texts, the words among the values too.

        ``quote`` puts marks around what stays in the language in which it was read.
        """
        values = {name: _value(name, value, translate, quote) for name, value in self.params.items()}
        return translate(self.template).format_map(values)

    def plain(self) -> dict[str, object]:
        """Code and values, for pages that translate."""
        return {"code": self.code, "params": dict(self.params)}


def _value(name: str, value: str, translate: Callable[[str], str], quote: Callable[[str], str]) -> str:
    if name in _QUOTED:
        return quote(value)
    if name in _TEXTS:
        return told(value, translate, quote)
    if name in ("process", "processes"):
        return ", ".join(translate(PROCESSES.get(one, one)) for one in value.split(", "))
    return translate(value) if value in TEST_WORDS else value


def say(code: str, /, **params: str) -> Sentence:
    """The sentence ``code``. A code outside the table is a programming error."""
    if code not in SENTENCES:
        raise KeyError(code)
    return Sentence(code, params)
