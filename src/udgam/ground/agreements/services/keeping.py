"""Rule data that came with the platform are kept as soon as something signed rests on them."""

from __future__ import annotations

from datetime import datetime

from udgam.ground.agreements.models import AgreementEdition, ProductRuleTable, RuleFile
from udgam.ground.agreements.queries import products_file_digest
from udgam.rules.agreements import Agreement, agreement_bytes, load_agreement
from udgam.rules.origin import RuleData, write_csv


def keep_rule_files(*, agreement: Agreement, data: RuleData | None, now: datetime) -> None:
    """Keep the files of this release on which a signature rests, once each, in the caller's transaction.

    What an operator brought is kept as it was brought; a release with other data brings its own files instead of these.
    """
    code = agreement.code
    brought = AgreementEdition.objects.filter(code=code, sha256=agreement.sha256).exists()
    if not brought and load_agreement(code).sha256 == agreement.sha256:
        _keep(RuleFile.Kind.AGREEMENT, code, agreement.sha256, agreement_bytes(code), now)
    if data is None or data.products is None:
        return
    digest = products_file_digest(data.products)
    if not ProductRuleTable.objects.filter(code=code, sha256=digest).exists():
        _keep(RuleFile.Kind.PRODUCT_RULES, code, digest, write_csv(data.products), now)


def _keep(kind: RuleFile.Kind, code: str, sha256: str, data: bytes, now: datetime) -> None:
    row = RuleFile(kind=kind, code=code, sha256=sha256, data=data.decode(), kept_at=now)
    RuleFile.objects.bulk_create([row], ignore_conflicts=True)
