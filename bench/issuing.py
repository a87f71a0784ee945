"""What issuing a certificate costs, stage by stage, in CPU time of this process.

Every round issues another number with three lines of goods, so that nothing can be remembered from the round before. Officer's
token and time-stamp service are other machines: their own work (one signature each) is made beforehand or not counted. The
baseline pipeline draws a page of the same content with WeasyPrint (PDF/A-3b) and makes the same two signatures and the same
stamp with stock pyHanko, in the same run. The raw figure is one RSA-2048 signature with a key in memory.
"""

from __future__ import annotations

import html
import io
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.signing import pki
from tests.signing.register import Register
from tests.signing.sealing import samples
from tests.signing.sealing.office import LATER, NOW, VERIFY_URL, Office, make_office, raw_signature

from bench.figure import Figure
from udgam.rules.content import CertificateContent
from udgam.signing.proof import TrustFolder, verify_pdf
from udgam.signing.sealing import officer, page, seal
from udgam.signing.sealing.stages import Draft, certify, freeze, prepare
from udgam.signing.trust import FolderRevocation
from udgam.signing.trust.detached import sign

ROUNDS = 25
BASELINE_ROUNDS = 7
_RAW = "raw RSA-2048 signature"
_STOCK = "WeasyPrint + stock pyHanko"
_STAGES = (
    "freeze and lint",
    "verify certification",
    "code and credential",
    "page",
    "officer's signature",
    "seal",
    "own check",
)


class _Remembered:
    """A time-stamp service whose answer costs this process nothing: stamping is another machine's work."""

    def __init__(self, office: Office) -> None:
        self.office, self.spent = office, 0.0

    def stamp(self, digest: bytes) -> bytes:
        began = time.process_time()
        token = self.office.time_stamper.stamp(digest)
        self.spent += time.process_time() - began
        return token


