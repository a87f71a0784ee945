"""Rules of origin of a few arrangements, built in code, for tests of the engine that must not depend on the data files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from udgam.rules.origin import (
    AllOf,
    AnyOf,
    CriterionText,
    Cumulation,
    GeneralRule,
    OriginRules,
    PercentPrint,
    ProductRuleReference,
    Rule,
    SideMaterials,
    Source,
    TariffShift,
    ValueContent,
)
from udgam.rules.origin.rule import ShiftLevel, ValueBase, ValueMethod

SEEN = Source(citation="Article 4 of the test agreement", evidence="seen")
UNVERIFIED = Source(citation="from memory", evidence="unverified")


def shift(level: ShiftLevel, *, excluding: tuple[str, ...] = (), barred: tuple[str, ...] = ()) -> TariffShift:
    return TariffShift(level=level, excluding=excluding, tolerance_barred=barred, source=SEEN)


def value(
    threshold: str,
    method: ValueMethod = "build-down",
    base: ValueBase = "FOB",
    name: str = "RVC",
    source: Source = SEEN,
) -> ValueContent:
    return ValueContent(name=name, method=method, base=base, threshold=Decimal(threshold), source=source)


def both(*rules: Rule) -> AllOf:
    return AllOf(rules=rules)


def either(*rules: Rule) -> AnyOf:
    return AnyOf(rules=rules)


def general(rule: Rule, *, effective: date = date(2010, 1, 1), expires: date | None = None) -> GeneralRule:
    return GeneralRule(effective=effective, expires=expires, destinations=(), rule=rule, text="Rule 4", source=SEEN)


WORDS = (
    CriterionText(
        code="WO",
        when="wholly-obtained",
        by="any",
        text="WO",
        box="WO",
        percent_of="none",
        destinations=(),
        source=SEEN,
    ),
    CriterionText(
        code="RVC {pct}% + CTSH",
        when="general",
        by="any",
        text="RVC {percent}% + {shift}",
        box="RVC [{percent}]%+{shift}",
        percent_of="originating",
        destinations=(),
        source=SEEN,
    ),
    CriterionText(
        code="PSR",
        when="product-specific",
        by="any",
        text="PSR",
        box="PSR",
        percent_of="none",
        destinations=(),
        source=SEEN,
    ),
)


def letter(code: str, when: str, percent_of: str) -> CriterionText:
    """A criterion of the letter family: B prints the non-originating share, C the originating one."""
    return CriterionText(
        code=code,
        when=when,  # type: ignore[arg-type]
        by="any",
        text=f"{code} {{percent}} per cent",
        box=f'"{code}" {{percent}} per cent',
        percent_of=percent_of,  # type: ignore[arg-type]
        destinations=(),
        source=SEEN,
    )


REGIONAL = Cumulation(kind="regional", countries=("partners",), rule=None, own_least=None, source=SEEN)

AI = OriginRules(
    agreement="TEST-AI",
    version="1",
    partners=("BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "VN"),
    effective=date(2010, 1, 1),
    expires=None,
    hs_edition=None,
    wholly_obtained=SEEN,
    general=(general(both(shift("CTSH"), value("35"))),),
    product_rules=ProductRuleReference(listed="no", precedence="alternative", table=None, where="", source=SEEN),
    tolerance=(),
    cumulation=(REGIONAL,),
    minimal_operations=(),
    side_materials=SideMaterials(
        accessories="disregard",
        retail_packing="disregard",
        transport_packing="ignore",
        indirect="ignore",
        source=SEEN,
    ),
    materials_valued="CIF",
    criteria=WORDS,
    percent=PercentPrint(decimals=2, rounding="down", source=SEEN),
    conditions=(),
)

LETTERS = replace(
    AI,
    agreement="TEST-SA",
    partners=("BD", "LK", "NP"),
    general=(general(both(shift("CTH"), value("60", "ceiling", name="VNM"))),),
    cumulation=(
        Cumulation(
            kind="aggregate",
            countries=("partners",),
            rule=both(shift("CTH"), value("50")),
            own_least=Decimal(20),
            source=SEEN,
        ),
    ),
    criteria=(
        replace(WORDS[0], code="A", text="A", box='"A"'),
        letter("B", "general", "non-originating"),
        letter("C", "cumulation", "originating"),
    ),
    percent=PercentPrint(decimals=0, rounding="down", source=SEEN),
)
