"""What checking costs: signed code, credential, file as issued and file with archive stamps, in CPU time of this process.

The check of a code is held against the one P-256 verification that it cannot do without (its proof from the log, where it is at hand,
costs two more signatures, which stands apart), the check of a file against pyHanko's own
validation of the same two signatures, in the same run. The trust folder is read once before, as a busy checker does.
"""

from __future__ import annotations

import asyncio
import io
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from tests.signing.proof.made import Made, make
from tests.signing.sealing.office import LATER, make_office

from bench.figure import Figure
from udgam.signing.proof import TrustFolder, verify
from udgam.signing.proof.code import read_code

ROUNDS = 40
_P256 = "P-256 verification alone"
_STOCK = "pyHanko's validation of the two signatures"


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """The figures of checking, in CPU milliseconds each."""
    rounds = 2 if quick else ROUNDS
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        made = make(make_office(), Path(folder))
        trust = made.trust()
        alone = _p256(made, 10 * rounds)
        offline = made.trust(proof=None)
        code = _median(lambda: _checked(made.code.encode(), offline), 10 * rounds)
        yield Figure("check: signed code, trust list and status list", code, "ms CPU", _P256, alone)
        with_proof = _median(lambda: _checked(made.code.encode(), trust), 10 * rounds)
        yield Figure("check: signed code, with its proof from the log", with_proof, "ms CPU", _P256, alone)
        yield Figure(
            "check: credential",
            _median(lambda: _checked(made.credential.encode(), trust), 3 * rounds),
            "ms CPU",
            _P256,
            alone,
        )
        stock = _median(lambda: _stock(made), max(2, rounds // 8))
        yield Figure(
            "check: file as issued (B-LT)", _median(lambda: _checked(made.pdf, trust), rounds), "ms CPU", _STOCK, stock
        )
        archived = made.archived()
        yield Figure(
            "check: file with an archive stamp (B-LTA)",
            _median(lambda: _checked(archived, trust), rounds),
            "ms CPU",
            _STOCK,
            stock,
        )


def _median(call: Callable[[], Any], rounds: int) -> float:
    values = []
    for _ in range(rounds + 1):
        began = time.process_time()
        call()
        values.append((time.process_time() - began) * 1000)
    # The first one warms up what a checker keeps.
    return statistics.median(values[1:])


def _checked(data: bytes, trust: TrustFolder) -> None:
    if not verify(data, trust=trust, at=LATER, status=None).valid:
        raise RuntimeError("the benchmark checks something that does not hold")


def _p256(made: Made, rounds: int) -> float:
    code, key = read_code(made.code), made.register.office_key.public
    return _median(lambda: [code.signed_by(key) for _ in range(5)], rounds) / 5


def _stock(made: Made) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    def loaded(certificate: Any) -> asn1_x509.Certificate:
        from cryptography.hazmat.primitives.serialization import Encoding

        return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))

    moment: datetime = LATER
    context = ValidationContext(
        trust_roots=[loaded(made.office.root.certificate)],
        other_certs=[loaded(made.office.below.certificate)],
        crls=[(made.folder / "crls" / name).read_bytes() for name in ("root.crl", "below.crl")],
        moment=moment,
        revocation_mode="hard-fail",
    )
    reader = PdfFileReader(io.BytesIO(made.pdf))
    for signature in reader.embedded_signatures:
        status = asyncio.run(
            async_validate_pdf_signature(signature, signer_validation_context=context, ts_validation_context=context)
        )
        if not (status.intact and status.valid):
            raise RuntimeError("the baseline finds the file broken")
