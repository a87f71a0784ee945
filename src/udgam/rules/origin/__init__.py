"""Whether goods originate: the rules as data, and the engine that applies them and shows its working."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from udgam.rules.origin.answer import (
    answer_bytes,
    answer_digest,
    answer_of,
    digest_of,
    explanation_of,
    inputs_digest,
)
from udgam.rules.origin.case import (
    Case,
    Costs,
    Material,
    Product,
)
from udgam.rules.origin.case_reading import (
    CASE_REASONS,
    DEEPEST_BILL,
    CaseRefused,
    case_plain,
    read_case,
    read_case_json,
)
from udgam.rules.origin.data import (
    RuleData,
    prepare,
    products_digest,
    products_plain,
)
from udgam.rules.origin.deciding import (
    compare,
    decide,
)
from udgam.rules.origin.editions import (
    CORRELATION_REASONS,
    Correlation,
    CorrelationRefused,
    read_correlation,
)
from udgam.rules.origin.finding import (
    Change,
    Finding,
    Judgement,
)
from udgam.rules.origin.notation import (
    NOTATION_REASONS,
    NotationRefused,
    read_rule,
    write_rule,
)
from udgam.rules.origin.processes import (
    CONFERRING,
    MINIMAL,
    PROCESSES,
)
from udgam.rules.origin.product_reading import (
    PRODUCT_REASONS,
    ProductRulesRefused,
    read_product_rules,
    write_csv,
)
from udgam.rules.origin.product_report import ImportReport, report_on, restated
from udgam.rules.origin.product_rules import (
    ProductRule,
    ProductRules,
    choose,
)
from udgam.rules.origin.reading import (
    REASONS as RULES_REASONS,
)
from udgam.rules.origin.reading import (
    OriginRulesRefused,
    check_origin_rules,
    read_origin_rules,
    rules_digest,
)
from udgam.rules.origin.rule import (
    AllOf,
    AnyOf,
    Evidence,
    Leaf,
    MaterialLimit,
    Process,
    ProducedEntirely,
    Rule,
    Source,
    TariffShift,
    Unread,
    ValueContent,
    WhollyObtained,
    leaves,
)
from udgam.rules.origin.rules import (
    RULES_FORMAT,
    Condition,
    CriterionText,
    Cumulation,
    GeneralRule,
    MinimalOperation,
    OriginRules,
    PercentPrint,
    ProductRuleReference,
    SideMaterials,
    ToleranceBand,
)
from udgam.rules.origin.sentences import (
    SENTENCES,
    TEST_WORDS,
    Sentence,
    told,
)
from udgam.rules.origin.trial import (
    TestResult,
)
from udgam.rules.origin.uk_tariff import import_uk_tariff
from udgam.rules.origin.wording import (
    WORDINGS,
    wording,
)
from udgam.rules.refusals import Reason

REASONS: Mapping[str, Reason] = MappingProxyType(
    {**RULES_REASONS, **CASE_REASONS, **CORRELATION_REASONS, **NOTATION_REASONS, **PRODUCT_REASONS}
)

__all__ = [
    "CONFERRING",
    "DEEPEST_BILL",
    "MINIMAL",
    "PROCESSES",
    "REASONS",
    "RULES_FORMAT",
    "SENTENCES",
    "TEST_WORDS",
    "WORDINGS",
    "AllOf",
    "AnyOf",
    "Case",
    "CaseRefused",
    "Change",
    "Condition",
    "Correlation",
    "CorrelationRefused",
    "Costs",
    "CriterionText",
    "Cumulation",
    "Evidence",
    "Finding",
    "GeneralRule",
    "ImportReport",
    "Judgement",
    "Leaf",
    "Material",
    "MaterialLimit",
    "MinimalOperation",
    "NotationRefused",
    "OriginRules",
    "OriginRulesRefused",
    "PercentPrint",
    "Process",
    "ProducedEntirely",
    "Product",
    "ProductRule",
    "ProductRuleReference",
    "ProductRules",
    "ProductRulesRefused",
    "Rule",
    "RuleData",
    "Sentence",
    "SideMaterials",
    "Source",
    "TariffShift",
    "TestResult",
    "ToleranceBand",
    "Unread",
    "ValueContent",
    "WhollyObtained",
    "answer_bytes",
    "answer_digest",
    "answer_of",
    "case_plain",
    "check_origin_rules",
    "choose",
    "compare",
    "decide",
    "digest_of",
    "explanation_of",
    "import_uk_tariff",
    "inputs_digest",
    "leaves",
    "prepare",
    "products_digest",
    "products_plain",
    "read_case",
    "read_case_json",
    "read_correlation",
    "read_origin_rules",
    "read_product_rules",
    "read_rule",
    "report_on",
    "restated",
    "rules_digest",
    "told",
    "wording",
    "write_csv",
    "write_rule",
]
