"""Product rules in the format of the United Kingdom's Trade Tariff (open data of trade-tariff-backend), brought into our own.

A rule set there is a list of rules joined by "or". Three traps: a list "a) … b) … c) …" is split over several rules although all of
them continue the first; such a first rule may also demand a tariff shift, which then stands before the whole list; "ex" before
a heading may only mean that narrower rows take some codes out. Wording that is not recognised becomes UNREAD, never a guess.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from udgam.rules.origin.notation import read_rule
from udgam.rules.origin.product_reading import ProductRulesRefused
from udgam.rules.origin.product_report import PROCESS, UNRECOGNISED, ImportReport
from udgam.rules.origin.product_rules import ProductRule, ProductRules
from udgam.rules.origin.reading import OriginRulesRefused, plain_from_json
from udgam.rules.origin.rule import Source
from udgam.rules.origin.rules import HsEdition

# What an agreement's texts abbreviate: the standard value rule, and a percentage without a method.
STANDARD_QVC = (
    "QVC build-down EXW 40 or QVC build-down FOB 45 or QVC build-up-materials EXW 35 or QVC build-up-materials FOB 35"
)
_ANY_METHOD = "QVC build-down EXW {0} or QVC build-down FOB {0} or QVC build-up-materials EXW {0} or QVC build-up-materials FOB {0}"
_MOST_SETS = 50_000
_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SPACES = re.compile(r"\s+")

_SHIFT = re.compile(
    r"(?:(?P<class>CC|CTH|CTSH): )?all non-originating materials used in the production of the good have undergone a change in "
    r"tariff classification at the (?P<digits>[246])-digit level \((?:tariff )?(?:chapter|heading|subheading)\)(?P<rest>.*)",
    re.IGNORECASE,
)
_LEVELS = {"2": "CC", "4": "CTH", "6": "CTSH"}
_EXCLUDING = re.compile(r",? ?excluding non-originating materials from (?P<codes>.+)", re.IGNORECASE)
_CODE = re.compile(r"(?:chapter|heading|subheading) (\d{1,6})", re.IGNORECASE)
_LIMIT = re.compile(
    r", in which the non-originating materials of (?P<codes>.+?) do not exceed (?P<percent>[\d.]+) ?(?:percent|%) of the value "
    r"or net-weight of the good\. Article 9 \(Tolerance\) does not apply to non-originating materials of (?P<barred>.+)",
    re.IGNORECASE,
)
_QVC_LIST = re.compile(r"(?:a )?QVC of not less than: ?-? ?a\) (?P<item>.+)", re.IGNORECASE)
_QVC_PLAIN = re.compile(r"(?:a )?QVC (?:of not less than )?(?P<percent>[\d.]+)%", re.IGNORECASE)
_ITEM = re.compile(
    r"(?P<percent>[\d.]+)% of (?P<base>the ex-works price|the free[- ]on-board value|either the ex-works price or "
    r"free-on-board value) under the build-(?P<method>down|up) method",
    re.IGNORECASE,
)
_CONTINUED = re.compile(r"- ?[b-h]\) (?P<item>.+)", re.IGNORECASE)
_NO_CHANGE = re.compile(r"No change in tariff classification required, provided there is (?P<rest>.+)", re.IGNORECASE)
_PROCESSES = {
    "chemical reaction": "chemical-reaction",
    "blending": "blending",
    "mixing and blending": "mixing-and-blending",
    "melt and pour": "melt-and-pour",
    "thermal or electrolytic treatment from unalloyed aluminium or waste and scrap of aluminium": (
        "thermal-or-electrolytic-treatment"
    ),
}


def import_uk_tariff(
    data: bytes, *, agreement: str, version: str, hs_edition: HsEdition, source: Source, licence: str
) -> tuple[ProductRules, ImportReport]:
    """Read a file of rule sets. Raises ``ProductRulesRefused`` when it is not in that format; wording is never refused."""
    sets = _rule_sets(data)
    rules = []
    counts = [0, 0, 0]
    left: dict[str, list[str]] = {}
    ranges = [(str(row["min"]), str(row["max"])) for row in sets]
    for row in sets:
        texts = [plain_text(str(part["rule"])) for part in row["rules"]]
        line, per_text = _line_of(texts, [_classes(part) for part in row["rules"]])
        text = "; or ".join(texts)
        rule = read_rule(line, source=source, text=text)
        heading, goods = plain_text(str(row["heading"])), plain_text(str(row["subdivision"]))
        rules.append(
            ProductRule(
                first=str(row["min"]),
                last=str(row["max"]),
                heading=heading,
                goods=goods,
                partial=_is_partial(heading, str(row["min"]), str(row["max"]), ranges),
                effective=None,
                expires=None,
                text=text,
                rule=rule,
            )
        )
        counts[0] += len(texts)
        counts[1] += sum(reason is None for reason in per_text)
        counts[2] += all(reason is None for reason in per_text)
        for said, reason in zip(texts, per_text, strict=True):
            if reason is not None:
                left.setdefault(reason, []).append(f"{heading} ({goods[:60]}): {said[:120]}")
    table = ProductRules(
        agreement=agreement,
        version=version,
        hs_edition=hs_edition,
        source=source,
        licence=licence,
        rules=tuple(rules),
    )
    return table, ImportReport(
        counts[0], counts[1], len(sets), counts[2], {k: tuple(v) for k, v in sorted(left.items())}
    )


def plain_text(written: str) -> str:
    """The wording without markup: tags, links, emphasis and entities resolved, spaces joined."""
    text = _LINK.sub(r"\1", _TAG.sub("", html.unescape(written))).replace("**", "")
    return _SPACES.sub(" ", text.replace("\u00a0", " ")).strip()


def _line_of(texts: list[str], classes: list[tuple[str, ...]]) -> tuple[str, list[str | None]]:
    """The rule of a set in our notation, and for each wording why it is left to a person, or None."""
    alternatives: list[str] = []
    reasons: list[str | None] = []
    place = 0
    while place < len(texts):
        items = []
        following = place + 1
        while following < len(texts) and (found := _CONTINUED.fullmatch(texts[following].rstrip("."))):
            items.append(found["item"])
            following += 1
        line = _line(texts[place].rstrip("."), items, classes[place])
        reason = None if line is not None else UNRECOGNISED
        if line is not None and line.startswith("PROCESS"):
            reason = PROCESS
        alternatives.append(line if line is not None else "UNREAD")
        reasons += [reason] * (following - place)
        place = following
    joined = " or ".join(f"({line})" if " and " in line or " or " in line else line for line in alternatives)
    return joined if len(alternatives) > 1 else alternatives[0], reasons


def _line(text: str, items: list[str], classes: tuple[str, ...]) -> str | None:
    """One wording, with the items that continue its list, in our notation; None when it is not recognised."""
    shift = _SHIFT.fullmatch(text)
    if shift is not None:
        level = _LEVELS[shift["digits"]]
        # The tag and the wording are two views of one rule: where they differ, neither is believed.
        if (shift["class"] or level).upper() != level or (classes and classes != (level,)):
            return None
        return _after_shift(level, shift["rest"], items)
    if classes and not (text.casefold() == "all goods must be wholly obtained" and classes == ("WO",)):
        return None
    if text.casefold() == "all goods must be wholly obtained":
        return "WO" if not items else None
    unchanged = _NO_CHANGE.fullmatch(text)
    value = _value(unchanged["rest"] if unchanged else text, items)
    if value is not None:
        return value
    code = _PROCESSES.get(text.casefold())
    return None if code is None or items else f"PROCESS {code}"


def _after_shift(level: str, rest: str, items: list[str]) -> str | None:
    if not rest:
        return level if not items else None
    joined = re.fullmatch(r" (and|or) (.+)", rest, re.IGNORECASE)
    if joined is not None:
        value = _value(joined[2], items)
        return None if value is None else f"{level} {joined[1].lower()} ({value})"
    if items:
        return None
    excluding = _EXCLUDING.fullmatch(rest)
    if excluding is not None:
        codes = _codes(excluding["codes"])
        return None if codes is None else f"{level} except {','.join(codes)}"
    limit = _LIMIT.fullmatch(rest)
    if limit is not None:
        codes, barred = _codes(limit["codes"]), _codes(limit["barred"])
        if codes is not None and barred is not None:
            shift = f"{level} untolerated {','.join(barred)}"
            return f"{shift} and LIMIT {','.join(codes)} value-or-weight FOB-or-EXW {limit['percent']}"
    return None


def _value(text: str, items: list[str]) -> str | None:
    if text.casefold() == "standard qvc":
        return STANDARD_QVC if not items else None
    single = _QVC_PLAIN.fullmatch(text)
    if single is not None:
        return _ANY_METHOD.format(single["percent"]) if not items else None
    listed = _QVC_LIST.fullmatch(text)
    if listed is None:
        return None
    found = []
    for item in (listed["item"], *items):
        read = _ITEM.fullmatch(item.rstrip("."))
        if read is None:
            return None
        method = "build-down" if read["method"].lower() == "down" else "build-up-materials"
        base = read["base"].casefold()
        bases = ["EXW", "FOB"] if base.startswith("either") else ["EXW" if "ex-works" in base else "FOB"]
        found += [f"QVC {method} {name} {read['percent']}" for name in bases]
    return " or ".join(found)


def _codes(text: str) -> list[str] | None:
    """The codes named in a list of chapters and headings; None when it names anything else."""
    codes = [code.zfill(2) if len(code) < 2 else code for code in _CODE.findall(text)]
    rest = _CODE.sub("", text).replace("and", "").replace(",", "").strip()
    return codes if codes and not rest and all(len(code) in (2, 4, 6) for code in codes) else None


def _is_partial(heading: str, first: str, last: str, ranges: Iterable[tuple[str, str]]) -> bool:
    """Whether "ex" leaves the choice to the description: the range is the whole named code, and no narrower row explains it."""
    if not heading.casefold().startswith("ex "):
        return False
    code = heading[3:].strip().casefold().removeprefix("chapter ").strip()
    code = code.zfill(2) if len(code) < 2 else code
    whole = first == code.ljust(10, "0") and last == code.ljust(10, "9")
    narrower = any(first <= low and high <= last and (low, high) != (first, last) for low, high in ranges)
    return whole and not narrower


def _classes(part: dict[str, Any]) -> tuple[str, ...]:
    listed = part.get("class", [])
    return tuple(str(word) for word in listed) if isinstance(listed, list) else ()


def _rule_sets(data: bytes) -> list[dict[str, Any]]:
    try:
        plain = plain_from_json(data)
    except OriginRulesRefused as fault:
        raise ProductRulesRefused("products.form", where="the file", expected="JSON without fractions") from fault
    sets = plain.get("rule_sets") if isinstance(plain, dict) else None
    if not isinstance(sets, list) or len(sets) > _MOST_SETS:
        raise ProductRulesRefused("products.form", where="rule_sets", expected="a list of rule sets")
    for number, row in enumerate(sets):
        where = f"rule_sets[{number}]"
        if not isinstance(row, dict) or not all(
            isinstance(row.get(name), str) for name in ("heading", "subdivision", "min", "max")
        ):
            raise ProductRulesRefused("products.form", where=where, expected="heading, subdivision, min and max")
        if not (
            re.fullmatch(r"[0-9]{10}", row["min"])
            and re.fullmatch(r"[0-9]{10}", row["max"])
            and row["min"] <= row["max"]
        ):
            raise ProductRulesRefused("products.form", where=where, expected="a range of codes of ten digits")
        rules = row.get("rules")
        if not isinstance(rules, list) or not rules:
            raise ProductRulesRefused("products.form", where=where, expected="rules")
        if not all(isinstance(part, dict) and isinstance(part.get("rule"), str) for part in rules):
            raise ProductRulesRefused("products.form", where=where, expected="a wording for every rule")
    return [row for row in sets if row.get("valid", True)]
