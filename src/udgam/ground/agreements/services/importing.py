"""Tables that an operator brings: product rules of an arrangement, and correlations between editions of the Harmonized System."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from udgam.ground.agreements.models import HsCorrelation, ProductRuleTable
from udgam.ground.agreements.refusals import AgreementsRefused
from udgam.ground.agreements.services.switching import one_at_a_time
from udgam.ground.audit.actors import Actor
from udgam.ground.audit.services import record
from udgam.rules.agreements import load_complete
from udgam.rules.origin import ImportReport, ProductRules, read_correlation, read_product_rules, report_on, write_csv

LARGEST_MB = 20


@transaction.atomic
def import_product_rules(
    *, code: str, data: bytes, file_name: str, effective_from: date, actor: Actor, now: datetime
) -> tuple[ProductRuleTable, ImportReport]:
    """Put a table of product rules (JSON or CSV in our own format) in force from a day on (Indian date), with the report on it.

    Raises `ProductRulesRefused` or `NotationRefused` when it cannot be read, `AgreementsRefused` when it is another arrangement's,
    too large or known already, `AgreementRefused` for an unknown code.
    """
    _check_size(data)
    load_complete(code)
    return keep_product_rules(
        code=code,
        table=read_product_rules(data),
        file_name=file_name,
        effective_from=effective_from,
        actor=actor,
        now=now,
    )


@transaction.atomic
def keep_product_rules(
    *, code: str, table: ProductRules, file_name: str, effective_from: date, actor: Actor, now: datetime
) -> tuple[ProductRuleTable, ImportReport]:
    """Keep a table that was read already, from whatever format. Raises `AgreementsRefused` as above."""
    one_at_a_time(code=code)
    if table.agreement != code:
        raise AgreementsRefused("agreements.other_code", given=table.agreement[:40], code=code[:40])
    written = write_csv(table)
    digest = hashlib.sha256(written).hexdigest()
    if ProductRuleTable.objects.filter(code=code, sha256=digest).exists():
        raise AgreementsRefused("agreements.known_already")
    report = report_on(table)
    row = ProductRuleTable.objects.create(
        code=code,
        version=table.version[:60],
        sha256=digest,
        data=written.decode(),
        rows=len(table.rules),
        undecided=report.sets - report.sets_decided,
        file_name=file_name[:200],
        effective_from=effective_from,
        recorded_at=now,
        recorded_by=actor.id,
    )
    details = {"version": row.version, "rows": row.rows, "undecided": row.undecided, "sha256": digest}
    record(act="agreement.product_rules_imported", subject=f"agreement:{code}", actor=actor, now=now, details=details)
    return row, report


@transaction.atomic
def import_correlation(*, data: bytes, file_name: str, actor: Actor, now: datetime) -> HsCorrelation:
    """Keep a correlation table (CSV with a column for HS 2022 and one for an earlier edition).

    Raises `CorrelationRefused` when it cannot be read, `AgreementsRefused` when it is too large or known already.
    """
    _check_size(data)
    table = read_correlation(data)
    one_at_a_time(code=f"correlation {table.edition}")
    if HsCorrelation.objects.filter(edition=table.edition, sha256=table.sha256).exists():
        raise AgreementsRefused("agreements.known_already")
    row = HsCorrelation.objects.create(
        edition=table.edition,
        sha256=table.sha256,
        data=data.decode("utf-8-sig"),
        codes=len(table.earlier),
        file_name=file_name[:200],
        recorded_at=now,
        recorded_by=actor.id,
    )
    details = {"edition": row.edition, "codes": row.codes, "sha256": row.sha256}
    record(
        act="agreement.correlation_imported",
        subject=f"correlation:{row.edition}",
        actor=actor,
        now=now,
        details=details,
    )
    return row


def _check_size(data: bytes) -> None:
    if len(data) > LARGEST_MB * 1024 * 1024:
        raise AgreementsRefused("agreements.too_large", limit=str(LARGEST_MB))
