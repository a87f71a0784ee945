"""Which arrangements are in force, with which data, on a day (Indian date). All of this is public."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import QuerySet

from udgam.ground import statements
from udgam.ground.agreements.models import (
    AgreementEdition,
    AgreementSwitch,
    HsCorrelation,
    ProductRuleTable,
    RuleFile,
)
from udgam.rules.agreements import (
    Agreement,
    AgreementRefused,
    agreement_bytes,
    agreement_codes,
    load_agreement,
    load_complete,
    read_agreement,
    read_complete,
)
from udgam.rules.content import ApplicationContent, CertificateContent, RuleTables
from udgam.rules.content import RuleData as ContentRuleData
from udgam.rules.numbers import INDIA
from udgam.rules.origin import (
    Correlation,
    OriginRules,
    ProductRules,
    ProductRulesRefused,
    RuleData,
    prepare,
    read_correlation,
    read_product_rules,
    write_csv,
)
from udgam.rules.origin.tables import load_table

# Each step of a certificate asks for the data of its agreement, and nothing else of the edition.
_DATA = ("sha256", "data")
_LATEST_EDITION = """
SELECT id, sha256, data FROM agreements_agreementedition
WHERE code = %s AND effective_from <= %s ORDER BY effective_from DESC, recorded_at DESC, id DESC LIMIT 1
"""


@dataclass(frozen=True, kw_only=True)
class AgreementState:
    """An arrangement as it stands: its usable data, whether certificates are issued under it, why not, and since when."""

    agreement: Agreement
    is_open: bool
    reason: str
    wants: tuple[str, ...]
    decided_at: datetime | None


def agreement_on(code: str, day: date) -> Agreement:
    """The usable data of an arrangement on a day: the operator's latest edition in force then, else the built-in file.

    Raises ``AgreementRefused`` when there is no such code.
    """
    edition = _edition_on(code, day)
    return _read(edition.sha256, edition.data, day) if edition else load_agreement(code, day)


def agreements_on(day: date) -> dict[str, Agreement]:
    """The usable data of every arrangement on a day by code, in the order of the list."""
    edited = set(AgreementEdition.objects.filter(effective_from__lte=day).values_list("code", flat=True))
    return {
        code: agreement_on(code, day) if code in edited else load_agreement(code, day) for code in agreement_codes()
    }


def complete_on(code: str, day: date) -> Agreement:
    """All data of an arrangement on a day, sure or not, to be shown with their marks. Raises ``AgreementRefused``."""
    edition = _edition_on(code, day)
    return _read_complete(edition.sha256, edition.data, day) if edition else load_complete(code, day)


def data_on(code: str, day: date) -> bytes:
    """The data file of an arrangement in force on a day. Raises ``AgreementRefused``."""
    edition = _edition_on(code, day)
    return edition.data.encode() if edition else agreement_bytes(code)


def agreement_of(content: CertificateContent) -> Agreement:
    """The very data under which a certificate was made: by the digest it names, else as of its date of issue."""
    return agreement_named(content.agreement, content.rules, content.issued_on)


def agreement_for(content: ApplicationContent) -> Agreement:
    """The data by which an application is judged: those it names by digest, else those of the day of its declaration."""
    return agreement_named(content.agreement, content.rules, content.declaration.date)


def agreement_named(code: str, rules: ContentRuleData | None, day: date) -> Agreement:
    """The data that content names by their digest, else those of the day. Raises ``AgreementRefused`` for an unknown code.

    They are an operator's edition, those of this release, or those of an earlier release that were kept when something was signed.
    """
    if rules is not None:
        edition = statements.first(AgreementEdition, only=_DATA, code=code, sha256=rules.sha256)
        if edition is not None:
            return _read(edition.sha256, edition.data, day)
        builtin = load_agreement(code, day)
        if builtin.sha256 == rules.sha256:
            return builtin
        kept = _kept_file(RuleFile.Kind.AGREEMENT, code, rules.sha256)
        if kept is not None:
            return _read(kept.sha256, kept.data, day)
    return agreement_on(code, day)


def agreement_states_on(day: date) -> tuple[AgreementState, ...]:
    """Every arrangement with its state, in the order of the list."""
    switches = {row.code: row for row in AgreementSwitch.objects.order_by("code", "decided_at", "id")}
    return tuple(_state(agreement, switches.get(code), day) for code, agreement in agreements_on(day).items())


def agreement_state_on(code: str, day: date) -> AgreementState:
    """One arrangement with its state. Raises ``AgreementRefused``."""
    agreement = agreement_on(code, day)
    switch = AgreementSwitch.objects.filter(code=code).order_by("decided_at", "id").last()
    return _state(agreement, switch, day)


def agreements_open_on(day: date) -> tuple[Agreement, ...]:
    """The arrangements under which certificates are issued on a day."""
    return tuple(state.agreement for state in agreement_states_on(day) if state.is_open)


def rule_data_on(code: str, day: date) -> RuleData | None:
    """What decides origin under an arrangement on a day: rules, imported product rules, correlation. None: it has no rules of origin."""
    return rule_data_under(agreement_on(code, day), day)


def rule_data_under(agreement: Agreement, day: date) -> RuleData | None:
    """What decides origin under data of an arrangement that were chosen already, with the tables of a day."""
    table, correlation = _tables_on(agreement, day)
    return _rule_data(agreement, day, table, correlation)


def needs_existing_table(agreement: Agreement) -> None:
    """Raise `AgreementRefused` ("agreement.table_missing") when data name a table of product rules that does not exist here."""
    _built_in_products(agreement)


def products_file_digest(table: ProductRules) -> str:
    """SHA-256 of the table's file in our own format, hexadecimal."""
    return _file_digest(_Table(id(table), table))


