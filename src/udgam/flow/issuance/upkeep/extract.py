"""An extract of a certificate: an SD-JWT that shows what its holder chose and proves it, for a bank that need not see the prices.

It is made when it is asked for and kept nowhere. The office's present key signs it, from the content that the officer certified.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings

from udgam.flow.issuance import cycle, services
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register.keys import proof_key_of
from udgam.flow.issuance.register.places import register_base
from udgam.flow.issuance.trust import trust_before_issue
from udgam.ground.audit.actors import Actor
from udgam.signing.proof import verify_credential
from udgam.signing.proof.credential import HIDEABLE, HIDEABLE_IN_LINE, present
from udgam.signing.sealing.credential import make_partial_credential
from udgam.signing.sealing.stages import thaw

FIELDS = (*HIDEABLE, *HIDEABLE_IN_LINE)


def make_extract(*, certificate: Certificate, shown: frozenset[str], actor: Actor, now: datetime) -> str:
    """The extract with the fields ``shown`` (of ``FIELDS``), and number, agreement, dates, HS codes and criteria, which always stand in it.

    Raises `IssueRefused` ``extract.not_issued`` or ``issuance.own_check``, `SealKeyUnusable`, or the refusals of the officer's certificate.
    """
    if certificate.state != "issued" or certificate.cms is None or certificate.certified_at is None:
        raise IssueRefused("extract.not_issued")
    content = thaw(bytes(certificate.content), digest=certificate.content_sha256)
    key = proof_key_of(certificate.office)
    whole = make_partial_credential(
        cycle.certified_at(content, bytes(certificate.cms), certificate.certified_at),
        key=key,
        issuer=settings.ISSUER_DID,
        base=register_base(),
        now=now,
        secret=secrets.token_bytes(32),
    )
    text = present(whole, without=frozenset(FIELDS) - shown)
    services.record_extract(certificate=certificate, key=key.public, shown=sorted(shown), actor=actor, now=now)
    report = verify_credential(text, trust=trust_before_issue(), at=now, status=None)
    if not report.valid:
        failed = next((one for one in report.checks if one.outcome == "fail"), report.checks[0])
        raise IssueRefused("issuance.own_check", step=failed.id, detail=failed.detail)
    return text