class _Watch:
    """Sums CPU milliseconds by stage."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[float]] = {stage: [] for stage in _STAGES}

    def run(self, stage: str, call: Callable[[], Any], *, less: Callable[[], float] = lambda: 0.0) -> Any:
        began, before = time.process_time(), less()
        result = call()
        self.rounds[stage].append((time.process_time() - began - (less() - before)) * 1000)
        return result

    def median(self, stage: str) -> float:
        return statistics.median(self.rounds[stage][1:])


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """The figures of issuing, in CPU milliseconds per certificate. A quick run makes one certificate of each kind."""
    rounds, baseline_rounds = (1, 1) if quick else (ROUNDS, BASELINE_ROUNDS)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    office = make_office()
    with tempfile.TemporaryDirectory() as folder:
        register = Register(office)
        office.write_trust(Path(folder))
        trust = TrustFolder.load(register.write(Path(folder), status="not-issued", at=NOW - timedelta(days=1)))
        watch = _Watch()
        for number in range(1, rounds + 2):
            _issue(register, trust, watch, number, Path(folder))
    raw = _raw_signature(office)
    stages = {stage: watch.median(stage) for stage in _STAGES}
    for stage, value in stages.items():
        yield Figure(f"issue: {stage}", value, "ms CPU", _RAW, raw)
    whole = sum(stages.values())
    made = whole - stages["own check"]
    stock = statistics.median(_stock_issue(office, number) for number in range(1, baseline_rounds + 1))
    yield Figure("issue: whole certificate", whole, "ms CPU", _RAW, raw)
    one = stages["page"] + stages["code and credential"] + stages["seal"]
    yield Figure("issue: page, code, credential and one signature", one, "ms CPU", _STOCK, stock)
    yield Figure("issue: page, two signatures and stamp", _making(stages), "ms CPU", _STOCK, stock)
    yield Figure("issue: everything but our own check", made, "ms CPU", _STOCK, stock)
    yield Figure("issue: whole with our own check", whole, "ms CPU", _STOCK, stock)


def _making(stages: dict[str, float]) -> float:
    return stages["page"] + stages["officer's signature"] + stages["seal"]


def _content(office: Office, number: int) -> CertificateContent:
    return office.content(items=3, number=f"SEC/2026/016/0000001A/{number:08d}")


def _issue(register: Register, trust: TrustFolder, watch: _Watch, number: int, folder: Path) -> None:
    office = register.office
    draft = Draft(_content(office, number))
    revocation = trust.revocation or FolderRevocation(folder / "crls")
    prepared = watch.run("freeze and lint", lambda: prepare(freeze(draft)))
    # The token's own work, as for the page below, is done on the officer's machine.
    cms = sign(
        prepared.content.canonical, key=office.officer.key, certificate=office.officer.certificate, signing_time=NOW
    )
    certified = watch.run(
        "verify certification", lambda: certify(prepared, cms=cms, store=office.store, revocation=revocation, at=NOW)
    )
    proofs = watch.run("code and credential", lambda: register.proofs(certified))
    drawn = watch.run(
        "page",
        lambda: page.draw(
            certified,
            agreement=samples.AGREEMENT,
            verify_url=VERIFY_URL,
            seal_certificate=office.seal.certificate,
            proofs=proofs,
        ),
    )
    chain = [office.below.certificate]
    spent = [0.0]

    def by_token(data: bytes) -> bytes:
        began = time.process_time()
        signature = raw_signature(office.officer, data)
        spent[0] += time.process_time() - began
        return signature

    def officers() -> bytes:
        pending = officer.begin(drawn, certificate=office.officer.certificate, chain=chain, now=NOW)
        pending = officer.PendingOfficerSignature.from_bytes(pending.to_bytes())
        return officer.finish(pending, by_token(pending.signed_attributes))

    signed = watch.run("officer's signature", officers, less=lambda: spent[0])
    service, key, evidence = _Remembered(office), office.seal_key, office.evidence(folder)
    sealed = watch.run(
        "seal",
        lambda: seal.apply(signed, seal_key=key, time_stamper=service, evidence=evidence, now=NOW),
        less=lambda: service.spent,
    )
    report = watch.run("own check", lambda: verify_pdf(sealed, trust=trust, at=LATER, status=None))
    if not report.valid:
        raise RuntimeError("the benchmark issued a certificate that does not verify")


def _raw_signature(office: Office) -> float:
    key = office.seal.key
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the figure is about RSA")
    values = []
    for _ in range(50):
        began = time.process_time()
        for _ in range(4):
            key.sign(b"x" * 100, padding.PKCS1v15(), hashes.SHA256())
        values.append((time.process_time() - began) * 250)
    return statistics.median(values)


def _stock_issue(office: Office, number: int) -> float:
    """WeasyPrint and pyHanko as their documentation shows them: two PAdES signatures, the second with a time stamp."""
    import weasyprint
    from pyhanko.keys import load_private_key_from_pemder_data
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    def signer(credential: pki.Credential) -> signers.SimpleSigner:
        pem = credential.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(credential.der),
            signing_key=load_private_key_from_pemder_data(pem, None),
            cert_registry=None,
        )

    first, second, service = signer(office.officer), signer(office.seal), _stock_stamper(office)
    content = _content(office, number)
    began = time.process_time()
    drawn = weasyprint.HTML(string=_as_html(content)).write_pdf(pdf_variant="pdf/a-3b")
    metadata = signers.PdfSignatureMetadata(
        field_name="Officer",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    signed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(drawn)), metadata, signer=first)
    sealing = signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES)
    signers.sign_pdf(IncrementalPdfFileWriter(signed), sealing, signer=second, timestamper=service)
    return (time.process_time() - began - service.spent) * 1000


def _stock_stamper(office: Office) -> Any:
    from pyhanko.sign.timestamps import TimeStamper

    class Service(TimeStamper):  # type: ignore[misc]  # the library carries no types here
        """The same service as ours, its work not counted either."""

        spent = 0.0

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            from udgam.sandbox.authority.stamps import stamp

            began = time.process_time()
            answer = stamp(
                req.dump(),
                key=office.stamps.key,  # type: ignore[arg-type]
                certificate=office.stamps.certificate,
                chain=[office.stamps_issuer.certificate],
                now=NOW,
            )
            self.spent += time.process_time() - began
            return tsp.TimeStampResp.load(answer)

    return Service()


def _as_html(content: CertificateContent) -> str:
    """A plain page with the same words: box by box, the goods as a table."""

    def cell(*lines: str) -> str:
        return "<td>" + "<br>".join(html.escape(line) for line in lines) + "</td>"

    rows = "".join(
        "<tr>"
        + cell(str(item.number))
        + cell(item.marks)
        + cell(item.description, f"{item.packages} {item.package_kind}", f"HS {item.hs_code}")
        + cell(item.criterion)
        + cell(f"{item.gross_weight} kg", f"{item.quantity} {item.unit}")
        + cell(item.invoice, f"FOB {item.currency} {item.fob}")
        + "</tr>"
        for item in content.items
    )
    parties = cell(content.exporter.name, *content.exporter.address) + cell(
        content.consignee.name, *content.consignee.address
    )
    statements = cell(content.certification.text) + cell(content.declaration.text)
    return (
        "<html lang=en><title>Certificate of origin</title><style>@page{size:A4;margin:13mm}body{font:9pt sans-serif}"
        "table{width:100%;border-collapse:collapse}td{border:.5pt solid #000;padding:2mm;vertical-align:top}</style>"
        f"<h1>{html.escape(content.title)}</h1><p>{html.escape(content.number)}</p>"
        f"<table><tr>{parties}</tr></table><table>{rows}</table><table><tr>{statements}</tr></table></html>"
    )