def tables_named(data: RuleData | None) -> RuleTables | None:
    """How signed content names the tables of rule data, by digest; None where no rule decides."""
    if data is None:
        return None
    return RuleTables(
        product_rules=None if data.products is None else products_file_digest(data.products),
        correlation=None if data.correlation is None else data.correlation.sha256,
    )


def rule_data_for(content: ApplicationContent) -> RuleData | None:
    """What decides the origin of the goods of an application: the data and the tables that it names by their digests.

    Whatever is brought later changes nothing, even on the same day and even if it says that it was in force then. Content of before
    edition 4 names no tables: then those count that were known by the end of its day.

    Raises `AgreementRefused` ("agreement.table_lost") when a table that it names is found nowhere: without it another finding would
    come out than the one that was signed.
    """
    agreement, day = agreement_for(content), content.declaration.date
    if content.tables is None:
        return rule_data_under(agreement, day)
    return _rule_data(agreement, day, *_tables_named(agreement, content.tables))


def tables_lost(agreement: Agreement, named: RuleTables) -> tuple[str, ...]:
    """The digests of those named tables that are found nowhere."""
    found = zip((named.product_rules, named.correlation), _found(agreement, named), strict=True)
    return tuple(digest for digest, table in found if digest is not None and table is None)


def rule_files_for(content: ApplicationContent) -> dict[str, bytes]:
    """The files of the data that decided the origin of the goods of an application, as ``udgam origin`` reads them."""
    agreement, data = agreement_for(content), rule_data_for(content)
    known = AgreementEdition.objects.filter(code=agreement.code, sha256=agreement.sha256).first()
    edition = known or _kept_file(RuleFile.Kind.AGREEMENT, agreement.code, agreement.sha256)
    files = {"agreement.json": edition.data.encode() if edition else agreement_bytes(agreement.code)}
    if data is not None and data.products is not None:
        files["product-rules.csv"] = write_csv(data.products)
    if data is not None and data.correlation is not None:
        mapped = data.correlation
        row = HsCorrelation.objects.filter(edition=mapped.edition, sha256=mapped.sha256).first()
        if row is not None:
            files["correlation.csv"] = row.data.encode()
    return files


def switches_of(code: str) -> QuerySet[AgreementSwitch]:
    """When an arrangement was switched on and off, the latest first."""
    return AgreementSwitch.objects.filter(code=code).order_by("-decided_at", "-id")


def editions_of(code: str) -> QuerySet[AgreementEdition]:
    """The operator's editions of an arrangement's data, the latest first."""
    return AgreementEdition.objects.filter(code=code).order_by("-effective_from", "-recorded_at", "-id")


def tables_of(code: str) -> QuerySet[ProductRuleTable]:
    """The imported tables of product rules of an arrangement, the latest first."""
    return ProductRuleTable.objects.filter(code=code).order_by("-effective_from", "-recorded_at", "-id")


def correlations() -> QuerySet[HsCorrelation]:
    """The imported correlation tables, the latest first."""
    return HsCorrelation.objects.order_by("-recorded_at", "-id")


def _state(agreement: Agreement, switch: AgreementSwitch | None, day: date) -> AgreementState:
    wants = agreement.wants if agreement.issued else ()
    begun = agreement.effective is None or agreement.effective <= day
    over = agreement.expires is not None and agreement.expires < day
    wished = switch.is_on if switch else not agreement.off_because
    return AgreementState(
        agreement=agreement,
        is_open=wished and agreement.issued and not wants and begun and not over,
        reason=switch.reason if switch else agreement.off_because,
        wants=wants,
        decided_at=switch.decided_at if switch else None,
    )


def _edition_on(code: str, day: date) -> AgreementEdition | None:
    # The database takes no NUL; a code that somebody made up has no edition.
    found = statements.ask(_LATEST_EDITION, [code, day]) if "\x00" not in code else None
    return None if found is None else statements.row_of(AgreementEdition, found, only=_DATA)


