"""What is computed of the origin of the goods, beside the signed answers of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from udgam.flow.applications.origin import against_the_findings, lines_of
from udgam.flow.applications.queries import derivations_kept, findings_kept
from udgam.flow.applications.views.origin import shown_line
from udgam.flow.examination.queries import Case
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.rules.agreements import AgreementRefused


def origin_panel(case: Case, now: datetime) -> Mapping[str, Any] | None:
    """Every line with its claim and the derivation that was kept with the signed version; None without any cost sheet."""
    if not case.content.cost_sheets:
        return None
    version = case.submission.version
    try:
        lines = lines_of(case.content, derivations_kept(case.submission))
    except AgreementRefused as lost:
        return {"title": _("Origin"), "lost": refusal_lines(lost)}
    return {
        "title": _("Origin"),
        "lines": [shown_line(line) for line in lines],
        "public_id": case.application.public_id,
        "version": version,
        "kept": findings_kept(case.application).get(version, []),
    }


def lines_overruled(case: Case | None) -> dict[int, str]:
    """The lines that an approval would certify against what is computed, each with the digest of its derivation.

    Raises `AgreementRefused` ("agreement.table_lost") when that cannot be computed.
    """
    if case is None or not case.content.cost_sheets:
        return {}
    lines = against_the_findings(case.content, derivations_kept(case.submission))
    return {line.item.number: line.found.sha256 or "" for line in lines}
