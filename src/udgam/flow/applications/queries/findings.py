"""What was computed of the origin of signed goods, and by which tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from udgam.flow.applications.models import Application, OriginFinding, Submission
from udgam.rules.content import RuleData, RuleTables

# What is signed and still to be decided or issued.
_OPEN = ["awaiting_payment", "submitted", "under_examination", "discrepancy", "verification", "approved"]
_NAMED = """
SELECT DISTINCT application.agreement, said->'rules'->>'version', said->'rules'->>'sha256', said->'declaration'->>'date',
  said->'tables'->>'product_rules', said->'tables'->>'correlation'
FROM applications_application AS application
JOIN applications_submission AS submission
  ON submission.application_id = application.id AND submission.version = application.version
CROSS JOIN LATERAL (SELECT convert_from(submission.content, 'UTF8')::jsonb AS said) AS content
WHERE application.state = ANY(%s) AND submission.signature IS NOT NULL AND jsonb_typeof(said->'tables') = 'object'
"""


def finding_of(application: Application, version: int, item: int) -> OriginFinding | None:
    """The derivation that was kept for a line of a signed version; None where nothing was computed."""
    signed = OriginFinding.objects.filter(submission__application=application, submission__signature__isnull=False)
    return signed.select_related("submission").filter(submission__version=version, item=item).first()


def derivations_kept(submission: Submission) -> dict[int, bytes]:
    """The derivations that were kept with a version, by line."""
    return {item: bytes(data) for item, data in submission.findings.values_list("item", "derivation")}


def findings_kept(application: Application) -> dict[int, list[int]]:
    """The lines for which a derivation was kept, by signed version."""
    rows = OriginFinding.objects.filter(submission__application=application, submission__signature__isnull=False)
    kept: dict[int, list[int]] = {}
    for version, item in rows.order_by("submission__version", "item").values_list("submission__version", "item"):
        kept.setdefault(version, []).append(item)
    return kept


@dataclass(frozen=True, kw_only=True)
class NamedTables:
    """The tables that signed applications of one arrangement name, and the data and the day by which they are judged."""

    agreement: str
    rules: RuleData | None
    day: date
    tables: RuleTables


def published_tables_named() -> tuple[NamedTables, ...]:
    """Which tables the applications that wait for a decision or an issue name; of the applications themselves it says nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [_OPEN])
        rows = cursor.fetchall()
    return tuple(
        NamedTables(
            agreement=code,
            rules=RuleData(version=version, sha256=sha256) if sha256 else None,
            day=date.fromisoformat(day),
            tables=RuleTables(product_rules=products, correlation=correlation),
        )
        for code, version, sha256, day, products, correlation in rows
    )
