"""Whom our own checker believes: the pinned anchors of this installation, and the issuers as the database knows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from udgam.flow.issuance.queries import PublishedIssuer, published_issuers
from udgam.parties.accounts.trust import trust_store
from udgam.signing.proof import IssuerEntry, OfficerEntry, TrustFolder
from udgam.signing.trust import FolderRevocation, RevocationSource
from udgam.signing.trust.store import read_folder

FORMAT = "udgam.issuers/1"


def published_trust() -> TrustFolder:
    """What the public check of a file believes. Nothing is fetched: a stranger's file never makes us open a connection."""
    crls = Path(settings.TRUST_FOLDER) / "crls"
    return trust_with(FolderRevocation(crls) if crls.is_dir() else None)


def trust_with(revocation: RevocationSource | None) -> TrustFolder:
    """The same, with another source of revocation evidence."""
    stampers = Path(settings.TRUST_FOLDER) / "tsa"
    return TrustFolder(
        store=trust_store(),
        time_stampers=tuple(read_folder(stampers)) if stampers.is_dir() else (),
        revocation=revocation,
        issuers=tuple(_entry(one) for one in published_issuers()),
        site=settings.SITE_ORIGIN,
    )


def _entry(issuer: PublishedIssuer) -> IssuerEntry:
    return IssuerEntry(
        agency=issuer.agency,
        name=issuer.name,
        seal_sha256=frozenset(issuer.seals),
        officers=tuple(
            OfficerEntry(one.name, frozenset({one.sha256}), one.since, one.until) for one in issuer.officers
        ),
    )


def issuers_list() -> dict[str, Any]:
    """The list of issuers in its published form, `udgam.issuers/1`."""
    return {
        "format": FORMAT,
        "site": settings.SITE_ORIGIN,
        "issuers": [
            {
                "agency": issuer.agency,
                "name": issuer.name,
                "seal_sha256": list(issuer.seals),
                "officers": [
                    {
                        "name": one.name,
                        "certificate_sha256": [one.sha256],
                        "from": one.since.isoformat(),
                        "to": one.until.isoformat() if one.until else None,
                    }
                    for one in issuer.officers
                ],
            }
            for issuer in published_issuers()
        ],
    }
