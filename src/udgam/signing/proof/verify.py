"""The check of one certificate file, step by step.

The proof in short: the file is whole and of our form (1-5); the officer's key and the office's key signed it (6, 7) at a known
time (8); both could be believed and were entitled then (9-11); the attached content is what the officer certified, and file and
content say the same (12-14); nothing was added in between (15); and the issuer has not taken it back (16, 17).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from udgam.rules.refusals import Refused
from udgam.signing.proof.checks import content, published, signers, structure
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.file import UNREADABLE, InputUnusable, SignedFile, brief, read_file
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.status import StatusSource
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder


@dataclass(frozen=True)
class Step:
    """A check with its stable id, its name, and the ids of the steps it builds on."""

    id: str
    name: str
    run: Callable[[Case], Told]
    needs: tuple[str, ...] = ()
    may_be_skipped: bool = False


STEPS = (
    Step("file.structure", "The file is a plain document", structure.structure),
    Step(
        "signatures.present", "Officer's signature and office's seal are there, in order", structure.signatures_present
    ),
    Step("signatures.cover_file", "The signatures cover the whole file", structure.coverage, ("signatures.present",)),
    Step("signatures.padding", "Nothing is hidden behind a signature", structure.padding, ("signatures.cover_file",)),
    Step(
        "signatures.containers",
        "The signature containers are of the issued form",
        structure.containers,
        ("signatures.padding",),
    ),
    Step("officer.signature", "The officer's signature holds", signers.officer_signature, ("signatures.containers",)),
    Step("seal.signature", "The office's seal holds", signers.seal_signature, ("signatures.containers",)),
    Step("seal.time_stamp", "A time stamp says when", signers.time_stamp, ("seal.signature",), may_be_skipped=True),
    Step(
        "seal.known", "The seal is that of an issuing agency", signers.seal_known, ("seal.signature", "seal.time_stamp")
    ),
    Step(
        "officer.path",
        "The officer's certificate can be believed",
        signers.officer_path,
        ("officer.signature", "seal.time_stamp"),
    ),
    Step(
        "officer.named",
        "The officer could certify for the agency",
        signers.officer_named,
        ("seal.known", "officer.signature"),
    ),
    Step("content.present", "The content is attached in canonical form", content.content_present),
    Step(
        "content.certified",
        "The officer certified this content",
        content.content_certified,
        ("content.present", "officer.signature", "seal.time_stamp"),
    ),
    Step(
        "content.agrees",
        "Number, agency and date agree in all parts",
        content.content_agrees,
        ("content.certified", "seal.known"),
    ),
    Step(
        "document.unchanged", "Nothing was added after the officer signed", content.unchanged, ("signatures.present",)
    ),
    Step(
        "status.known", "The issuer says what became of it", published.status, ("content.agrees",), may_be_skipped=True
    ),
    Step(
        "status.same_content",
        "The number was issued for this content",
        published.same_content,
        ("status.known",),
        may_be_skipped=True,
    ),
)
# The only step of a file that makes no claim to be ours.
FOREIGN_NAME = "The file is a certificate of this platform"
# A change of any byte shows in these; the others ask whom to believe and what became of it.
_INTEGRITY = frozenset(
    {
        "file.structure", "signatures.present", "signatures.cover_file", "signatures.padding", "signatures.containers",
        "officer.signature", "seal.signature", "content.present", "document.unchanged",
    }
)  # fmt: skip


def verify_pdf(data: bytes, *, trust: TrustFolder, at: datetime, status: StatusSource | None) -> Report:
    """Check a PDF against ``trust`` as of ``at`` (aware). ``status`` is asked before the folder's signed list; None asks nobody else.

    Never raises for what the file holds, except:

    Raises:
        InputUnusable: it is not a PDF that can be read at all, so there is nothing to check.
    """
    if at.tzinfo is None:
        raise ValueError("the moment must be aware")
    try:
        file = read_file(data)
    except InputUnusable as error:
        if error.code == "input.damaged" and _claims_to_be_signed(data):
            return _broken(error)
        raise
    if not file.looks_like_ours:
        return _foreign(file)
    case = Case(file, trust, at, status)
    checks: list[Check] = []
    for number, step in enumerate(STEPS, 1):
        checks.append(_run(number, step, case, {one.id: one.outcome for one in checks}))
    outcomes = {one.id: one.outcome for one in checks}
    valid = all(outcomes[one.id] == "pass" or (one.may_be_skipped and outcomes[one.id] == "skipped") for one in STEPS)
    stated = getattr(case, "content", None)
    known = getattr(case, "published", None)
    if valid and (known is None or known.status == "unknown"):
        case.warnings.append(Told("What became of the certificate since it was issued is not known."))
    return Report(
        valid=valid,
        kind="pdf",
        certificate_number=stated.number if stated is not None else None,
        status=known.status if known is not None and outcomes["status.known"] == "pass" else "unknown",
        integrity=all(outcomes[one] == "pass" for one in _INTEGRITY),
        checks=tuple(checks),
        warnings=tuple(dict.fromkeys(case.warnings)),
        content=case.content_bytes if stated is not None else None,
    )


def _run(number: int, step: Step, case: Case, outcomes: dict[str, str]) -> Check:
    """Run one step. Whatever a hostile file makes a parser raise is an outcome, not an error of ours."""
    by_id = {one.id: one for one in STEPS}
    for needed in step.needs:
        if outcomes[needed] == "fail" or (outcomes[needed] == "skipped" and not by_id[needed].may_be_skipped):
            return Check(
                number,
                step.id,
                step.name,
                "skipped",
                Told("Not looked at, because step {step} does not hold.", step=str(STEPS.index(by_id[needed]) + 1)),
            )
        if outcomes[needed] == "skipped" and step.id == "status.same_content":
            return Check(number, step.id, step.name, "skipped", Told("Nobody said what became of the certificate."))
    try:
        return Check(number, step.id, step.name, "pass", step.run(case))
    except Skips as reason:
        return Check(number, step.id, step.name, "skipped", reason.told)
    except Fails as reason:
        return Check(number, step.id, step.name, "fail", reason.told)
    except Refused as reason:
        return Check(number, step.id, step.name, "fail", refusal_told(reason), reason.code)
    except UNREADABLE as error:
        return Check(number, step.id, step.name, "fail", Told("It cannot be read: {detail}.", detail=brief(error)))


def _claims_to_be_signed(data: bytes) -> bool:
    """Whether a file that cannot be read was once a signed PDF, whole to its end: then it was changed, and the answer is no."""
    return b"/ETSI.CAdES.detached" in data and data.rstrip(b"\r\n").endswith(b"%%EOF")


def _broken(error: InputUnusable) -> Report:
    first, *others = STEPS
    checks = [Check(1, first.id, first.name, "fail", refusal_told(error), error.code)]
    checks += [
        Check(number, step.id, step.name, "skipped", Told("Not looked at, because the file cannot be read."))
        for number, step in enumerate(others, 2)
    ]
    return Report(False, "pdf", None, "unknown", False, tuple(checks))


def _foreign(file: SignedFile) -> Report:
    """A PDF that makes no claim to be ours. It may be well signed by somebody else; that makes it no certificate of ours."""
    intact = bool(file.signatures) and all(_is_intact(file, place) for place in range(len(file.signatures)))
    detail = Told("It does not carry our content and our signatures.")
    said = (
        Told("It carries signatures of somebody else, which were not judged: {count}.", count=str(len(file.signatures)))
        if file.signatures
        else Told("It carries no signature at all.")
    )
    check = Check(1, "file.ours", FOREIGN_NAME, "fail", detail)
    return Report(False, "foreign-pdf", None, "unknown", intact, (check,), (said,))


def _is_intact(file: SignedFile, place: int) -> bool:
    """Whether the bytes that a foreign signature covers are those that were signed; for the last one, all bytes of the file."""
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    signature: EmbeddedPdfSignature = file.signatures[place].signature
    try:
        covered = signature.compute_digest()
        claimed = next(
            one["values"][0].native
            for one in signature.signer_info["signed_attrs"]
            if one["type"].native == "message_digest"
        )
        last = place == len(file.signatures) - 1
        whole = not last or signature.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    except (*UNREADABLE, StopIteration):
        return False
    return bool(whole and covered == claimed)
