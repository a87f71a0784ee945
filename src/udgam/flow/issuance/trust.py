"""Whom our own checker believes: the pinned anchors of this installation, and the issuers as the database knows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from udgam.flow.issuance.queries import published_issuers
from udgam.flow.issuance.register.known_trust import KnownTrust, known_trust
from udgam.flow.issuance.register.places import register_folder
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.signing.proof import TrustFolder
from udgam.signing.proof.log import FolderStorage, MemoryStorage, Storage
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.trust_folder import others_in
from udgam.signing.trust import FolderRevocation, RevocationSource
from udgam.signing.trust.store import read_folder

FORMAT = "udgam.issuers/1"


def published_trust() -> TrustFolder:
    """What the public check of a file believes. Nothing is fetched: a stranger's file never makes us open a connection."""
    crls = Path(settings.TRUST_FOLDER) / "crls"
    return trust_with(FolderRevocation(crls) if crls.is_dir() else None)


def trust_before_issue() -> TrustFolder:
    """What our own check believes before an issue is recorded: all of it but status lists and log, which cannot know of it yet.

    A list that was published for another certificate meanwhile would say of this one that it was never issued.
    """
    return trust_with(revocation_source(), published=MemoryStorage())


def trust_with(revocation: RevocationSource | None, *, published: Storage | None = None) -> TrustFolder:
    """The same, with another source of revocation evidence, and with other published files where ``published`` is given."""
    stampers = Path(settings.TRUST_FOLDER) / "tsa"
    known = known_trust()
    register = _register(known, published)
    return TrustFolder(
        store=trust_store(),
        time_stampers=tuple(read_folder(stampers)) if stampers.is_dir() else (),
        revocation=revocation,
        issuers=known.issuers,
        site=settings.SITE_ORIGIN,
        register=register,
        did_documents=others_in(Path(settings.TRUST_FOLDER)),
    )


def published_register(published: Storage | None = None) -> PublishedRegister:
    """The register as the rows tell it, with the files that are published, or with ``published`` in their place. Needs no anchors."""
    return _register(known_trust(), published)


def _register(known: KnownTrust, published: Storage | None) -> PublishedRegister:
    return PublishedRegister(
        known.listed, FolderStorage(register_folder()) if published is None else published, known.pin
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