def _rule_data(
    agreement: Agreement, day: date, products: ProductRules | None, correlation: Correlation | None
) -> RuleData | None:
    rules = agreement.origin
    if rules is None or not rules.partners:
        return None
    table = products_file_digest(products) if products else ""
    named = (agreement.sha256, day.isoformat(), table, correlation.sha256 if correlation else "")
    return _prepared(_Parts(named, rules, products, correlation))


def _tables_on(agreement: Agreement, day: date) -> tuple[ProductRules | None, Correlation | None]:
    """The tables of an arrangement in force on a day, as they were known at its end."""
    rules = agreement.origin
    if rules is None or not rules.partners:
        return None, None
    known_until = datetime.combine(day + timedelta(days=1), time.min, tzinfo=INDIA)
    table = tables_of(agreement.code).filter(effective_from__lte=day, recorded_at__lt=known_until).first()
    products = _read_products(table.sha256, table.data) if table else _built_in_products(agreement)
    editions = {rules.hs_edition, products.hs_edition if products else None} - {None, "2022"}
    brought = HsCorrelation.objects.filter(edition__in=[str(one) for one in editions], recorded_at__lt=known_until)
    correlation = brought.order_by("recorded_at", "id").last() if editions else None
    return products, _read_correlation(correlation.sha256, correlation.data) if correlation else None


def _tables_named(agreement: Agreement, named: RuleTables) -> tuple[ProductRules | None, Correlation | None]:
    found = _found(agreement, named)
    for digest, table in zip((named.product_rules, named.correlation), found, strict=True):
        if digest is not None and table is None:
            raise AgreementRefused("agreement.table_lost", table=digest[:16])
    return found


def _found(agreement: Agreement, named: RuleTables) -> tuple[ProductRules | None, Correlation | None]:
    products = None if named.product_rules is None else _products_named(agreement, named.product_rules)
    row = HsCorrelation.objects.filter(sha256=named.correlation).first() if named.correlation is not None else None
    return products, _read_correlation(row.sha256, row.data) if row else None


def _products_named(agreement: Agreement, sha256: str) -> ProductRules | None:
    """The table of that digest: an operator's, one that the data name, this release's, or an earlier release's that was kept."""
    row = ProductRuleTable.objects.filter(code=agreement.code, sha256=sha256).first()
    kept = row or _kept_file(RuleFile.Kind.PRODUCT_RULES, agreement.code, sha256)
    if kept is not None:
        return _read_products(kept.sha256, kept.data)
    built_in = (_built_in_products(one) for one in (agreement, load_agreement(agreement.code)))
    return next((one for one in built_in if one is not None and products_file_digest(one) == sha256), None)


def _kept_file(kind: str, code: str, sha256: str) -> RuleFile | None:
    return RuleFile.objects.filter(kind=kind, code=code, sha256=sha256).first()


def _built_in_products(agreement: Agreement) -> ProductRules | None:
    name = agreement.origin.product_rules.table if agreement.origin else None
    if not name:
        return None
    try:
        return load_table(name)
    except ProductRulesRefused as fault:
        raise AgreementRefused("agreement.table_missing", code=agreement.code, table=name[:60]) from fault


@dataclass(frozen=True)
class _Parts:
    """The parts of rule data under the names that tell them apart, so that what was prepared once is found again."""

    named: tuple[str, ...]
    rules: OriginRules = field(compare=False)
    products: ProductRules | None = field(compare=False)
    correlation: Correlation | None = field(compare=False)


@dataclass(frozen=True)
class _Table:
    """A table under its identity: comparing thousands of rules would cost more than reading them. It stays alive here."""

    identity: int
    rules: ProductRules = field(compare=False)


# Data never change under their digest, so what was read once is kept.
@lru_cache(maxsize=256)
def _prepared(parts: _Parts) -> RuleData:
    return prepare(parts.rules, parts.products, parts.correlation)


@lru_cache(maxsize=256)
def _read(sha256: str, data: str, day: date) -> Agreement:
    return read_agreement(data.encode(), on=day)


@lru_cache(maxsize=256)
def _read_complete(sha256: str, data: str, day: date) -> Agreement:
    return read_complete(data.encode(), on=day)


@lru_cache(maxsize=64)
def _file_digest(table: _Table) -> str:
    return hashlib.sha256(write_csv(table.rules)).hexdigest()


@lru_cache(maxsize=64)
def _read_products(sha256: str, data: str) -> ProductRules:
    return read_product_rules(data.encode())


@lru_cache(maxsize=8)
def _read_correlation(sha256: str, data: str) -> Correlation:
    return read_correlation(data.encode())
