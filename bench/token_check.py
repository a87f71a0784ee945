"""What a token check costs: four certificates, a small and a 50,000-entry CRL, cold, after a restart, and warm.

Ours is the whole check that a sign-in makes: parsing, signature, path and revocation. The baseline is the path and revocation
check alone of stock pyhanko-certvalidator on the same certificates and lists. Values are medians of wall time.
"""

from __future__ import annotations

import asyncio
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from tests.signing.pki import NOW, Pki, make_pki, write_folder
from tests.signing.trust.evidence import NONCE, ORIGIN, as_bytes, make_token

from bench.figure import Figure
from udgam.signing.trust import CrlIndex, FolderRevocation, TrustStore
from udgam.signing.trust.token import verify_token

ENTRIES = 50_000
_BASELINE = "pyhanko-certvalidator"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """The figures of the token check, in milliseconds. A quick run measures everything once; it only shows that all of it runs."""
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    pki = make_pki(kind="RSA-2048")
    token = as_bytes(make_token(pki.leaf, "RS256"))
    chance = random.Random(50_000)
    listed = {chance.getrandbits(63) | 1 << 62: None for _ in range(ENTRIES)}
    above = [pki.root.crl(), pki.ca.crl()]
    lists = {"small CRL": [*above, pki.sub.crl()], f"{ENTRIES:,}-entry CRL": [*above, pki.sub.crl(listed)]}
    warm: list[float] = []
    for label, crls in lists.items():
        stock = _median(lambda crls=crls: _stock(pki, crls), 1 if quick else 3 if len(crls[2]) > 10_000 else 15)  # type: ignore[misc]
        with tempfile.TemporaryDirectory() as folder:
            measured = list(_ours(pki, token, crls, folder=Path(folder), label=label, stock=stock, quick=quick))
        warm.append(measured[-1].value)
        yield from measured
    yield Figure("token check warm, large against small CRL", warm[1], "ms", "small CRL", warm[0])


def _ours(
    pki: Pki, token: bytes, crls: Sequence[bytes], *, folder: Path, label: str, stock: float, quick: bool
) -> Iterator[Figure]:
    """Cold, after a restart, and last of all warm."""
    often = (1, 1, 1) if quick else (5, 9, 101)
    lists = write_folder(folder / "crls", {f"{place}.crl": crl for place, crl in enumerate(crls)})
    store = TrustStore([pki.root.certificate], [pki.ca.certificate, pki.sub.certificate])

    def check(source: FolderRevocation) -> None:
        verify_token(token, origin=ORIGIN, nonce=NONCE, store=store, revocation=source, at=NOW)

    # Cold: nothing was ever indexed. The folder of the index is new each time.
    places = iter(range(1_000_000))

    def cold() -> None:
        check(FolderRevocation(lists, crl_index=CrlIndex(folder / f"cold-{next(places)}")))

    yield Figure(f"token check cold, {label}", _median(cold, often[0]), "ms", _BASELINE, stock)
    # Restarted: another process left the index on disk; memory is empty.
    check(FolderRevocation(lists, crl_index=CrlIndex(folder / "kept")))

    def restarted() -> None:
        check(FolderRevocation(lists, crl_index=CrlIndex(folder / "kept")))

    yield Figure(f"token check after a restart, {label}", _median(restarted, often[1]), "ms", _BASELINE, stock)
    source = FolderRevocation(lists, crl_index=CrlIndex(folder / "kept"))
    check(source)
    yield Figure(f"token check warm, {label}", _median(lambda: check(source), often[2]), "ms", _BASELINE, stock)


def _stock(pki: Pki, crls: Sequence[bytes]) -> None:
    """The baseline as its documentation has it: one context, hard-fail, the same certificates and lists."""
    above = [asn1_x509.Certificate.load(link.certificate.public_bytes(Encoding.DER)) for link in (pki.ca, pki.sub)]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(pki.root.certificate.public_bytes(Encoding.DER))],
        other_certs=above,
        crls=[asn1_crl.CertificateList.load(crl) for crl in crls],
        moment=NOW,
        best_signature_time=NOW,
        revocation_mode="hard-fail",
        allow_fetching=False,
    )
    validator = CertificateValidator(asn1_x509.Certificate.load(pki.leaf.der), validation_context=context)
    asyncio.run(validator.async_validate_usage({"digital_signature"}))


def _median(act: Callable[[], object], times: int) -> float:
    spans = []
    for _ in range(times):
        begin = time.perf_counter()
        act()
        spans.append((time.perf_counter() - begin) * 1000)
    return statistics.median(spans)
