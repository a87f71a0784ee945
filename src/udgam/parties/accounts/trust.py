"""The trust store and the source of revocation evidence of this installation, loaded once and again when files change."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from cryptography.x509 import Certificate
from django.conf import settings

from udgam.ground.connectors.revocation import default_source
from udgam.rules.binding import CertificateFacts
from udgam.signing.trust import RevocationSource, TrustStore, read_facts

_lock = threading.Lock()
_loaded: dict[Path, tuple[tuple[tuple[str, int, int], ...], TrustStore]] = {}


def trust_store() -> TrustStore:
    """The anchors, intermediates and locator profiles in ``settings.TRUST_FOLDER``.

    The folder's listing is compared at every call (a few ``stat`` calls), so an operator's change counts at once and in
    every process. Raises ``TrustStoreUnusable`` when the folder holds no usable anchor.
    """
    folder = Path(settings.TRUST_FOLDER)
    stamp = _stamp(folder)
    with _lock:
        known = _loaded.get(folder)
        if known is None or known[0] != stamp:
            known = (stamp, TrustStore.load(folder))
            _loaded[folder] = known
        return known[1]


def facts_of(certificate: Certificate) -> CertificateFacts:
    """The facts of a certificate, read with this installation's locator profiles."""
    return read_facts(certificate, trust_store().profiles)


def revocation_source() -> RevocationSource:
    """CRLs and OCSP answers, fetched and cached by the connector. Nothing of it may be called inside a transaction."""
    return default_source()


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    found: list[tuple[str, int, int]] = []
    for part in (folder, folder / "anchors", folder / "intermediates"):
        with suppress(OSError), os.scandir(part) as inside:
            found += [_stamp_of(one) for one in inside if part is not folder or one.name == "profiles.json"]
    return tuple(sorted(found))


def _stamp_of(one: os.DirEntry[str]) -> tuple[str, int, int]:
    try:
        stat = one.stat()
    except OSError:
        # A link that leads nowhere, as editors leave them, must not hide what stands beside it.
        return (one.path, -1, -1)
    return (one.path, stat.st_size, stat.st_mtime_ns)
